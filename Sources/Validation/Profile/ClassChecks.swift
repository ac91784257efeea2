package import Domain

/// Checks of the label's classes.
package enum ClassChecks {
    /// `class_balance`: smallest / largest class ≥ limit; shares and normalised entropy H/ln K are
    /// given too.
    package static func balance(
        _ label: ColumnProfile, limit: Double = 0.1, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "class_balance"
        guard label.values.isComplete else { return tooMany(check, label) }
        let counts = label.values.items.map(\.count)
        guard let largest = counts.first, let smallest = counts.last, counts.count > 1 else {
            return .tooLittle(check, label.name, "the label has fewer than two classes")
        }
        let total = Double(counts.reduce(0, +))
        let value = Double(smallest) / Double(largest)
        let entropy = counts.reduce(0.0) { sum, count in
            let share = Double(count) / total
            return sum - share * naturalLogarithm(share)
        }
        return CheckOutcome(
            check, label.name, value: value, limit: limit,
            value >= limit ? .passed : severity.verdict,
            "the smallest of \(counts.count) classes has \(counted(smallest, "row")), the largest "
                + "\(largest): a ratio of \(shortText(value)) (at least \(exactText(limit)))",
            details: [
                "classes": Double(counts.count),
                "entropy": entropy / naturalLogarithm(Double(counts.count)),
                "largest_share": Double(largest) / total,
                "smallest_share": Double(smallest) / total,
            ])
    }

    /// `class_min_count`: each class has at least so many rows.
    package static func minimumCount(
        _ label: ColumnProfile, limit: Int = 2, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        let check = "class_min_count"
        guard label.values.isComplete else { return tooMany(check, label) }
        guard let smallest = label.values.items.last else { return noValues(check, label) }
        let few = label.values.items.count { $0.count < limit }
        return CheckOutcome(
            check, label.name, value: Double(smallest.count), limit: Double(limit),
            few == 0 ? .passed : severity.verdict,
            "\(few) of \(label.values.items.count) classes have fewer than \(limit) rows; the "
                + "smallest has \(smallest.count)",
            details: ["classes_below": Double(few)])
    }

    private static func tooMany(_ check: String, _ label: ColumnProfile) -> CheckOutcome {
        CheckOutcome(
            check, label.name, value: nil, limit: nil, .couldNotRun,
            "the label has \(label.distinct.count) different values; classes are listed up to "
                + "\(TopValueList.completeMax)")
    }
}
