/// When a zone's clocks stand how far from UTC: a file of the zone database, RFC 8536.
package struct ZoneRules: Hashable, Sendable {
    /// From which second on, in UTC, clocks are so many seconds ahead.
    private struct Change: Hashable {
        var from: Int64
        var offset: Int64
    }

    private var changes: [Change]
    /// Before the first change.
    private var firstOffset: Int64
    /// The rule after the last change; nil: as the last one says.
    private var footer: ZoneFooter?

    package static let utc = ZoneRules(changes: [], firstOffset: 0, footer: nil)

    private init(changes: [Change], firstOffset: Int64, footer: ZoneFooter?) {
        (self.changes, self.firstOffset, self.footer) = (changes, firstOffset, footer)
    }

    /// Reads a TZif file of version 2 or later; nil when it is none.
    package init?(tzif bytes: [UInt8]) {
        guard let header = TZifHeader(bytes, at: 0), header.version >= 2 else { return nil }
        let second = 44 + header.bodyBytes(timeBytes: 4)
        guard let own = TZifHeader(bytes, at: second) else { return nil }
        var offset = second + 44
        let end = offset + own.bodyBytes(timeBytes: 8)
        guard end <= bytes.count, own.types > 0 else { return nil }
        let times = (0..<own.times).map { number(bytes, offset + $0 * 8, 8) }
        offset += own.times * 8
        let kinds = (0..<own.times).map { Int(bytes[offset + $0]) }
        offset += own.times
        let offsets = (0..<own.types).map { number(bytes, offset + $0 * 6, 4) }
        guard kinds.allSatisfy({ $0 < offsets.count }) else { return nil }
        changes = zip(times, kinds).map { Change(from: $0, offset: offsets[$1]) }
        firstOffset = offsets[0]
        let text = bytes[end...].dropFirst().prefix { $0 != 10 }
        footer = ZoneFooter(String(decoding: text, as: UTF8.self))
    }

    /// Seconds that clocks are ahead of UTC at a moment, in seconds since 1970.
    func offsetSeconds(at moment: Int64) -> Int64 {
        guard let last = changes.last else { return footer?.offset(at: moment) ?? firstOffset }
        if moment >= last.from { return footer?.offset(at: moment) ?? last.offset }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].from <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : changes[low - 1].offset
    }

    /// The moment at which clocks show `wall`, in seconds since 1970 as a wall clock counts them.
    ///
    /// The first when there are two; when there is none, that of the clocks' jump.
    func moment(ofWallClock wall: Int64) -> Int64 {
        let around = [wall - 86_400, wall + 86_400].map { offsetSeconds(at: $0) }
        let fitting = around.map { wall - $0 }.filter { $0 + offsetSeconds(at: $0) == wall }
        if let first = fitting.min() { return first }
        // The jump lies between the two readings: the first second that shows more than `wall`.
        var (low, high) = (wall - (around.max() ?? 0), wall - (around.min() ?? 0))
        while low < high {
            let middle = low + (high - low) / 2
            if middle + offsetSeconds(at: middle) > wall { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

private struct TZifHeader {
    var version: Int
    var types: Int
    var times: Int
    private var rest: (utc: Int, standard: Int, leaps: Int, letters: Int)

    init?(_ bytes: [UInt8], at offset: Int) {
        guard bytes.count >= offset + 44, bytes[offset..<offset + 4].elementsEqual("TZif".utf8)
        else { return nil }
        version = Int(bytes[offset + 4]) - 48
        func count(_ index: Int) -> Int { Int(number(bytes, offset + 20 + index * 4, 4)) }
        rest = (count(0), count(1), count(2), count(5))
        (times, types) = (count(3), count(4))
        let all = [times, types, rest.utc, rest.standard, rest.leaps, rest.letters]
        guard all.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
    }

    func bodyBytes(timeBytes: Int) -> Int {
        times * (timeBytes + 1) + types * 6 + rest.letters + rest.leaps * (timeBytes + 4)
            + rest.standard + rest.utc
    }
}

/// A signed number, most significant byte first.
private func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int64 {
    let value = bytes[offset..<offset + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return count == 8 ? Int64(bitPattern: value) : Int64(Int32(truncatingIfNeeded: value))
}
