import Domain

/// What a data page shows.
package struct DatasetPage: Sendable {
    package var title: String
    package var subtitle: String
    package var report: ValidationReport
    package var profile: DatasetProfile
    /// What was not carried out, a line each.
    package var notes: [String]
    /// What it is compared with, and what that is called; nil: with nothing.
    package var baseline: (name: String, profile: DatasetProfile)?

    package init(
        title: String, subtitle: String, report: ValidationReport, profile: DatasetProfile,
        notes: [String] = [],
        baseline: (name: String, profile: DatasetProfile)? = nil
    ) {
        self.title = title
        self.subtitle = subtitle
        self.report = report
        self.profile = profile
        self.notes = notes
        self.baseline = baseline
    }

    /// One HTML page without anything outside it, for light and dark.
    package var html: String {
        let drift = baseline.map { DriftReport(reference: $0.profile, current: profile) }
        let cards = profile.columns.map { column in
            card(column, drift?.outcomes.filter { $0.column == column.name } ?? [])
        }
        let body = """
            <header class="\(report.verdict == .failed ? "bad" : "good")">
            <h1>\(markupText(title))</h1>
            <p>\(markupText(subtitle))</p>
            </header>
            \(findings)
            \(legend(drift))
            <main>
            \(cards.joined(separator: "\n"))
            </main>
            """
        return htmlPage(title: title, style: datasetPageStyle, body: body)
    }

    // MARK: What was found

    private var findings: String {
        var lines = report.violations.filter { $0.severity == .fail }.map { line($0, "bad") }
        lines += report.outcomes.filter { $0.severity == .fail }.map { line($0, "bad") }
        lines += report.violations.filter { $0.severity == .warn }.map { line($0, "warn") }
        lines += report.outcomes.filter { $0.severity == .warn }.map { line($0, "warn") }
        if lines.isEmpty {
            let what = notes.isEmpty ? "everything" : "what was carried out"
            lines = ["<li class=\"good\">\(what) is as declared</li>"]
        }
        lines += notes.map { "<li>\(markupText($0, charactersMax: 400))</li>" }
        return "<ul class=\"findings\">\n\(lines.joined(separator: "\n"))\n</ul>"
    }

    private func line(_ violation: Violation, _ tone: String) -> String {
        let column = violation.column.map { " of \($0)" } ?? ""
        return """
            <li class="\(tone)"><b>\(markupText(violation.rule.rawValue + column)): \
            \(violation.total)</b>\(list(violation.occurrences))\(markupText(violation.hint))</li>
            """
    }

    private func list(_ occurrences: [Violation.Occurrence]) -> String {
        guard !occurrences.isEmpty else { return "" }
        let items = occurrences.prefix(Violation.occurrencesMax).map {
            "<li>\(markupText("\($0.place): \($0.message)", charactersMax: 400))</li>"
        }
        return "<ul>\(items.joined())</ul>"
    }

    private func line(_ outcome: CheckOutcome, _ tone: String) -> String {
        """
        <li class="\(tone)"><b>\(markupText(outcome.title))</b> \(markupText(outcome.fact)); \
        \(markupText(outcome.hint))\(list(outcome.places ?? []))</li>
        """
    }

    private func legend(_ drift: DriftReport?) -> String {
        guard let baseline else { return "" }
        let name = markupText(baseline.name, charactersMax: 80)
        let rows = [profile, baseline.profile].map { counted($0.rows, "row") }
        return """
            <p class="legend"><span class="now"></span> this content, \(rows[0]) \
            <span class="before"></span> \(name), \(rows[1])\
            \(drift.map { "; \(markupText($0.dataset.sentence))" } ?? "")</p>
            """
    }

    // MARK: A column

    private func card(_ column: ColumnProfile, _ drift: [DriftOutcome]) -> String {
        let worst =
            drift.contains { $0.verdict == .failed }
            ? "bad" : drift.contains(where: \.isFinding) ? "warn" : "plain"
        let earlier = baseline?.profile.column(column.name)
        let kind = column.kind.rawValue + (column.name == profile.label ? ", label" : "")
        let bars = ColumnBars(column, baseline: earlier).map(chart) ?? "<p>no values</p>"
        let moved = drift.filter(\.isFinding).map {
            let tone = $0.verdict == .failed ? "bad" : "warn"
            return "<li class=\"\(tone)\">\(markupText($0.fact))</li>"
        }
        let facts = facts(column, earlier).map { name, value in
            "<dt>\(markupText(name))</dt><dd>\(markupText(value))</dd>"
        }
        return """
            <section class="\(worst)"><h2>\(markupText(column.name, charactersMax: 120)) \
            <small>\(kind)</small></h2>
            \(bars)
            <dl>\(facts.joined())</dl>
            \(moved.isEmpty ? "" : "<ul>\(moved.joined())</ul>")</section>
            """
    }

    private func facts(
        _ column: ColumnProfile, _ earlier: ColumnProfile?
    ) -> [(name: String, value: String)] {
        func both(_ value: (ColumnProfile) -> String?) -> String? {
            guard let now = value(column) else { return nil }
            let before = earlier.flatMap(value)
            return before == nil || before == now ? now : "\(now) (was \(before ?? ""))"
        }
        var facts: [(name: String, value: String?)] = [
            ("missing", both { percentText(Double($0.missing) / Double(Swift.max(1, $0.rows))) }),
            (
                "different",
                both { column in
                    let error = column.distinct.standardError
                    return "\(column.distinct.count)" + (error > 0 ? " ±\(percentText(error))" : "")
                }
            ),
        ]
        if !column.isPrivate, earlier?.isPrivate != true {
            facts += [
                ("minimum", both(\.leastText)),
                ("median", both { column in column.figureText(\.deciles[5]) }),
                ("mean", both { column in column.figureText(\.mean) }),
                ("maximum", both(\.greatestText)),
            ]
        }
        if column.invalid > 0 { facts.append(("not as declared", "\(column.invalid)")) }
        if column.nonFinite.count > 0 { facts.append(("not finite", "\(column.nonFinite.count)")) }
        if column.kind == .number, !column.isPrivate,
            let share = OutlierChecks.tukey(column).value, share > 0
        {
            facts.append(("outside Tukey's fences", percentText(share)))
        }
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Bars from left to right, the baseline as an outline over each.
    private func chart(_ bars: ColumnBars) -> String {
        let width = 480.0
        let height = 96.0
        let step = width / Double(bars.bars.count)
        let shares: [Double] = bars.bars.map { Swift.max($0.now, $0.before ?? 0) }
        let most = Swift.max(1e-9, shares.max() ?? 0)
        var shapes: [String] = []
        for (index, bar) in bars.bars.enumerated() {
            let x = Double(index) * step
            let title = markupText(
                "\(bar.label): \(percentText(bar.now))"
                    + (bar.before.map { ", was \(percentText($0))" } ?? ""), charactersMax: 160)
            func rectangle(_ share: Double, _ kind: String) -> String {
                let size = height * share / most
                return """
                    <rect class="\(kind)" x="\(shortText(x + step * 0.1))" \
                    y="\(shortText(height - size))" width="\(shortText(step * 0.8))" \
                    height="\(shortText(size))"/>
                    """
            }
            shapes.append(
                "<g><title>\(title)</title>" + rectangle(bar.now, "now")
                    + (bar.before.map { rectangle($0, "before") } ?? "") + "</g>")
        }
        let first = markupText(bars.bars.first?.label ?? "", charactersMax: 32)
        let last = markupText(bars.bars.last?.label ?? "", charactersMax: 32)
        return """
            <svg viewBox="0 0 480 98" role="img" preserveAspectRatio="none">\(shapes.joined())\
            <line x1="0" y1="97" x2="480" y2="97"/></svg>
            <p class="axis"><span>\(first)</span><span>\(last)</span></p>
            """
    }
}

private let datasetPageStyle = """
    :root { --back: #fff; --front: #1c2024; --soft: #5d666f; --line: #d9dee3; --card: #f6f8fa;
      --now: #3b76c4; --before: #b35900; --good: #116329; --bad: #a40e26; --badback: #fdecea;
      --warn: #7a5200; --warnback: #fff4d6; }
    @media (prefers-color-scheme: dark) { :root { --back: #14171a; --front: #e4e8eb;
      --soft: #9aa4ad; --line: #333a41; --card: #1d2125; --now: #5b97e6; --before: #ffb35c;
      --good: #7ee2a0; --bad: #ff9c95; --badback: #3b1a1c; --warn: #ffd479;
      --warnback: #352a10; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1400px; padding: 1rem; background: var(--back);
      color: var(--front); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    header { border-left: 6px solid var(--line); padding: .25rem 0 .25rem 1rem; }
    header.good { border-color: var(--good); } header.bad { border-color: var(--bad); }
    h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
    h2 { font-size: 1rem; margin: 0 0 .5rem; } small { color: var(--soft); font-weight: 400; }
    header p, .legend { color: var(--soft); margin: .25rem 0 0; }
    .legend span { display: inline-block; width: 1em; height: 1em; vertical-align: -.15em; }
    .legend .now { background: var(--now); }
    .legend .before { border: 2px solid var(--before); margin-left: 1em; }
    main { align-items: start; display: grid; gap: 1rem; padding-top: 1rem;
      grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
    section { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: .75rem 1rem; min-width: 0; }
    section.bad { border-color: var(--bad); } section.warn { border-color: var(--warn); }
    ul { list-style: none; margin: .5rem 0 0; padding: 0; } ul ul { padding-left: 1rem; }
    li.good { color: var(--good); }
    li.bad { background: var(--badback); color: var(--bad); }
    li.warn { background: var(--warnback); color: var(--warn); }
    li.bad, li.warn { border-radius: 4px; margin: .25rem 0; padding: .15rem .5rem; }
    svg { display: block; width: 100%; height: 6rem; }
    .now { fill: var(--now); }
    rect.before { fill: none; stroke: var(--before); stroke-width: 2;
      vector-effect: non-scaling-stroke; }
    line { stroke: var(--line); vector-effect: non-scaling-stroke; }
    .axis { display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 .5rem;
      color: var(--soft); font-size: 12px; }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: 0; }
    dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
    @media (max-width: 30rem) { body { padding: .5rem; } section { padding: .5rem; } }
    """
