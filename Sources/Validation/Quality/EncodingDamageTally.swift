import Domain

/// Counts the texts of a column whose characters were lost or read wrongly, for
/// `encoding_damage`.
struct EncodingDamageTally: TextTally {
    /// What a cell can hold.
    private struct Damage: OptionSet {
        let rawValue: UInt8

        /// U+FFFD, which stands where a byte could not be read.
        static let replaced = Damage(rawValue: 1)
        /// U+0080 to U+009F: Windows-1252 that was read as Latin-1.
        static let control = Damage(rawValue: 2)
        static let mojibake = Damage(rawValue: 4)
    }

    private let isHidden: Bool
    private var texts = 0
    private var damaged = 0
    private var replaced = 0
    private var controls = 0
    private var mojibake = 0
    private var first = FirstPlaces()
    private var example: Mojibake.Example?

    static var check: DataCheck.Name { .encodingDamage }
    static var readsClassified: Bool { true }

    init(isHidden: Bool, isOfNumbers: Bool) { self.isHidden = isHidden }

    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place) {
        texts += 1
        var (damage, mayBeMojibake) = Self.look(bytes, range)
        if mayBeMojibake {
            let text = Mojibake(bytes, range)
            if let sequence = text.first {
                damage.insert(.mojibake)
                if example == nil, !isHidden { example = text.example(sequence) }
            }
        }
        guard !damage.isEmpty else { return }
        damaged += 1
        if damage.contains(.replaced) { replaced += 1 }
        if damage.contains(.control) { controls += 1 }
        if damage.contains(.mojibake) { mojibake += 1 }
        first.add(place)
    }

    /// What single characters tell, and whether there is one from `Â` to `ô` with one that is not
    /// ASCII behind it.
    private static func look(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) -> (damage: Damage, mayBeMojibake: Bool) {
        var damage: Damage = []
        var mayBeMojibake = false
        for index in range where bytes[index] >= 0xC2 {
            guard index + 1 < range.upperBound else { break }
            let next = bytes[index + 1]
            let third = index + 2 < range.upperBound ? bytes[index + 2] : 0
            switch bytes[index] {
            case 0xC2 where next < 0xA0: damage.insert(.control)
            case 0xC3 where 0x82...0xB4 ~= next && third >= 0xC2: mayBeMojibake = true
            case 0xEF where next == 0xBF && third == 0xBD: damage.insert(.replaced)
            default: break
            }
        }
        return (damage, mayBeMojibake)
    }

    mutating func add(_ next: EncodingDamageTally, path: String, linesBefore: Int) {
        addCounts(of: next)
        first.add(next.first, path: path, linesBefore: linesBefore)
    }

    mutating func append(_ next: EncodingDamageTally) {
        addCounts(of: next)
        first.append(next.first)
    }

    private mutating func addCounts(of next: EncodingDamageTally) {
        texts += next.texts
        damaged += next.damaged
        replaced += next.replaced
        controls += next.controls
        mojibake += next.mojibake
        example = example ?? next.example
    }

    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        var measurement = Measurement(check, column: column, count: damaged, of: texts, note: note)
        measurement.places = first.places.map {
            Violation.Occurrence(place: $0, value: nil, message: "`\(column)` is damaged")
        }
        return [measurement]
    }

    private var note: String? {
        guard damaged > 0 else { return nil }
        let kinds = [
            (mojibake, "with UTF-8 that was read as Windows-1252"),
            (controls, "with control characters (U+0080 to U+009F)"),
            (replaced, "with characters that were lost (U+FFFD)"),
        ]
        let counts = kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let repair = example.map { ", where `\(shown($0.found))` would be `\(shown($0.repaired))`" }
        let places = first.places.count == 1 ? "at" : "the first at"
        return counts.joined(separator: ", ") + "; \(places) \(first.text(of: damaged))"
            + (repair ?? "")
    }

    private func shown(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return shownText(bytes.span, bytes.indices)
    }
}
