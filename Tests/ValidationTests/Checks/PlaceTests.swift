import Domain
import Testing

@testable import Validation

/// Checks that count rows and cells name the first of them.
struct PlaceTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func outcomes(_ checks: [DataCheck]) async throws -> [CheckOutcome] {
        let columns = [column("id", .integer), column("note")]
        let train = "id,note\n1,a b c d e f\n2,x\n9,a b c d e f\n"
        let test = "id,note\n2,x\n3,CafÃ©\n2,x\n4,a b c d e f\n5,me@host.example\n6,12\n"
        var other = manifest([try folder.add("train.csv", train)], columns)
        other.name = DatasetName(checked: "train")
        var own = manifest([try folder.add("test.csv", test)], columns)
        own.checks.named = checks.map { check in
            var check = check
            if ![.duplicateRows, .privateData, .mixedTypes, .encodingDamage].contains(check.name) {
                check.dataset = other.name
            }
            return check
        }
        let options = own.profileOptions(
            validation: ValidationOptions(spillFolder: folder.path, datasets: [other.name: other]))
        let found = try await examine(own, root: folder.path, options: options)
        return found.judged(by: own, against: .none("")).outcomes
    }

    @Test(arguments: [
        (DataCheck(.duplicateRows), ["4: equals row test.csv:2"]),
        (
            DataCheck(.splitOverlap),
            ["2: the row is in `train` too", "4: the row is in `train` too"]
        ),
        (
            DataCheck(.keyOverlap, columns: ["id"]),
            ["2: `id` is in `train` too", "4: `id` is in `train` too"]
        ),
        (
            DataCheck(.nearDuplicates, columns: ["note"]),
            [
                "2: `note` is 100 % like train.csv:3", "4: `note` is 100 % like train.csv:3",
                "5: `note` is 100 % like train.csv:2",
            ]
        ),
        (DataCheck(.encodingDamage), ["3:2: `note` is damaged"]),
        (DataCheck(.mixedTypes), ["7:2: `note` holds a number here, unlike most"]),
        (
            DataCheck(.privateData, columns: ["note"]),
            ["6:2: `note` holds what looks like e-mail addresses"]
        ),
    ])
    func `the first are named`(check: DataCheck, says: [String]) async throws {
        let outcomes = try await outcomes([check])
        let places = outcomes.flatMap { $0.places ?? [] }
        #expect(places.map { "\($0.place): \($0.message)" } == says.map { "test.csv:\($0)" })
    }
}
