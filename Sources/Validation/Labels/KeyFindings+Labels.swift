import Domain

/// How a column goes with the label, counted over all rows.
package struct LabelAssociation: Hashable, Codable, Sendable {
    /// Cramér's V, bias-corrected, from 0 to 1; nil: one of the two has a single value.
    package var value: Double?
    /// The rows that were counted.
    package var rows: Int
    /// How likely chance makes as great a χ²; nil: that is not asked.
    package var chance: Double?
}

extension KeyFindings {
    /// How columns go with the label, for each check that asks.
    func labelAssociations() throws(SpillFault) -> [Measurement] {
        guard let plan = tally.plan.cells, let cells = tally.cellSpool else { return [] }
        var asked: [DataCheck] = []
        for check in manifest.checks.named where check.name.isOfLabelCounts {
            if !asked.contains(check.question) { asked.append(check.question) }
        }
        guard let number = cells.columns.firstIndex(where: { $0.name == plan.label }) else {
            return asked.map { Measurement($0, problem: "`\(plan.label)` is not in the files") }
        }
        guard let label = try LabelClasses(of: number, in: cells) else {
            return asked.map { check in
                Measurement(
                    check, problem: "the label has more than \(LabelClasses.countMax) classes")
            }
        }
        var found: [Measurement] = []
        for column in cells.columns.indices where column != number {
            let name = cells.columns[column].name
            let asking = asked.filter { $0.columns.isEmpty || $0.columns.contains(name) }
            guard !asking.isEmpty else { continue }
            // Because what is known of all columns is in memory too.
            let counts = try LabelCounts(
                column, label, in: cells, bytesMax: bytesMax / 2, folder: tally.folder)
            found += asking.map { Measurement($0, name, counts) }
        }
        return found
    }
}

extension Measurement {
    fileprivate init(_ check: DataCheck, _ column: String, _ counts: LabelCounts) {
        self.init(check, column: column, count: 0, of: counts.sums.rows)
        guard check.name == .missingPattern else {
            association = LabelAssociation(
                value: counts.sums.cramersV, rows: counts.sums.rows, chance: nil)
            return
        }
        let table = counts.presence
        total = table.total
        let degrees = table.degreesOfFreedom
        association = LabelAssociation(
            value: table.cramersV, rows: table.total,
            chance: degrees > 0 ? ChiSquareLaw.survival(table.chiSquare, degrees: degrees) : 1)
    }
}
