import Domain

/// Checks of what stands in texts.
extension CheckRun {
    /// Cells of another kind than the most frequent one / cells: suspicious between two limits.
    ///
    /// Source: the condition of deepchecks' Mixed Data Types, "rare type ratio not in range", with
    /// its limits: under 1 % there is next to nothing, and from 10 % on both are meant.
    func mixedTypes(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let (limits, most) = (check.limits(0.01), check.parameter ?? 0.1)
        guard found.total > 0 else {
            return CheckOutcome(
                name, found.column, count: 0, of: 0, limits, .warn,
                found.note ?? "there are no texts")
        }
        let value = Double(found.count) / Double(found.total)
        var sentence = "all are of one kind: \(found.note ?? "")"
        if found.count > 0, let kinds = found.note {
            sentence =
                "\(found.count) of \(counted(found.total, "cell")) (\(percentText(value))) "
                + "\(found.count == 1 ? "is" : "are") of another kind than most: \(kinds); "
                + "suspicious is more than \(limits.text) and less than "
                + "\(percentText(most))"
        }
        var outcome = CheckOutcome(
            name, found.column, count: found.count, of: found.total, limits,
            check.severity ?? .warn, sentence, details: ["cells": Double(found.total)])
        if value >= most { outcome.verdict = .passed }
        return outcome
    }

    /// Texts that hold damage / texts ≤ limit.
    func encodingDamage(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let limit = check.limits(0)
        guard found.total > 0 else {
            return CheckOutcome(
                name, found.column, count: 0, of: 0, limit, .warn,
                found.note ?? "there are no texts")
        }
        let value = Double(found.count) / Double(found.total)
        var sentence = "none of \(counted(found.total, "text")) is damaged"
        if let note = found.note {
            sentence =
                "\(found.count) of \(counted(found.total, "text")) "
                + "\(found.count == 1 ? "is" : "are") damaged (\(percentText(value)); at most "
                + "\(limit.text)): \(note)"
        }
        return CheckOutcome(
            name, found.column, count: found.count, of: found.total, limit,
            check.severity ?? .warn, sentence, details: ["texts": Double(found.total)])
    }
}
