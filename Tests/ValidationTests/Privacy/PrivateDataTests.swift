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
            #expect(found.map(\.kind) == [.email, .phone, .card])
            #expect(found[0].title == "private_data (email) of `contact`")
            #expect(
                lines(found) == [
                    "contact warned: 2 of 3 texts look like e-mail addresses (66.67 %; at most "
                        + "1 %); the first is at d.data:2:2",
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
        let columns = [column("id", .integer), mail]
        let text = "id,mail\n1,a@example.org\n"
        #expect(
            lines(try await outcomes(text, columns, [DataCheck(.privateData)])) == [
                "- passed: no column is an unclassified text"
            ])
        let named = DataCheck(.privateData, columns: ["mail", "id"])
        #expect(
            lines(try await outcomes(text, columns, [named])) == [
                "mail passed: it is classified", "id could not run: only texts are looked at",
            ])
        let absent = DataCheck(.privateData, columns: ["phone"])
        #expect(
            lines(try await outcomes(text, [], [absent])) == [
                "phone could not run: no file has such a column"
            ])
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

    @Test func `JSON lines are looked at as tables are`() async throws {
        let text = #"{"a":1,"to":{"mail":"x@\u0065xample.org"}}"# + "\n" + #"{"a":2}"# + "\n"
        let columns = [column("a", .integer), column("to.mail")]
        let found = try await outcomes(
            text, columns, [DataCheck(.privateData)], format: .jsonl)
        #expect(
            lines(found) == [
                "to.mail warned: 1 of 1 text looks like e-mail addresses (100 %; at most 1 %); "
                    + "the first is at d.data:1:21"
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
