/// One table of a flatbuffer; nothing that the bytes say of places and sizes is trusted.
///
/// Source: flatbuffers.dev, "FlatBuffers internals". A table begins with the way back to its
/// vtable, which says where each field is, relative to the table; texts, vectors and other tables
/// are behind an offset from the field. All numbers are little-endian.
struct FlatTable {
    private let bytes: [UInt8]
    /// Where the buffer begins in the file.
    private let base: Int
    private let position: Int
    private let places: Int
    private let placesBytes: Int

    /// Where the table is in the file.
    var offset: Int { base + position }

    /// The root of a buffer.
    init(root bytes: [UInt8], base: Int) throws(BinaryFault) {
        let first = try Self.number(bytes, base, at: 0, bytes: 4)
        try self.init(bytes, base: base, at: Int(first))
    }

    private init(_ bytes: [UInt8], base: Int, at position: Int) throws(BinaryFault) {
        let back = Int32(
            truncatingIfNeeded: try Self.number(bytes, base, at: position, bytes: 4))
        let places = position - Int(back)
        let size = Int(try Self.number(bytes, base, at: places, bytes: 2))
        guard size >= 4, places + size <= bytes.count else {
            throw .damaged("a table of the metadata has no fields", at: base + position)
        }
        self.bytes = bytes
        self.base = base
        self.position = position
        self.places = places
        placesBytes = size
    }

    /// Some bytes as a number, the first the lowest.
    private static func number(
        _ bytes: [UInt8], _ base: Int, at place: Int, bytes count: Int
    ) throws(BinaryFault) -> UInt64 {
        guard place >= 0, place <= bytes.count - count else {
            throw BinaryFault(kind: .cut, offset: base + min(max(0, place), bytes.count))
        }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[place + index]) << UInt64(8 * index) }
        return value
    }

    private func number(at place: Int, bytes count: Int) throws(BinaryFault) -> UInt64 {
        try Self.number(bytes, base, at: place, bytes: count)
    }

    /// Where a field is; nil: it is left out.
    private func place(_ field: Int) throws(BinaryFault) -> Int? {
        let slot = 4 + 2 * field
        guard slot + 2 <= placesBytes else { return nil }
        let distance = Int(try number(at: places + slot, bytes: 2))
        return distance == 0 ? nil : position + distance
    }

    /// What an offset points to; nil: the field is left out.
    private func target(_ field: Int) throws(BinaryFault) -> Int? {
        guard let place = try place(field) else { return nil }
        return place + Int(try number(at: place, bytes: 4))
    }

    // MARK: Fields

    func byte(_ field: Int) throws(BinaryFault) -> Int {
        guard let place = try place(field) else { return 0 }
        return Int(try number(at: place, bytes: 1))
    }

    func flag(_ field: Int) throws(BinaryFault) -> Bool { try byte(field) != 0 }

    func short(_ field: Int, default missing: Int = 0) throws(BinaryFault) -> Int {
        guard let place = try place(field) else { return missing }
        return Int(Int16(truncatingIfNeeded: try number(at: place, bytes: 2)))
    }

    func integer(_ field: Int, default missing: Int = 0) throws(BinaryFault) -> Int {
        guard let place = try place(field) else { return missing }
        return Int(Int32(truncatingIfNeeded: try number(at: place, bytes: 4)))
    }

    func long(_ field: Int) throws(BinaryFault) -> Int {
        guard let place = try place(field) else { return 0 }
        return Int(Int64(bitPattern: try number(at: place, bytes: 8)))
    }

    func table(_ field: Int) throws(BinaryFault) -> FlatTable? {
        guard let target = try target(field) else { return nil }
        return try FlatTable(bytes, base: base, at: target)
    }

    /// Any number of fields may have the same text.
    func text(_ field: Int, _ budget: ReadingBudget) throws(BinaryFault) -> String? {
        guard let start = try target(field) else { return nil }
        let count = try count(at: start, of: 1)
        try budget.spend(count, of: .schema, at: base + start)
        return String(decoding: bytes[start + 4..<start + 4 + count], as: UTF8.self)
    }

    /// Whether a text is there that is not empty.
    func hasText(_ field: Int) throws(BinaryFault) -> Bool {
        guard let start = try target(field) else { return false }
        return try count(at: start, of: 1) > 0
    }

    /// Any number of fields may have the same vector.
    func tables(_ field: Int, _ budget: ReadingBudget) throws(BinaryFault) -> [FlatTable] {
        guard let start = try target(field) else { return [] }
        let count = try count(at: start, of: 4)
        try budget.spend(count * ReadingBudget.partBytes, of: .schema, at: base + start)
        var tables: [FlatTable] = []
        for index in 0..<count {
            let place = start + 4 + 4 * index
            let distance = Int(try number(at: place, bytes: 4))
            tables.append(try FlatTable(bytes, base: base, at: place + distance))
        }
        return tables
    }

    /// A vector of numbers of eight bytes, or of structures that are as many of them as `words`.
    func longs(_ field: Int, words: Int = 1) throws(BinaryFault) -> [Int] {
        guard let start = try target(field) else { return [] }
        let count = try count(at: start, of: 8 * words) * words
        var numbers: [Int] = []
        numbers.reserveCapacity(count)
        for index in 0..<count {
            let number = try number(at: start + 4 + 8 * index, bytes: 8)
            numbers.append(Int(Int64(bitPattern: number)))
        }
        return numbers
    }

    /// How many elements a vector has.
    private func count(at start: Int, of size: Int) throws(BinaryFault) -> Int {
        let count = Int(try number(at: start, bytes: 4))
        guard count <= (bytes.count - start - 4) / size else {
            throw BinaryFault(kind: .cut, offset: base + start)
        }
        return count
    }
}
