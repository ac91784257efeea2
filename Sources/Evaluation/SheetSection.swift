import Domain

/// One part of a review sheet, the same for every form in which it is shown.
struct SheetSection {
    enum Tone { case plain, good, bad }

    struct Line {
        var text: String
        var tone = Tone.plain
    }

    struct Grid {
        var header: [String]
        /// Columns whose cells stand at the left.
        var left: Set<Int>
        var rows: [(cells: [String], tone: Tone)] = []
        /// What was left out; empty: nothing.
        var more = ""
    }

    enum Content {
        case lines([Line])
        case grid(Grid)
        /// What to paste.
        case commands([String])
    }

    var title: String
    var content: Content
}

extension ReviewSheet {
    /// `digits/17 for production: passed the gate`
    var title: String {
        let place = environment.map { " for \($0)" } ?? ""
        return "\(run)\(place): \(outcome)"
    }

    private var outcome: String {
        switch verdict.outcome {
        case .passed: "passed the gate"
        case .failed: "failed at the gate"
        case .notEnoughEvidence: "has not enough evidence for the gate"
        }
    }

    var subtitle: String {
        let compared = live.map { "compared with \($0.version)" } ?? "nothing is live yet"
        return "commit \(commit.short), candidate \(candidate.short), \(compared)"
    }

    /// In the order in which a reviewer needs them.
    var sections: [SheetSection] {
        [
            restSection, pushSection, changeSection, policySection, dataSection, driftSection,
            lineageSection,
            gateSection,
            baselineSection, metricSection, foldSection, sliceSection, cellSection, reviewSection,
            costSection,
        ].compactMap(\.self)
            + (commands.isEmpty
                ? [] : [SheetSection(title: "What to do", content: .commands(commands))])
    }

    private var restSection: SheetSection? {
        guard let suspended else { return nil }
        let line = SheetSection.Line(text: "\(suspended); nothing is released", tone: .bad)
        return SheetSection(title: "It rests", content: .lines([line]))
    }

    private var baselineSection: SheetSection? {
        guard let live, let note = live.note else { return nil }
        return SheetSection(
            title: "Beside \(live.version)", content: .lines([.init(text: note)]))
    }

    private var pushSection: SheetSection? {
        guard !pushes.isEmpty else { return nil }
        return SheetSection(title: "Pushed", content: .lines(pushes.map { .init(text: $0) }))
    }

    private var changeSection: SheetSection? {
        let title = live.map { "Changed since \($0.version)" } ?? "Changed"
        guard let changes else {
            return changesNote.map { .init(title: title, content: .lines([.init(text: $0)])) }
        }
        guard !changes.isEmpty else {
            return SheetSection(
                title: title, content: .lines([.init(text: "nothing that the files say")]))
        }
        let ordered = changes.filter(\.isLowered) + changes.filter { !$0.isLowered }
        return SheetSection(
            title: title,
            content: .lines(
                ordered.map { .init(text: $0.text, tone: $0.isLowered ? .bad : .plain) }))
    }

    private var policySection: SheetSection? {
        guard !policyChanges.isEmpty else { return nil }
        let lines = policyChanges.map {
            SheetSection.Line(text: $0, tone: $0.hasPrefix("weaker") ? .bad : .plain)
        }
        return SheetSection(title: "Proposed for who may decide", content: .lines(lines))
    }

    private var driftSection: SheetSection? {
        guard !drift.isEmpty else { return nil }
        let lines = drift.flatMap { moved in
            var rows = ""
            if let before = moved.rowsBefore, let now = moved.rowsNow {
                rows = "; \(before) → \(now) rows"
            }
            return [SheetSection.Line(text: "\(moved.dataset): \(moved.summary)\(rows)")]
                + moved.findings.map { .init(text: "\(moved.dataset), \($0)", tone: .bad) }
        }
        return SheetSection(title: "Data drift", content: .lines(lines))
    }

    private var dataSection: SheetSection? {
        guard !data.isEmpty else { return nil }
        let lines = data.flatMap { notice in
            let more = notice.count - notice.lines.count
            let rest = more > 0 ? ["and \(more) more"] : []
            return (notice.lines + rest).map {
                SheetSection.Line(text: "\(notice.dataset), \($0)", tone: .bad)
            }
        }
        return SheetSection(title: "Warnings of the data's checks", content: .lines(lines))
    }

    private var lineageSection: SheetSection? {
        guard !lineage.isEmpty else { return nil }
        let lines = lineage.flatMap { made in
            let source = made.source == made.dataset ? "its files" : "\(made.source)"
            return [
                SheetSection.Line(
                    text: "\(made.title): prepared from \(source), \(made.rows) rows, sha256 "
                        + made.sha256.hex)
            ] + made.steps.map { .init(text: "\(made.title), \($0)") }
        }
        return SheetSection(title: "Prepared data", content: .lines(lines))
    }

    private var gateSection: SheetSection? {
        guard !verdict.rules.isEmpty else { return nil }
        var grid = SheetSection.Grid(
            header: ["rule", "outcome", "value", "limit", "margin", "95 % interval", "about"],
            left: [0, 1, 6])
        for rule in verdict.rules {
            let tone: SheetSection.Tone =
                rule.outcome == .failed || rule.outcome == .notEnoughEvidence ? .bad : .plain
            grid.rows.append(
                (
                    [
                        rule.rule, Evaluation.words(rule.outcome), shortNumber(rule.value),
                        shortNumber(rule.limit), signed(rule.margin), interval(rule.low, rule.high),
                        rule.about ?? "",
                    ], tone
                ))
        }
        return SheetSection(title: "Gate", content: .grid(grid))
    }
}

extension ReviewSheet {
    private static let slicesMax = 8
    private static let cellsMax = 6
    private static let foldsMax = 10

    private var metricSection: SheetSection? {
        let changes = metricChanges(from: live?.report, to: report)
        guard !changes.isEmpty else { return nil }
        let isCompared = live?.report != nil
        var grid = SheetSection.Grid(
            header: ["metric"] + (isCompared ? [liveName] : [])
                + ["this"] + (isCompared ? ["change"] : []) + ["95 % interval"], left: [0])
        for change in changes {
            let after = change.after
            let old = isCompared ? [shortNumber(change.before?.value)] : []
            let difference = isCompared ? [signed(change.difference)] : []
            grid.rows.append(
                (
                    [change.name] + old + [shortNumber(after.value)] + difference
                        + [interval(after.low, after.high)], tone(change)
                ))
        }
        let rows = report.rows == 0 ? "as the step wrote them" : "\(report.rows) rows"
        return SheetSection(title: "Metrics, \(rows)", content: .grid(grid))
    }

    private var foldSection: SheetSection? {
        guard let folds = report.folds else { return nil }
        let shown = folds.rows.indices.prefix(Self.foldsMax)
        var grid = SheetSection.Grid(
            header: ["metric", "mean", "deviation"] + shown.map { "fold \($0 + 1)" }, left: [0])
        for metric in folds.metrics {
            grid.rows.append(
                (
                    [metric.name, shortNumber(metric.mean), shortNumber(metric.deviation)]
                        + shown.map { shortNumber(metric.values[$0]) }, .plain
                ))
        }
        let hidden = folds.rows.count - shown.count
        if hidden > 0 { grid.more = "and \(hidden) more folds" }
        let count = folds.rows.count == 1 ? "One fold" : "\(folds.rows.count) folds"
        return SheetSection(title: "\(count), each measured by itself", content: .grid(grid))
    }

    private var sliceSection: SheetSection? {
        let changes = sliceChanges(from: live?.report, to: report)
        guard !changes.isEmpty else { return nil }
        let isCompared = live?.report != nil && live?.note == nil
        var grid = SheetSection.Grid(
            header: ["slice", "rows"] + (isCompared ? [liveName] : []) + ["this"]
                + (isCompared ? ["change"] : []) + ["95 % interval"], left: [0])
        for (slice, change) in changes.prefix(Self.slicesMax) {
            let old = isCompared ? [shortNumber(change.before?.value)] : []
            let difference = isCompared ? [signed(change.difference)] : []
            grid.rows.append(
                (
                    [change.name, String(slice.rows)] + old + [shortNumber(change.after.value)]
                        + difference + [interval(change.after.low, change.after.high)],
                    tone(change)
                ))
        }
        let hidden = changes.count - grid.rows.count
        if hidden > 0 { grid.more = "and \(hidden) more slices" }
        let worst = isCompared ? ", what became worst first" : ""
        return SheetSection(title: "\(keyMetric(report)) by slice\(worst)", content: .grid(grid))
    }

    private var cellSection: SheetSection? {
        let changes = cellChanges(from: live?.report?.confusion, to: report.confusion)
        guard !changes.isEmpty else { return nil }
        var grid = SheetSection.Grid(
            header: ["truth", "predicted", liveName, "this", "change"], left: [0, 1])
        for change in changes.prefix(Self.cellsMax) {
            let isRight = change.truth == change.prediction
            let isGood = isRight == (change.difference > 0)
            grid.rows.append(
                (
                    [
                        change.truth, change.prediction, String(change.before),
                        String(change.after),
                        (change.difference > 0 ? "+" : "") + String(change.difference),
                    ], isGood ? .good : .bad
                ))
        }
        let hidden = changes.count - grid.rows.count
        if hidden > 0 { grid.more = "and \(hidden) more cells" }
        return SheetSection(title: "Confusion matrix, where it differs", content: .grid(grid))
    }

    private var reviewSection: SheetSection? {
        guard let evidence else { return nil }
        var lines = [
            SheetSection.Line(
                text: "\(approvalCount(approvalsHave, of: approvalsNeeded)) of \(evidence)",
                tone: approvalsHave < approvalsNeeded ? .plain : .good)
        ]
        lines += lacking.map { .init(text: "still needed: \($0)") }
        if let lifts {
            lines.append(.init(text: "\(lifts) is on hold; approving this lifts it", tone: .bad))
        }
        if let runtime { lines.append(.init(text: "it would be served by \(runtime)")) }
        for word in words {
            let comment = word.comment.isEmpty ? "" : ": \(word.comment)"
            if let refusal = word.refusal {
                lines.append(.init(text: "\(word.who) does not count: \(refusal)", tone: .bad))
            } else {
                let verb = word.isApproval ? "approved" : "rejected"
                lines.append(
                    .init(
                        text: "\(word.who) \(verb)\(comment)", tone: word.isApproval ? .good : .bad)
                )
            }
        }
        return SheetSection(title: "Review", content: .lines(lines))
    }

    private var costSection: SheetSection? {
        guard !costs.isEmpty else { return nil }
        var grid = SheetSection.Grid(header: ["step", "", "time", "memory"], left: [0, 1])
        for cost in costs {
            let memory = cost.peakMemoryBytes.map { "\($0 >> 20) MiB" } ?? ""
            grid.rows.append(([cost.step, cost.how, cost.seconds.map(time) ?? "", memory], .plain))
        }
        let total = costs.compactMap(\.seconds).reduce(0, +)
        return SheetSection(title: "Cost: \(time(total)) of steps", content: .grid(grid))
    }

    private var liveName: String { live?.version.description ?? "live" }

    /// Only what lies outside the old interval is more than chance.
    private func tone(_ change: NumberChange) -> SheetSection.Tone {
        guard change.isClear, let gain = change.gain, gain != 0 else { return .plain }
        return gain > 0 ? .good : .bad
    }
}

/// `1 of 2 approvals`; `2 approvals, 1 needed` when there are more than that.
package func approvalCount(_ have: Int, of needed: Int) -> String {
    have > needed ? "\(have) approvals, \(needed) needed," : "\(have) of \(needed) approvals"
}

private func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
    return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}
