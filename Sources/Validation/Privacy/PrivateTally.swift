import Domain

/// Counts the texts of a column that look like private data, for `private_data`.
///
/// Only columns without a classification are looked at.
struct PrivateTally: TextTally {
    private struct Found: Codable, Sendable {
        var count = 0
        var first = FirstPlaces()
    }

    /// The cells are numbers, of which each is a card or a phone, or neither.
    private let isOfNumbers: Bool
    /// Cells that are not missing.
    private var texts = 0
    private var kinds: [PrivateKind: Found] = [:]

    static var check: DataCheck.Name { .privateData }
    static var readsClassified: Bool { false }
    static var subject: String { "texts and numbers" }

    static func takes(_ kind: ColumnDeclaration.Kind) -> Bool {
        kind.isText || kind == .integer || kind == .number
    }

    init(isHidden: Bool, isOfNumbers: Bool) { self.isOfNumbers = isOfNumbers }

    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place) {
        texts += 1
        let found =
            isOfNumbers
            ? PrivateForms.kinds(ofNumber: bytes, range) : PrivateForms.kinds(in: bytes, range)
        guard !found.isEmpty else { return }
        for kind in PrivateKind.allCases where found.contains(PrivateForms.Kinds(kind)) {
            kinds[kind, default: Found()].count += 1
            kinds[kind, default: Found()].first.add(place)
        }
    }

    mutating func add(_ next: PrivateTally, path: String, linesBefore: Int) {
        texts += next.texts
        for (kind, found) in next.kinds {
            kinds[kind, default: Found()].count += found.count
            kinds[kind, default: Found()].first.add(
                found.first, path: path, linesBefore: linesBefore)
        }
    }

    mutating func append(_ next: PrivateTally) {
        texts += next.texts
        for (kind, found) in next.kinds {
            kinds[kind, default: Found()].count += found.count
            kinds[kind, default: Found()].first.append(found.first)
        }
    }

    /// A count for each kind that was found, or that none was.
    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        let wanted = check.kinds.isEmpty ? PrivateKind.allCases : check.kinds
        let found = wanted.compactMap { kind -> Measurement? in
            guard let tallied = kinds[kind] else { return nil }
            var measurement = Measurement(
                check, column: column, count: tallied.count, of: texts,
                note: "the first \(tallied.count == 1 ? "is" : "are") at "
                    + tallied.first.text(of: tallied.count))
            measurement.kind = kind
            measurement.isOfNumbers = isOfNumbers ? true : nil
            measurement.places = tallied.first.places.map {
                Violation.Occurrence(
                    place: $0, value: nil,
                    message: "`\(column)` holds what looks like \(kind.words)")
            }
            return measurement
        }
        if !found.isEmpty { return found }
        var none = Measurement(check, column: column, count: 0, of: texts)
        none.isOfNumbers = isOfNumbers ? true : nil
        return [none]
    }
}
