import Domain
import Evaluation

/// One thing that waits for reviewers; its JSON is what `slipway review --json` prints.
struct Waiting: Codable, Sendable {
    /// Whether whoever asks may approve it.
    struct Mine: Codable, Sendable {
        var can: Bool
        /// Why; a sentence without a full stop.
        var because: String
    }

    /// A model, or `policy`.
    var model: String
    var evidence: EvidenceID
    /// All 64 digits.
    var evidenceDigest: Digest
    var commit: CommitID
    /// Since when it waits; left out when nobody knows.
    var since: Instant?
    /// What it is, in a few words.
    var what: [String]
    /// Who has approved.
    var approvedBy: [Principal]
    var approvalsNeeded: Int
    /// What is lacking besides, a phrase each.
    var lacking: [String]
    /// Tags that do not count, and why.
    var refused: [String]
    var mine: Mine
    /// What to paste.
    var commands: [String]

    /// Takes away that whoever asks may approve it, and the command for it.
    mutating func forbid(_ because: String) {
        mine = Mine(can: false, because: because)
        commands.removeAll { $0.hasPrefix("slipway approve ") }
    }

    func text(at now: Instant) -> String {
        let age = since.map { ", since \($0) (\(coarse(now.seconds(since: $0))))" } ?? ""
        let have = approvedBy.isEmpty ? "" : ": " + approvedBy.map(\.text).joined(separator: ", ")
        var rows = [("", "\(model)  evidence \(evidence)\(age)")]
        rows += what.map { ("is", $0) }
        rows.append(("has", approvalCount(approvedBy.count, of: approvalsNeeded) + have))
        rows += lacking.map { ("lacks", $0) }
        rows += refused.map { ("refused", $0) }
        rows.append(("you", "\(mine.can ? "can" : "cannot") approve it: \(mine.because)"))
        rows += commands.map { ("do", $0) }
        var last = ""
        return rows.map { label, words in
            guard !label.isEmpty else { return words }
            let shown = label == last ? "" : label
            last = label
            return "  \(shown)\(String(repeating: " ", count: 9 - shown.count))\(words)"
        }.joined(separator: "\n")
    }
}

/// A length of time for people: `3 h`, `2 d`.
private func coarse(_ seconds: Double) -> String {
    let whole = Int(max(0, seconds))
    for (unit, length) in [("d", 86_400), ("h", 3600), ("min", 60)] where whole >= 2 * length {
        return "\(whole / length) \(unit)"
    }
    return "\(whole) s"
}
