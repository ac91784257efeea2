package import Domain

/// `missing_pattern`: a feature that is missing more often in some classes of the label.
///
/// Where it is, whether a cell is there gives the label away, and a model learns how the data was
/// gathered. Measured on the profile's sample of rows, as `label_leakage` is.
package enum MissingPattern {
    /// A difference that chance makes more often than this is none.
    package static let significance = 0.01

    /// One outcome for each feature: bias-corrected Cramér's V of {missing, there} × label at most
    /// the limit, or a difference that is not significant.
    package static func check(
        _ profile: DatasetProfile, limit: Double = 0.2, severity: CheckSeverity = .warn
    ) -> [CheckOutcome] {
        guard let sample = profile.sample.rowSample,
            let target = profile.columns.firstIndex(where: { $0.name == profile.label })
        else { return [] }
        let labels = sample.column(target)
        let isWhole = sample.count == profile.rows
        return profile.columns.indices.filter { $0 != target }.map { index in
            let pairs = zip(sample.column(index), labels).filter { $1 != SampleCell.missing }
            let classes = SampleAssociation.classes(
                pairs.map(\.1), profile.columns[target].kind != .text)
            let table = ContingencyTable(
                pairs.map { $0.0 == SampleCell.missing ? 1 : 0 }, classes)
            return outcome(
                profile.columns[index], label: profile.columns[target].name, table,
                isWhole: isWhole, limit, severity)
        }
    }

    private static func outcome(
        _ column: ColumnProfile, label: String, _ table: ContingencyTable, isWhole: Bool,
        _ limit: Double, _ severity: CheckSeverity
    ) -> CheckOutcome {
        let check = "missing_pattern"
        let rows = table.total
        guard column.valueCount < column.rows else {
            return CheckOutcome(
                check, column.name, value: 0, limit: limit, .passed, "no cell is missing")
        }
        guard rows >= LabelLeakage.rowsMin else {
            return .tooLittle(
                check, column.name, "\(rows) rows with a label: no pattern to speak of")
        }
        // With a single class on a side, be it of the sample, there is no pattern.
        let value = table.cramersV ?? 0
        let degrees = table.degreesOfFreedom
        let chance = degrees > 0 ? ChiSquareLaw.survival(table.chiSquare, degrees: degrees) : 1
        let isBroken = value > limit && chance <= significance
        let sampled = isWhole ? "" : " in a sample of \(rows) rows"
        return CheckOutcome(
            check, column.name, value: value, limit: limit,
            error: isWhole ? nil : 1 / Double(rows).squareRoot(),
            isBroken ? severity.verdict : .passed,
            "Cramér's V of its being missing with the label `\(label)` is "
                + "\(shortText(value))\(sampled) (at most \(exactText(limit))), p = "
                + "\(shortText(chance))",
            details: ["rows": Double(rows), "p": chance])
    }
}
