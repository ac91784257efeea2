import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Validation

struct ArrowReadingTests {
    /// Each file with the table that it holds.
    static let files = [
        ("kinds.arrow", "kinds"), ("kinds.arrows", "kinds"), ("kinds_lz4.arrow", "kinds"),
        ("kinds_zstd.arrow", "kinds"), ("more.arrow", "more"), ("more.arrows", "more"),
        ("more_zstd.arrow", "more"), ("lists.arrow", "lists"), ("more_lists.arrow", "more_lists"),
        ("more_lists.arrows", "more_lists"), ("growing.arrows", "dictionary"),
        ("replaced.arrows", "dictionary"), ("many.arrow", "pages"), ("many_lz4.arrow", "pages"),
    ]

    @Test(arguments: files, [1, 7, 8192])
    func `every type gives the cells that went in`(
        file: (name: String, table: String), step: Int
    ) throws {
        let expected = try #require(ArrowFixture.expected()[file.table])
        for bytesMax in [1, 1 << 20] {
            let found = try ArrowCells(
                ArrowFixture.bytes(file.name), step: step, bytesMax: bytesMax)
            #expect(Set(found.names) == Set(expected.keys), "\(file.name)")
            for (column, cells) in expected {
                // An empty text is a missing cell, as in all formats.
                #expect(
                    found[column] == cells.map { $0 == "" ? nil : $0 }, "\(file.name), \(column)")
            }
        }
    }

    @Test(arguments: ["long_lz4.arrow", "long_zstd.arrow"], [997, 8192])
    func `buffers of many blocks are read piece by piece`(name: String, step: Int) throws {
        let found = try ArrowCells(ArrowFixture.bytes(name), step: step)
        #expect(found.rows == 12_000)
        for (index, text) in found["id"].enumerated() { #expect(text == "\(index / 50 * 3)") }
        for (index, word) in found["word"].enumerated() {
            #expect(word == "word \(index * 7 % 100)")
        }
    }

    @Test(arguments: ["primitive", "dictionary", "nested", "datetime", "map"])
    func `big-endian files give the same cells`(kind: String) throws {
        let little = try ArrowCells(ArrowFixture.bytes("little_\(kind).arrows"))
        let big = try ArrowCells(ArrowFixture.bytes("big_\(kind).arrows"))
        #expect(little.rows > 0 && little.names == big.names && little.kinds == big.kinds)
        for (name, cells) in zip(little.names, little.cells) {
            #expect(big[name] == cells, "\(kind), \(name)")
        }
        #expect(little.cells.contains { $0.contains { $0 != nil } })
    }

    @Test func `a file without rows has columns`() throws {
        let found = try ArrowCells(ArrowFixture.bytes("empty.arrow"))
        #expect(found.names == ["a", "b"] && found.kinds == [.integer, .string])
        #expect(found.rows == 0)
    }

    // MARK: What is not read

    @Test func `a union is named`() throws {
        let fault = #expect(throws: BinaryFault.self) {
            try ArrowCells(ArrowFixture.bytes("union.arrow"))
        }
        #expect(fault?.message.hasPrefix("`u` is a union, which is not read, at byte") == true)
        #expect(fault?.hint(.arrow)?.contains("docs/formats.md") == true)
    }

    @Test func `what is no Arrow file is said to be none`() throws {
        for text in ["a", "ARROW1", "a,b\n1,2\n3,4\n", "FEA1\0\0\0\0FEA1", "ARROW1\0\0ARROW1"] {
            let fault = #expect(throws: BinaryFault.self) { try readArrow(Array(text.utf8)) }
            guard case .foreign = fault?.kind else {
                Issue.record("\(text): \(fault?.message ?? "")")
                continue
            }
        }
    }

    @Test(arguments: ["kinds.arrows", "more_lists.arrows", "lists.arrow", "kinds_lz4.arrow"])
    func `a file cut anywhere is damaged, or ends behind a whole batch`(name: String) throws {
        let bytes = try ArrowFixture.bytes(name)
        var whole = 0
        for count in stride(from: 1, to: bytes.count, by: 13) {
            do throws(BinaryFault) {
                try readArrow(Array(bytes[..<count]))
                whole += 1
            } catch {
                #expect(error.offset <= count, "\(count): \(error.message)")
            }
        }
        #expect(whole < 5)
    }

    @Test(arguments: files.map(\.0) + ["long_lz4.arrow", "union.arrow", "little_nested.arrows"])
    func `mutated files are read or refused`(name: String) throws {
        let bytes = try ArrowFixture.bytes(name)
        try fuzz(rounds: 120) { seed, random in
            let mutated = random.mutate(bytes)
            do throws(BinaryFault) {
                try readArrow(mutated)
            } catch {
                #expect(error.offset >= 0 && error.offset <= mutated.count, "seed \(seed)")
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
    }

    /// Most of a file's mutations hit values; these hit the metadata of a stream.
    @Test func `mutated schemas and batches are read or refused`() throws {
        for name in ["growing.arrows", "little_nested.arrows"] {
            let bytes = try ArrowFixture.bytes(name)
            let count = min(bytes.count, 1400)
            try fuzz(rounds: 400) { seed, random in
                let mutated = random.mutate(Array(bytes[..<count])) + bytes[count...]
                do throws(BinaryFault) {
                    try readArrow(mutated)
                } catch {
                    #expect(error.offset >= 0 && error.offset <= mutated.count, "seed \(seed)")
                }
            }
        }
    }

    /// A checkout of apache/arrow-testing, with files of other writers and of their fuzzers.
    static let others = ProcessInfo.processInfo.environment["SLIPWAY_ARROW_TESTING"]

    @Test(.enabled(if: others != nil))
    func `files of apache's own tests are read or refused`() throws {
        let root = try #require(Self.others)
        var (read, refused): (Int, [String]) = (0, [])
        for path in try walk(root).map(\.path).sorted() {
            let isFile = path.contains("arrow-ipc") && path.contains("fuzz")
            guard isFile || path.hasSuffix(".arrow_file") || path.hasSuffix(".stream"),
                let bytes = FileManager.default.contents(atPath: "\(root)/\(path)")
            else { continue }
            do throws(BinaryFault) {
                try readArrow([UInt8](bytes))
                read += 1
            } catch {
                if !isFile { refused.append("\(path): \(error.message)") }
            }
        }
        print("\(read) read, of whole files refused:\n\(refused.joined(separator: "\n"))")
        #expect(read > 0)
    }
}
