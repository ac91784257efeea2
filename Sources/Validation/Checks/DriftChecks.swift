import Domain

/// The checks of a manifest against the version that is live, or against what they name in its
/// place: all of one baseline in one report, so that its control of false discoveries sees every
/// column.
struct DriftChecks {
    let run: CheckRun

    /// By the number of the check.
    var outcomes: [Int: [CheckOutcome]] {
        let wanted = run.checks.indices.filter { run.checks[$0].name.comparesVersions }
        var outcomes: [Int: [CheckOutcome]] = [:]
        for (against, numbers) in Dictionary(grouping: wanted, by: { run.checks[$0].against }) {
            let found =
                if let against {
                    judge(numbers, run.others[against], isNamed: true)
                } else {
                    judge(numbers, run.baseline, isNamed: false)
                }
            outcomes.merge(found) { first, _ in first }
        }
        return outcomes
    }

    /// What checks of one baseline come to.
    /// - Parameter isNamed: by `against:`.
    private func judge(
        _ wanted: [Int], _ baseline: CheckBaseline, isNamed: Bool
    ) -> [Int: [CheckOutcome]] {
        switch baseline {
        case .profile(let reference, let data):
            compare(wanted, with: reference).mapValues { found in
                found.map { $0.comparing(with: data) }
            }
        case .none(let why):
            all(wanted) { CheckOutcome($0, nil, value: nil, limit: nil, .notCompared, why) }
        case .unknown(let why):
            all(wanted) { isNamed ? .lost($0, nil, why) : .impossible($0, nil, why) }
        }
    }

    /// One outcome of each check, made from its name.
    private func all(
        _ wanted: [Int], _ outcome: (String) -> CheckOutcome
    ) -> [Int: [CheckOutcome]] {
        wanted.reduce(into: [:]) { $0[$1] = [outcome(run.checks[$1].name.rawValue)] }
    }

    private func compare(
        _ wanted: [Int], with reference: DatasetProfile
    ) -> [Int: [CheckOutcome]] {
        var plan = DriftPlan(checks: run.checks)
        for number in wanted {
            switch run.checks[number].name.subject {
            case .drift(.labelDrift): askLabel(number, reference, &plan)
            case .drift(let measure): ask(measure, number, reference, &plan)
            default: break
            }
        }
        if wanted.contains(where: { run.checks[$0].name == .datasetDrift }) {
            addStandard(reference, &plan)
        }
        let report = DriftReport(
            reference: reference, current: run.profile, checks: plan.limits)
        plan.tell(report, to: run)
        for number in wanted {
            let check = run.checks[number]
            switch check.name {
            case .rowCountChange: plan.outcomes[number] = [rowChange(number, reference)]
            case .byteCountChange: plan.outcomes[number] = [byteChange(number, reference)]
            case .schemaChange: plan.outcomes[number] = [schemaChange(number, reference)]
            case .datasetDrift:
                plan.outcomes[number] = [
                    report.drifted.outcome(
                        limit: check.max ?? 0.5, severity: check.severity ?? .warn)
                ]
            default: break
            }
        }
        return plan.outcomes
    }

    private func ask(
        _ measure: DriftMeasure, _ number: Int, _ reference: DatasetProfile, _ plan: inout DriftPlan
    ) {
        let check = run.checks[number]
        let columns = CheckColumns(run: run)
        let (fitting, others) = columns.of(number)
        plan.outcomes[number] = others
        var left = LeftOut(columns.unfit(number))
        for column in fitting {
            let before = reference.column(column.name)
            let lack =
                if let before { measure.lack(of: before) } else {
                    absent(check, column.name).sentence as String?
                }
            // Because what this reference does not have was not asked for by name.
            if check.columns.isEmpty, let lack {
                left.add(column.name, lack)
            } else if before == nil {
                plan.outcomes[number, default: []].append(absent(check, column.name))
            } else {
                plan.ask(measure, of: column.name, number)
            }
        }
        plan.looked(number, leavingOut: left)
    }

    private func askLabel(_ number: Int, _ reference: DatasetProfile, _ plan: inout DriftPlan) {
        let check = run.checks[number]
        let name = check.name.rawValue
        guard let label = run.manifest.label else {
            plan.outcomes[number] = [.impossible(name, nil, "the manifest names no `label:`")]
            return
        }
        guard run.profile.column(label) != nil else {
            plan.outcomes[number] = [.impossible(name, label, "no such column was profiled")]
            return
        }
        guard reference.column(label) != nil else {
            plan.outcomes[number] = [absent(check, label)]
            return
        }
        plan.ask(.labelDrift, of: label, number)
    }

    /// A column is new against what is live; a baseline that somebody names has to have it.
    private func absent(_ check: DataCheck, _ column: String) -> CheckOutcome {
        let name = check.name.rawValue
        if let named = check.against {
            return .lost(name, column, "`\(named)` has no such column")
        }
        return CheckOutcome(
            name, column, value: nil, limit: nil, .notCompared, "what is live has no such column")
    }

    /// The share of drifted columns is of all columns: those of which no check asks what counts are
    /// measured as a report measures them.
    private func addStandard(_ reference: DatasetProfile, _ plan: inout DriftPlan) {
        for column in reference.columns {
            let now = run.profile.column(column.name)
            let asked = Set((plan.limits[column.name] ?? [:]).keys)
            let counting = holdNumbers(column, now) ? asked.subtracting([.newCategory]) : asked
            guard counting.isEmpty else { continue }
            let isLabel = column.name == run.manifest.label
            plan.measure(
                DriftMeasure.standard(column, now, isLabel: isLabel), of: column.name)
        }
    }

    /// |n/m − 1| ≤ limit.
    private func rowChange(_ number: Int, _ reference: DatasetProfile) -> CheckOutcome {
        let check = run.checks[number]
        let name = check.name.rawValue
        guard reference.rows > 0 else {
            return .tooLittle(name, nil, "there were no rows before")
        }
        let value = (Double(run.profile.rows) / Double(reference.rows) - 1).magnitude
        let limit = check.max ?? 0.5
        return CheckOutcome(
            name, nil, value: value, limit: limit,
            value <= limit ? .passed : (check.severity ?? .warn).verdict,
            "\(counted(reference.rows, "row")) before, \(run.profile.rows) now: a change of "
                + "\(percentText(value)) (at most \(percentText(limit)))")
    }
}

extension DriftOutcome {
    var asCheck: CheckOutcome {
        var details: [String: Double] = [
            "rows_before": Double(referenceRows), "rows_now": Double(currentRows),
        ]
        if let pValue { details["p"] = pValue }
        if let adjustedPValue { details["adjusted_p"] = adjustedPValue }
        if !bins.isEmpty { details["bins"] = Double(bins.count) }
        if let value, let effect, effect != value { details[computedAs.rawValue] = value }
        // Because limits are about the effect.
        var outcome = CheckOutcome(
            measure.rawValue, column, value: effect ?? value,
            limit: limit,
            error: error > 0 ? error : nil, verdict, sentence, details: details)
        outcome.remedy = remedy
        return outcome
    }
}
