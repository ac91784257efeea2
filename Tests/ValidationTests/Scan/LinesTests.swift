import Domain
import TestKit
import Testing

@testable import Validation

struct LinesTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test(arguments: [true, false])
    func `the kernel finds what a reader of records finds, whatever the cuts`(
        isDeclared: Bool
    ) async throws {
        for seed in 0..<150 as Range<UInt64> {
            let text = lines(seed)
            if text.isEmpty { continue }
            var declared = manifest(
                [try folder.add("d.jsonl", bytes: text)], isDeclared ? Self.columns : [],
                format: .jsonl,
                checks: DatasetChecks(missingShareMax: 0, missingValues: ["NA", "-1"]))
            declared.checks.rowCountMin = 0
            let plain = try PlainLines(declared, text)
            for (chunk, workers) in [(1, 1), (61, 2), (700, 3), (4096, 4), (1 << 20, 1)] {
                let found = try await validate(
                    declared, root: folder.path,
                    options: ValidationOptions(chunkBytes: chunk, workersMax: workers))
                let comment: Comment = "seed \(seed), \(chunk) bytes, \(workers) workers"
                #expect(PlainLines.broken(found) == plain.broken, comment)
                #expect(found.rows == plain.rows && found.cells == plain.cells, comment)
                #expect(shares(found) == plain.shares.filter { !$0.contains(" 0/") }, comment)
            }
        }
    }

    @Test func `sinks hear the same values whatever the cuts`() async throws {
        for seed in 0..<40 as Range<UInt64> {
            let file = try folder.add("d.jsonl", bytes: lines(seed))
            for columns in [Self.columns, []] {
                let manifest = manifest(
                    [file], columns, format: .jsonl, checks: DatasetChecks(missingValues: ["NA"]))
                let whole = try await heard(manifest, 1 << 20, 1)
                for (chunk, workers) in [(1, 2), (61, 1), (333, 4)] {
                    #expect(try await heard(manifest, chunk, workers) == whole, "seed \(seed)")
                }
            }
        }
    }

    @Test func `a sink hears values by column, unescaped, with their kinds apart`() async throws {
        let file = try folder.add(
            "d.jsonl",
            """
            {"s":"a\\n\\u00e4\\ud83d\\ude00\\/","n":1.5}
            {"n":"1.5", "s":"NA", "z": [1]}
            {"n":null}
             { "n" : -2e3 , "s" : "1" }\r
            {"n":1,"s":1}

            """)
        let declared = manifest(
            [file], [column("n", .number), column("s")], format: .jsonl,
            checks: DatasetChecks(missingValues: ["NA"]))
        let rows = try await heard(declared, 1 << 20, 1).rows
        #expect(
            rows.map(\.cells) == [
                ["1.5", "a\nä😀/"], ["1.5", "NA"], ["null", ""], ["-2e3", "1"], ["1", "1"],
            ])
        #expect(rows.map(\.line) == [1, 2, 3, 4, 5])
        #expect(
            rows.map(\.states) == [
                [.valid, .valid], [.wrong, .missing], [.missing, .missing], [.valid, .valid],
                [.valid, .wrong],
            ])
        #expect(rows.map { $0.numbers[0] } == [1.5, nil, nil, -2000, 1])
        let kinds = try folder.add(
            "k.jsonl",
            "{\"a\":1}\n{\"a\":\"1\"}\n{\"a\":true}\n{\"a\":\"true\"}\n{}\n{\"a\":\"\"}\n")
        let hashes = try await heard(manifest([kinds], format: .jsonl), 7, 2).rows.map(\.hash)
        #expect(Set(hashes).count == 5 && hashes[4] == hashes[5])
    }

    @Test func `a column with points is a path, and what is beside it is not declared`()
        async throws
    {
        let file = try folder.add(
            "d.jsonl",
            """
            {"a":{"b":1,"c":{"d":"x"}},"e":2}
            {"a":{"b":"1","c":{"f":0}},"e":2}
            {"a.b":3,"a":{"c.d":"y"},"e":2}
            {"a":null,"e":2}
            {"a":[],"e":2}
            {"a":{"b":1,"b":2},"e":2}
            {"a":{"b":1},"a.b":2,"e":2}
            {"a":{"b":{"x":1},"c":5},"e":2}
            {"a":{"b":1,"c":{"d":"z"},},"e":2}

            """)
        let columns = [
            column("a.b", .integer, max: 2), column("a.c.d", values: ["x", "y"]),
            column("e", .integer),
        ]
        for chunk in [1, 61, 1 << 20] {
            let found = try await validate(
                manifest([file], columns, format: .jsonl), root: folder.path,
                options: ValidationOptions(chunkBytes: chunk))
            #expect(
                found.diagnostics.map { "\($0.place) \($0.message)" } == [
                    "d.jsonl:9:27 not a JSON object: expected `\"`",
                    "d.jsonl:6:13 the key stands twice in the object",
                    "d.jsonl:7:14 the key stands twice in the object",
                    "d.jsonl:5:2 the column `a` is not declared",
                    "d.jsonl:8:19 the column `a.c` is not declared",
                    "d.jsonl:2:20 the column `a.c.f` is not declared",
                    "d.jsonl:2:11 `1` (a string) is not an integer",
                    "d.jsonl:8:11 `{\"x\":1}` (an array or object) is not an integer",
                    "d.jsonl:3:8 3 is above the maximum 2",
                ], "\(chunk)")
            #expect(found.rows == 8)
        }
        let free = try await validate(
            manifest([file], format: .jsonl), root: folder.path)
        #expect(free.violations.map(\.rule) == [.json])
    }

    @Test func `columns that are not declared are those of the first lines, in all files`()
        async throws
    {
        let first = "{\"a\":1,\"b\":\"x\"}\n"
        let late = "{\"late\":1,\"b\":\"y\"}\n"
        let count = (1 << 20) / first.utf8.count + 1
        let files = [
            try folder.add("1.jsonl", String(repeating: first, count: count) + late),
            try folder.add("2.jsonl", "{\"c\":1,\"late\":2}\n" + first),
        ]
        for chunk in [4096, 1 << 20] {
            let (report, sink) = try await validate(
                manifest(files, format: .jsonl), root: folder.path,
                options: ValidationOptions(chunkBytes: chunk), sink: CollectingSink())
            #expect(report.passed)
            #expect(sink.widths == [2, 3])
            #expect(
                sink.rows.suffix(3).map(\.cells) == [["", "y"], ["", "", "1"], ["1", "x", ""]])
            #expect(report.cells == 2 * count + 3 + 2 * 4)
        }
    }

    @Test func `too many keys are reported and not kept`() async throws {
        let wide = (0..<12_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let long = String(repeating: "n", count: 2000)
        let text = "{\(wide)}\n{\(wide)}\n{\"\(long)\":1}\n{\"x\":1,\"\(long)\":2}\n"
        let file = try folder.add("d.jsonl", text)
        for columns in [[], [column("k1", .integer)]] {
            let manifest = manifest([file], columns, format: .jsonl)
            let plain = try PlainLines(manifest, Array(text.utf8))
            for chunk in [50_000, 1 << 20] {
                let found = try await validate(
                    manifest, root: folder.path, options: ValidationOptions(chunkBytes: chunk))
                let name = "too_many_columns "
                let expected = plain.broken.filter { $0.name == name }
                #expect(expected.count == 1)
                #expect(PlainLines.broken(found).filter { $0.name == name } == expected)
                // Of those that are kept all but `k1` are not declared.
                let others = found.violations.filter { $0.rule == .extraColumn }
                #expect(others.map(\.total) == (columns.isEmpty ? [] : [9999]))
                #expect(found.cells == plain.cells)
            }
        }
    }

    @Test func `a line without an end is passed over in bounded memory`() async throws {
        let long = String(repeating: "x", count: 9 << 20)
        let text = "{\"a\":1}\n{\"a\":\"\(long)\"}\n{\"a\":2}\n{\"a\":\"\(long)"
        let file = try folder.add("d.jsonl", text)
        for (columns, chunk) in [([column("a", .integer)], 1 << 20), ([], 3 << 20), ([], 32 << 20)]
        {
            let found = try await validate(
                manifest([file], columns, format: .jsonl), root: folder.path,
                options: ValidationOptions(chunkBytes: chunk))
            #expect(found.violations.map { "\($0.rule.rawValue) \($0.total)" } == ["record_size 2"])
            #expect(found.diagnostics.map(\.place.description) == ["d.jsonl:2:1", "d.jsonl:4:1"])
            #expect(found.rows == 2)
        }
    }

    // MARK: Random lines

    private static let columns = [
        column("i", .integer, required: true, min: -50, max: 1e12), column("n", .number, min: 0),
        column("d", .date), column("t", .datetime), column("b", .boolean),
        column("v", values: ["DE", "a value of more than sixteen bytes", "a,b", "1"]),
        column("p", pattern: "[A-Z]{2}[0-9]+|ü+"), column("long name of more than sixteen"),
        column("é"), column("any", .any),
    ]

    private static let values = [
        "1", "-7", "12345678901", "9999999999999999", "\"x\"", "\"\"", "\"-1\"", "-1", "60e1",
        "0.5", "12.25", "1e3", "-3", "\"NA\"", "123456.789", "null", "true", "false", "[]",
        "{\"a\":[1,{}]}", "\"2024-02-29\"", "\"2023-02-29\"", "\"2024-02-29T12:00:00Z\"",
        "\"2024-02-29 23:59:60\"", "\"DE\"", "\"D\\u0045\"", "\"AB12\"", "\"ü\"", "\"A\\n\"",
        "\"a value of more than sixteen bytes\"", "\"\\ud83d\\ude00\"", "[1, \"]\"]", " 5 ",
        "\"\u{1F600}\"", "\"\\\\\"", "\"DE \\\"x\"", "18446744073709551616", "0", "-0", "1.0",
    ]
    private static let wrong = [
        "01", "tru", "nul", "1.", "-", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\"", "[1,]", "{\"a\":}",
        "", "'x'", "\"\t\"", "NaN", "{\"a\":1,}", "\"open", "[[", "1e", "\"\\u12\"", "+1",
    ]

    private func lines(_ seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        let names =
            Self.columns.map(\.name).filter { $0 != "é" } + [
                "extra", "z", "k\\u0031", "e\u{301}", "i", "q\\\"", "ä",
            ]
        var text = seed % 4 == 0 ? "\u{FEFF}" : ""
        for _ in 0..<random.below(25) {
            let space = ["", "", " ", "\t", "\r"][random.below(5)]
            var members: [String] = []
            for name in names where random.below(4) > 0 && (name != "z" || random.below(5) == 0) {
                let all = random.below(60) == 0 ? Self.wrong : Self.values
                members.append("\"\(name)\"\(space):\(space)\(all[random.below(all.count)])")
            }
            if random.below(4) == 0 { members.shuffle(using: &random) }
            let line = "{\(space)\(members.joined(separator: ",\(space)"))\(space)}"
            switch random.below(16) {
            case 0: text += "\n"
            case 1: text += " \(line) x\n"
            case 2: text += "[\(line)]\n"
            case 3: text += "\(line)\r\n"
            case 4: text += "\t \r\n"
            default: text += "\(line)\n"
            }
        }
        if random.below(3) == 0, !text.isEmpty { text.removeLast() }
        var bytes = Array(text.utf8)
        for _ in 0..<random.below(3) where bytes.count > 8 {
            bytes[4 + random.below(bytes.count - 4)] = [0, 0xFF, 34, 10, 92, 0xC3][random.below(6)]
        }
        return bytes
    }

    private func shares(_ report: ValidationReport) -> [String] {
        report.violations.filter { $0.rule == .missingShare }.compactMap { violation in
            let message = violation.occurrences[0].message
            guard let start = message.firstIndex(of: "("), let end = message.firstIndex(of: ")")
            else { return nil }
            let numbers = message[start..<end].dropFirst().split(separator: " of ")
            return "\(violation.column ?? "") \(numbers[0])/\(numbers[1])"
        }.sorted()
    }

    private func heard(
        _ manifest: DatasetManifest, _ chunk: Int, _ workers: Int
    ) async throws -> CollectingSink {
        try await validate(
            manifest, root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers),
            sink: CollectingSink()
        ).sink
    }
}
