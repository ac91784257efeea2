/// The normalisation forms NFC and NFKC of Unicode 14.0 (UAX #15), the same on every machine.
///
/// The tables are made from the Unicode Character Database, in numbers to the base 36. An entry is
/// `[~|!]gap[+count]:first,…`: code points from `gap` behind the last one on decompose into the
/// list, of which the first counts up with them; `~` marks a compatibility decomposition, `!` one
/// that is never composed again. Classes are `gap[+count]:class`.
struct UnicodeForms: Sendable {
    static let table = UnicodeForms()

    private var canonical: [UInt32: [UInt32]] = [:]
    private var compatible: [UInt32: [UInt32]] = [:]
    private var composed: [UInt64: UInt32] = [:]
    private var classes: [UInt32: UInt8] = [:]

    private struct Entry {
        var mark: UInt8
        var point: UInt32
        var list: [UInt32]
    }

    private init() {
        let text = unicodeDecompositionsFirst + " " + unicodeDecompositionsSecond
        for entry in Self.entries(text) {
            if entry.mark == UInt8(ascii: "~") {
                compatible[entry.point] = entry.list
                continue
            }
            canonical[entry.point] = entry.list
            guard entry.mark == 0, entry.list.count == 2 else { continue }
            composed[UInt64(entry.list[0]) << 32 | UInt64(entry.list[1])] = entry.point
        }
        for entry in Self.entries(unicodeClasses, counts: false) {
            classes[entry.point] = UInt8(truncatingIfNeeded: entry.list[0])
        }
    }

    private static func entries(_ text: String, counts: Bool = true) -> [Entry] {
        var found: [Entry] = []
        var last: UInt32 = 0
        for entry in text.utf8.split(whereSeparator: { $0 == 32 || $0 == 10 }) {
            var (mark, rest): (UInt8, Substring.UTF8View) = (0, entry)
            if let first = entry.first, first == UInt8(ascii: "~") || first == UInt8(ascii: "!") {
                mark = first
                rest = entry.dropFirst()
            }
            let halves = rest.split(separator: UInt8(ascii: ":"))
            let head = halves[0].split(separator: UInt8(ascii: "+")).map(number)
            let list = halves[1].split(separator: UInt8(ascii: ",")).map(number)
            let count = head.count > 1 ? head[1] : 1
            for step in 0..<count {
                var own = list
                if counts { own[0] += step }
                found.append(Entry(mark: mark, point: last + head[0] + step, list: own))
            }
            last += head[0] + count - 1
        }
        return found
    }

    private static func number(_ text: Substring.UTF8View) -> UInt32 {
        text.reduce(0) { value, byte in
            value * 36 + UInt32(byte >= 97 ? byte - 87 : byte - 48)
        }
    }

    /// A text of UTF-8 in a form.
    /// - Parameter isCompatible: NFKC; else NFC.
    func normalised(_ text: [UInt8], isCompatible: Bool) -> [UInt8] {
        if text.allSatisfy({ $0 < 0x80 }) { return text }
        var points: [UInt32] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            decompose(scalar.value, isCompatible, into: &points)
        }
        order(&points)
        compose(&points)
        var found: [UInt8] = []
        for point in points {
            guard let scalar = Unicode.Scalar(point) else { continue }
            found.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return found
    }

    private func decompose(_ point: UInt32, _ isCompatible: Bool, into points: inout [UInt32]) {
        if let syllable = Hangul.decomposed(point) { return points += syllable }
        guard let list = canonical[point] ?? (isCompatible ? compatible[point] : nil) else {
            return points.append(point)
        }
        for part in list { decompose(part, isCompatible, into: &points) }
    }

    /// Sorts marks behind one letter by their classes, without changing the order of equal ones.
    private func order(_ points: inout [UInt32]) {
        // Each mark behind the last letter: its class, its place and itself.
        var marks: [(key: UInt64, point: UInt32)] = []
        var isOrdered = true
        for index in 0...points.count {
            let own = index < points.count ? classes[points[index]] ?? 0 : 0
            if own > 0 {
                let key = UInt64(own) << 32 | UInt64(marks.count)
                isOrdered = isOrdered && marks.last.map { $0.key < key } ?? true
                marks.append((key, points[index]))
                continue
            }
            if !isOrdered {
                marks.sort { $0.key < $1.key }
                for (offset, mark) in marks.enumerated() {
                    points[index - marks.count + offset] = mark.point
                }
            }
            marks.removeAll(keepingCapacity: true)
            isOrdered = true
        }
    }

    private func compose(_ points: inout [UInt32]) {
        var found: [UInt32] = []
        var starter: Int?
        var lastClass: UInt8 = 0
        for point in points {
            let own = classes[point] ?? 0
            if let place = starter, lastClass < own || found.count == place + 1 {
                let pair = UInt64(found[place]) << 32 | UInt64(point)
                if let one = Hangul.composed(found[place], point) ?? composed[pair] {
                    found[place] = one
                    continue
                }
            }
            found.append(point)
            lastClass = own
            if own == 0 { starter = found.count - 1 }
        }
        points = found
    }
}

/// The syllables of Korean, which are composed by arithmetic (The Unicode Standard, 3.12).
private enum Hangul {
    private static let (syllables, leads, vowels, tails): (UInt32, UInt32, UInt32, UInt32) = (
        0xAC00, 0x1100, 0x1161, 0x11A7
    )

    static func decomposed(_ point: UInt32) -> [UInt32]? {
        guard (syllables..<syllables + 11_172).contains(point) else { return nil }
        let index = point - syllables
        let tail = index % 28
        let pair = [leads + index / 588, vowels + index % 588 / 28]
        return tail == 0 ? pair : pair + [tails + tail]
    }

    static func composed(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (leads..<leads + 19).contains(first), (vowels..<vowels + 21).contains(second) {
            return syllables + ((first - leads) * 21 + second - vowels) * 28
        }
        guard (syllables..<syllables + 11_172).contains(first), (first - syllables) % 28 == 0,
            (tails + 1..<tails + 28).contains(second)
        else { return nil }
        return first + second - tails
    }
}
