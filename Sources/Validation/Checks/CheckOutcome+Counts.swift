import Domain

extension CheckOutcome {
    /// What a check came to that counts what is wrong: its value is the share, and the count is
    /// among the details.
    ///
    /// - Parameters:
    ///   - total: how many were looked at; 0 breaks nothing.
    ///   - error: how far the count may be off, as a share of `total`; 0: it is exact.
    ///   - severity: what too many mean.
    init(
        _ check: String, _ column: String?, count: Int, of total: Int, error: Double = 0,
        _ limits: CountLimits, _ severity: CheckSeverity, _ sentence: String,
        details: [String: Double] = [:]
    ) {
        let verdict: CheckVerdict =
            switch limits.isKept(count, of: total, error: error) {
            case true?: .passed
            case false?: severity.verdict
            case nil: .undecided
            }
        self.init(
            check, column, value: Double(count) / Double(Swift.max(1, total)),
            limit: limits.wrongAtMost, error: error > 0 ? error : nil, verdict, sentence,
            details: details)
        self.details["count"] = Double(count)
        self.details["max_rows"] = limits.rows.map { Double($0) }
    }
}

extension CountLimits {
    /// For people, behind "at most": `5 %`, `10`, `5 % and 10`.
    var text: String {
        [wrongAtMost.map { percentText($0) }, rows.map(String.init)].compactMap(\.self)
            .joined(separator: " and ")
    }

    /// The share that may be wrong; nil: only a number is said.
    var wrongAtMost: Double? {
        switch share {
        case .wrongAtMost(let share)?: share
        case .rightAtLeast(let share)?: 1 - share
        case nil: nil
        }
    }
}
