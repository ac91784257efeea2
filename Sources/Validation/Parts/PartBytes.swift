import FoundationEssentials

/// The bytes of a part are not what this version writes.
struct PartDamage: Error {}

/// What is kept of a part as bytes, so that it is the same bit for bit when it is read again.
protocol PartValue {
    func write(to writer: inout PartWriter)
    init(from reader: inout PartReader) throws(PartDamage)
}

/// Writes the values of a part behind each other, in the machine's byte order.
struct PartWriter {
    private static let blockBytes = 1 << 20

    /// Blocks, because all of it can be much, and is never needed in one piece.
    private(set) var blocks: [[UInt8]] = [[]]
    /// Rows that lie beside the bytes, because they may be many.
    private(set) var rows: [EntrySpool] = []

    /// Some of it is too much to be kept, or cannot be read any more.
    private(set) var isRefused = false

    mutating func refuse() { isRefused = true }

    mutating func add(rows spool: EntrySpool) { rows.append(spool) }

    mutating func write(_ value: Int) { write([value]) }
    mutating func write(_ value: UInt64) { write([value]) }
    mutating func write(_ value: Double) { write([value]) }
    mutating func write(_ value: Bool) { unsafe withUnsafeBytes(of: value) { unsafe add($0) } }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write<Value: BitwiseCopyable>(_ values: [Value]) {
        unsafe withUnsafeBytes(of: values.count) { unsafe add($0) }
        unsafe values.withUnsafeBytes { unsafe add($0) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let last = blocks.count - 1
        if !blocks[last].isEmpty, blocks[last].count + bytes.count > Self.blockBytes {
            blocks.append([])
        }
        // The bytes are there as long as the call.
        unsafe blocks[blocks.count - 1].append(contentsOf: bytes)
    }

    mutating func write(_ values: [some PartValue]) {
        write(values.count)
        for value in values { value.write(to: &self) }
    }

    mutating func write(_ value: (some PartValue)?) {
        write(value != nil)
        value?.write(to: &self)
    }

    mutating func write(_ counts: [String: Int]) {
        let sorted = counts.sorted { $0.key < $1.key }
        write(sorted.count)
        for (text, count) in sorted {
            write(text)
            write(count)
        }
    }

    /// What is small and has many forms.
    mutating func write(json value: some Encodable) {
        do {
            write([UInt8](try JSONEncoder().encode(value)))
        } catch {
            preconditionFailure("a part holds only what JSON can say: \(error)")
        }
    }
}

/// Reads what a `PartWriter` wrote.
struct PartReader {
    private let bytes: [UInt8]
    private var next: Int
    /// Those that lie beside, in their order.
    private var rows: ArraySlice<EntrySpool>

    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        next = start
        rows = []
    }

    /// The same with the rows that lie beside.
    func with(_ rows: [EntrySpool]) -> PartReader {
        var reader = self
        reader.rows = rows[...]
        return reader
    }

    var isAtEnd: Bool { next == bytes.count && rows.isEmpty }

    mutating func spool() throws(PartDamage) -> EntrySpool {
        guard let first = rows.popFirst() else { throw PartDamage() }
        return first
    }

    mutating func int() throws(PartDamage) -> Int { try one(0) }
    mutating func word() throws(PartDamage) -> UInt64 { try one(0) }
    mutating func double() throws(PartDamage) -> Double { try one(0) }

    mutating func bool() throws(PartDamage) -> Bool {
        guard next < bytes.count else { throw PartDamage() }
        next += 1
        return bytes[next - 1] != 0
    }

    mutating func text() throws(PartDamage) -> String {
        String(decoding: try array(of: UInt8(0)), as: UTF8.self)
    }

    /// - Parameter empty: any value of the type.
    mutating func array<Value: BitwiseCopyable>(
        of empty: Value
    ) throws(PartDamage) -> [Value] {
        let count = try raw(1, of: 0)[0]
        return try raw(count, of: empty)
    }

    mutating func values<Value: PartValue>(_: Value.Type) throws(PartDamage) -> [Value] {
        let count = try int()
        guard (0...bytes.count).contains(count) else { throw PartDamage() }
        var values: [Value] = []
        for _ in 0..<count { values.append(try Value(from: &self)) }
        return values
    }

    mutating func optional<Value: PartValue>(_: Value.Type) throws(PartDamage) -> Value? {
        try bool() ? try Value(from: &self) : nil
    }

    mutating func counts() throws(PartDamage) -> [String: Int] {
        var counts: [String: Int] = [:]
        for _ in 0..<Swift.max(0, try int()) { counts[try text()] = try int() }
        return counts
    }

    mutating func json<Value: Decodable>(_ type: Value.Type) throws(PartDamage) -> Value {
        let data = Data(try array(of: UInt8(0)))
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw PartDamage()
        }
    }

    private mutating func one<Value: BitwiseCopyable>(
        _ empty: Value
    ) throws(PartDamage) -> Value {
        let values = try array(of: empty)
        guard values.count == 1 else { throw PartDamage() }
        return values[0]
    }

    private mutating func raw<Value: BitwiseCopyable>(
        _ count: Int, of empty: Value
    ) throws(PartDamage) -> [Value] {
        let size = MemoryLayout<Value>.stride
        guard count >= 0, count <= (bytes.count - next) / size else { throw PartDamage() }
        var values = [Value](repeating: empty, count: count)
        let range = next..<next + count * size
        unsafe values.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                // In bounds: there are so many bytes.
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
            }
        }
        next = range.upperBound
        return values
    }
}
