import Domain

/// Comparisons of the dataset as a whole.
extension DriftChecks {
    /// Columns that are new, gone, of another type or in another order: none.
    func schemaChange(_ number: Int, _ reference: DatasetProfile) -> CheckOutcome {
        let check = run.checks[number]
        let change = SchemaChange(from: reference, to: run.profile)
        return CheckOutcome(
            check.name.rawValue, nil, value: Double(change.count), limit: 0,
            change.count == 0 ? .passed : (check.severity ?? .warn).verdict, change.sentence,
            details: [
                "added": Double(change.added.count), "removed": Double(change.removed.count),
                "retyped": Double(change.retyped.count), "reordered": change.moved == nil ? 0 : 1,
            ])
    }

    /// |n/m − 1| ≤ limit, in bytes of all files as they are stored.
    func byteChange(_ number: Int, _ reference: DatasetProfile) -> CheckOutcome {
        let check = run.checks[number]
        let name = check.name.rawValue
        guard let before = reference.bytes else {
            return CheckOutcome(
                name, nil, value: nil, limit: nil, .notCompared,
                "the size was not kept yet when the profile to compare with was made")
        }
        guard let now = run.profile.bytes else {
            return .impossible(name, nil, "the size was not measured")
        }
        guard before > 0 else { return .tooLittle(name, nil, "there were no bytes before") }
        let value = (Double(now) / Double(before) - 1).magnitude
        let limit = check.max ?? 0.5
        return CheckOutcome(
            name, nil, value: value, limit: limit,
            value <= limit ? .passed : (check.severity ?? .warn).verdict,
            "\(before) bytes before, \(now) now: a change of \(percentText(value)) (at most "
                + "\(percentText(limit)))",
            details: ["bytes_before": Double(before), "bytes_now": Double(now)])
    }
}
