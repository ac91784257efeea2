import Domain
import Forges
import Journal
import Logging
import Provenance

// Statuses: sent, read back, and only then believed.

extension ForgeReporter {
    /// Sends what one commit lacks; returns whether there was such a commit.
    ///
    /// The newest commit comes first, and of a commit what is not green.
    func sendNext() async throws -> Bool {
        if isResting { return false }
        let now = tools.clock()
        let due = pending.values.filter { isDue($0, at: now) }
        guard let first = due.max(by: { rank($0) < rank($1) }) else { return false }
        // Because at no moment a commit may look better than it is.
        let batch = due.filter { $0.commit == first.commit }
            .sorted { ($0.state.order, $0.context) < ($1.state.order, $1.context) }
        var pages: [String: [UInt8]] = [:]
        var sent: [CommitStatus] = []
        for status in batch where try await send(status) { sent.append(status) }
        for status in sent { try await confirm(status, &pages) }
        return true
    }

    private func rank(_ status: CommitStatus) -> (Int, String) {
        (window.first(status.commit, of: status.model), status.commit.hex)
    }

    private func isDue(_ status: CommitStatus, at now: Instant) -> Bool {
        guard let tries = tries[status.key], tries.state == status.state else { return true }
        return tries.next.map { $0 <= now } ?? false
    }

    /// Returns whether the forge may show it now.
    private func send(_ status: CommitStatus) async throws(CallError) -> Bool {
        do throws(CallError) {
            try await call(request(for: status, on: line.forge))
            tools.counts.addStatus()
            return true
        } catch {
            // Because GitLab's word about a transition may mean that it shows what we want.
            guard case .refused(let refusal, let code) = error else { throw error }
            if line.forge.kind == .gitlab, code == 400 { return true }
            failed(status)
            try refused(refusal)
            return false
        }
    }

    /// Reads whether the forge shows it; `pages` are those that were read for the same commit.
    private func confirm(
        _ status: CommitStatus, _ pages: inout [String: [UInt8]]
    ) async throws {
        var number = 1
        while true {
            let request = reading(of: status, page: number, on: line.forge)
            let body: [UInt8]
            if let known = pages[request.url] {
                body = known
            } else {
                do throws(CallError) {
                    body = try await call(request).body
                } catch {
                    guard case .refused(let refusal, _) = error else { throw error }
                    failed(status)
                    return try refused(refusal)
                }
                pages[request.url] = body
            }
            switch try shown(status, body, page: number) {
            case .readOn(let next): number = next
            case .there: return try await believe(status)
            case .other(let word) where isAsOpen(word, status): return try await believe(status)
            case .other, .absent: return failed(status)
            }
        }
    }

    private func shown(
        _ status: CommitStatus, _ body: [UInt8], page: Int
    ) throws(CallError) -> StatusReading {
        do throws(ForgesError) {
            return try statusReading(of: status, in: body, page: page, on: line.forge)
        } catch {
            throw .pause(error.failure, afterSeconds: nil)
        }
    }

    /// GitLab does not go back from running to pending; both say that nothing is decided.
    private func isAsOpen(_ word: String, _ status: CommitStatus) -> Bool {
        let isOpen = status.state == .queued || status.state == .running
        return line.forge.kind == .gitlab && isOpen && ["pending", "running"].contains(word)
    }

    private func believe(_ status: CommitStatus) async throws {
        try await tools.journal.setLedger(
            [
                LedgerRow(
                    about: status.commit.hex, context: status.context,
                    value: String(decoding: canonicalJSON(status), as: UTF8.self))
            ], of: name)
        ledger.confirm(status)
        if pending[status.key] == status { pending[status.key] = nil }
        tries[status.key] = nil
    }

    /// Puts the status off; after many attempts it is left alone until its state changes.
    private func failed(_ status: CommitStatus) {
        let before = tries[status.key].flatMap { $0.state == status.state ? $0.count : nil } ?? 0
        let count = before + 1
        let seconds = Backoff.status.seconds(after: count, random: tools.random())
        let isOver = count >= Backoff.status.attemptsMax
        if isOver {
            tools.logger.error(
                "the forge does not show \(status.context) of \(status.commit.short); given up")
        }
        tries[status.key] = Tries(
            state: status.state, count: count,
            next: isOver ? nil : tools.clock().advanced(bySeconds: seconds))
    }
}

extension CommitStatus.State {
    /// What is not green comes first.
    fileprivate var order: Int {
        switch self {
        case .failure, .error, .cancelled: 0
        case .queued, .running: 1
        case .success: 2
        }
    }
}
