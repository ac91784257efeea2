import Domain

/// What several checks ask to be measured, column by column: each measure of a column once, by the
/// strictest limits, and told by the check that asked first.
struct DriftPlan {
    private struct Key: Hashable {
        var column: String
        var measure: DriftMeasure
    }

    /// All named checks of the manifest.
    let checks: [DataCheck]
    private(set) var limits: [String: [DriftMeasure: DriftLimits]] = [:]
    private var asked: [Key: Int] = [:]
    /// By the number of the check.
    var outcomes: [Int: [CheckOutcome]] = [:]

    init(checks: [DataCheck]) { self.checks = checks }

    /// - Parameter number: which check asks.
    mutating func ask(_ measure: DriftMeasure, of column: String, _ number: Int) {
        let key = Key(column: column, measure: measure)
        // Because what cannot be decided means what the strictest of them says.
        if asked[key].map({ checks[number].isStricter(than: checks[$0]) }) ?? true {
            asked[key] = number
        }
        let limits = measure.limits(checks[number])
        let earlier = self.limits[column]?[measure]
        self.limits[column, default: [:]][measure] = earlier?.stricter(limits) ?? limits
    }

    /// Measures a column that no check asks about, for what is said of all of them.
    mutating func measure(_ measures: [DriftMeasure], of column: ColumnProfile) {
        for measure in measures where measure.isMeasurable(of: column) {
            limits[column.name, default: [:]][measure] = measure.defaultLimits
        }
    }

    /// Gives what was measured to the checks that asked for it.
    ///
    /// A column that is known to be one of texts, and holds too many different ones, does not fit
    /// a check that names no columns.
    mutating func tell(_ report: DriftReport, to run: CheckRun) {
        var passedOver: Set<Int> = []
        for outcome in report.outcomes {
            guard let number = asked[Key(column: outcome.column, measure: outcome.measure)] else {
                continue
            }
            var found = outcome.asCheck
            found.check = checks[number].name.rawValue
            if outcome.hasTooManyValues, let column = run.profile.column(outcome.column) {
                let isAsked = !checks[number].columns.isEmpty || outcome.measure == .labelDrift
                guard isAsked || run.isUntyped(column) else {
                    passedOver.insert(number)
                    continue
                }
                found.remedy = run.remedyOfManyValues(column)
            }
            outcomes[number, default: []].append(found)
        }
        let columns = CheckColumns(run: run)
        for number in passedOver where outcomes[number, default: []].isEmpty {
            guard columns.columnsOfOthers(number).isEmpty else { continue }
            outcomes[number] = [run.unfit(checks[number])]
        }
    }
}

extension DataCheck {
    fileprivate func isStricter(than other: DataCheck) -> Bool {
        severity == .fail && other.severity != .fail
    }
}

extension DriftMeasure {
    /// A limit that is not written is the default one; but a default never fails what the
    /// manifest's own `warn` lets pass. With a severity there is one limit, over which the check
    /// warns or fails: the default one of warnings, unless the manifest writes another.
    func limits(_ check: DataCheck) -> DriftLimits {
        let standard = defaultLimits
        let warn = check.warn ?? standard.warn
        if check.severity == .warn { return DriftLimits(warn: warn) }
        if let fail = check.fail { return DriftLimits(warn: warn, fail: fail) }
        if check.severity == .fail { return DriftLimits(fail: warn) }
        guard let own = check.warn, let fail = standard.fail, fail < own else {
            return DriftLimits(warn: warn, fail: standard.fail)
        }
        return DriftLimits(warn: warn)
    }

    /// Whether this reference has what the measure compares with.
    func isMeasurable(of reference: ColumnProfile) -> Bool {
        switch self {
        case .newCategory: reference.values.isComplete
        case .wasserstein: reference.numbers?.quartiles.range != 0
        default: true
        }
    }
}

extension DriftLimits {
    fileprivate func stricter(_ other: DriftLimits) -> DriftLimits {
        func least(_ left: Double?, _ right: Double?) -> Double? {
            [left, right].compactMap(\.self).min()
        }
        return DriftLimits(warn: least(warn, other.warn), fail: least(fail, other.fail))
    }
}
