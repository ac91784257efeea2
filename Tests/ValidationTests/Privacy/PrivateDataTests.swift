import Domain
import Testing

@testable import Validation

struct PrivateDataTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func outcomes(
        _ text: String, _ columns: [ColumnDeclaration], _ checks: [DataCheck],
        chunk: Int = 1 << 20, workers: Int = 2, format: DatasetManifest.Format = .csv
    ) async throws -> [CheckOutcome] {
        var manifest = manifest([try folder.add("d.data", text)], columns, format: format)
        manifest.checks.named = checks
        let options = ValidationOptions(chunkBytes: chunk, workersMax: workers)
        let found = try await examine(
            manifest, root: folder.path,
            options: manifest.profileOptions(validation: options))
        return found.judged(by: manifest, against: .none("first")).outcomes
    }

    private func lines(_ outcomes: [CheckOutcome]) -> [String] {
        outcomes.map { "\($0.column ?? "-") \($0.verdict.rawValue): \($0.sentence)" }
    }

    private let rows = #"""
        id,contact,note,mail
        1,ada@example.org,fine,a@example.org
        2,b@example.org,"said ""call
        +49 30 901820""",b@example.org
        3,,fine,
        4,none,card 4111 1111 1111 1111,c@example.org

        """#

    @Test func `each kind is counted by column, with its first place and without the cell`()
        async throws
    {
        var mail = column("mail")
        mail.classification = .pii
        let columns = [column("id", .integer), column("contact"), column("note"), mail]
        for (chunk, workers) in [(61, 1), (61, 4), (700, 2), (4096, 3), (1 << 20, 2)] {
            let found = try await outcomes(
                rows, columns, [DataCheck(.privateData)], chunk: chunk, workers: workers)
            #expect(found.map(\.kind) == [nil, .email, .phone, .card])
            #expect(found[1].title == "private_data (email) of `contact`")
            #expect(
                lines(found) == [
                    "id passed: none of 4 numbers looks like private data",
                    "contact warned: 2 of 3 texts look like e-mail addresses (66.67 %; at most "
                        + "1 %); the first are at d.data:2:2, 3:2",
                    "note warned: 1 of 4 texts looks like phone numbers (25 %; at most 5 %); the "
                        + "first is at d.data:3:3",
                    "note warned: 1 of 4 texts looks like numbers of payment cards (25 %; at most "
                        + "5 %); the first is at d.data:6:3",
                ])
        }
    }

    @Test func `a check says which columns, which kinds and how many`() async throws {
        let columns = [column("id", .integer), column("contact"), column("note"), column("mail")]
        var check = DataCheck(.privateData, columns: ["note", "contact"])
        check.kinds = [.phone, .iban]
        check.max = 0.25
        let found = try await outcomes(rows, columns, [check])
        #expect(
            lines(found) == [
                "contact passed: none of 3 texts looks like phone numbers or bank account numbers",
                "note passed: 1 of 4 texts looks like phone numbers (25 %; at most 25 %); the "
                    + "first is at d.data:3:3",
            ])
        check.severity = .fail
        check.max = 0.2
        #expect(try await outcomes(rows, columns, [check]).last?.verdict == .failed)
    }

    @Test func `columns that are classified or no texts are not complained of`() async throws {
        var mail = column("mail")
        mail.classification = .confidential
        let columns = [column("id", .date), mail]
        let text = "id,mail\n2024-02-29,a@example.org\n"
        #expect(
            lines(try await outcomes(text, columns, [DataCheck(.privateData)])) == [
                "- passed: no column is an unclassified text or number"
            ])
        let named = DataCheck(.privateData, columns: ["mail", "id"])
        #expect(
            lines(try await outcomes(text, columns, [named])) == [
                "mail passed: it is classified",
                "id could not run: only texts and numbers are looked at",
            ])
        let absent = DataCheck(.privateData, columns: ["phone"])
        #expect(
            lines(try await outcomes(text, [], [absent])) == [
                "phone could not run: no file has such a column"
            ])
    }

    /// Cards of the networks' own documentation, whose check digits are right.
    @Test(arguments: [
        (ColumnDeclaration.Kind.integer, ["4111111111111111", "5555555555554444"]),
        (.number, ["378282246310005.0", "6011111111111117"]),
        (.number, ["4000056655665556", "4222222222222"]),
    ])
    func `cards are found among numbers`(kind: ColumnDeclaration.Kind, cards: [String]) async throws
    {
        let text = "n\n" + cards.map { "\($0)\n" }.joined()
        let found = try await outcomes(text, [column("n", kind)], [DataCheck(.privateData)])
        #expect(
            lines(found) == [
                "n warned: 2 of 2 numbers look like numbers of payment cards (100 %; at most "
                    + "20 %); the first are at d.data:2:1, 3:1"
            ])
        let members = cards.map { "{\"n\":\($0)}\n" }.joined()
        let same = try await outcomes(
            members, [column("n", kind)], [DataCheck(.privateData)], format: .jsonl)
        #expect(same.map(\.verdict) == [.warned])
    }

    @Test func `phones among numbers are those that say so`() async throws {
        let text = "n,m\n+4930901820,4930901820\n+12125550123,12125550123\n"
        let found = try await outcomes(
            text, [column("n", .integer), column("m", .integer)], [DataCheck(.privateData)])
        #expect(
            lines(found) == [
                "n warned: 2 of 2 numbers look like phone numbers (100 %; at most 5 %); the first "
                    + "are at d.data:2:1, 3:1",
                "m passed: none of 2 numbers looks like private data",
            ])
    }

    /// Luhn's digit lets one in ten pass.
    @Test func `identifiers that begin as cards do are not complained of`() async throws {
        let rows = (0..<2000).map { "\(4_000_000_000_000_000 + $0 * 7)\n" }.joined()
        let found = try await outcomes(
            "id\n\(rows)", [column("id", .integer)], [DataCheck(.privateData)])
        #expect(found.map(\.verdict) == [.passed])
        #expect(found.map(\.kind) == [.card])
        #expect(found[0].value.map { (0.05...0.2).contains($0) } == true)
    }

    @Test func `one key is one too many, whatever else the column holds`() async throws {
        let key = "AKIA" + "IOSFODNN7EXAMPLE"
        let text = "note\n" + String(repeating: "fine\n", count: 999) + "see \(key)\n"
        let found = try await outcomes(text, [column("note")], [DataCheck(.privateData)])
        #expect(
            lines(found) == [
                "note warned: 1 of 1000 texts looks like keys or tokens (0.1 %; at most 0 %); the "
                    + "first is at d.data:1001:1"
            ])
    }

    @Test func `the first five places are named, whatever the chunks and workers`() async throws {
        let rows = (0..<9).map { "\($0 == 2 ? "none" : "a\($0)@example.org")\n" }
        for (chunk, workers) in [(30, 1), (30, 4), (1 << 20, 2)] {
            let found = try await outcomes(
                "mail\n\(rows.joined())", [column("mail")], [DataCheck(.privateData)],
                chunk: chunk, workers: workers)
            let places = try #require(found.first?.places)
            #expect(places.map(\.place.line) == [2, 3, 5, 6, 7])
            #expect(places.allSatisfy { $0.place.file == "d.data" && $0.value == nil })
            #expect(
                found[0].sentence.hasSuffix("the first are at d.data:2:1, 3:1, 5:1, 6:1, 7:1 …"))
        }
    }

    @Test func `JSON lines are looked at as tables are`() async throws {
        let text = #"{"a":1,"to":{"mail":"x@\u0065xample.org"}}"# + "\n" + #"{"a":2}"# + "\n"
        let columns = [column("a", .integer), column("to.mail")]
        let found = try await outcomes(
            text, columns, [DataCheck(.privateData)], format: .jsonl)
        #expect(
            lines(found) == [
                "a passed: none of 2 numbers looks like private data",
                "to.mail warned: 1 of 1 text looks like e-mail addresses (100 %; at most 1 %); "
                    + "the first is at d.data:1:21",
            ])
        let list = try await outcomes(
            #"{"to":["x@example.org", null]}"# + "\n", [column("to", .array)],
            [DataCheck(.privateData)], format: .jsonl)
        #expect(
            lines(list) == [
                "to warned: 1 of 1 text looks like e-mail addresses (100 %; at most 1 %); "
                    + "the first is at d.data:1:7"
            ])
    }
}
