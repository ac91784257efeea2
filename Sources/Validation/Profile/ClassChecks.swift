package import Domain

/// Checks of the label's classes.
package enum ClassChecks {
    /// `class_balance`: smallest / largest class ≥ limit; shares and normalised entropy H/ln K are
    /// given too.
    ///
    /// - Parameter sizes: of the label's classes, where its profile does not list them all.
    package static func balance(
        _ label: ColumnProfile, sizes: [ClassSize]? = nil, limit: Double = 0.1,
        severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        let check = "class_balance"
        guard let sizes = label.classSizes ?? sizes else { return tooMany(check, label) }
        let classes = sizes.reduce(0) { $0 + $1.classes }
        guard let largest = sizes.last?.rows, let smallest = sizes.first?.rows, classes > 1 else {
            return .tooLittle(check, label.name, "the label has fewer than two classes")
        }
        let total = Double(sizes.reduce(0) { $0 + $1.classes * $1.rows })
        let value = Double(smallest) / Double(largest)
        let entropy = sizes.reduce(0.0) { sum, size in
            let share = Double(size.rows) / total
            return sum - Double(size.classes) * share * naturalLogarithm(share)
        }
        return CheckOutcome(
            check, label.name, value: value, limit: limit,
            value >= limit ? .passed : severity.verdict,
            "the smallest of \(classes) classes has \(counted(smallest, "row")), the largest "
                + "\(largest): a ratio of \(shortText(value)) (at least \(exactText(limit)))",
            details: [
                "classes": Double(classes),
                "entropy": entropy / naturalLogarithm(Double(classes)),
                "largest_share": Double(largest) / total,
                "smallest_share": Double(smallest) / total,
            ])
    }

    /// `class_min_count`: each class has at least so many rows.
    ///
    /// - Parameter sizes: as above.
    package static func minimumCount(
        _ label: ColumnProfile, sizes: [ClassSize]? = nil, limit: Int = 2,
        severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        let check = "class_min_count"
        guard let sizes = label.classSizes ?? sizes else { return tooMany(check, label) }
        guard let smallest = sizes.first?.rows else { return noValues(check, label) }
        let few = sizes.filter { $0.rows < limit }.reduce(0) { $0 + $1.classes }
        return CheckOutcome(
            check, label.name, value: Double(smallest), limit: Double(limit),
            few == 0 ? .passed : severity.verdict,
            "\(few) of \(sizes.reduce(0) { $0 + $1.classes }) classes have fewer than \(limit) "
                + "rows; the smallest has \(smallest)",
            details: ["classes_below": Double(few)])
    }

    private static func tooMany(_ check: String, _ label: ColumnProfile) -> CheckOutcome {
        CheckOutcome(
            check, label.name, value: nil, limit: nil, .couldNotRun,
            "the label has about \(label.distinct.count) different values, more than are counted "
                + "exactly")
    }
}

extension ColumnProfile {
    /// Of a label whose values are all listed; else nil.
    fileprivate var classSizes: [ClassSize]? {
        values.isComplete ? ClassSize.list(values.items.lazy.map(\.count)) : nil
    }
}
