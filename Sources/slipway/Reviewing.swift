import Domain
import Host
import Review

/// Makes one signed tag about the evidence at hand, pushes it, and waits for its effect.
struct Reviewing {
    private let options: ReviewOptions
    private let kind: Approval.Kind
    private let comment: String
    private var model: ModelName { options.model }

    init(_ options: ReviewOptions, _ kind: Approval.Kind, comment: String) {
        self.options = options
        self.kind = kind
        self.comment = comment
    }

    func run() async throws {
        let clone = try await Clone.find()
        try await requireKey(clone)
        let client = try await options.daemon.client()
        let report = try await client.get(ReportView.self, "/api/v1/models/\(model)/report")
        let digest = try evidence(of: report)
        await Console.put(text(of: report))
        let name = try await tagName(clone, EvidenceID(digest))
        try await requireCommit(clone, report.commit)
        let force = try await isFreeToReplace(clone, name, report)
        let tag: ObjectID
        if let force {
            tag = try await makeTag(clone, name, report, digest)
            try await push(clone, name, replacing: force)
            await Console.say("pushed \(name.tag)")
        } else {
            let text = try await remoteTag(clone, name)
            guard let text else { throw Stop(.internalError, "the tag vanished", at: name.ref) }
            tag = text
            await Console.say("\(name.tag) was pushed before")
        }
        try await outcome(of: tag, report, client)
    }

    private func evidence(of report: ReportView) throws -> Digest {
        guard let digest = report.evidenceDigest else {
            throw Stop(
                .refused, "the gate did not pass \(report.run), so there is nothing to review",
                at: "commit \(report.commit.short)", hint: "slipway report \(model)")
        }
        let id = EvidenceID(digest)
        if let asked = options.evidence, asked != id.hex {
            throw Stop(
                .refused, "the evidence is \(id) now, not \(asked)",
                at: "\(report.run), commit \(report.commit.short)",
                hint: "read it anew: slipway report \(model)")
        }
        return digest
    }

    private func tagName(_ clone: Clone, _ id: EvidenceID) async throws -> ApprovalName {
        var reviewer = options.principal
        if reviewer == nil { reviewer = await clone.setting("slipway.reviewer") }
        if reviewer == nil { reviewer = await clone.setting("user.email") }
        guard let reviewer else {
            throw Stop(
                .wrong, "nobody knows who you are", at: clone.folder,
                hint: "git config user.email ada@example.org, as in allowed_signers; or --as")
        }
        let principal = Principal(reviewer)
        guard
            let name = ApprovalName(kind: kind, model: model, evidence: id, reviewer: principal)
        else { throw Stop(.wrong, "`\(reviewer)` cannot be part of a tag's name") }
        return name
    }

    private func requireKey(_ clone: Clone) async throws {
        for key in ["user.signingkey", "gpg.ssh.defaultKeyCommand"] {
            if await clone.setting(key) != nil { return }
        }
        throw Stop(
            .wrong, "git has no key to sign with", at: clone.folder,
            hint: "git config gpg.format ssh && git config user.signingkey ~/.ssh/id_ed25519.pub")
    }

    private func requireCommit(_ clone: Clone, _ commit: CommitID) async throws {
        let question = ["cat-file", "-e", "\(commit.hex)^{commit}"]
        if try await clone.run(question).status.isSuccess { return }
        try await clone.git("fetch", "--quiet", options.remote)
        guard try await clone.run(question).status.isSuccess else {
            throw Stop(
                .notFound, "`\(options.remote)` does not have the commit \(commit.short)",
                at: clone.folder, hint: "is this a clone of the watched repository? --remote NAME")
        }
    }

    private func remoteTag(_ clone: Clone, _ name: ApprovalName) async throws -> ObjectID? {
        let lines = try await clone.git("ls-remote", "--", options.remote, name.ref)
        let words = lines.split(separator: "\n").lazy.map { $0.split(separator: "\t") }
        return words.first { $0.last == name.ref[...] }.flatMap { ObjectID(String($0[0])) }
    }

    /// What a push may replace: nothing (the zero id), or a tag that was refused; nil: a tag of
    /// this name is there and counts or has not been looked at.
    private func isFreeToReplace(
        _ clone: Clone, _ name: ApprovalName, _ report: ReportView
    ) async throws -> ObjectID? {
        guard let present = try await remoteTag(clone, name) else { return .zero }
        let seen = report.tags.first { $0.tag == present }
        return seen?.refusal == nil ? nil : present
    }

    private func makeTag(
        _ clone: Clone, _ name: ApprovalName, _ report: ReportView, _ digest: Digest
    ) async throws -> ObjectID {
        let message = approvalMessage(
            comment: comment, evidence: digest, lifts: report.evidence?.lifts)
        let result = try await clone.run(
            [
                "-c", "gpg.format=ssh", "tag", "--sign", "--force", "--cleanup=verbatim",
                "--file=-", name.tag, report.commit.hex,
            ], input: Array(message.utf8))
        guard result.status.isSuccess else {
            throw Stop(
                .wrong, "git could not sign the tag: \(lastWords(result.errorText))",
                at: clone.folder,
                hint: "a key with a passphrase must be in your agent: ssh-add")
        }
        let id = try await clone.git("rev-parse", "--verify", name.ref)
        guard let tag = ObjectID(id) else {
            throw Stop(.internalError, "git names the tag `\(id)`", at: name.ref)
        }
        return tag
    }

    private func push(
        _ clone: Clone, _ name: ApprovalName, replacing old: ObjectID
    ) async throws {
        let lease = "--force-with-lease=\(name.ref):\(old.isZero ? "" : old.hex)"
        let result = try await clone.run(
            ["push", "--quiet", lease, options.remote, "\(name.ref):\(name.ref)"])
        guard result.status.isSuccess else {
            throw Stop(
                .refused, "the tag was not pushed: \(lastWords(result.errorText))", at: name.ref,
                hint: "git push \(options.remote) \(name.ref)")
        }
    }
}

extension Reviewing {
    /// Waits until the daemon has looked at the tag, and then for what follows from it.
    private func outcome(
        of tag: ObjectID, _ report: ReportView, _ client: APIClient
    ) async throws {
        let end = monotonicSeconds() + options.wait.value
        let query = [("run", "\(report.run.number)")]
        var counted: ReportView?
        while monotonicSeconds() < end {
            let path = "/api/v1/models/\(model)"
            let now = try await client.get(ReportView.self, "\(path)/report", query)
            if let seen = now.tags.first(where: { $0.tag == tag }) {
                if let refusal = seen.refusal {
                    throw Stop(
                        .refused, "it does not count: \(refusal)", at: seen.ref, hint: seen.hint)
                }
                counted = now
                let status = try await client.get(ModelStatus.self, path)
                if status.evidence != report.evidenceDigest.map(EvidenceID.init) {
                    return await Console.say("\(model): \(status.summary)")
                }
                if have(now) < now.approvalsNeeded, kind == .approve { break }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        if let counted {
            let words = "\(have(counted)) of \(counted.approvalsNeeded)"
            await Console.say("it counts: \(words) approvals")
        } else if options.wait.value > 0 {
            await Console.say(
                "the daemon has not looked at it within \(duration(options.wait.value)); "
                    + "see slipway status \(model)")
        }
    }

    private func have(_ report: ReportView) -> Int {
        Set(
            report.tags.filter { $0.kind == .approve && $0.refusal == nil }.compactMap(\.principal)
        ).count
    }
}
