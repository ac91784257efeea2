/// The gate's decision on a report under the promotion rules.
package struct Verdict: Hashable, Codable, Sendable {
    package enum Outcome: String, Codable, Sendable {
        case passed
        case failed
        case notEnoughEvidence = "not-enough-evidence"
    }

    package var outcome: Outcome
    /// Every rule, in the order of the file.
    package var rules: [RuleVerdict]

    package init(outcome: Outcome, rules: [RuleVerdict]) {
        self.outcome = outcome
        self.rules = rules
    }
}

/// One rule with the value that it met.
package struct RuleVerdict: Hashable, Codable, Sendable {
    package enum Outcome: String, Codable, Sendable {
        case passed, failed
        case notEnoughEvidence = "not-enough-evidence"
        /// There is no baseline to compare with.
        case notApplicable = "not-applicable"
    }

    /// As in the file: `accuracy.at_least`.
    package var rule: String
    package var outcome: Outcome
    /// The value that was compared; nil when it is undefined.
    package var value: Double?
    /// 95 % interval of the value.
    package var low: Double?
    package var high: Double?
    /// What the value was compared with; for baseline rules baseline minus (plus) the allowance.
    package var limit: Double?
    /// How far the value is on the good side; negative when it is on the bad side.
    package var margin: Double?
    /// Which class, slice or baseline decided.
    package var about: String?
    package var place: Place

    package init(
        rule: String, outcome: Outcome, value: Double? = nil, low: Double? = nil,
        high: Double? = nil, limit: Double? = nil, margin: Double? = nil, about: String? = nil,
        place: Place
    ) {
        self.rule = rule
        self.outcome = outcome
        self.value = value
        self.low = low
        self.high = high
        self.limit = limit
        self.margin = margin
        self.about = about
        self.place = place
    }
}
