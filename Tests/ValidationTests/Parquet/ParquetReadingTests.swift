import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Validation

struct ParquetReadingTests {
    @Test(arguments: [1, 7, 8192])
    func `every type in every encoding gives the cells that went in`(step: Int) throws {
        let expected = try ParquetFixture.expected()
        #expect(expected.same.count == 5)
        for name in expected.same {
            try compare(name, expected.kinds, step: step)
        }
    }

    @Test(arguments: [1, 5, 8192])
    func `lists are JSON, whatever pages and row groups they are cut into`(step: Int) throws {
        let lists = try ParquetFixture.expected().lists
        try compare("lists", lists, step: step)
        try compare("lists2", lists, step: step)
    }

    @Test(arguments: [1, 13, 100, 8192])
    func `small pages, row groups and dictionaries that end are read`(step: Int) throws {
        try compare("many", ParquetFixture.expected().pages, step: step)
    }

    @Test(arguments: [0, 300, 5000, 100_000])
    func `pages that are let go are read again from where they were left`(heldBytesMax: Int)
        throws
    {
        let expected = try ParquetFixture.expected()
        for name in expected.same {
            try compare(name, expected.kinds, step: 7, heldBytesMax: heldBytesMax)
        }
        for name in ["lists", "lists2"] {
            try compare(name, expected.lists, step: 3, heldBytesMax: heldBytesMax)
        }
        try compare("many", expected.pages, step: 13, heldBytesMax: heldBytesMax)
    }

    @Test func `the oldest timestamps are read`() throws {
        try compare("julian", ParquetFixture.expected().julian, step: 2)
    }

    @Test func `a file without rows has columns`() throws {
        let found = try ParquetCells(ParquetFixture.bytes("empty"))
        #expect(found.names == ["a", "b"])
        #expect(found.kinds == [.integer, .string])
        #expect(found.rows.isEmpty)
    }

    private func compare(
        _ name: String, _ expected: [String: [String?]], step: Int,
        heldBytesMax: Int = ParquetLimits.heldBytesMax
    ) throws {
        let found = try ParquetCells(
            ParquetFixture.bytes(name), step: step, heldBytesMax: heldBytesMax)
        #expect(Set(found.names) == Set(expected.keys), "\(name)")
        for (column, cells) in expected {
            // An empty text is a missing cell, as in all formats.
            #expect(found[column] == cells.map { $0 == "" ? nil : $0 }, "\(name), \(column)")
        }
    }

    @Test func `numbers are handed on as they are stored`() throws {
        let found = try ParquetCells(ParquetFixture.bytes("dictionary"))
        let place = try #require(found.names.firstIndex(of: "float"))
        let cell = try #require(found.rows.first).cells[place]
        #expect(cell == "-3.0")
        for row in found.rows {
            guard let number = row.numbers[place], let text = Float(row.cells[place]) else {
                continue
            }
            #expect(number == Double(text))
        }
        let special = try #require(found.names.firstIndex(of: "special"))
        #expect(found.rows[0].numbers[special]?.isNaN == true)
        #expect(found.rows[1].numbers[special] == .infinity)
    }

    // MARK: What is not read

    @Test func `other compressions are named`() throws {
        let fault = #expect(throws: BinaryFault.self) {
            try ParquetCells(ParquetFixture.bytes("brotli"))
        }
        #expect(fault?.message.hasPrefix("Brotli compression is not read, at byte") == true)
    }

    @Test func `LZ4 is read, as Hadoop frames it too`() throws {
        let found = try ParquetCells(ParquetFixture.bytes("lz4"))
        #expect(found["a"] == (0..<100).map { String($0) })
        // "abcd" four times: four bytes to take, and a copy of twelve of which the first were
        // given.
        let block: [UInt8] = [0x48] + Array("abcd".utf8) + [4, 0, 0x00]
        let plain = Array("abcdabcdabcdabcd".utf8)
        let framed: [UInt8] = [0, 0, 0, 16, 0, 0, 0, 8] + block
        let codecs = PageCodecs.system
        for (bytes, codec, count) in [
            (block, PageCodec.lz4Raw, 16), (block, .lz4, 16), (framed, .lz4, 16),
            (framed + framed, .lz4, 32),
        ] {
            let text = try codecs.inflate(bytes, bytes.indices, codec, count: count, offset: 0)
            #expect(Array(text.prefix(count)) == Array((plain + plain).prefix(count)))
            for end in 0..<bytes.count {
                #expect(throws: BinaryFault.self) {
                    try codecs.inflate(bytes, 0..<end, codec, count: count, offset: 0)
                }
            }
        }
    }

    @Test func `what is no Parquet file is said to be none`() throws {
        for text in ["", "PAR1", "PAR1PAR1", "a,b\n1,2\n3,4\n"] {
            let fault = #expect(throws: BinaryFault.self) { try ParquetCells(Array(text.utf8)) }
            #expect(fault?.message.hasPrefix("not a Parquet file") == true)
        }
        let encrypted = Array("PARE".utf8) + [0, 0, 0, 0, 0, 0, 0, 0] + Array("PARE".utf8)
        let fault = #expect(throws: BinaryFault.self) { try ParquetCells(encrypted) }
        #expect(fault?.kind == .encrypted)
    }

    @Test func `sizes that a file makes up take no memory`() throws {
        // A footer whose schema is a list of 2^31 - 1 elements.
        let footer: [UInt8] = [0x29, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0]
        let bytes =
            Array("PAR1".utf8) + footer + [UInt8(footer.count), 0, 0, 0] + Array("PAR1".utf8)
        let fault = #expect(throws: BinaryFault.self) { try ParquetCells(bytes) }
        #expect(fault?.kind == .cut)
        #expect(snappyInflate([0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0].span, count: (1 << 31) - 1) == nil)
    }

    @Test func `a file cut anywhere is damaged`() throws {
        let bytes = try ParquetFixture.bytes("lists")
        for count in 0..<bytes.count {
            #expect(throws: BinaryFault.self) { try ParquetCells(Array(bytes[..<count])) }
        }
    }

    @Test(arguments: ["plain", "dictionary", "pages2", "gzip", "delta", "lists", "lists2", "many"])
    func `mutated files are read or refused`(name: String) throws {
        let bytes = try ParquetFixture.bytes(name)
        try fuzz(rounds: 150) { seed, random in
            let mutated = random.mutate(bytes)
            do throws(BinaryFault) {
                var rows = 0
                let file = MemoryBytes(all: mutated)
                var source = try ParquetRows(ParquetFooter(file), .system)
                // Because a mutation may say that nulls go on for ever.
                while rows < 100_000,
                    let (count, _) = try source.next(8192, bytesMax: 1 << 20, from: file)
                {
                    rows += count
                }
            } catch {
                #expect(error.offset >= 0 && error.offset <= mutated.count, "seed \(seed)")
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
    }

    /// Most of a file's mutations hit pages; these hit what stands before and behind them.
    @Test func `mutated footers are read or refused`() throws {
        for name in ["dictionary", "lists2", "many"] {
            let bytes = try ParquetFixture.bytes(name)
            let length = Int(bytes[bytes.count - 8]) | Int(bytes[bytes.count - 7]) << 8
            let start = bytes.count - 8 - length
            try fuzz(rounds: 300) { seed, random in
                let footer = random.mutate(Array(bytes[start..<bytes.count - 8]))
                let size = footer.count
                let file = MemoryBytes(
                    all: bytes[..<start] + footer
                        + [UInt8(size & 255), UInt8(size >> 8 & 255), 0, 0] + Array("PAR1".utf8))
                do throws(BinaryFault) {
                    var rows = 0
                    var source = try ParquetRows(ParquetFooter(file), .system)
                    while rows < 100_000,
                        let (count, _) = try source.next(8192, bytesMax: 1 << 20, from: file)
                    {
                        rows += count
                    }
                } catch {
                    #expect(error.offset <= file.sizeBytes, "seed \(seed)")
                }
            }
        }
    }
}
