import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct CompressionTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test(arguments: ["gz", "zst"])
    func `compressed files are checked as their text is`(ending: String) async throws {
        for (name, text) in [("d.csv", Self.table), ("d.jsonl", Self.lines)] {
            let packed = try await pack(text, ending)
            let plain = try await report(name, text, chunk: 1 << 20)
            for chunk in [61, 4096, 1 << 20] {
                let found = try await report("\(name).\(ending)", packed, chunk: chunk)
                #expect(found.rows == plain.rows && found.cells == plain.cells)
                #expect(found.files[0].bytes == packed.count)
                #expect(said(found) == said(plain), "\(name), \(chunk)")
                #expect(!said(plain).isEmpty)
            }
        }
    }

    @Test(arguments: ["gz", "zst"])
    func `members after each other are one text`(ending: String) async throws {
        var packed: [UInt8] = []
        for part in ["a,b\n1,", "2\n3", ",4\n", "", "5,6\n"] {
            packed += try await pack(Array(part.utf8), ending)
        }
        let found = try await report("d.csv.\(ending)", packed, chunk: 3)
        #expect(found.violations.isEmpty && found.rows == 3 && found.cells == 6)
    }

    @Test(arguments: ["gz", "zst"])
    func `a stream that is cut is named with its end, and half a record is none`(
        ending: String
    ) async throws {
        let whole = try await pack(Self.table, ending)
        for count in [1, 7, 20, whole.count / 2, whole.count - 9, whole.count - 1] {
            let path = "cut.csv.\(ending)"
            let found = try await report(path, Array(whole[..<count]), chunk: 1 << 20)
            let faults = found.violations.filter { $0.rule == .compression }
            #expect(
                faults.first?.diagnostics.map(\.message) == [
                    "`\(path)` ends at byte \(count) inside its "
                        + "\(ending == "gz" ? "gzip" : "zstd") stream"
                ], "\(count)")
            #expect(found.files[0].bytes == count && found.files[0].sha256 != nil)
            #expect(!found.violations.contains { $0.rule == .raggedRow }, "\(count)")
            for chunk in [61, 700] {
                let again = try await report(path, Array(whole[..<count]), chunk: chunk)
                #expect(again == found, "\(count), \(chunk)")
            }
        }
    }

    @Test(arguments: ["gz", "zst"])
    func `damage anywhere is found`(ending: String) async throws {
        let whole = try await pack(Self.table, ending)
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var bytes = whole
            let at = 10 + random.below(whole.count - 10)
            bytes[at] ^= 1 << UInt8(random.below(8))
            let found = try await report("d.csv.\(ending)", bytes, chunk: 1 << 20)
            let again = try await report("d.csv.\(ending)", bytes, chunk: 613)
            #expect(found == again, "seed \(seed)")
            let isFound = found.violations.contains { $0.rule == .compression }
            // zstd without its checksum may read on, so that only the text tells.
            #expect(isFound || ending == "zst" || at >= whole.count - 8, "seed \(seed)")
        }
        let other = try await report("d.csv.\(ending)", Array("a,b\n1,2\n".utf8), chunk: 99)
        #expect(other.violations.map(\.rule).contains(.compression) && other.rows == 0)
        let said = other.violations.filter { $0.rule == .compression }.flatMap(\.diagnostics)
        #expect(said.first?.message.contains("does not begin as ") == true)
        let tail = try await report("d.csv.\(ending)", whole + Array("tail".utf8), chunk: 99)
        #expect(tail.violations.contains { $0.rule == .compression })
    }

    @Test(arguments: ["gz", "zst"])
    func `a bomb is not unpacked to its end`(ending: String) async throws {
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 24 << 20)
        let bomb = try await pack(Array("a\n".utf8) + zeros, ending)
        #expect(bomb.count < 64 << 10)
        let found = try await report("d.csv.\(ending)", bomb, chunk: 1 << 20)
        #expect(found.violations.contains { $0.rule == .compression })
        let bombed = found.violations.filter { $0.rule == .compression }.flatMap(\.diagnostics)
        #expect(bombed.first?.message.contains("at most 250 times") == true)
        #expect(found.files[0].bytes == bomb.count)
        var options = ValidationOptions()
        options.unpackLimits = UnpackLimits(bytesMax: 300_000, ratioMax: 1000, freeBytes: 0)
        let file = try folder.add("t.csv.\(ending)", bytes: try await pack(Self.table, ending))
        let short = try await validate(manifest([file]), root: folder.path, options: options)
        #expect(short.violations.first?.rule == .compression)
        #expect(short.rows > 0 && short.rows < 60_000)
    }

    @Test(arguments: [1, 511, 65_536, 200_000])
    func `zeros may fill up the last block of a gzip file, and nothing may follow`(zeros: Int)
        async throws
    {
        let whole = try await pack(Array("n,s\n1,a\n".utf8), "gz")
        let padded = whole + [UInt8](repeating: 0, count: zeros)
        let found = try await report("d.csv.gz", padded, chunk: 99)
        #expect(found.violations.isEmpty && found.rows == 1)
        for tail in [Array("x".utf8), whole] {
            let behind = try await report("d.csv.gz", padded + tail, chunk: 99)
            let said = behind.violations.filter { $0.rule == .compression }.flatMap(\.diagnostics)
            #expect(said.first?.message.contains("behind the zeros at the end") == true)
            #expect(behind.rows == 1)
        }
    }

    @Test func `frames of zstd that need much memory are refused`() async throws {
        // A frame with a window of 2 to the power of 27, and one block of four bytes.
        let bytes: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x21, 0x00, 0x00, 0x61, 0x0A, 0x31, 0x0A,
        ]
        let found = try await report("d.csv.zst", bytes, chunk: 9)
        let fault = found.violations.first { $0.rule == .compression }
        #expect(fault?.hint.contains("--long") == true)
        var smaller = bytes
        smaller[5] = 16 << 3
        #expect(try await report("d.csv.zst", smaller, chunk: 9).rows == 1)
    }

    @Test func `a library that is not there is an error that names its package`() {
        guard case .failure(let missing) = UnpackLibrary.open(.zstd, "libnothing.so.1") else {
            Issue.record("there is no such library")
            return
        }
        #expect(missing.reason.contains("libnothing.so.1"))
        guard case .failure = UnpackLibrary.open(.zstd, "libz.so.1") else {
            Issue.record("zlib is no zstd")
            return
        }
        let failure = ValidationError.libraryMissing(
            "libzstd.so.1", package: "libzstd1", path: "d.csv.zst", reason: missing.reason
        ).failure
        #expect(failure.hint == "apt-get install libzstd1")
    }

    // MARK: Data

    private static let table = Array(
        ("n,s\n"
            + (0..<60_000).map { "\($0 % 997 == 0 ? "x" : "\($0)"),\"a\($0 &* 7919)\"\n" }.joined())
            .utf8)
    private static let lines = Array(
        (0..<40_000).map { "{\"n\":\($0 % 997 == 0 ? "\"x\"" : "\($0)"),\"s\":\"a\($0)\"}\n" }
            .joined().utf8)

    private func said(_ report: ValidationReport) -> [String] {
        report.violations.filter { $0.rule != .digest }.flatMap { violation in
            violation.occurrences.map {
                "\(violation.rule) \(violation.total) \($0.place.line ?? 0) "
                    + "\($0.place.column ?? 0) \($0.message)"
            }
        }
    }

    private func report(
        _ name: String, _ bytes: [UInt8], chunk: Int
    ) async throws -> ValidationReport {
        let file = try folder.add(name, bytes: bytes)
        return try await validate(
            manifest(
                [file],
                name.contains("cut") || chunk < 10 ? [] : [column("n", .integer), column("s")],
                format: name.contains("jsonl") ? .jsonl : .csv), root: folder.path,
            options: ValidationOptions(chunkBytes: chunk))
    }

    private func pack(_ bytes: [UInt8], _ ending: String) async throws -> [UInt8] {
        let result = try await ChildProcess.run(
            ending == "gz" ? "gzip" : "zstd", ["-q", "-c"], input: bytes,
            outputLimitBytes: 16 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return result.output
    }
}
