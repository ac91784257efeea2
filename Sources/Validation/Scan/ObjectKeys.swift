import Domain

/// Where the values of keys go: to columns, to the keys of an object below, or nowhere known.
///
/// A declared column `a.b` is the key `b` of the object that is the value of `a`, and the key
/// `a.b`; where a column `a` is declared to be taken whole, it is the key alone. Keys are found by
/// guessing that the one behind a key is the one that was behind it in the last line, and else in a
/// table.
struct ObjectKeys: Sendable {
    /// A key of an object, by the object's path.
    struct Entry: Sendable {
        var key: TextSet.Key
        /// Where its name stands in `names`.
        var start: Int
        /// Whose object it is a key of.
        var node: Int32
        /// The place of its column; −1: it has none.
        var column: Int32 = -1
        /// The node of the object that is its value; −1: nothing below it has a column.
        var below: Int32 = -1
        /// Its number among the keys that no column was made for; −1: not met.
        var extra: Int32 = -1
        /// The entry that was behind it the last time; −1: none.
        var next: Int32 = -1
        /// Bytes that are equal to the name are the key, and nothing is to be looked at in them.
        var isPlain: Bool
    }

    private struct Node: Sendable {
        /// The first entry of the last such object; −1: none.
        var first: Int32 = -1
        /// With a point at its end; of the whole line, empty.
        var path: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private var nodes = [Node(path: [])]
    /// All names after each other, with room behind them.
    private var names = [UInt8](repeating: 0, count: ChunkBytes.slackBytes)
    /// Open addressing: numbers of entries, −1 where there is none; a power of two.
    private var slots = [Int32](repeating: -1, count: 64)
    /// The place of a column by its name, of which several spellings in bytes can be equal.
    private let places: [String: Int32]

    /// - Parameters:
    ///   - columns: by their places.
    ///   - hasPaths: names with points are paths too.
    ///   - whole: columns of which no path leads into the values.
    init(_ columns: [String], hasPaths: Bool, whole: Set<String> = []) {
        places = Dictionary(
            columns.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        var numbers: [[UInt8]: Int32] = [[]: 0]
        for (place, name) in columns.enumerated() {
            let name = Array(name.utf8)
            let points = hasPaths ? name.indices.filter { name[$0] == UInt8(ascii: ".") } : []
            let ways = points.prefix(LineSplitter.depthMax).filter {
                !whole.contains(String(decoding: name[..<$0], as: UTF8.self))
            }
            add(name, from: 0, ways, &numbers, place)
            for way in ways { add(name, from: way + 1, ways, &numbers, place) }
        }
    }

    /// Adds the keys that a name can go on with: up to each point, whose value is an object, and
    /// all that is left of it.
    ///
    /// - Parameter numbers: of the nodes, by their paths.
    private mutating func add(
        _ name: [UInt8], from start: Int, _ points: [Int], _ numbers: inout [[UInt8]: Int32],
        _ place: Int
    ) {
        let node = number(Array(name[..<start]), &numbers)
        let entry = insert(Array(name[start...]), node)
        if entries[entry].column < 0 { entries[entry].column = Int32(place) }
        for point in points where point >= start {
            let first = insert(Array(name[start..<point]), node)
            entries[first].below = number(Array(name[...point]), &numbers)
        }
    }

    private mutating func number(_ path: [UInt8], _ numbers: inout [[UInt8]: Int32]) -> Int32 {
        if let known = numbers[path] { return known }
        let number = Int32(nodes.count)
        nodes.append(Node(path: path))
        numbers[path] = number
        return number
    }

    /// The whole name of a key, from the top of the line.
    func path(_ entry: Int) -> [UInt8] {
        let found = entries[entry]
        return nodes[Int(found.node)].path
            + names[found.start..<found.start + found.key.length]
    }

    // MARK: Guessing

    /// The entry that probably follows; the object's first one behind nothing; −1: any.
    @inline(__always)
    func guess(behind entry: Int, in node: Int) -> Int {
        Int(entry < 0 ? nodes[node].first : entries[entry].next)
    }

    mutating func learn(_ next: Int, behind entry: Int, in node: Int) {
        if entry < 0 {
            nodes[node].first = Int32(next)
        } else {
            entries[entry].next = Int32(next)
        }
    }

    /// Whether the name of an entry stands at a place, with a quote behind it before `limit`.
    @inline(__always)
    func matches(_ entry: Int, _ bytes: UnsafePointer<UInt8>, limit: Int) -> Bool {
        let length = entries[entry].key.length
        // In bounds: the quote is looked at only before the limit.
        guard entries[entry].isPlain, length < limit,
            unsafe bytes[length] == UInt8(ascii: "\""),
            unsafe TextSet.Key(bytes, length) == entries[entry].key
        else { return false }
        return unsafe length <= 16 || isName(entry, bytes)
    }

    private func isName(_ entry: Int, _ bytes: UnsafePointer<UInt8>) -> Bool {
        let start = entries[entry].start
        for index in 0..<entries[entry].key.length where unsafe bytes[index] != names[start + index]
        {
            return false
        }
        return true
    }

    // MARK: The table

    /// The entry of a name, which is made when there is none.
    mutating func insert(_ name: [UInt8], _ node: Int32) -> Int {
        let room = name + [UInt8](repeating: 0, count: ChunkBytes.slackBytes)
        return unsafe room.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            // In bounds: the name has room behind it.
            let key = unsafe TextSet.Key(start, name.count)
            var slot = slot(key, node)
            while slots[slot] >= 0 {
                let entry = Int(slots[slot])
                if entries[entry].node == node, entries[entry].key == key,
                    unsafe name.count <= 16 || isName(entry, start)
                {
                    return entry
                }
                slot = (slot + 1) & (slots.count - 1)
            }
            slots[slot] = Int32(entries.count)
            return append(name, key, node)
        }
    }

    private mutating func append(_ name: [UInt8], _ key: TextSet.Key, _ node: Int32) -> Int {
        let isPlain = name.allSatisfy {
            $0 >= 0x20 && $0 < 0x80 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        let start = names.count - ChunkBytes.slackBytes
        names.replaceSubrange(start..<start, with: name)
        var entry = Entry(key: key, start: start, node: node, isPlain: isPlain)
        // Because texts are equal in more ways than bytes are.
        let whole = String(decoding: nodes[Int(node)].path + name, as: UTF8.self)
        entry.column = places[whole] ?? -1
        entries.append(entry)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for (number, entry) in entries.enumerated() {
            var slot = slot(entry.key, entry.node)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    private func slot(_ key: TextSet.Key, _ node: Int32) -> Int {
        let hash = key.hash ^ UInt64(UInt32(bitPattern: node)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }

    /// Gives a key without a column its number.
    mutating func number(_ entry: Int, _ extra: Int) { entries[entry].extra = Int32(extra) }
}
