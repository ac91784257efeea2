import Domain
import Provenance

/// Whether the lines of the notes hold together: all of them, or those behind the place up to
/// which somebody accepted what was there.
struct LogChain: Sendable {
    /// The end of the chain as this daemon saw it last; nil: it never did.
    var remembered: AuditLog.Head?
    /// The last line of what was accepted although it does not hold together.
    var accepted: AuditLog.Head?

    func check(_ lines: [AuditLine]) -> AuditLog.Finding {
        let finding = AuditLog(lines).check(remembered: remembered)
        guard case .broken = finding, let accepted else { return finding }
        return check(lines, behind: accepted)
    }

    private func check(_ lines: [AuditLine], behind accepted: AuditLog.Head) -> AuditLog.Finding {
        guard lines.contains(where: { AuditLog.Head($0) == accepted }) else {
            return .broken(.altered(sequence: accepted.sequence))
        }
        let later = Set(lines.filter { $0.sequence > accepted.sequence })
            .sorted { $0.sequence < $1.sequence }
        var before = accepted
        for line in later {
            guard line.sequence > before.sequence else {
                return .broken(.conflict(sequence: line.sequence))
            }
            guard line.sequence == before.sequence + 1 else {
                return .broken(.missing((before.sequence + 1)...(line.sequence - 1)))
            }
            guard line.previous == before.digest else {
                return .broken(
                    line.previous == nil
                        ? .unlinked(sequence: line.sequence) : .altered(sequence: before.sequence))
            }
            before = AuditLog.Head(line)
        }
        if let remembered, remembered.sequence > before.sequence {
            return .broken(.cutOff(last: before.sequence, remembered: remembered.sequence))
        }
        return .whole(count: Set(lines).count, head: before, unnamed: 0)
    }
}

extension AuditLog.Head {
    init(_ line: AuditLine) { self.init(sequence: line.sequence, digest: line.digest) }
}

/// The decisions in git cannot be believed, so that nothing more is decided.
struct NotesFailure: Error {
    var failure: Failure

    /// The chain of the lines is broken.
    init(_ broken: AuditLog.Break) {
        failure = Failure(
            "the decisions in `\(DecisionLog.ref)` do not hold together: \(broken)",
            at: DecisionLog.ref,
            hint: "\(broken.hint); put back what was there, or accept the loss with "
                + "`slipway rebuild`")
    }

    /// Somebody else wrote decisions.
    init(foreign commit: CommitID, since known: CommitID) {
        failure = Failure(
            "the decisions in `\(DecisionLog.ref)` were written by somebody else: the bot's key "
                + "did not sign \(commit)",
            at: DecisionLog.ref,
            hint: "take them away: git push --force origin \(known):\(DecisionLog.ref), and let "
                + "only the bot push there; or accept them with `slipway rebuild`")
    }

    /// The ref lost what it had.
    init(gone known: CommitID, isDeleted: Bool, isThere: Bool) {
        let mend = "git push --force origin \(known):\(DecisionLog.ref)"
        failure = Failure(
            "the decisions in `\(DecisionLog.ref)` were \(isDeleted ? "deleted" : "rewritten")",
            at: DecisionLog.ref,
            hint: "put them back: \(isThere ? mend : "from a clone that has \(known)"); or accept "
                + "the loss with `slipway rebuild`")
    }
}
