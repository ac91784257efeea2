import Domain

/// Counts the texts of a column that are numbers or times, for `mixed_types`.
///
/// As "Mixed Data Types" of deepchecks, which tells numbers from other texts; days and times are a
/// third kind here.
struct MixedTypesTally: TextTally {
    enum Kind: Int, CaseIterable {
        case text, number, time

        var word: String {
            switch self {
            case .text: "other text"
            case .number: "number"
            case .time: "time"
            }
        }
    }

    private struct Found: Codable {
        var count = 0
        var first = FirstPlaces()
    }

    /// By `Kind`.
    private var found = [Found](repeating: Found(), count: Kind.allCases.count)

    static var check: DataCheck.Name { .mixedTypes }
    static var readsClassified: Bool { true }

    init(isHidden: Bool, isOfNumbers: Bool) {}

    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place) {
        let kind = Self.kind(bytes, range).rawValue
        found[kind].count += 1
        found[kind].first.add(place)
    }

    mutating func add(_ next: MixedTypesTally, path: String, linesBefore: Int) {
        for kind in found.indices {
            found[kind].count += next.found[kind].count
            found[kind].first.add(next.found[kind].first, path: path, linesBefore: linesBefore)
        }
    }

    mutating func append(_ next: MixedTypesTally) {
        for kind in found.indices {
            found[kind].count += next.found[kind].count
            found[kind].first.append(next.found[kind].first)
        }
    }

    /// Cells that are not of the most frequent kind, of all.
    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        let total = found.reduce(0) { $0 + $1.count }
        let kinds = Kind.allCases.filter { found[$0.rawValue].count > 0 }
            .sorted { left, right in
                let (one, other) = (found[left.rawValue].count, found[right.rawValue].count)
                return one != other ? one > other : left.rawValue < right.rawValue
            }
        let words = kinds.enumerated().map { rank, kind in
            let (count, first) = (found[kind.rawValue].count, found[kind.rawValue].first)
            let places = rank == 0 ? "" : " (\(first.text(of: count)))"
            return counted(count, kind.word) + places
        }
        let most = kinds.first.map { found[$0.rawValue].count } ?? 0
        var measurement = Measurement(
            check, column: column, count: total - most, of: total,
            note: words.isEmpty ? nil : words.joined(separator: ", "))
        measurement.places = kinds.dropFirst().flatMap { kind in
            found[kind.rawValue].first.places.map {
                Violation.Occurrence(
                    place: $0, value: nil,
                    message: "`\(column)` holds a \(kind.word) here, unlike most")
            }
        }
        return [measurement]
    }

    // MARK: Kinds

    /// Times are days and moments as columns of type `date` and `datetime` have them.
    static func kind(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Kind {
        let range = trimmed(bytes, range)
        if isNumber(bytes, range) { return .number }
        return isDate(bytes, range) || isDateTime(bytes, range) ? .time : .text
    }

    private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
        while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return start..<end
    }

    /// Numbers as columns of type `number` have them, those with needless zeros in front besides,
    /// as codes have them, and NaN and infinities.
    private static func isNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        var start = range.lowerBound
        if bytes[first] == UInt8(ascii: "-") || bytes[first] == UInt8(ascii: "+") { start += 1 }
        guard start < range.upperBound else { return false }
        if isDigit(bytes[start]) || bytes[start] == UInt8(ascii: ".") {
            while start + 1 < range.upperBound, bytes[start] == UInt8(ascii: "0"),
                isDigit(bytes[start + 1])
            {
                start += 1
            }
            return numberValue(bytes, start..<range.upperBound) != nil
        }
        return NonFiniteWords.mayBe(range.count)
            && NonFiniteWords.value(range.map { bytes[$0] }) != nil
    }
}
