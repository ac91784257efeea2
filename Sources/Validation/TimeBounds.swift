import Domain

/// The first and the last moment that a column may have.
struct TimeBounds: Sendable {
    private let least: Int128
    private let most: Int128
    private let earliest: String?
    private let latest: String?
    private let excludesMin: Bool
    private let excludesMax: Bool

    /// nil: any.
    init?(_ column: ColumnDeclaration) {
        guard column.earliest != nil || column.latest != nil else { return nil }
        (earliest, latest) = (column.earliest, column.latest)
        (excludesMin, excludesMax) = (column.excludesMin, column.excludesMax)
        least = earliest.flatMap(boundMoment) ?? .min
        most = latest.flatMap(boundMoment) ?? .max
    }

    func fault(_ moment: Int128) -> ColumnRules.Fault? {
        if let earliest, moment < least || excludesMin && moment == least {
            return .early(earliest)
        }
        if let latest, moment > most || excludesMax && moment == most { return .late(latest) }
        return nil
    }

    /// The least and the greatest day, by `dayKey`; where a bound is no day, none fits, so that
    /// each is looked at.
    var days: (least: UInt64, most: UInt64) {
        guard let first = key(earliest, unsaid: 0), let last = key(latest, unsaid: .max) else {
            return (.max, 0)
        }
        return (
            excludesMin && earliest != nil ? first + 1 : first,
            excludesMax && latest != nil ? last - 1 : last
        )
    }

    private func key(_ text: String?, unsaid: UInt64) -> UInt64? {
        guard let text else { return unsaid }
        let bytes = Array(text.utf8)
        guard dateValue(bytes.span, bytes.indices) != nil else { return nil }
        var found: UInt64?
        unsafe withPadding(bytes) { start, _ in found = unsafe dayKey(start) }
        return found
    }
}
