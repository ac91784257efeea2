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
        try await write(tag, on: release.commit, message.text)
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
        try await write(tag.description, on: release.commit, message.text)
    }

    /// Writes `<model>#<environment>!#<number>` on the commit of the version that was assigned.
    func tagUnassignment(
        from environment: EnvironmentName, number: Int, of record: ModelRecord
    ) async throws {
        let last = record.assignments.last { $0.environment == environment && $0.number < number }
        guard let last, let release = record.release(last.version) else {
            throw Failure(
                "\(record.model)#\(number) unassigns what was never assigned to \(environment)",
                hint: "this is a bug in Slipway; report it")
        }
        let decisions = try await workshop.journal.decisions(of: record.model)
        let cause = decisions.last {
            $0.decision == .unassigned(environment: environment, number: number)
        }
        let message = AssignmentMessage(
            subject: "\(record.model) from \(environment)", candidate: nil, evidence: nil,
            approvedBy: [], configCommit: cause?.commit ?? last.commit)
        let tag = GTOTag(unassigning: record.model, from: environment, number: number)
        try await write(tag.description, on: release.commit, message.text)
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

    private func write(_ tag: String, on commit: CommitID, _ message: String) async throws {
        let tagger = workshop.bot(at: try await nextTagDate())
        let object = try await workshop.repository.writeTag(
            name: tag, target: commit, message: message, tagger: tagger)
        let signed = try await workshop.signed(object)
        // Taken before it is used, so that a crash in between wastes a second and repeats none.
        try await workshop.journal.setPosition("tag-date", "\(tagger.when.seconds)")
        try await workshop.upstream.publish([
            RefUpdate(name: "refs/tags/\(tag)", expected: nil, new: signed)
        ])
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
