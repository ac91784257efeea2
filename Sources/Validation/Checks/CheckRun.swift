package import Domain

/// Carries out every check that a manifest names, with the definitions and defaults of
/// docs/checks.md.
///
/// Nothing is read: all is decided from the profile, the baseline's profile and what was measured.
/// Outcomes stand in the order of the manifest; each check that is asked for has at least one,
/// unless others of its name are meant for all its columns.
///
/// - Parameters:
///   - profile: nil: the dataset could not be profiled.
///   - baseline: the version that is live.
///   - moment: the time of the commit; nil: there is none.
package func evaluate(
    _ manifest: DatasetManifest, on profile: DatasetProfile?, against baseline: CheckBaseline,
    beside others: OtherBaselines = OtherBaselines(),
    _ measurements: Measurements = Measurements(), at moment: Instant? = nil
) -> [CheckOutcome] {
    let checks = manifest.checks.named
    guard !checks.isEmpty else { return [] }
    guard let profile else {
        return checks.enumerated().map { number, check in
            CheckOutcome.impossible(
                check.name.rawValue, nil,
                "the dataset has more than \(StatisticsLimits.columnsMax) columns and is not "
                    + "profiled"
            ).settled(check, number)
        }
    }
    let run = CheckRun(
        manifest: manifest, profile: profile, baseline: baseline, others: others,
        measurements: measurements, moment: moment)
    let hidden = manifest.privateColumns
    return run.outcomes.map { outcome in
        outcome.column.map(hidden.contains) ?? false ? outcome.hidingValues : outcome
    }
}

/// The checks of one dataset.
struct CheckRun {
    let manifest: DatasetManifest
    let profile: DatasetProfile
    let baseline: CheckBaseline
    let others: OtherBaselines
    let measurements: Measurements
    let moment: Instant?

    var checks: [DataCheck] { manifest.checks.named }

    var outcomes: [CheckOutcome] {
        let drift = DriftChecks(run: self).outcomes
        let skew = SkewChecks(run: self).outcomes
        return checks.enumerated().flatMap { number, check in
            let found =
                switch check.name.subject {
                case .column: columnOutcomes(check, number)
                case .label: labelOutcomes(check, number)
                case .rows: rowOutcomes(check)
                case .drift, .live: drift[number] ?? []
                case .served: skew[number] ?? []
                }
            return found.map { $0.settled(check, number) }
        }
    }

    // MARK: Columns

    private func columnOutcomes(_ check: DataCheck, _ number: Int) -> [CheckOutcome] {
        let columns = CheckColumns(run: self)
        var (fitting, others) = columns.of(number)
        if check.name == .outliersRare, check.columns.isEmpty {
            // Because a column of free text or of numbers of orders was not asked for by name.
            fitting.removeAll { !$0.values.isComplete }
        }
        others += columns.absent(number).map {
            MissingChecks.missingRatio(
                absent: $0, rows: profile.rows, limit: check.limits(0.05),
                severity: check.severity ?? .warn)
        }
        if fitting.isEmpty, others.isEmpty {
            guard columns.columnsOfOthers(number).isEmpty else { return [] }
            return [unfit(check)]
        }
        return others + fitting.map { outcome(check, $0) }
    }

    /// What is said of a check that fits no column.
    func unfit(_ check: DataCheck) -> CheckOutcome {
        var outcome = CheckOutcome.impossible(
            check.name.rawValue, nil,
            profile.columns.isEmpty
                ? "no column was profiled" : "the dataset has no column that it fits")
        if check.name.misfit(.text) != nil { outcome.remedy = remedyOfNoNumbers }
        return outcome
    }

    private func outcome(_ check: DataCheck, _ column: ColumnProfile) -> CheckOutcome {
        switch check.name {
        case .missingRatio:
            MissingChecks.missingRatio(
                column, limit: check.limits(0.05), severity: check.severity ?? .warn)
        case .mixedMissing:
            MissingChecks.mixedMissing(
                column, limit: whole(check.max, 1), severity: check.severity ?? .warn)
        case .nonFinite:
            MissingChecks.nonFinite(
                column, limit: whole(check.max, 0), severity: check.severity ?? .fail)
        case .constant:
            ConstantChecks.constant(column, severity: check.severity ?? .fail)
        case .almostConstant:
            ConstantChecks.almostConstant(
                column, limit: check.max ?? 0.95, severity: check.severity ?? .warn)
        case .outliersRare: rare(check, column)
        default:
            if let rule = OutlierRule(check) {
                outliers(rule, check, column)
            } else {
                bound(check, column)
            }
        }
    }

    private func rare(_ check: DataCheck, _ column: ColumnProfile) -> CheckOutcome {
        var outcome = OutlierChecks.rare(
            column, share: check.parameter ?? OutlierChecks.rareShare, limit: check.limits(0.01),
            severity: check.severity ?? .warn)
        if outcome.value != nil {
            outcome.places = measured(check, column).compactMap(\.places).first
        }
        return outcome
    }

    /// With the places of those that lie furthest out.
    private func outliers(
        _ rule: OutlierRule, _ check: DataCheck, _ column: ColumnProfile
    ) -> CheckOutcome {
        let measured = measured(check, column)
        var outcome = OutlierChecks.outliers(
            rule, of: column, exact: measured.compactMap(\.outliers).first,
            limit: check.limits(0.01), severity: check.severity ?? .warn)
        outcome.remedy = remedyOfEstimate(outcome, check, column) ?? outcome.remedy
        guard let found = measured.first(where: { $0.least != nil }),
            let count = outcome.details["count"]
        else { return outcome }
        let fences = OutlierFences(rule, outcome.details)
        outcome.places = found.outlying(fences, count: Int(count)).map {
            Violation.Occurrence(
                place: $0.place, value: nil,
                message: column.isPrivate
                    ? "`\(column.name)` lies far out here"
                    : "`\(column.name)` is \($0.text) here")
        }
        return outcome
    }

    /// What was found for a check in all cells of a column, each by its own count; empty: what the
    /// profile says has to do.
    private func measured(_ check: DataCheck, _ column: ColumnProfile) -> [Measurement] {
        measurements.found(for: check).filter { $0.column == column.name }
    }

    private func bound(_ check: DataCheck, _ column: ColumnProfile) -> CheckOutcome {
        guard let statistic = BoundChecks.Statistic(check) else {
            return .impossible(check.name.rawValue, column.name, "the check names no `share`")
        }
        var outcome = BoundChecks.bound(
            statistic, of: column, atLeast: check.min, atMost: check.max,
            exact: measured(check, column).first?.statistic, severity: check.severity ?? .fail)
        outcome.remedy = remedyOfEstimate(outcome, check, column) ?? outcome.remedy
        return outcome
    }

    /// How to decide a check of numbers that are estimated; nil: it is decided, or they would be
    /// estimated as well if it named the column.
    private func remedyOfEstimate(
        _ outcome: CheckOutcome, _ check: DataCheck, _ column: ColumnProfile
    ) -> String? {
        guard outcome.verdict == .undecided, check.needsNumbers, check.columns.isEmpty,
            let count = column.numbers?.count
        else { return nil }
        let named = manifest.exactColumns.union([column.name])
        let exact = profile.columns.count { $0.kind == .number && named.contains($0.name) }
        let isOfSeveralFiles =
            manifest.files.count != 1 || manifest.files.contains { $0.folder != nil }
        let isHeld = StatisticsLimits.hold(
            count, columns: profile.columns.count, exact: exact,
            isOfSeveralFiles: isOfSeveralFiles)
        return isHeld ? "name the column under `columns:`, and all of its numbers are held" : nil
    }

    // MARK: The label

    private func labelOutcomes(_ check: DataCheck, _ number: Int) -> [CheckOutcome] {
        let name = check.name.rawValue
        guard let label = manifest.label else {
            return [.impossible(name, nil, "the manifest names no `label:`")]
        }
        guard let column = profile.column(label), profile.label == label else {
            return [.impossible(name, label, "the label was not profiled")]
        }
        switch check.name {
        case .classBalance:
            return [
                ClassChecks.balance(
                    column, sizes: profile.classSizes, limit: check.min ?? 0.1,
                    severity: check.severity ?? .warn)
            ]
        case .classMinCount:
            return [
                ClassChecks.minimumCount(
                    column, sizes: profile.classSizes, limit: whole(check.min, 2, .up),
                    severity: check.severity ?? .fail)
            ]
        case .labelMissing:
            return [
                MissingChecks.label(
                    column, limit: check.limits(0), severity: check.severity ?? .warn)
            ]
        default: return associations(check, number)
        }
    }

    private func associations(_ check: DataCheck, _ number: Int) -> [CheckOutcome] {
        let (fitting, others) = CheckColumns(run: self).of(number)
        let features = fitting.filter { $0.name != profile.label }
        let name = check.name.rawValue
        guard !features.isEmpty || !others.isEmpty else {
            return [.impossible(name, nil, "there is no column beside the label")]
        }
        let measured = measurements.found(for: check)
        if let problem = measured.lazy.compactMap(\.problem).first {
            return others + [.impossible(name, profile.label, problem)]
        }
        let counted = Dictionary(
            measured.map { ($0.column ?? "", $0.association) }, uniquingKeysWith: { one, _ in one })
        return others
            + features.map { column in
                guard let found = counted[column.name].flatMap(\.self) else {
                    return .impossible(name, column.name, "its cells were not counted")
                }
                let severity = check.severity ?? .warn
                return check.name == .missingPattern
                    ? MissingPattern.check(
                        column, found, in: profile, limit: check.max ?? 0.2, severity: severity)
                    : LabelLeakage.check(
                        column, found, in: profile, limit: check.max ?? 0.8, severity: severity)
            }
    }
}

extension BoundChecks.Statistic {
    /// nil: a quantile of which nobody says the share, as no manifest may leave it.
    fileprivate init?(_ check: DataCheck) {
        switch check.name {
        case .stdev: self = .stdev
        case .sum: self = .sum
        case .min: self = .min
        case .max: self = .max
        case .quantile:
            guard let share = check.parameter else { return nil }
            self = .quantile(share)
        case .distinctCount: self = .distinctCount
        default: self = .mean
        }
    }
}

extension CheckOutcome {
    /// As the outcome of one of the manifest's checks.
    ///
    /// What could not be decided is a warning, unless a failure was asked for, or a comparison
    /// with what was named and is lost.
    func settled(_ check: DataCheck, _ number: Int) -> CheckOutcome {
        var outcome = self
        outcome.number = number
        switch verdict {
        case .passed, .notCompared, .notMeasured: outcome.severity = nil
        case .warned: outcome.severity = .warn
        case .failed: outcome.severity = .fail
        case .undecided, .notEnoughData, .couldNotRun:
            outcome.severity = check.severity ?? outcome.severity ?? .warn
        }
        // Because JSON has no word for what is beyond the range of numbers.
        if outcome.value?.isFinite == false { outcome.value = nil }
        outcome.error = outcome.error.flatMap { $0.isFinite ? $0 : nil }
        outcome.details = outcome.details.filter(\.value.isFinite)
        return outcome
    }
}

/// A limit on a count, which a manifest may write as any number.
func whole(
    _ limit: Double?, _ standard: Int, _ rule: FloatingPointRoundingRule = .down
) -> Int {
    limit.map { Int(Swift.min(Swift.max($0, -1), 1e15).rounded(rule)) } ?? standard
}
