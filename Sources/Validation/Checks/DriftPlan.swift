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
    /// The checks of which some column is told by another that asks for the same.
    private var silent: Set<Int> = []
    /// Of the checks that looked for columns that they fit, those that they leave out.
    private var leftOut: [Int: LeftOut] = [:]
    /// By the number of the check.
    var outcomes: [Int: [CheckOutcome]] = [:]

    init(checks: [DataCheck]) { self.checks = checks }

    /// - Parameter number: which check asks.
    mutating func ask(_ measure: DriftMeasure, of column: String, _ number: Int) {
        let key = Key(column: column, measure: measure)
        let other = asked[key] ?? number
        // Because what cannot be decided means what the strictest of them says.
        let isFirst = other == number || checks[number].isStricter(than: checks[other])
        asked[key] = isFirst ? number : other
        if other != number { silent.insert(isFirst ? other : number) }
        let limits = measure.limits(checks[number])
        let earlier = self.limits[column]?[measure]
        self.limits[column, default: [:]][measure] = earlier?.stricter(limits) ?? limits
    }

    /// Measures a column that no check asks about, for what is said of all of them.
    mutating func measure(_ measures: [DriftMeasure], of column: String) {
        for measure in measures where limits[column]?[measure] == nil {
            limits[column, default: [:]][measure] = measure.defaultLimits
        }
    }

    /// Takes down that a check looked for columns that it fits, and which it leaves out.
    mutating func looked(_ number: Int, leavingOut left: LeftOut) { leftOut[number] = left }

    /// Gives what was measured to the checks that asked for it.
    ///
    /// A column that is known to be one of texts, and holds too many different ones, does not fit
    /// a check that names no columns.
    mutating func tell(_ report: DriftReport, to run: CheckRun) {
        for outcome in report.outcomes {
            guard let number = asked[Key(column: outcome.column, measure: outcome.measure)] else {
                continue
            }
            var found = outcome.asCheck
            found.check = checks[number].name.rawValue
            if outcome.hasTooManyValues, let column = run.profile.column(outcome.column) {
                let isAsked = !checks[number].columns.isEmpty || outcome.measure == .labelDrift
                guard isAsked || run.isUntyped(column) else {
                    leftOut[number, default: LeftOut()].add(
                        column.name, "too many different values to be categories")
                    continue
                }
                found.remedy = run.remedyOfManyValues(column)
            }
            outcomes[number, default: []].append(found)
        }
        let columns = CheckColumns(run: run)
        for (number, left) in leftOut {
            if outcomes[number, default: []].isEmpty, !silent.contains(number),
                columns.columnsOfOthers(number).isEmpty
            {
                outcomes[number] = [run.unfit(checks[number])]
            } else if let said = left.outcome(checks[number]) {
                outcomes[number, default: []].append(said)
            }
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

    /// Why this reference has not what the measure compares with; nil: it has.
    func lack(of reference: ColumnProfile) -> String? {
        switch self {
        case .newCategory where !reference.values.isComplete:
            "the reference has more than \(TopValueList.completeMax) categories"
        case .wasserstein where reference.numbers?.quartiles.range == 0:
            "the reference's interquartile range is zero"
        case .wasserstein where reference.spreads?.lowerBound == 0:
            "the reference's interquartile range may be zero"
        default: nil
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
