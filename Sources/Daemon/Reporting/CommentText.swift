import Domain
import Journal

/// What the comment under a pull request says about a model at a commit, in Markdown.
///
/// Everything that comes from the repository is written as text: it can make no link, no heading
/// and no mention.
struct CommentText: Sendable {
    private let model: ModelName
    private let commit: CommitID
    private let record: ModelRecord
    private let judgement: Judgement?
    private let baseline: Report?
    private let approvalsNeeded: Int?
    private let link: String?
    /// The commit is on no watched branch.
    let isPreview: Bool

    private let metricsMax = 20
    private let rulesMax = 20

    init(
        model: ModelName, commit: CommitID, journal: Journal, approvalsNeeded: Int?, link: String?
    ) async throws(JournalError) {
        let records = try await journal.decisions(of: model, about: commit)
        self.model = model
        self.commit = commit
        self.approvalsNeeded = approvalsNeeded
        self.link = link
        record = ModelRecord(model: model, records: records)
        isPreview = record.outcomes[commit] == nil
        judgement = records.compactMap(\.judgement).last
        var baseline: Report?
        if let version = judgement?.baseline {
            let all = try await journal.releases(of: model)
            if let release = all.last(where: { $0.version == version }) {
                baseline = try await journal.decisions(of: model, about: release.commit)
                    .compactMap(\.judgement).last { $0.candidate == release.candidate }?.report
            }
        }
        self.baseline = baseline
    }

    /// nil: there is nothing to say.
    var markdown: String? {
        guard let headline else { return nil }
        var lines = ["### Slipway: `\(model)` \(headline.title)", ""]
        lines.append("Commit \(commit.short)" + (runText.map { ", run `\($0)`." } ?? "."))
        // Because a line of GitLab that begins with `/` is a command, unless it is quoted.
        if !headline.words.isEmpty { lines += ["", "> " + safe(headline.words)] }
        if let judgement {
            lines += metricLines(judgement)
            lines += gateLines(judgement)
        }
        lines += reviewLines
        if let link { lines += ["", "[The whole report](\(link))"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private var runText: String? {
        record.runCommits.keys.max().map { "\(model)/\($0)" }
    }

    /// What happened last, in a word or two, and what it means.
    private var headline: (title: String, words: String)? {
        switch record.outcomes[commit] {
        case nil: return previewHeadline
        case .superseded: return nil
        case .started: return ("is running", "")
        case .broken(let problems): return ("is broken", sentence(problems))
        case .failed(_, let failure):
            return ("failed", failure.what)
        case .waiting: return ("waits for review", "")
        case .stopped: return ("was stopped at the gate", "")
        case .rejected(_, let principal): return ("was rejected", "By \(principal).")
        case .assigned(let version, let environment):
            return ("is released", "\(version) is assigned to \(environment).")
        case .alreadyLive(let version, let environment):
            return ("is live already", "\(version) in \(environment).")
        case .removed: return ("is removed", "")
        }
    }

    private var previewHeadline: (title: String, words: String)? {
        guard let preview = record.previews[commit] else { return nil }
        switch (preview.isOver, preview.verdict) {
        case (false, _): return ("is running", "A preview: nothing is released from it.")
        case (true, .passed?):
            return ("would pass", "A preview: merged as it is, nothing has to run again.")
        case (true, .failed?), (true, .notEnoughEvidence?):
            return ("would be stopped at the gate", "A preview: nothing is released from it.")
        case (true, nil): return ("was not measured", "The preview failed or was replaced.")
        }
    }

    private func sentence(_ problems: [Diagnostic]) -> String {
        guard let first = problems.first else { return "" }
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return "\(first.place): \(first.message)\(more)"
    }

    // MARK: What was measured

    private func metricLines(_ judgement: Judgement) -> [String] {
        let metrics = judgement.report.metrics.prefix(metricsMax)
        guard !metrics.isEmpty else { return [] }
        let other = judgement.baseline.map { "\($0)" } ?? "nothing was assigned"
        var lines = [
            "", "| metric | this | \(safe(other)) | change |", "|---|---:|---:|---:|",
        ]
        for metric in metrics {
            let before = baseline?.metric(metric.name)?.value
            var change = ""
            if let value = metric.value, let before {
                change = (value >= before ? "+" : "") + rounded(value - before)
            }
            lines.append(
                "| \(safe(metric.name)) | \(figure(metric)) | \(before.map(rounded) ?? "") "
                    + "| \(change) |")
        }
        if judgement.report.rows > 0 {
            lines += ["", "Measured on \(judgement.report.rows) rows."]
        }
        return lines
    }

    private func figure(_ metric: Metric) -> String {
        guard let value = metric.value else { return "undefined" }
        guard let low = metric.low, let high = metric.high else { return rounded(value) }
        return "\(rounded(value)) (\(rounded(low)) to \(rounded(high)))"
    }

    private func gateLines(_ judgement: Judgement) -> [String] {
        let words =
            switch judgement.verdict.outcome {
            case .passed: "passed"
            case .failed: "**failed**"
            case .notEnoughEvidence: "**not enough evidence**"
            }
        var lines = ["", "Gate: \(words)."]
        let stoppers = judgement.verdict.rules.filter {
            $0.outcome == .failed || $0.outcome == .notEnoughEvidence
        }
        for rule in stoppers.prefix(rulesMax) {
            let about = rule.about.map { " (\($0))" } ?? ""
            let met = rule.value.map(rounded) ?? "undefined"
            let limit = rule.limit.map(rounded) ?? "none"
            lines.append("- \(safe(rule.rule + about)): \(met), the limit is \(limit)")
        }
        return lines
    }

    private var reviewLines: [String] {
        guard case .waiting(let id) = record.outcomes[commit] else { return [] }
        let have = Set(
            record.tags.filter {
                $0.evidence == id && $0.kind == .approve && $0.refusal == nil
                    && !record.voidTags.contains($0.tag)
            }.compactMap(\.principal)
        ).sorted()
        let of = approvalsNeeded.map { " of \($0)" } ?? ""
        let who = have.isEmpty ? "" : " (\(safe(have.map(\.text).joined(separator: ", "))))"
        return [
            "", "Evidence: `\(id)`. Approvals: \(have.count)\(of)\(who).", "", "Approve it with",
            "", "```sh", "slipway approve \(model) --evidence \(id)", "```",
        ]
    }
}

extension DecisionRecord {
    /// What the gate said, for a release or in a preview.
    fileprivate var judgement: Judgement? {
        switch decision {
        case .judged(let judgement): return judgement
        case .previewed(let preview):
            if case .judged(let judgement) = preview.end { return judgement }
            return nil
        default: return nil
        }
    }
}

private func rounded(_ number: Double) -> String { "\((number * 10_000).rounded() / 10_000)" }

/// Returns foreign text as Markdown that shows just that text, on one line of bounded length.
func safe(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(500) {
        switch scalar {
        case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "(", ")", "|":
            result += "\\\(scalar)"
        // Because a backslash stops no mention of people, issues or labels.
        case "@", "#", "!", "~", "&", "%", "$": result += "\(scalar)\u{200B}"
        // Because an address would become a link.
        case "/" where result.hasSuffix(":"): result += "\u{200B}/"
        case "\n", "\r", "\t": result += " "
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
