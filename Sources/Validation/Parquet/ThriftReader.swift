/// Reads structures of Thrift's compact protocol, the form of Parquet's footer and page headers.
///
/// Source: thrift/doc/specs/thrift-compact-protocol.md. A structure is a row of fields: a byte of
/// the difference to the last field's number and the type, then the value; zero ends it. Integers
/// are zigzag varints.
struct ThriftReader {
    /// The types that stand in the lower half of a field's first byte.
    enum Kind: UInt8 {
        case yes = 1, no, byte, int16, int32, int64, double, binary, list, set, map, structure
        case uuid
    }

    struct Field {
        var number: Int
        var kind: Kind
    }

    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int
    /// Where the first byte stands in the file.
    private let base: Int

    init(_ bytes: [UInt8], from position: Int = 0, count: Int, base: Int) {
        self.bytes = bytes
        self.position = position
        end = count
        self.base = base
    }

    /// The place in the file.
    var offset: Int { base + position }

    // MARK: Structures

    /// The head of the next field; nil at the end of the structure.
    ///
    /// - Parameter last: the number of the field before it, 0 at first.
    mutating func field(after last: inout Int) throws(BinaryFault) -> Field? {
        let head = try byte()
        if head == 0 { return nil }
        guard let kind = Kind(rawValue: head & 0x0F) else {
            throw .damaged("an unknown type of field", at: offset - 1)
        }
        let step = Int(head >> 4)
        let number = step == 0 ? try zigzag() : last + step
        guard number > -1 << 15, number < 1 << 15 else {
            throw .damaged("a field number out of range", at: offset)
        }
        last = number
        return Field(number: number, kind: kind)
    }

    /// The number of elements of a list, which are of that kind.
    mutating func list(_ field: Field, of kind: Kind) throws(BinaryFault) -> Int {
        guard field.kind == .list || field.kind == .set else {
            throw .damaged("a list is missing", at: offset)
        }
        let (count, found) = try listHead()
        guard found == kind || count == 0 else {
            throw .damaged("a list of another type", at: offset)
        }
        return count
    }

    private mutating func listHead() throws(BinaryFault) -> (count: Int, kind: Kind) {
        let head = try byte()
        guard let kind = Kind(rawValue: head & 0x0F) else {
            throw .damaged("a list of an unknown type", at: offset - 1)
        }
        let short = Int(head >> 4)
        let count = short == 15 ? try size() : short
        // Each element has a byte at least.
        guard count <= end - position else { throw BinaryFault(kind: .cut, offset: offset) }
        return (count, kind)
    }

    /// Passes over a structure of which only the place matters.
    mutating func expect(_ field: Field, _ kind: Kind) throws(BinaryFault) {
        guard field.kind == kind else { throw .damaged("a field of another type", at: offset) }
    }

    mutating func skip(_ kind: Kind, depth: Int = 0) throws(BinaryFault) {
        guard depth < CellLimits.depthMax else { throw .damaged("nested too deep", at: offset) }
        switch kind {
        case .yes, .no: break
        case .byte: _ = try byte()
        case .int16, .int32, .int64: _ = try varint()
        case .double: try advance(8)
        case .uuid: try advance(16)
        case .binary: try advance(size())
        case .structure:
            var last = 0
            while let field = try field(after: &last) { try skip(field.kind, depth: depth + 1) }
        case .list, .set:
            let (count, element) = try listHead()
            for _ in 0..<count { try skipElement(element, depth) }
        case .map: try skipMap(depth)
        }
    }

    private mutating func skipMap(_ depth: Int) throws(BinaryFault) {
        let count = try size()
        guard count > 0 else { return }
        guard count <= end - position else { throw BinaryFault(kind: .cut, offset: offset) }
        let kinds = try byte()
        guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 0x0F) else {
            throw .damaged("a map of an unknown type", at: offset - 1)
        }
        for _ in 0..<count {
            try skipElement(key, depth)
            try skipElement(value, depth)
        }
    }

    /// In lists and maps, truth is a byte of its own.
    private mutating func skipElement(_ kind: Kind, _ depth: Int) throws(BinaryFault) {
        if kind == .yes || kind == .no { return try advance(1) }
        try skip(kind, depth: depth + 1)
    }

    // MARK: Values

    mutating func integer(_ field: Field) throws(BinaryFault) -> Int {
        switch field.kind {
        case .byte: Int(Int8(bitPattern: try byte()))
        case .int16, .int32, .int64: try zigzag()
        default: throw .damaged("an integer is missing", at: offset)
        }
    }

    /// A size or a count, 0 to 2^48.
    mutating func count(_ field: Field) throws(BinaryFault) -> Int {
        let start = offset
        let value = try integer(field)
        guard value >= 0, value < 1 << 48 else {
            throw .damaged("a size of \(value)", at: start)
        }
        return value
    }

    func truth(_ field: Field) throws(BinaryFault) -> Bool {
        guard field.kind == .yes || field.kind == .no else {
            throw .damaged("a truth value is missing", at: offset)
        }
        return field.kind == .yes
    }

    mutating func text(_ field: Field) throws(BinaryFault) -> String {
        try expect(field, .binary)
        let count = try size()
        let start = position
        try advance(count)
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: Bytes

    private mutating func byte() throws(BinaryFault) -> UInt8 {
        guard position < end else { throw BinaryFault(kind: .cut, offset: offset) }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func advance(_ count: Int) throws(BinaryFault) {
        guard count <= end - position else { throw BinaryFault(kind: .cut, offset: offset) }
        position += count
    }

    private mutating func varint() throws(BinaryFault) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) as StrideTo<UInt64> {
            let next = try byte()
            value |= UInt64(next & 0x7F) &<< shift
            if next < 0x80 { return value }
        }
        throw .damaged("an integer of more than ten bytes", at: start)
    }

    private mutating func zigzag() throws(BinaryFault) -> Int {
        let raw = try varint()
        return Int(bitPattern: UInt(truncatingIfNeeded: raw >> 1 ^ (0 &- (raw & 1))))
    }

    private mutating func size() throws(BinaryFault) -> Int {
        let start = offset
        let value = try varint()
        guard value < 1 << 31 else { throw .damaged("a size of \(value)", at: start) }
        return Int(value)
    }
}
