/// The three numbers that tools call "duplicates", each under its name.
///
/// Two rows are the same when a 128-bit hash of a one-to-one encoding of their cells is equal.
package struct DuplicateCounts: Hashable, Codable, Sendable {
    package var rows: Int
    /// Different rows.
    package var distinct: Int
    /// Different rows that occur more than once.
    package var groups: Int
    /// Rows that have an equal one: all members of the groups.
    package var involved: Int

    package init(rows: Int, distinct: Int, groups: Int, involved: Int) {
        self.rows = rows
        self.distinct = distinct
        self.groups = groups
        self.involved = involved
    }

    /// From how often each different row occurs.
    init(occurrences: some Sequence<Int>) {
        self.init(rows: 0, distinct: 0, groups: 0, involved: 0)
        for count in occurrences where count > 0 {
            rows += count
            distinct += 1
            guard count > 1 else { continue }
            groups += 1
            involved += count
        }
    }

    /// Rows that could go without losing a different one.
    package var surplus: Int { rows - distinct }

    /// Surplus rows as a share of all rows.
    package var ratio: Double { rows == 0 ? 0 : Double(surplus) / Double(rows) }
}
