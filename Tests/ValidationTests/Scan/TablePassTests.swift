import Domain
import Testing

@testable import Validation

struct TablePassTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `the kernel hears what a reader byte by byte hears`() {
        let alphabet = Array("a1,,\"\"\"\n\n\r ä\0".utf8) + [0xFF]
        for seed in 0..<6000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let count = random.below(seed % 3 == 0 ? 300 : 40)
            var text = (0..<count).map { _ in alphabet[random.below(alphabet.count)] }
            if seed % 5 == 0 { text = [0xEF, 0xBB, 0xBF] + text }
            let found = heard(text, by: CSVScanner())
            #expect(found == plainCSV(text), "seed \(seed)")
        }
    }

    /// Cuts at every byte, guesses that are wrong, and parts that are done out of order.
    @Test func `neither the cuts nor the workers change anything that is found`() async throws {
        for seed in 0..<40 as Range<UInt64> {
            let text = table(seed)
            let file = try folder.add("d.csv", bytes: text)
            let manifest = manifest([file], Self.columns, checks: Self.checks)
            let whole = try await found(manifest, chunk: 1 << 20, workers: 1)
            var random = SeededRandom(seed: seed)
            let sizes = Array(1...16) + (0..<12).map { _ in 17 + random.below(400) }
            for size in sizes {
                let workers = 1 + random.below(4)
                let parts = try await found(manifest, chunk: size, workers: workers)
                #expect(parts.report == whole.report, "seed \(seed), \(size) bytes, \(workers)")
                #expect(parts.sink == whole.sink, "seed \(seed), \(size) bytes, \(workers)")
            }
        }
    }

    @Test func `a sink hears cells, states, numbers and equal hashes of equal rows`() async throws {
        let file = try folder.add(
            "d.csv",
            "n,s\n1.5,\"a\"\"b\"\nx,NA\n\"1.5\",\"a\"\"b\"\n,\n1.5,a\"b\n3\n"
                + "-2e3,\"longer than seven\"\n"
        )
        let manifest = manifest(
            [file], [column("n", .number), column("s")],
            checks: DatasetChecks(missingValues: ["NA"]))
        let rows = try await found(manifest, chunk: 1 << 20, workers: 1).sink.rows
        #expect(
            rows.map(\.cells) == [
                ["1.5", "a\"b"], ["x", "NA"], ["1.5", "a\"b"], ["", ""], ["1.5", "a\"b"],
                ["-2e3", "longer than seven"],
            ])
        #expect(rows.map(\.line) == [2, 3, 4, 5, 6, 8])
        #expect(rows[1].states == [.wrong, .missing])
        #expect(rows[3].states == [.missing, .missing])
        #expect(rows.map(\.numbers) == [1.5, nil, 1.5, nil, 1.5, -2000].map { [$0, nil] })
        #expect(rows[0].hash == rows[2].hash && rows[0].hash == rows[4].hash)
        #expect(Set(rows.map(\.hash)).count == 4)
    }

    @Test func `cells that only look alike when joined have other hashes`() async throws {
        let file = try folder.add(
            "d.csv",
            "a,b\nab,c\na,bc\n,abc\nabc,\n\"a\0\",b\na,b\nabcdefgh,i\n"
                + "abcdefghi,\n\"abcdefgh\0\",i\n"
        )
        let rows = try await found(manifest([file]), chunk: 9, workers: 2).sink.rows
        #expect(rows.count == 9 && Set(rows.map(\.hash)).count == 9)
    }

    @Test func `what is wrong with bytes is named with their place in the file`() async throws {
        let text = Array("\u{FEFF}a,b\n1,2\n3,x".utf8) + [0xFF] + Array("\n5,6\0\n".utf8)
        let file = try folder.add("d.csv", bytes: text)
        for size in [1, 4, 100] {
            let report = try await found(manifest([file]), chunk: size, workers: 2).report
            #expect(
                report.diagnostics.map(\.message) == [
                    "not valid UTF-8 at byte \(text.firstIndex(of: 0xFF)!) of the file",
                    "a NUL byte at byte \(text.firstIndex(of: 0)!) of the file",
                ])
            #expect(report.diagnostics.map(\.place.description) == ["d.csv:3:2", "d.csv:4:2"])
        }
    }

    @Test func `a line without an end is passed over in bounded memory`() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 20 << 20)
        let text = Array("a,b\n1,2\n3,".utf8) + long + Array("\n4,5\n\"".utf8) + long
        let file = try folder.add("d.csv", bytes: text)
        for size in [1 << 20, 3 << 20] {
            let report = try await found(manifest([file]), chunk: size, workers: 2).report
            let found = report.violations.map { "\($0.rule.rawValue) \($0.total)" }
            #expect(found == ["record_size 2"])
            #expect(report.diagnostics.map(\.place.description) == ["d.csv:3:1", "d.csv:5:1"])
            #expect(report.rows == 2)
        }
    }

    @Test func `a million columns are read, and more are refused`() async throws {
        for width in [1_000_000, ScanPlan.widthMax + 1] {
            let row = [UInt8](repeating: UInt8(ascii: ","), count: width - 1)
            let header = Array((0..<width).map { "\($0)" }.joined(separator: ",").utf8)
            let file = try folder.add("d.csv", bytes: header + [10] + row + [10])
            let report = try await found(manifest([file]), chunk: 1 << 20, workers: 2).report
            #expect(report.rows == (width == 1_000_000 ? 1 : 0))
            #expect(report.violations.contains { $0.rule == .tooManyColumns })
            #expect(report.passed == false)
        }
    }

    // MARK: Random tables

    private static let columns = [
        column("i", .integer, required: true, min: -50, max: 1e12), column("n", .number, min: 0),
        column("d", .date), column("t", .datetime), column("b", .boolean),
        column("v", values: ["DE", "a value of more than sixteen bytes", "a,b"]),
        column("p", pattern: "[A-Z]{2}[0-9]+|ü+"), column("u", unique: true), column("s"),
    ]
    private static let checks = DatasetChecks(missingShareMax: 0.3, missingValues: ["NA", "-1"])

    private func table(_ seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        let end = seed % 2 == 0 ? "\n" : "\r\n"
        let cells = [
            ["1", "-7", "007", "12345678901", "9999999999999999", "x", "", "-1", "+5", "60e1"],
            ["0.5", "12.25", "1e3", "-3", "NA", ".5", "123456.789", "1.", "00.1", ""],
            ["2024-02-29", "2023-02-29", "2024-12-31", "2024-1-1", ""],
            ["2024-02-29T12:00:00Z", "2024-02-29 23:59:60", "2024-02-29T12:00:00.5+02:00", "x"],
            ["true", "False", "yes", ""],
            ["DE", "\"DE\"", "FR", "a value of more than sixteen bytes", "\"a,b\"", "\"\"\"\""],
            ["AB12", "ü", "A1", "\"AB1\"", "AB1\u{1}"],
            ["k1", "k2", "\"k1\"", "\"k\"\"3\"", "k4", "NA"],
            ["a", "\"b\nc\"", "\"d,\"\"e\"\"\n\nf\"", "ä", "stray\"quote", "\"q\"q", "\r", ""],
        ]
        var text = "i,n,d,t,b,v,p,u,s\(end)"
        for _ in 0..<12 {
            let row = cells.map { $0[random.below($0.count)] }.joined(separator: ",")
            let last = random.below(12)
            text += last == 0 ? "1,2\(end)" : last == 1 ? end : row + end
        }
        if random.below(3) == 0 { text += "1,2,\"open\n" }
        var bytes = Array(text.utf8)
        for _ in 0..<random.below(4) {
            bytes[20 + random.below(bytes.count - 20)] = [0, 0xFF, 34, 10, 44][random.below(5)]
        }
        return bytes
    }

    private func found(
        _ manifest: DatasetManifest, chunk: Int, workers: Int
    ) async throws -> (report: ValidationReport, sink: CollectingSink) {
        try await validate(
            manifest, root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers),
            sink: CollectingSink())
    }
}
