import Domain
import Git
import Journal
import Logging
import Planning

// Who pushed what, and why: what the server's hook said becomes a decision like any other.

extension Reconciler {
    /// How many turns look for a push that is not on the branch, before it is forgotten.
    private static let missesMax = 20
    /// How many commits of one push are asked about.
    private static let commitsMax = 10_000

    /// The server's hook tells of a push; recorded in a turn that has followed the branch there.
    nonisolated func pushed(_ hint: PushHint) {
        if !pushHints.add(hint) {
            workshop.logger.warning("too many pushes at once: who pushed some is not recorded")
        }
    }

    /// The bot has put a commit on the watched branch itself, where no hook tells of it.
    nonisolated func botPushed(_ new: CommitID, on old: CommitID, branch: String) {
        let push = Push(
            by: workshop.configuration.bot.name, ref: "refs/heads/\(branch)", byBot: true)
        pushed(PushHint(old: old, new: new, push: push))
    }

    /// Records the pushes that earlier turns have followed, before anybody's approval counts.
    ///
    /// A turn later than the commits themselves, so that no run waits for a note.
    func recordPushes() async throws {
        guard scan.head != nil else { return }
        let waiting = pushHints.takeAll()
        do {
            var entries: [DecisionLog.Entry] = []
            var later: [PushHint] = []
            var known: Set<PushHint> = []
            for hint in waiting
            where hint.push.ref == "refs/heads/\(branch)" && known.insert(hint).inserted {
                if try await isFollowed(hint.new) {
                    entries += try await self.entries(of: hint)
                } else if hint.misses < Self.missesMax {
                    later.append(hint)
                    later[later.count - 1].misses += 1
                }
            }
            if !entries.isEmpty {
                for decision in try await log.append(entries, "pushed") { await apply(decision) }
            }
            for hint in later { _ = pushHints.add(hint) }
        } catch {
            // Because a push that is not recorded now is to be recorded later.
            for hint in waiting { _ = pushHints.add(hint) }
            throw error
        }
    }

    private func isFollowed(_ commit: CommitID) async throws -> Bool {
        guard let head = scan.head, try await isCommit(commit) else { return false }
        return try await workshop.repository.isAncestor(commit, of: head)
    }

    /// Whether what a hook named is there, and a commit: whoever reaches the socket may say more.
    private func isCommit(_ id: ObjectID) async throws -> Bool {
        guard !id.isZero else { return false }
        do throws(GitError) {
            _ = try await workshop.repository.commit(id)
            return true
        } catch {
            switch error {
            case .notFound, .wrongKind: return false
            default: throw error
            }
        }
    }

    /// One entry for each model that a commit of the push touched, and for policy.
    private func entries(of hint: PushHint) async throws -> [DecisionLog.Entry] {
        var old: CommitID?
        if try await isCommit(hint.old) { old = hint.old }
        let commits = try await commits(after: old, upTo: hint.new)
        let push = hint.push
        var entries: [DecisionLog.Entry] = []
        for commit in commits {
            let names =
                records.filter { $0.value.outcomes[commit] != nil }.map(\.key)
                + touched.filter { $0.value.contains(commit) }.map(\.key)
            for model in Set(names).sorted() {
                if records[model]?.pushes[commit]?.contains(push) ?? false { continue }
                entries.append(.init(model, .init(commit, .pushed(push))))
            }
        }
        for commit in try await desk.policyCommits(from: hint.new, notFrom: old, scan.plan) {
            if desk.record.pushes[commit]?.contains(push) ?? false { continue }
            entries.append(.init(.policy, .init(commit, .pushed(push))))
        }
        return entries
    }

    /// A rewritten branch, or a new one, counts as one step.
    private func commits(after old: CommitID?, upTo new: CommitID) async throws -> [CommitID] {
        guard let old else { return [new] }
        switch try await workshop.repository.firstParentCommits(
            after: old, upTo: new, limit: Self.commitsMax)
        {
        case .commits(let commits): return commits
        case .notAnAncestor: return [new]
        }
    }

    private func apply(_ decision: DecisionRecord) async {
        tell(decision)
        guard decision.model != .policy else { return desk.apply(decision) }
        let model = decision.model
        records[model, default: ModelRecord(model: model)].apply(decision.kept)
        mark(model)
        guard case .pushed(let push) = decision.decision, let record = records[model] else {
            return
        }
        let runs = record.runCommits.filter { $0.value == decision.commit }.keys
        guard let number = runs.max() else { return }
        let run = RunID(model: model, number: number)
        do {
            // Because a run that has not begun takes them up when it does.
            guard try await workshop.journal.run(run) != nil else { return }
            try await RunProgress.note([push], of: run, in: workshop)
        } catch {
            workshop.logger.error("\(run): \(failure(of: error).what)")
        }
    }
}
