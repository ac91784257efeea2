package import Domain

/// What a check of a dataset came to. Only the first counts as passed.
package enum CheckVerdict: String, Hashable, Codable, Sendable {
    case passed
    case warned
    case failed
    /// An estimate that may lie on either side of the limit.
    case undecided = "cannot be decided"
    case notEnoughData = "not enough data"
    case couldNotRun = "could not run"
    /// There is no version before this one, or none that is known here; that is no warning.
    case notCompared = "nothing to compare with"
    /// What a check that names no columns leaves out: it is said, and is no warning.
    case notMeasured = "not measured"
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
    /// What it means for the dataset; nil: nothing is wrong. Before it is settled, what it means
    /// where it could not run and the manifest says nothing.
    package var severity: CheckSeverity?
    /// nil: there was nothing to measure.
    var figure: Figure?
    private var limitFigure: Figure?
    /// How far the value may be off, in its own unit; nil: it is exact.
    package var error: Double?
    package var verdict: CheckVerdict
    /// One line of fact for people.
    package var sentence: String
    /// What mends it, where the data tells more of that than the check's name; nil: it does not.
    package var remedy: String?
    /// Further figures of the check by name.
    package var details: [String: Double]
    /// Where in the data some of it is, the first or the worst; nil: that is not known.
    package var places: [Violation.Occurrence]?
    /// What the data was compared with; nil: with nothing, or with the rows of another dataset.
    package var baseline: ComparedData?

    init(
        _ check: String, _ column: String?, value: Double?, limit: Double?, error: Double? = nil,
        _ verdict: CheckVerdict, _ sentence: String, details: [String: Double] = [:]
    ) {
        self.check = check
        self.column = column
        figure = value.map { Figure($0) }
        limitFigure = limit.map { Figure($0) }
        self.error = error
        self.verdict = verdict
        self.sentence = sentence
        self.details = details
    }

    private enum CodingKeys: String, CodingKey {
        case check, column, number, kind, severity, error, verdict, sentence, remedy, details
        case places, baseline
        case figure = "value"
        case limitFigure = "limit"
    }

    /// The nearest number to what was found; nil: there was nothing to measure.
    package var value: Double? {
        get { figure?.number }
        set { figure = newValue.map { Figure($0) } }
    }

    /// What the value was held against; nil: nothing.
    package var limit: Double? {
        get { limitFigure?.number }
        set { limitFigure = newValue.map { Figure($0) } }
    }

    /// It is no finding, and people are told all the same.
    package var isNoted: Bool { verdict == .notCompared || verdict == .notMeasured }

    /// What was found, for people.
    package var valueText: String? { figure?.text }

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

    /// What somebody asked to be compared with in so many words cannot be had: that fails, unless
    /// the check says that it warns.
    static func lost(_ check: String, _ column: String?, _ why: String) -> CheckOutcome {
        var outcome = impossible(check, column, why)
        outcome.severity = .fail
        return outcome
    }
}
