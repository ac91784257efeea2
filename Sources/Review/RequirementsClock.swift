import Domain

/// The part of the requirements that depends on the time.
struct ReviewClock {
    private let question: ReviewQuestion
    private let demands: ReviewDemands
    /// The next moment at which one of the answers changes.
    private(set) var changesAt: Instant?

    init(_ question: ReviewQuestion, _ demands: ReviewDemands) {
        self.question = question
        self.demands = demands
    }

    /// Returns which approvals do not count now, and why; a rejection always does.
    mutating func ignoredTags() -> [ObjectID: String] {
        var ignored: [ObjectID: String] = [:]
        for sight in question.tags where sight.tag.kind == .approve {
            var reasons: [String] = []
            if demands.hardwareKey, !sight.isHardware {
                reasons.append("its key is not in hardware")
            }
            if let seconds = demands.approvalsExpireSeconds {
                let end = sight.firstSeen.advanced(bySeconds: Double(seconds))
                if isOver(end) {
                    reasons.append(
                        "it expired at \(end), \(inWords(seconds)) after its first sight")
                }
            }
            if !reasons.isEmpty {
                ignored[sight.tag.tag] = reasons.joined(separator: "; ")
            }
        }
        return ignored
    }

    /// Returns why nothing may be released now; nil: it may.
    mutating func blocked() -> Seen.Blocked? {
        let found = freezes() + soaks() + [oldEvidence(), unknownPusher()].compactMap { $0 }
        guard !found.isEmpty else { return nil }
        var reasons: [String] = []
        for reason in found.map(\.reason) where !reasons.contains(reason) {
            reasons.append(reason)
        }
        // Because what has no end must be changed by somebody before the time helps.
        let ends = found.compactMap(\.until)
        return Seen.Blocked(
            reason: reasons.joined(separator: "; "),
            until: ends.count == found.count ? ends.max() : nil)
    }

    private mutating func freezes() -> [Seen.Blocked] {
        var found: [Seen.Blocked] = []
        for freeze in question.trusted.policy.freezes + question.own.freezes
        where freeze.concerns(question.environment) {
            guard isOver(freeze.from), !isOver(freeze.until) else { continue }
            found.append(
                Seen.Blocked(
                    reason: "frozen until \(freeze.until): \(freeze.reason)", until: freeze.until))
        }
        return found
    }

    /// Whoever is released to the environment in which a candidate soaks cannot have soaked there.
    private mutating func soaks() -> [Seen.Blocked] {
        var found: [Seen.Blocked] = []
        for (environment, seconds) in demands.soaks.sorted(by: { $0.key < $1.key })
        where environment != question.environment && question.model != .policy {
            let needed = "\(inWords(seconds)) in \(environment) come first"
            guard let since = question.soakedSince[environment] else {
                found.append(
                    Seen.Blocked(reason: "\(needed), and it is not assigned there", until: nil))
                continue
            }
            let end = since.advanced(bySeconds: Double(seconds))
            guard !isOver(end) else { continue }
            found.append(
                Seen.Blocked(reason: "\(needed): it is there since \(since)", until: end))
        }
        return found
    }

    private mutating func oldEvidence() -> Seen.Blocked? {
        guard let since = question.evidenceSince, let seconds = demands.evidenceMaxAgeSeconds,
            isOver(since.advanced(bySeconds: Double(seconds)))
        else { return nil }
        return Seen.Blocked(
            reason: "the evidence of \(since) is older than \(inWords(seconds))", until: nil)
    }

    /// Because a rule that nobody can follow must not be one that everybody passes.
    func unknownPusher() -> Seen.Blocked? {
        guard demands.exclude.contains(.lastPusher), question.pushers.isEmpty else { return nil }
        return Seen.Blocked(
            reason: "nobody said who pushed, and `last-pusher` is excluded: a hook of the server "
                + "must say so (slipway hook install --server, docs/hooks.md)", until: nil)
    }

    /// Whether a moment is now or before; one that is still to come is remembered.
    private mutating func isOver(_ moment: Instant) -> Bool {
        guard moment > question.now else { return true }
        changesAt = changesAt.map { min($0, moment) } ?? moment
        return false
    }
}

/// A duration as people write it: `30d`, `90m`.
func inWords(_ seconds: Int) -> String {
    for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] where seconds % length == 0 {
        return "\(seconds / length)\(unit)"
    }
    return "\(seconds)s"
}
