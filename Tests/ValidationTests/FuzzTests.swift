import Domain
import TestKit
import Testing

@testable import Validation

struct FuzzTests {
    @Test(arguments: [DatasetManifest.Format.csv, .jsonl])
    func `mutated files never crash, and only passed ones have no violation`(
        format: DatasetManifest.Format
    ) async throws {
        let folder = try Folder()
        let seedText =
            format == .csv
            ? "n,s,d\n1,\"a\"\"b\",2024-01-01\n2.5,ü,\n-3e2,\"x\ny\",2023-12-31\n"
            : "{\"n\":1,\"s\":\"a\\nb\",\"d\":\"2024-01-01\"}\n"
                + "{\"n\":2.5,\"s\":\"ü\",\"d\":null}\n"
        try await fuzz(rounds: 300) { seed, _ in
            var random = SeededRandom(seed: seed)
            var bytes = Array(seedText.utf8)
            for _ in 0..<random.below(8) { mutate(&bytes, &random) }
            let manifest = manifest(
                [try folder.add("d", bytes: bytes)],
                [
                    column("n", .number, min: -300, max: 3),
                    column("s", unique: true, pattern: "[^q]*"), column("d", .date),
                ], format: format)
            let report = try await validate(
                manifest, root: folder.path,
                options: ValidationOptions(chunkBytes: 1 + random.below(64)))
            #expect(report.passed == report.violations.isEmpty, "seed \(seed)")
            #expect(report.files[0].bytes == bytes.count, "seed \(seed)")
            #expect(
                report.violations.allSatisfy {
                    $0.total >= $0.occurrences.count && !$0.occurrences.isEmpty
                }, "seed \(seed)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let interesting = Array("\"\\,{}[]:\n\r\0-e.09u".utf8) + [0xFF, 0xC3, 0xEF]
        guard !bytes.isEmpty else { return bytes.append(34) }
        let at = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[at] = interesting[random.below(interesting.count)]
        case 1: bytes.insert(interesting[random.below(interesting.count)], at: at)
        case 2: bytes.remove(at: at)
        default: bytes.removeSubrange(at..<Swift.min(bytes.count, at + random.below(9)))
        }
    }
}
