package import Domain

/// What a check of a dataset came to. The last three never count as passed.
package enum CheckVerdict: String, Hashable, Codable, Sendable {
    case passed
    case warned
    case failed
    case notEnoughData = "not enough data"
    case couldNotRun = "could not run"
    /// There is no version before this one, or none that is known here; that is no warning.
    case notCompared = "nothing to compare with"
}

extension CheckSeverity {
    /// The verdict on a broken limit.
    package var verdict: CheckVerdict { self == .warn ? .warned : .failed }
}

/// One check with the value it found, the limit it was held against, and the verdict.
package struct CheckOutcome: Hashable, Codable, Sendable {
    /// As in a manifest: `missing_ratio`.
    package var check: String
    /// nil: the check is about rows.
    package var column: String?
    /// Which of the manifest's named checks it is of, from 0.
    package var number = 0
    /// Of what it looks for, the one that this is about; nil: it looks for one thing.
    package var kind: PrivateKind?
    /// What it means for the dataset; nil: nothing is wrong.
    package var severity: CheckSeverity?
    /// nil: there was nothing to measure.
    package var value: Double?
    package var limit: Double?
    /// How far the value may be off, in its own unit; nil: it is exact.
    package var error: Double?
    package var verdict: CheckVerdict
    /// One line of fact for people.
    package var sentence: String
    /// Further figures of the check by name.
    package var details: [String: Double]
    /// What the data was compared with; nil: with nothing, or with the rows of another dataset.
    package var baseline: ComparedData?

    init(
        _ check: String, _ column: String?, value: Double?, limit: Double?, error: Double? = nil,
        _ verdict: CheckVerdict, _ sentence: String, details: [String: Double] = [:]
    ) {
        self.check = check
        self.column = column
        self.value = value
        self.limit = limit
        self.error = error
        self.verdict = verdict
        self.sentence = sentence
        self.details = details
    }

    /// The same, as found by a comparison with some other data.
    func comparing(with data: ComparedData?) -> CheckOutcome {
        var outcome = self
        outcome.baseline = data
        return outcome
    }

    static func tooLittle(_ check: String, _ column: String?, _ sentence: String) -> CheckOutcome {
        CheckOutcome(check, column, value: nil, limit: nil, .notEnoughData, sentence)
    }

    static func impossible(_ check: String, _ column: String?, _ why: String) -> CheckOutcome {
        CheckOutcome(check, column, value: nil, limit: nil, .couldNotRun, why)
    }
}

/// A number for a sentence: whole, or with four significant digits, and with all before the point
/// below 10^15.
package func shortText(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1e15 { return String(Int64(value)) }
    guard value.isFinite, value.magnitude > 1e-300, value.magnitude < 1e300 else {
        return "\(value)"
    }
    let ln10 = 2.302_585_092_994_046
    let wanted = 3 - Int((naturalLogarithm(value.magnitude) / ln10).rounded(.down))
    let digits = value.magnitude < 1e15 ? Swift.max(0, wanted) : wanted
    guard (-22...22).contains(digits) else { return "\(value)" }
    var power = 1.0
    for _ in 0..<digits.magnitude { power *= 10 }
    let short = digits >= 0 ? (value * power).rounded() / power : (value / power).rounded() * power
    return short == short.rounded() && short.magnitude < 1e15 ? String(Int64(short)) : "\(short)"
}

/// A share for a sentence, in per cent.
package func percentText(_ share: Double) -> String { "\(shortText(share * 100)) %" }
