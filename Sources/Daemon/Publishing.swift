import Delivery
import Domain
import Git
import Journal
import Registry

/// Writes what was decided into git: version tags, assignment tags, environment branches.
///
/// Every name follows from the decision, so that writing twice is noticed and changes nothing.
struct Publishing: Sendable {
    let workshop: Workshop

    /// Writes `<model>@<version>` on the release's commit.
    func tagVersion(_ release: Release, of record: ModelRecord) async throws {
        let message = VersionMessage(
            model: record.model, version: release.version, candidate: release.candidate,
            evidence: evidence(release.evidence, record), artifact: release.artifact,
            datasets: release.datasets, approvedBy: release.approvedBy,
            configCommit: release.commit)
        let tag = GTOTag(model: record.model, version: release.version).description
        try await write([NewTag(name: tag, commit: release.commit, message: message.text)])
    }

    /// Writes `<model>#<environment>#<number>` on the commit that has the version's tag.
    func tagAssignment(_ assignment: Assignment, of record: ModelRecord) async throws {
        guard let release = record.release(assignment.version) else {
            throw Failure(
                "\(record.model) \(assignment.version) was assigned and never released",
                hint: "this is a bug in Slipway; report it")
        }
        var evidence: Digest?
        var approvedBy = release.approvedBy
        if case .approved(let id, let by, _) = assignment.cause {
            evidence = self.evidence(id, record)
            approvedBy = by
        }
        let message = AssignmentMessage(
            subject: "\(record.model) \(assignment.version) to \(assignment.environment)",
            candidate: release.candidate, evidence: evidence, approvedBy: approvedBy,
            configCommit: assignment.commit)
        let tag = GTOTag(
            assigning: record.model, to: assignment.environment, number: assignment.number)
        try await write([
            NewTag(name: tag.description, commit: release.commit, message: message.text)
        ])
    }

    /// Writes `<model>#<environment>!#<number>` for each number on its commit, all or none.
    func tagUnassignment(
        _ taken: Unassignment, _ numbers: [Int], of record: ModelRecord
    ) async throws {
        let decisions = try await workshop.journal.decisions(of: record.model)
        let cause = decisions.last { decision in
            guard case .unassigned(let decided) = decision.decision else { return false }
            return decided.number == taken.number
        }
        let tags = try numbers.map { number in
            guard let cause, let commit = taken.commit(of: number) else {
                throw Failure(
                    "\(record.model)#\(number) unassigns what was never assigned to "
                        + "\(taken.environment)", hint: "this is a bug in Slipway; report it")
            }
            let version = record.releases.last { $0.commit == commit }.map { " \($0.version)" }
            let message = AssignmentMessage(
                subject: "\(record.model)\(version ?? "") from \(taken.environment)",
                candidate: nil, evidence: nil, approvedBy: [], configCommit: cause.commit)
            let tag = GTOTag(unassigning: record.model, from: taken.environment, number: number)
            return NewTag(name: tag.description, commit: commit, message: message.text)
        }
        try await write(tags)
    }

    /// Makes the environment's branch say `deployment` of the model; nil takes the model away.
    func deploy(
        _ deployment: Deployment?, of model: ModelName, to environment: EnvironmentName,
        declaration: EnvironmentDeclaration?
    ) async throws {
        let ref = "refs/heads/slipway/\(environment)"
        let tip = try await workshop.repository.ref(ref)
        var changes = [
            FileChange(
                path: DesiredState.path(of: model),
                content: deployment.map { .bytes(encode($0)) } ?? .removed)
        ]
        if let declaration {
            changes.append(
                FileChange(
                    path: DesiredState.environmentPath, content: .bytes(encode(declaration))))
        }
        let subject =
            deployment.map { "\(model) \($0.version) (\(model)#\(environment)#\($0.number))" }
            ?? "\(model) is no longer served"
        let cause = deployment.map { "\n\nConfig-Commit: \($0.commit)" } ?? ""
        let bot = workshop.bot()
        let commit = try await workshop.repository.writeCommit(
            parents: tip.map { [$0] } ?? [], base: tip, changes: changes,
            message: subject + cause + "\n", author: bot, committer: bot)
        let signed = try await workshop.signed(commit)
        try await workshop.upstream.publish([RefUpdate(name: ref, expected: tip, new: signed)])
    }

    /// Brings `environment.json` of a branch up to date; returns whether it had to.
    ///
    /// An environment to which nothing was ever assigned has no branch yet.
    func declare(
        _ declaration: EnvironmentDeclaration, in environment: EnvironmentName
    ) async throws -> Bool {
        let ref = "refs/heads/slipway/\(environment)"
        let bytes = encode(declaration)
        let path = DesiredState.environmentPath
        guard let tip = try await workshop.repository.ref(ref),
            try await workshop.repository.blob(at: tip, path) != bytes
        else { return false }
        let bot = workshop.bot()
        let commit = try await workshop.repository.writeCommit(
            parents: [tip], base: tip, changes: [FileChange(path: path, content: .bytes(bytes))],
            message: "\(environment) is served in another way\n", author: bot, committer: bot)
        let signed = try await workshop.signed(commit)
        try await workshop.upstream.publish([RefUpdate(name: ref, expected: tip, new: signed)])
        return true
    }

    private func evidence(_ id: EvidenceID, _ record: ModelRecord) -> Digest {
        guard let shown = record.shown[id] else {
            preconditionFailure("\(record.model): evidence \(id) was approved and never shown")
        }
        return shown.digest
    }

    private struct NewTag {
        var name: String
        var commit: CommitID
        var message: String
    }

    /// Writes the tags, each a second later than the one before, and publishes all or none.
    private func write(_ tags: [NewTag]) async throws {
        var date = try await nextTagDate()
        var updates: [RefUpdate] = []
        for tag in tags {
            if !updates.isEmpty { date = date.advanced(bySeconds: 1) }
            let object = try await workshop.repository.writeTag(
                name: tag.name, target: tag.commit, message: tag.message,
                tagger: workshop.bot(at: date))
            let signed = try await workshop.signed(object)
            updates.append(RefUpdate(name: "refs/tags/\(tag.name)", expected: nil, new: signed))
        }
        // Taken before it is used, so that a crash in between wastes a second and repeats none.
        try await workshop.journal.setPosition("tag-date", "\(date.seconds)")
        try await workshop.upstream.publish(updates)
    }

    /// GTO orders by tagger date to the second, so no two tags of ours may share one.
    private func nextTagDate() async throws -> Instant {
        let now = workshop.clock()
        let last: Int64
        if let known = try await workshop.journal.position("tag-date").flatMap({ Int64($0) }) {
            last = known
        } else {
            last = try await newestTagDate()
        }
        return Instant(seconds: max(now.seconds, last + 1))
    }

    private func newestTagDate() async throws -> Int64 {
        var newest: Int64 = 0
        for ref in try await workshop.repository.refs(prefix: "refs/tags/")
        where ref.isAnnotatedTag && GTOTag.isMeant(String(ref.name.dropFirst(10))) {
            let tag = try await workshop.repository.tagObject(ref.target)
            newest = max(newest, tag.tagger?.when.seconds ?? 0)
        }
        return newest
    }
}
