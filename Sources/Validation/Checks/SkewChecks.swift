import Domain

/// `skew`: what was asked where the model is served, against what it was trained on.
///
/// The columns of requests are first held against the schema: whether they are there at all, and
/// of the same type. Their distribution is then measured as drift is, the training data being the
/// reference, all columns in one report, so that its control of false discoveries sees them all.
struct SkewChecks {
    let run: CheckRun

    /// By the number of the check.
    var outcomes: [Int: [CheckOutcome]] {
        let wanted = run.checks.indices.filter { run.checks[$0].name == .skew }
        guard !wanted.isEmpty else { return [:] }
        let name = DataCheck.Name.skew.rawValue
        switch run.others.served {
        case .profile(let log, let data):
            return judge(wanted, requests(log)).mapValues { found in
                found.map { $0.comparing(with: data) }
            }
        case .none(let why):
            let said = CheckOutcome(name, nil, value: nil, limit: nil, .notCompared, why)
            return wanted.reduce(into: [:]) { $0[$1] = [said] }
        case .unknown(let why):
            return wanted.reduce(into: [:]) { $0[$1] = [.impossible(name, nil, why)] }
        }
    }

    /// The log's columns under the names that they have here.
    private func requests(_ log: DatasetProfile) -> DatasetProfile {
        var requests = log
        requests.columns = run.manifest.requestColumns.compactMap { declared in
            var column = log.column(run.manifest.served?.field(of: declared.name) ?? declared.name)
            column?.name = declared.name
            return column
        }
        return requests
    }

    private func judge(_ wanted: [Int], _ requests: DatasetProfile) -> [Int: [CheckOutcome]] {
        var plan = DriftPlan(checks: run.checks)
        for number in wanted { ask(number, requests, &plan) }
        let report = DriftReport(
            reference: run.profile, current: requests, checks: plan.limits, sides: .served)
        plan.tell(report, to: run)
        return plan.outcomes
    }

    private func ask(_ number: Int, _ requests: DatasetProfile, _ plan: inout DriftPlan) {
        let check = run.checks[number]
        let columns = CheckColumns(run: run)
        let (fitting, others) = columns.of(number)
        let candidates = Set(run.manifest.requestColumns.map(\.name))
        plan.outcomes[number] = others
        var left = LeftOut()
        for column in fitting {
            guard candidates.contains(column.name) else {
                // The label, and what only tells rows apart, is in no request.
                guard !run.isDeclared(column.name) else { continue }
                let why = "it is not declared"
                if check.columns.isEmpty {
                    left.add(column.name, why)
                } else {
                    plan.outcomes[number, default: []].append(
                        .impossible(check.name.rawValue, column.name, why))
                }
                continue
            }
            let request = requests.column(column.name)
            if let said = schemaFault(check, column, request, requests.rows) {
                plan.outcomes[number, default: []].append(said)
            }
            // Because where nothing of the type was sent there is nothing to measure.
            guard requests.rows >= ColumnDrift.rowsMin, let request,
                request.rows > request.missing + request.invalid
            else { continue }
            measure(check, number, column, &plan, &left)
        }
        plan.looked(number, leavingOut: left)
    }

    /// Asks for the distribution of a column, or says why not.
    private func measure(
        _ check: DataCheck, _ number: Int, _ column: ColumnProfile, _ plan: inout DriftPlan,
        _ left: inout LeftOut
    ) {
        let isNamed = !check.columns.isEmpty
        let measure = check.measure.flatMap { DriftMeasure(rawValue: $0.rawValue) }
        if measure == nil, column.kind.isTime, !isNamed {
            return left.add(
                column.name,
                "requests are later than what was trained on; name the column to measure it")
        }
        let wanted = measure ?? .psi
        if let why = DataCheck.Name(rawValue: wanted.rawValue)?.misfit(column.kind) {
            guard isNamed else { return left.add(column.name, why) }
            plan.outcomes[number, default: []].append(
                .impossible(check.name.rawValue, column.name, why))
        } else if !isNamed, let lack = wanted.lack(of: column) {
            left.add(column.name, lack)
        } else {
            plan.ask(wanted, of: column.name, number)
        }
    }

    // MARK: Schema

    /// What is to be said of a column of the requests before any distribution; nil: nothing.
    private func schemaFault(
        _ check: DataCheck, _ column: ColumnProfile, _ request: ColumnProfile?, _ rows: Int
    ) -> CheckOutcome? {
        let name = check.name.rawValue
        guard rows >= ColumnDrift.rowsMin else {
            return .tooLittle(
                name, column.name,
                "not enough rows: \(rows) served, \(ColumnDrift.rowsMin) needed")
        }
        let missing = request?.missing ?? rows
        if missing == rows {
            guard isUnlikelyByChance(column, rows) else {
                return CheckOutcome(
                    name, column.name, value: 1, limit: nil, .passed,
                    "it is in none of the \(rows) requests, and in hardly a row trained on")
            }
            return broken(check, column, share: 1, "it is in none of the \(rows) requests")
        }
        guard let request, request.invalid * column.rows > column.invalid * request.rows else {
            return nil
        }
        let sent = request.rows - request.missing
        let share = Double(request.invalid) / Double(sent)
        return broken(
            check, column, share: share,
            "\(request.invalid) of \(sent) requests (\(percentText(share))) have something else in "
                + "it than a \(column.kind.rawValue)")
    }

    /// Whether requests with as many missing cells as what was trained on would all lack it with
    /// a probability under 0.01.
    private func isUnlikelyByChance(_ column: ColumnProfile, _ rows: Int) -> Bool {
        guard column.rows > 0, column.missing > 0 else { return column.rows > 0 }
        let share = Double(column.missing) / Double(column.rows)
        return Double(rows) * naturalLogarithm(share) <= naturalLogarithm(DriftReport.significance)
    }

    private func broken(
        _ check: DataCheck, _ column: ColumnProfile, share: Double, _ sentence: String
    ) -> CheckOutcome {
        CheckOutcome(
            check.name.rawValue, column.name, value: share, limit: 0,
            (check.severity ?? .warn).verdict, sentence)
    }
}
