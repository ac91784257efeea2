/// The end of a file, which says what is in it.
///
/// Source: parquet-format, README.md and parquet.thrift. A file is `PAR1`, the pages of all row
/// groups, a structure `FileMetaData`, its length in four bytes, and `PAR1`.
struct ParquetFooter {
    let leaves: [ParquetLeaf]
    /// As the footer says.
    let rows: Int
    /// Where the footer begins in the file.
    let start: Int
    private let bytes: [UInt8]
    /// Where each row group is described in the footer.
    private let groups: [Int]

    var groupCount: Int { groups.count }

    init(_ source: borrowing some ByteSource & ~Copyable) throws(BinaryFault) {
        let size = source.sizeBytes
        guard size >= 12 else { throw .notParquet(at: 0) }
        let tail = try source.bytes(size - 8..<size, room: 0)
        let head = try source.bytes(0..<4, room: 0)
        let isEncrypted = tail[4...].elementsEqual("PARE".utf8)
        guard head.elementsEqual((isEncrypted ? "PARE" : "PAR1").utf8),
            isEncrypted || tail[4...].elementsEqual("PAR1".utf8)
        else { throw .notParquet(at: isEncrypted ? 0 : size - 4) }
        if isEncrypted { throw BinaryFault(kind: .encrypted, offset: size - 4) }
        let length = Int(tail[0]) | Int(tail[1]) << 8 | Int(tail[2]) << 16 | Int(tail[3]) << 24
        guard length <= size - 12 else {
            throw .damaged("a footer of \(length) bytes in a file of \(size)", at: size - 8)
        }
        guard length <= ParquetLimits.footerBytesMax else {
            throw BinaryFault(kind: .tooLarge("a footer of \(length) bytes"), offset: size - 8)
        }
        start = size - 8 - length
        bytes = try source.bytes(start..<start + length, room: 0)
        var contents = Contents()
        try contents.read(bytes, base: start)
        leaves = try SchemaReader.leaves(of: contents.elements, source.budget)
        rows = contents.rows
        groups = contents.groups
    }

    /// The chunks of a row group, one for each leaf.
    func group(_ index: Int) throws(BinaryFault) -> RowGroup {
        var reader = ThriftReader(bytes, from: groups[index], count: bytes.count, base: start)
        let group = try reader.rowGroup(chunksMax: leaves.count)
        guard group.chunks.count == leaves.count else {
            throw .damaged(
                "a row group of \(group.chunks.count) columns, the schema has \(leaves.count)",
                at: start + groups[index])
        }
        for (chunk, leaf) in zip(group.chunks, leaves) where chunk.physical != leaf.physical {
            throw .damaged(
                "the values of `\(leaf.name)` are not of the schema's type", at: chunk.offset)
        }
        return group
    }
}

/// The structure `FileMetaData`, as far as it is needed.
private struct Contents {
    var elements: [SchemaElement] = []
    var rows = 0
    var groups: [Int] = []

    mutating func read(_ bytes: [UInt8], base: Int) throws(BinaryFault) {
        var reader = ThriftReader(bytes, count: bytes.count, base: base)
        var last = 0
        while let field = try reader.field(after: &last) {
            switch field.number {
            case 2:
                for _ in 0..<(try count(&reader, field, "elements of the schema")) {
                    elements.append(try reader.schemaElement())
                }
            case 3: rows = try reader.count(field)
            case 4:
                for _ in 0..<(try count(&reader, field, "row groups")) {
                    groups.append(reader.position)
                    try reader.skip(.structure)
                }
            case 8: throw BinaryFault(kind: .encrypted, offset: reader.offset)
            default: try reader.skip(field.kind)
            }
        }
    }

    private func count(
        _ reader: inout ThriftReader, _ field: ThriftReader.Field, _ noun: String
    ) throws(BinaryFault) -> Int {
        let count = try reader.list(field, of: .structure)
        guard count <= ParquetLimits.elementsMax else {
            throw BinaryFault(kind: .tooLarge("\(count) \(noun)"), offset: reader.offset)
        }
        return count
    }
}

/// The values of some rows.
struct RowGroup {
    var rows = 0
    var chunks: [ColumnChunk] = []
}

/// Where the values of a column are, in one row group.
struct ColumnChunk {
    var physical: ParquetPhysical?
    var codec = PageCodec.none
    /// With nulls, and of lists each element.
    var values = 0
    var sizeBytes = 0
    var dataPage = 0
    var dictionaryPage: Int?
    /// Where it is described.
    var offset = 0

    /// The first byte; some writers say that there is a dictionary at 0 when there is none.
    var start: Int {
        guard let dictionaryPage, dictionaryPage > 0 else { return dataPage }
        return min(dictionaryPage, dataPage)
    }
}

extension ThriftReader {
    fileprivate mutating func schemaElement() throws(BinaryFault) -> SchemaElement {
        var element = SchemaElement(offset: offset)
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1: element.physical = try physicalType(field)
            case 2: element.width = try integer(field)
            case 3:
                guard let kind = SchemaElement.Repetition(rawValue: try integer(field)) else {
                    throw .damaged("an unknown repetition", at: offset)
                }
                element.repetition = kind
            case 4: element.name = try text(field)
            case 5:
                element.children = try count(field)
                element.isGroup = true
            case 6: element.converted = try integer(field)
            case 7: element.scale = try count(field)
            case 10:
                try expect(field, .structure)
                element.logical = try logicalType()
            default: try skip(field.kind)
            }
        }
        // Because some writers say of a column that it has no children.
        if element.children == 0, element.physical != nil { element.isGroup = false }
        return element
    }

    private mutating func physicalType(_ field: Field) throws(BinaryFault) -> ParquetPhysical {
        guard let type = ParquetPhysical(rawValue: try integer(field)) else {
            throw .damaged("an unknown type of values", at: offset)
        }
        return type
    }

    fileprivate mutating func rowGroup(chunksMax: Int) throws(BinaryFault) -> RowGroup {
        let start = offset
        var group = RowGroup()
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1:
                let count = try list(field, of: .structure)
                guard count <= chunksMax else {
                    throw .damaged(
                        "a row group of \(count) columns, the schema has \(chunksMax)", at: start)
                }
                for _ in 0..<count { group.chunks.append(try columnChunk()) }
            case 3: group.rows = try count(field)
            default: try skip(field.kind)
            }
        }
        return group
    }

    private mutating func columnChunk() throws(BinaryFault) -> ColumnChunk {
        let start = offset
        var chunk: ColumnChunk?
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1:
                if try !text(field).isEmpty {
                    throw BinaryFault(
                        kind: .unsupported("values in another file are not read"), offset: start)
                }
            case 3:
                try expect(field, .structure)
                chunk = try columnMetadata()
            case 8, 9: throw BinaryFault(kind: .encrypted, offset: offset)
            default: try skip(field.kind)
            }
        }
        guard var chunk else { throw .damaged("a column that is not described", at: start) }
        chunk.offset = start
        return chunk
    }

    private mutating func columnMetadata() throws(BinaryFault) -> ColumnChunk {
        var chunk = ColumnChunk()
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1: chunk.physical = try physicalType(field)
            case 4:
                let number = try integer(field)
                guard let codec = PageCodec(rawValue: number) else {
                    throw .damaged("an unknown compression \(number)", at: offset)
                }
                chunk.codec = codec
            case 5: chunk.values = try count(field)
            case 7: chunk.sizeBytes = try count(field)
            case 9: chunk.dataPage = try count(field)
            case 11: chunk.dictionaryPage = try count(field)
            default: try skip(field.kind)
            }
        }
        return chunk
    }
}

extension BinaryFault {
    static func notParquet(at offset: Int) -> BinaryFault {
        BinaryFault(
            kind: .foreign("not a Parquet file: it does not begin and end with `PAR1`"),
            offset: offset)
    }
}
