/// A number as so many bytes, the lowest first.
func littleEndian(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// Writes Arrow streams that no writer would write, with flatbuffers of its own.
enum ArrowWriter {
    /// A value of a table; numbers have eight bytes, of which a reader may look at fewer.
    indirect enum Value: Sendable {
        case number(Int)
        case text([UInt8])
        /// Structures of so many numbers each.
        case longs([Int], of: Int = 1)
        case table([Int: Value])
        case tables([Value])
        /// One table, as often as that.
        case same(Value, count: Int)
    }

    /// Integers of 64 bits, as a field's type.
    static let integer: [Int: Value] = [
        2: .number(2), 3: .table([0: .number(64), 1: .number(1)]),
    ]
    static let nothing: [Int: Value] = [2: .number(1), 3: .table([:])]
    static let textView: [Int: Value] = [2: .number(24), 3: .table([:])]
    static let bytes: [Int: Value] = [2: .number(4), 3: .table([:])]

    static func field(_ name: String, _ type: [Int: Value], children: [Value] = []) -> Value {
        var slots = type
        slots[0] = .text(Array(name.utf8))
        slots[5] = .tables(children)
        return .table(slots)
    }

    static func schema(_ fields: Value) -> [UInt8] { message(1, .table([1: fields])) }

    /// A batch whose buffers are places and lengths in the body.
    static func batch(
        rows: Int, nodes: [Int], buffers: [Int] = [], views: [Int] = [], isLZ4: Bool = false,
        body: [UInt8] = []
    ) -> [UInt8] {
        var slots: [Int: Value] = [
            0: .number(rows), 1: .longs(nodes, of: 2), 2: .longs(buffers, of: 2), 4: .longs(views),
        ]
        if isLZ4 { slots[3] = .table([:]) }
        return message(3, .table(slots), body)
    }

    private static func message(_ kind: Int, _ header: Value, _ body: [UInt8] = []) -> [UInt8] {
        var flat = FlatWriter()
        flat.root(
            .table([0: .number(4), 1: .number(kind), 2: header, 3: .number(body.count)]))
        let head = littleEndian(0xFFFF_FFFF, bytes: 4) + littleEndian(flat.bytes.count, bytes: 4)
        return head + flat.bytes + body
    }

    private struct FlatWriter {
        private(set) var bytes: [UInt8] = []

        mutating func root(_ value: Value) {
            bytes = [0, 0, 0, 0]
            point(from: 0, to: add(value))
        }

        /// Writes a value behind the others; returns where it begins.
        private mutating func add(_ value: Value) -> Int {
            switch value {
            case .number: preconditionFailure("a number stands in its table")
            case .text(let text):
                let start = bytes.count
                bytes += littleEndian(text.count, bytes: 4) + text
                return start
            case .longs(let numbers, let words):
                let start = bytes.count
                bytes += littleEndian(numbers.count / words, bytes: 4)
                for number in numbers { bytes += littleEndian(number, bytes: 8) }
                return start
            case .table(let slots): return addTable(slots)
            case .tables(let all): return addVector(all.count) { $0.add(all[$1]) }
            case .same(let one, let count):
                var place: Int?
                return addVector(count) { writer, _ in
                    let known = place ?? writer.add(one)
                    place = known
                    return known
                }
            }
        }

        private mutating func addVector(
            _ count: Int, _ element: (inout Self, Int) -> Int
        ) -> Int {
            let start = bytes.count
            bytes += littleEndian(count, bytes: 4) + [UInt8](repeating: 0, count: 4 * count)
            for index in 0..<count {
                let place = element(&self, index)
                point(from: start + 4 + 4 * index, to: place)
            }
            return start
        }

        private mutating func addTable(_ slots: [Int: Value]) -> Int {
            let count = (slots.keys.max() ?? -1) + 1
            let places = bytes.count
            bytes += littleEndian(4 + 2 * count, bytes: 2) + littleEndian(4 + 8 * count, bytes: 2)
            for slot in 0..<count {
                bytes += littleEndian(slots[slot] == nil ? 0 : 4 + 8 * slot, bytes: 2)
            }
            let start = bytes.count
            bytes +=
                littleEndian(start - places, bytes: 4) + [UInt8](repeating: 0, count: 8 * count)
            for (slot, value) in slots.sorted(by: { $0.key < $1.key }) {
                let field = start + 4 + 8 * slot
                if case .number(let number) = value {
                    bytes.replaceSubrange(field..<field + 8, with: littleEndian(number, bytes: 8))
                } else {
                    point(from: field, to: add(value))
                }
            }
            return start
        }

        private mutating func point(from field: Int, to place: Int) {
            bytes.replaceSubrange(field..<field + 4, with: littleEndian(place - field, bytes: 4))
        }
    }
}
