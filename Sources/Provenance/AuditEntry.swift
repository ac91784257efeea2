package import Domain

/// One line of `slipway log`: who did what, when, with which key.
package struct AuditEntry: Hashable, Encodable, Sendable {
    /// Whose doing it was, as far as git can say.
    package enum Actor: Hashable, Sendable {
        /// The bot, by the rules.
        case bot
        /// A reviewer, by a signature that was good.
        case reviewer(Principal)
        /// Whoever wrote the commit, by its own say alone.
        case author(String)
        /// Whoever pushed, by the name that the server knows them by.
        case pusher(String)
        case unknown
    }

    package var sequence: Int
    package var at: Instant
    package var model: ModelName
    package var who: Actor
    /// One sentence without a full stop.
    package var what: String
    /// Of the key that signed, as `ssh-keygen -l` prints it.
    package var key: String?
    /// The tag that it is about.
    package var ref: String?
    /// The commit whose note says so.
    package var commit: CommitID

    /// Makes the entry of a record; `author` knows who wrote a commit, nil when that is unknown.
    package init(_ record: DecisionRecord, author: (CommitID) -> String? = { _ in nil }) {
        sequence = record.sequence
        at = record.at
        model = record.model
        commit = record.commit
        who = actor(of: record, author)
        what = oneLine(sentence(of: record))
        if case .seen(let tag) = record.decision { key = tag.keyFingerprint }
        ref = tagRef(of: record)
    }

    /// Returns the entries of all records in their order, each once; a rejection has the key of
    /// the tag that said it.
    package static func entries(
        of records: some Sequence<DecisionRecord>, author: (CommitID) -> String? = { _ in nil }
    ) -> [AuditEntry] {
        var entries: [AuditEntry] = []
        var refusals: [Said: SeenTag] = [:]
        var last = 0
        for record in records.sorted(by: { $0.sequence < $1.sequence })
        where record.sequence > last {
            last = record.sequence
            var entry = AuditEntry(record, author: author)
            switch record.decision {
            case .seen(let tag):
                guard tag.kind == .reject, tag.refusal == nil, let evidence = tag.evidence,
                    let principal = tag.principal
                else { break }
                refusals[Said(model: record.model, evidence: evidence, by: principal)] = tag
            case .rejected(let evidence, let principal):
                let said = Said(model: record.model, evidence: evidence, by: principal)
                entry.key = refusals[said]?.keyFingerprint
                entry.ref = refusals[said]?.ref
            case .started, .superseded, .broken, .failed, .judged, .tagDeleted, .released,
                .assigned, .held, .lifted, .alreadyLive, .unassigned, .removed, .previewStarted,
                .previewed, .pushed, .policyProposed, .policyAdopted:
                break
            }
            entries.append(entry)
        }
        return entries
    }

    private struct Said: Hashable {
        var model: ModelName
        var evidence: EvidenceID
        var by: Principal
    }
}

extension AuditEntry.Actor: CustomStringConvertible, Encodable {
    package var description: String {
        switch self {
        case .bot: "slipway"
        case .reviewer(let principal): oneLine(principal.text)
        case .author(let text), .pusher(let text): oneLine(text)
        case .unknown: "?"
        }
    }

    private enum Key: String, CodingKey { case kind, name }

    /// `{"kind": "reviewer", "name": "ada@example.org"}`; the kinds are `bot`, `reviewer`,
    /// `author`, `pusher` and `unknown`, and only the middle three have a name.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .bot: try object.encode("bot", forKey: .kind)
        case .reviewer(let principal):
            try object.encode("reviewer", forKey: .kind)
            try object.encode(principal, forKey: .name)
        case .author(let text):
            try object.encode("author", forKey: .kind)
            try object.encode(text, forKey: .name)
        case .pusher(let text):
            try object.encode("pusher", forKey: .kind)
            try object.encode(text, forKey: .name)
        case .unknown: try object.encode("unknown", forKey: .kind)
        }
    }
}

/// Returns whose doing a decision was: what follows from a commit alone is its author's.
private func actor(
    of record: DecisionRecord, _ author: (CommitID) -> String?
) -> AuditEntry.Actor {
    switch record.decision {
    case .seen(let tag): tag.principal.map { .reviewer($0) } ?? .unknown
    case .rejected(_, let principal): .reviewer(principal)
    case .tagDeleted: .unknown
    case .broken, .alreadyLive, .unassigned, .removed:
        author(record.commit).map { .author($0) } ?? .bot
    case .superseded(let newer): author(newer).map { .author($0) } ?? .bot
    case .assigned(let assignment):
        switch assignment.cause {
        case .reverted: author(assignment.commit).map { .author($0) } ?? .bot
        case .approved: .bot
        }
    case .pushed(let push): push.by.map { .pusher($0) } ?? .unknown
    case .policyProposed: author(record.commit).map { .author($0) } ?? .bot
    case .started, .failed, .judged, .released, .held, .lifted, .previewStarted, .previewed,
        .policyAdopted:
        .bot
    }
}

private func tagRef(of record: DecisionRecord) -> String? {
    switch record.decision {
    case .seen(let tag): tag.ref
    case .tagDeleted(_, let ref): ref
    case .released(let release): "refs/tags/\(record.model)@\(release.version)"
    case .assigned(let assignment):
        "refs/tags/\(record.model)#\(assignment.environment)#\(assignment.number)"
    // Of several tags the last takes back what was served.
    case .unassigned(let taken):
        "refs/tags/\(record.model)#\(taken.environment)!#\(taken.numbers.upperBound - 1)"
    case .started, .superseded, .broken, .failed, .judged, .rejected, .held, .lifted,
        .alreadyLive, .removed, .policyProposed, .policyAdopted:
        nil
    case .previewStarted(_, _, let ref): ref
    case .pushed(let push): push.ref
    case .previewed(let preview): preview.ref
    }
}
