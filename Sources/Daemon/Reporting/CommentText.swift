import Domain
import Evaluation
import Journal

/// What the comment under a pull request says about a model at a commit: how far it came, and the
/// review sheet where the gate has judged it.
///
/// It says what was decided. What changes by time alone, such as that a model rests, would stand
/// there longer than it holds.
struct CommentText: Sendable {
    private let model: ModelName
    private let commit: CommitID
    private let record: ModelRecord
    private let link: String?
    private let sheet: ReviewSheet?
    /// The commit is on no watched branch.
    let isPreview: Bool

    /// `sheet` is that of what the gate said about the commit; nil: it has said nothing.
    init(record: ModelRecord, commit: CommitID, sheet: ReviewSheet?, link: String?) {
        model = record.model
        self.commit = commit
        self.record = record
        self.sheet = sheet
        self.link = link
        isPreview = record.outcomes[commit] == nil
    }

    /// Markdown of at most so many UTF-16 units; nil: there is nothing to say.
    func markdown(unitsMax: Int) -> String? {
        guard let headline else { return nil }
        var head = "**Slipway: \(model) \(headline.title)** at commit \(commit.short)\n"
        // Because a line of GitLab that begins with `/` is a command, unless it is quoted.
        if !headline.words.isEmpty { head += "\n> \(markdownText(headline.words))\n" }
        let foot = link.map { "\n[The whole report](\($0))\n" } ?? ""
        guard let sheet else { return head + foot }
        let room = unitsMax - head.utf16.count - foot.utf16.count - 1
        return head + "\n" + Evaluation.markdown(of: sheet, unitsMax: room) + foot
    }

    /// What happened last, in a word or two, and what it means.
    private var headline: (title: String, words: String)? {
        switch record.outcomes[commit] {
        case nil: return previewHeadline
        case .superseded: return nil
        case .started: return ("is running", "")
        case .broken(let problems): return ("is broken", sentence(problems))
        case .failed(_, let failure): return ("failed", failure.what)
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
}
