/// The texts behind hashes, for people to read: cut to 64 bytes, or none in a private column.
struct TextStore {
    static let bytesMax = 64

    private let isOff: Bool
    private var places: [UInt64: Place] = [:]
    private var arena: [UInt8] = []

    /// In eight bytes, because there can be a hundred thousand.
    private struct Place {
        private var bits: UInt64

        init(start: Int, count: UInt8, isCut: Bool) {
            bits = UInt64(start) << 9 | UInt64(count) << 1 | (isCut ? 1 : 0)
        }

        var start: Int { Int(bits >> 9) }
        var count: UInt8 { UInt8(truncatingIfNeeded: bits >> 1) }
        var isCut: Bool { bits & 1 == 1 }
    }

    init(isOff: Bool = false) { self.isOff = isOff }

    var count: Int { places.count }

    /// Keeps the text of a cell unless it is there.
    mutating func keep(_ cell: HashedCell, _ bytes: Span<UInt8>) {
        let range = Int(cell.start)..<Int(cell.end)
        guard !isOff, places[cell.hash] == nil else { return }
        var end = Swift.min(range.upperBound, range.lowerBound + Self.bytesMax)
        // Never in the middle of a scalar.
        while end < range.upperBound, end > range.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        places[cell.hash] = Place(
            start: arena.count, count: UInt8(end - range.lowerBound),
            isCut: end < range.upperBound)
        for index in range.lowerBound..<end { arena.append(bytes[index]) }
    }

    /// Keeps a text that a profile kept.
    mutating func keep(_ key: UInt64, _ text: String, isCut: Bool) {
        let bytes = Array(text.utf8.prefix(Self.bytesMax))
        guard !isOff, places[key] == nil else { return }
        places[key] = Place(start: arena.count, count: UInt8(bytes.count), isCut: isCut)
        arena += bytes
    }

    /// The text of a key; nil when it was not kept.
    func text(_ key: UInt64) -> (text: String, isCut: Bool)? {
        places[key].map { (String(decoding: bytes($0), as: UTF8.self), $0.isCut) }
    }

    mutating func merge(_ other: TextStore) {
        guard !isOff else { return }
        for (key, place) in other.places where places[key] == nil {
            places[key] = Place(start: arena.count, count: place.count, isCut: place.isCut)
            arena += other.bytes(place)
        }
    }

    mutating func keepOnly(_ table: CountTable) {
        var kept = TextStore(isOff: isOff)
        for slot in table.slots where slot.count != 0 {
            guard let place = places[slot.key] else { continue }
            kept.places[slot.key] = Place(
                start: kept.arena.count, count: place.count, isCut: place.isCut)
            kept.arena += bytes(place)
        }
        self = kept
    }

    private func bytes(_ place: Place) -> ArraySlice<UInt8> {
        arena[place.start..<place.start + Int(place.count)]
    }
}
