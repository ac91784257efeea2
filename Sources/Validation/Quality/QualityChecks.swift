import Domain

/// Checks of what stands in texts.
extension CheckRun {
    /// Cells of another kind than the most frequent one / cells: suspicious between two limits.
    ///
    /// Source: the condition of deepchecks' Mixed Data Types, "rare type ratio not in range", with
    /// its limits: under 1 % there is next to nothing, and from 10 % on both are meant.
    func mixedTypes(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let (least, most) = (check.max ?? 0.01, check.parameter ?? 0.1)
        guard found.total > 0 else {
            return CheckOutcome(
                name, found.column, value: 0, limit: least, .passed,
                found.note ?? "there are no texts")
        }
        let value = Double(found.count) / Double(found.total)
        var sentence = "all are of one kind: \(found.note ?? "")"
        if found.count > 0, let kinds = found.note {
            sentence =
                "\(found.count) of \(counted(found.total, "cell")) (\(percentText(value))) "
                + "\(found.count == 1 ? "is" : "are") of another kind than most: \(kinds); "
                + "suspicious is more than \(percentText(least)) and less than "
                + "\(percentText(most))"
        }
        return CheckOutcome(
            name, found.column, value: value, limit: least,
            value > least && value < most ? (check.severity ?? .warn).verdict : .passed, sentence,
            details: ["count": Double(found.count), "cells": Double(found.total)])
    }

    /// Texts that hold damage / texts ≤ limit.
    func encodingDamage(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let limit = check.max ?? 0
        guard found.total > 0 else {
            return CheckOutcome(
                name, found.column, value: 0, limit: limit, .passed,
                found.note ?? "there are no texts")
        }
        let value = Double(found.count) / Double(found.total)
        var sentence = "none of \(counted(found.total, "text")) is damaged"
        if let note = found.note {
            sentence =
                "\(found.count) of \(counted(found.total, "text")) "
                + "\(found.count == 1 ? "is" : "are") damaged (\(percentText(value)); at most "
                + "\(percentText(limit))): \(note)"
        }
        return CheckOutcome(
            name, found.column, value: value, limit: limit,
            value > limit ? (check.severity ?? .warn).verdict : .passed, sentence,
            details: ["count": Double(found.count), "texts": Double(found.total)])
    }
}
