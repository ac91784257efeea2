package import Domain
import Host
package import Journal

// What the daemon shows of its reporting.

extension DaemonSources {
    /// Returns at most `limit` letters in this state, newest first.
    package func letters(
        state: OutboxRow.State, limit: Int = 100
    ) async throws(Failure) -> [Letter] {
        try await Daemon.letters(in: journal, state: state, limit: limit)
    }

    /// Lets a letter that was given up be tried anew, or all of them; returns how many it were.
    package func retryLetters(_ id: Int64?) async throws(Failure) -> Int {
        guard let id else { return try await Daemon.retryLetters(in: journal, at: Host.now()) }
        try await Daemon.retryLetter(id, in: journal, at: Host.now())
        return 1
    }
}

extension ReportCounts {
    /// The counts together with how many letters wait and how many were given up.
    package func figures(_ journal: Journal) async -> [String: Double] {
        var figures = self.figures
        // Because a page of figures without two of them is better than none.
        let counts = (try? await journal.outboxCounts()) ?? [:]
        figures["slipway_outbox_waiting"] = Double(counts[.waiting] ?? 0)
        figures["slipway_outbox_dead"] = Double(counts[.dead] ?? 0)
        return figures
    }
}

extension Reconciler {
    /// What a forge is told from.
    nonisolated var reportSources: ReportSources {
        ReportSources(
            records: { await self.records },
            approvalsNeeded: { await self.approvalsNeeded($0) },
            lacking: { await self.lacking(of: $0, $1) }, repository: workshop.repository)
    }

    private func lacking(of model: ModelName, _ id: EvidenceID) -> [String] {
        guard let head = headCommit(of: model), records[model]?.outcomes[head] == .waiting(id)
        else { return [] }
        return waits(of: model)
    }
}
