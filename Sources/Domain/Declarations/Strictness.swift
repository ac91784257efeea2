/// How strict a rule of cells, rows or keys is: what breaking it means, and how often it may be
/// broken before that counts.
package struct Strictness: Hashable, Codable, Sendable {
    package var severity: CheckSeverity
    /// The share of what the rule is held against that must keep it, 0 to 1; nil: all, or as many
    /// as `maxRows` leaves.
    package var mostly: Double?
    /// How many cells or rows may break it at most; nil: as many as `mostly` leaves.
    package var maxRows: Int?

    package init(
        _ severity: CheckSeverity = .fail, mostly: Double? = nil, maxRows: Int? = nil
    ) {
        self.severity = severity
        self.mostly = mostly
        self.maxRows = maxRows
    }

    /// How often it may be broken.
    package var limits: CountLimits {
        CountLimits(mostly.map { .rightAtLeast($0) }, rows: maxRows)
    }
}
