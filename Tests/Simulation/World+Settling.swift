import Domain

/// What must be true when nothing disturbs the daemon any more.
extension World {
    private static let turnsMax = 300

    /// Faults stop and nobody writes; the daemon goes on until it has nothing left to do.
    func settle() {
        hasFaults = false
        earlierLooks = []
        note("faults stop")
        for _ in 0..<Self.turnsMax {
            now = now.advanced(bySeconds: 30)
            for model in Self.models { turn(model) }
            guard checker.violation == nil else { return }
            if Self.models.allSatisfy({ isQuiet($0) }) {
                for environment in Self.environments { follow(environment) }
                return checkSettled()
            }
        }
        checker.fail("not settled after \(Self.turnsMax) turns")
    }

    private func isQuiet(_ model: ModelName) -> Bool {
        guard pending[model]?.isEmpty ?? true else { return false }
        switch lastAction[model] {
        case .settled, .awaitReview: return decide(observe(model)) == lastAction[model]
        default: return false
        }
    }

    /// Reviewers approve whatever waits; returns whether anything did.
    func approveWhatWaits() -> Bool {
        var didApprove = false
        for model in Self.models {
            guard case .awaitReview(let id) = lastAction[model] else { continue }
            for reviewer in Self.reviewers {
                pushTag(model, evidence: id, by: reviewer, kind: .approve)
            }
            didApprove = true
        }
        return didApprove
    }

    private func checkSettled() {
        checker.expect(
            served.filter { !$0.value.isEmpty }
                == repository.deployments.filter { !$0.value.isEmpty },
            "what is served is not what the branches say")
        for model in Self.models { checkSettled(model) }
    }

    private func checkSettled(_ model: ModelName) {
        let ledger = checker.ledgers[model] ?? Ledger()
        let touching = repository.touching[model] ?? []
        for index in touching.dropLast() {
            let commit = repository.commits[index].id
            checker.expect(ledger.closed.contains(commit), "\(commit.short) of \(model) is open")
        }
        for environment in Self.environments {
            let live = served[environment]?[model]
            checker.expect(
                live?.version == ledger.given[environment]?.version
                    && live?.number == ledger.given[environment]?.number,
                "\(environment) does not serve the last assignment of \(model)")
        }
        checkStatus(model)
        guard let head = touching.last else { return }
        checkHead(model, repository.commits[head].id, repository.content(of: model, at: head))
    }

    /// A deleted journal shows the same status.
    private func checkStatus(_ model: ModelName) {
        guard let index = journal.index[model] else { return }
        let head = repository.touching[model]?.last.map { repository.commits[$0].id }
        let rebuilt = ModelRecord(model: model, records: repository.notes.shuffled(with: &dice))
        checker.expect(
            ModelStatus(record: index, head: head, approvalsNeeded: policy.approvals)
                == ModelStatus(record: rebuilt, head: head, approvalsNeeded: policy.approvals)
                && rebuilt == index, "\(model)'s status cannot be rebuilt from the notes")
    }

    private func checkHead(_ model: ModelName, _ head: CommitID, _ content: Content) {
        let ledger = checker.ledgers[model] ?? Ledger()
        let isWaiting = if case .awaitReview = lastAction[model] { true } else { false }
        checker.expect(
            ledger.closed.contains(head) != isWaiting,
            "\(model)'s head \(head.short) has no decision")
        switch content {
        case .absent: checker.expect(ledger.given.isEmpty, "\(model) is gone, but assigned")
        case .broken: checker.expect(!isWaiting, "\(model) is broken, but waits")
        case .candidate(let proposal):
            let wanted = fingerprint(of: model, inputs: proposal.inputs)
            let version = ledger.releases.first { $0.value.candidate == wanted }?.key
            guard let version,
                ledger.everGiven[proposal.environment]?.contains(version) == true,
                ledger.held[proposal.environment]?[version] == nil,
                ledger.runtimes[proposal.environment]?[version]?
                    .contains(servingSettings(proposal.serving).runtime) == true
            else { return }
            let live = served[proposal.environment]?[model]
            checker.expect(
                live?.version == version && live?.serving == servingSettings(proposal.serving),
                "\(model)'s head asks for \(version) as it is, and it is not served")
        }
    }
}

extension Array {
    func shuffled(with dice: inout Dice) -> [Element] {
        var result = self
        for index in result.indices.dropFirst() {
            result.swapAt(index, dice.below(index + 1))
        }
        return result
    }
}
