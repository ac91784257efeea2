import Domain
import Testing

@testable import Validation

struct EncodingDamageTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private let rows = """
        city,note
        München,fine
        MÃ¼nchen,"said ""CafÃ©"" there"
        K\u{FFFD}ln,na\u{85}
        AMANHÃ…,

        """

    @Test func `damaged texts are counted, placed and shown as they would be`() async throws {
        let found = try await outcomes(folder, [rows], [], [DataCheck(.encodingDamage)])
        #expect(
            lines(found) == [
                "city warned: 2 of 4 texts are damaged (50 %; at most 0 %): 1 with UTF-8 that was "
                    + "read as Windows-1252, 1 with characters that were lost (U+FFFD); the first "
                    + "at 0.data:3:1, 4:1, where `MÃ¼nchen` would be `München`",
                "note warned: 2 of 3 texts are damaged (66.67 %; at most 0 %): 1 with UTF-8 that "
                    + "was read as Windows-1252, 1 with control characters (U+0080 to U+009F); the "
                    + "first at 0.data:3:2, 4:2, where `\"CafÃ©\"` would be `\"Café\"`",
            ])
        #expect(found.map(\.details) == [["count": 2, "texts": 4], ["count": 2, "texts": 3]])
    }

    @Test func `cells of classified columns are counted and not shown`() async throws {
        var columns = [column("city"), column("note")]
        columns[0].classification = .confidential
        let found = try await outcomes(
            folder, [rows], columns, [DataCheck(.encodingDamage, columns: ["city"])])
        #expect(
            lines(found) == [
                "city warned: 2 of 4 texts are damaged (50 %; at most 0 %): 1 with UTF-8 that was "
                    + "read as Windows-1252, 1 with characters that were lost (U+FFFD); the first "
                    + "at 0.data:3:1, 4:1"
            ])
    }

    @Test func `limit and severity are the manifest's`() async throws {
        var check = DataCheck(.encodingDamage, columns: ["city"])
        check.severity = .fail
        #expect(try await outcomes(folder, [rows], [], [check]).first?.verdict == .failed)
        check.max = 0.5
        #expect(try await outcomes(folder, [rows], [], [check]).first?.verdict == .passed)
        let fine = try await outcomes(folder, ["a\nß\n"], [], [DataCheck(.encodingDamage)])
        #expect(lines(fine) == ["a passed: none of 1 text is damaged"])
    }

    @Test func `escapes of JSON are read before they are judged`() async throws {
        let text = #"{"a":"Caf\u00c3\u00a9"}"# + "\n" + #"{"a":"Caf\u00e9"}"# + "\n"
        let found = try await outcomes(
            folder, [text], [column("a")], [DataCheck(.encodingDamage)], format: .jsonl)
        #expect(found.first?.details["count"] == 1)
        #expect(found.first?.sentence.hasSuffix("`CafÃ©` would be `Café`") ?? false, "\(found)")
    }

    @Test func `neither chunks nor workers nor files change what is found`() async throws {
        for seed in UInt64(1)...6 {
            var random = SeededRandom(seed: seed)
            let pool: [(String, Bool)] = [
                ("plain", false), ("été", false), ("Ã©tÃ©", true), ("\"a \"\"Ã¼\"\"\"", true),
                ("\"two\nÂ£\"", true), ("x\u{FFFD}", true), ("\u{9F}", true), ("日本", false),
                ("", false), ("VOCÊ…", false), ("doesnâ€™t", true),
            ]
            let files = (0..<2).map { _ in
                (0..<1 + random.below(400)).map { _ in pool[random.below(pool.count)] }
            }
            let texts = files.map { cells in
                "id,c\n" + cells.map { "1,\($0.0)\n" }.joined()
            }
            var first: [CheckOutcome]?
            for (chunk, workers) in [(61, 1), (61, 4), (700, 2), (4096, 3), (1 << 20, 1)] {
                let found = try await outcomes(
                    folder, texts, [], [DataCheck(.encodingDamage, columns: ["c"])],
                    chunk: chunk, workers: workers)
                first = first ?? found
                #expect(found == first, "seed \(seed), chunks of \(chunk), \(workers) workers")
            }
            #expect(
                first?.first?.details["count"] == Double(files.joined().count { $0.1 }),
                "seed \(seed)")
        }
    }
}
