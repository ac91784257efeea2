/// The texts behind hashes, for people to read: cut to 64 bytes, or none in a private column.
struct TextStore {
    static let bytesMax = 64
    private static let slotsLeast = 64

    private let isOff: Bool
    /// Open addressing by the keys, which are well mixed; a power of two, three quarters full at
    /// most.
    private var slots: [Slot] = []
    private(set) var count = 0
    /// The texts, each whole in one block, because one piece for all would be moved as it grows.
    private var blocks: [[UInt8]] = []
    private static let blockBytes = 1 << 14

    private struct Slot {
        var key: UInt64 = 0
        var place = Place.none
    }

    /// In eight bytes, because there can be a hundred thousand.
    private struct Place {
        static let none = Place(bits: 0)

        let bits: UInt64

        init(bits: UInt64) { self.bits = bits }

        init(block: Int, start: Int, count: Int, isCut: Bool) {
            let first = UInt64(block * blockBytes + start)
            bits = first << 9 | UInt64(count) << 2 | (isCut ? 2 : 0) | 1
        }

        var isNone: Bool { bits == 0 }
        var block: Int { Int(bits >> 9) / blockBytes }
        var start: Int { Int(bits >> 9) % blockBytes }
        var count: Int { Int(bits >> 2 & 0x7F) }
        var isCut: Bool { bits & 2 != 0 }
    }

    init(isOff: Bool = false) { self.isOff = isOff }

    /// What so many texts of the greatest length take.
    static func bytes(texts: Int) -> Int {
        var size = slotsLeast
        while texts * 4 > size * 3 { size *= 2 }
        return size * MemoryLayout<Slot>.stride + texts * bytesMax
    }

    /// Keeps the text of a cell unless it is there.
    mutating func keep(_ cell: HashedCell, _ bytes: CellBytes) {
        guard !isOff, let slot = free(cell.hash) else { return }
        let text = bytes[cell]
        var end = text.startIndex + Swift.min(text.count, Self.bytesMax)
        // Never in the middle of a scalar.
        while end < text.endIndex, end > text.startIndex, text[end] & 0xC0 == 0x80 { end -= 1 }
        insert(cell.hash, text[..<end], isCut: end < text.endIndex, slot)
    }

    /// Keeps a text that a profile kept.
    mutating func keep(_ key: UInt64, _ text: String, isCut: Bool) {
        guard !isOff, let slot = free(key) else { return }
        insert(key, Array(text.utf8.prefix(Self.bytesMax))[...], isCut: isCut, slot)
    }

    /// The text of a key; nil when it was not kept.
    func text(_ key: UInt64) -> (text: String, isCut: Bool)? {
        place(key).map { (String(decoding: bytes($0), as: UTF8.self), $0.isCut) }
    }

    mutating func merge(_ other: TextStore) {
        guard !isOff else { return }
        for entry in other.slots where !entry.place.isNone {
            guard let slot = free(entry.key) else { continue }
            insert(entry.key, other.bytes(entry.place), isCut: entry.place.isCut, slot)
        }
    }

    mutating func keepOnly(_ table: CountTable) {
        var kept = TextStore(isOff: isOff)
        for entry in table.slots where entry.count != 0 {
            guard let place = place(entry.key), let slot = kept.free(entry.key) else { continue }
            kept.insert(entry.key, bytes(place), isCut: place.isCut, slot)
        }
        self = kept
    }

    private func bytes(_ place: Place) -> ArraySlice<UInt8> {
        blocks[place.block][place.start..<place.start + place.count]
    }

    private func place(_ key: UInt64) -> Place? {
        guard !slots.isEmpty else { return nil }
        let place = slots[slot(key)].place
        return place.isNone ? nil : place
    }

    /// Where the key would be put, once there is room; nil: it is there.
    private mutating func free(_ key: UInt64) -> Int? {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let slot = slot(key)
        return slots[slot].place.isNone ? slot : nil
    }

    /// Where the key is, or the free slot that it would get.
    private func slot(_ key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key) & mask
        while !slots[slot].place.isNone, slots[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func insert(
        _ key: UInt64, _ text: ArraySlice<UInt8>, isCut: Bool, _ slot: Int
    ) {
        if blocks.last.map({ $0.count + text.count > Self.blockBytes }) ?? true { addBlock() }
        let last = blocks.count - 1
        slots[slot] = Slot(
            key: key,
            place: Place(
                block: last, start: blocks[last].count, count: text.count, isCut: isCut))
        blocks[last] += text
        count += 1
    }

    /// The first one grows, because most columns have few different texts.
    private mutating func addBlock() {
        blocks.append([])
        if blocks.count > 1 { blocks[blocks.count - 1].reserveCapacity(Self.blockBytes) }
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](
            repeating: Slot(), count: Swift.max(Self.slotsLeast, old.count * 2))
        for entry in old where !entry.place.isNone { slots[slot(entry.key)] = entry }
    }
}

extension TextStore: PartValue {
    func write(to writer: inout PartWriter) {
        let kept = slots.filter { !$0.place.isNone }
        writer.write(isOff)
        writer.write(kept.map(\.key))
        writer.write(kept.map(\.place.bits))
        writer.write(blocks.count)
        for block in blocks { writer.write(block) }
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        self.init(isOff: try reader.bool())
        let keys = try reader.array(of: UInt64(0))
        let places = try reader.array(of: UInt64(0)).map(Place.init(bits:))
        for _ in 0..<Swift.max(0, try reader.int()) {
            blocks.append(try reader.array(of: UInt8(0)))
        }
        guard keys.count == places.count else { throw PartDamage() }
        for (key, place) in zip(keys, places) {
            guard !place.isNone, place.block < blocks.count,
                place.start + place.count <= blocks[place.block].count, let slot = free(key)
            else { throw PartDamage() }
            slots[slot] = Slot(key: key, place: place)
            count += 1
        }
    }
}
