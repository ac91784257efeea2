package import Domain

/// What one forge confirmed to show, and what it must still be told.
package struct StatusLedger: Hashable, Codable, Sendable {
    package let kind: Forge.Kind
    private var confirmed: [CommitStatus.Key: CommitStatus] = [:]

    package init(kind: Forge.Kind) { self.kind = kind }

    package var count: Int { confirmed.count }

    /// The forge confirmed the status, or a reading showed it.
    package mutating func confirm(_ status: CommitStatus) { confirmed[status.key] = status }

    /// Nothing more is known of the commit's statuses, for example because a reading differs.
    package mutating func forget(_ key: CommitStatus.Key) { confirmed[key] = nil }

    /// Forgets what is about other commits, so that the ledger stays as small as what is watched.
    package mutating func keep(only commits: Set<CommitID>) {
        confirmed = confirmed.filter { commits.contains($0.key.commit) }
    }

    /// Returns what to send so that the forge shows what is wanted: all statuses of the commits
    /// and models in `wanted`, derived from the record at one moment.
    ///
    /// A status is sent when the forge's word for it changes, never for its description alone. One
    /// that was confirmed and is wanted no more is flipped, so that nothing stays green that is
    /// void. What is not green is sent first: at no moment may a commit look better than it is.
    package func missing(from wanted: [CommitStatus]) -> [CommitStatus] {
        var last: [CommitStatus.Key: CommitStatus] = [:]
        for status in wanted { last[status.key] = status }
        let changed = last.values.filter { status in
            let word = confirmed[status.key]?.state.word(on: kind)
            return word != status.state.word(on: kind)
        }
        return (changed + voided(last)).sorted { left, right in
            (left.rank, left.commit, left.context) < (right.rank, right.commit, right.context)
        }
    }

    private func voided(_ wanted: [CommitStatus.Key: CommitStatus]) -> [CommitStatus] {
        var isOpen: [Subject: Bool] = [:]
        for status in wanted.values {
            isOpen[status.subject, default: false] =
                isOpen[status.subject, default: false] || status.state.isOpen
        }
        return confirmed.values.compactMap { status in
            guard wanted[status.key] == nil, let isOpen = isOpen[status.subject] else { return nil }
            var flipped = status
            flipped.state = isOpen ? .queued : .cancelled
            flipped.description =
                "no longer holds: " + (isOpen ? "decided anew" : "nothing is decided")
            let isThere = status.state.word(on: kind) == flipped.state.word(on: kind)
            return isThere ? nil : flipped
        }
    }
}

private struct Subject: Hashable {
    var instance: InstanceName
    var commit: String
    var model: String
}

extension CommitStatus {
    fileprivate var subject: Subject {
        Subject(instance: instance, commit: commit.hex, model: model.text)
    }

    fileprivate var rank: Int {
        switch state {
        case .failure, .error, .cancelled: 0
        case .queued, .running: 1
        case .success: 2
        }
    }
}

extension CommitStatus.State {
    fileprivate var isOpen: Bool { self == .queued || self == .running }
}
