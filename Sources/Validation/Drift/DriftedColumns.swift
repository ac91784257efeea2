package import Domain

/// How many columns have drifted, of those that could be judged.
package struct DriftedColumns: Hashable, Codable, Sendable {
    package var drifted: Int
    package var judged: Int
    /// How many could not be compared, because they have too many values to be categories.
    package var pooled: Int

    init(_ outcomes: [DriftOutcome]) {
        var drifted: Set<String> = []
        var pooled: Set<String> = []
        var seen: Set<String> = []
        for outcome in outcomes {
            switch outcome.verdict {
            case .passed: seen.insert(outcome.column)
            case .warned, .failed, .undecided:
                // Of what cannot be decided, only what warns at least.
                guard outcome.isOverWarning else { continue }
                seen.insert(outcome.column)
                drifted.insert(outcome.column)
            case .couldNotRun:
                // Because a list that is cut off (`new_category`) leaves the shares to be compared.
                if outcome.hasTooManyValues, outcome.measure != .newCategory {
                    pooled.insert(outcome.column)
                }
            case .notEnoughData, .notCompared, .notMeasured: break
            }
        }
        // Because that as many cells are missing says nothing of the values.
        pooled.subtract(drifted)
        seen.subtract(pooled)
        (self.drifted, judged, self.pooled) = (drifted.count, seen.count, pooled.count)
    }

    /// `dataset_drift`: drifted columns / judged columns < limit.
    package func outcome(limit: Double = 0.5, severity: CheckSeverity = .warn) -> CheckOutcome {
        let rest =
            pooled == 0
            ? ""
            : "; \(counted(pooled, "column")) with too many different values to be categories "
                + "could not be compared"
        guard judged > 0 else {
            return .tooLittle("dataset_drift", nil, "no column could be judged\(rest)")
        }
        let value = Double(drifted) / Double(judged)
        return CheckOutcome(
            "dataset_drift", nil, value: value, limit: limit,
            value >= limit ? severity.verdict : .passed,
            "\(drifted) of \(counted(judged, "column")) "
                + "\(judged == 1 ? "has" : "have") drifted: \(percentText(value)), the limit is "
                + "less than \(percentText(limit))\(rest)",
            details: ["drifted": Double(drifted), "columns": Double(judged)])
    }
}
