import Domain
import Host
import Review

/// One signed tag of a reviewer: made in the clone, pushed, never over one that counts.
struct ReviewTag: Sendable {
    let clone: Clone
    let options: ReviewOptions
    let kind: Approval.Kind
    let comment: String

    /// What is signed about.
    struct Matter: Sendable {
        var evidence: Digest
        var commit: CommitID
        var lifts: SemanticVersion?
        /// Tags about it that were seen.
        var seen: [SeenTag]
    }

    /// Makes and pushes the tag, unless one of its name is there and counts; returns its object.
    func publish(_ matter: Matter) async throws -> ObjectID {
        let name = try await name(EvidenceID(matter.evidence))
        try await requireCommit(matter.commit)
        guard let present = try await remoteTag(name) else {
            return try await make(name, matter, replacing: .zero)
        }
        // What was refused may be replaced.
        if matter.seen.first(where: { $0.tag == present })?.refusal != nil {
            return try await make(name, matter, replacing: present)
        }
        await Console.say("\(name.tag) was pushed before")
        return present
    }

    /// Stops unless git has a key to sign with.
    func requireKey() async throws {
        for key in ["user.signingkey", "gpg.ssh.defaultKeyCommand"] {
            if await clone.setting(key) != nil { return }
        }
        throw Stop(
            .wrong, "git has no key to sign with", at: clone.folder,
            hint: "git config gpg.format ssh && git config user.signingkey ~/.ssh/id_ed25519.pub")
    }

    private func name(_ id: EvidenceID) async throws -> ApprovalName {
        guard let reviewer = await ownPrincipal(clone, options.principal) else {
            throw Stop(
                .wrong, "nobody knows who you are", at: clone.folder,
                hint: "git config user.email ada@example.org, as in allowed_signers; or --as")
        }
        guard
            let name = ApprovalName(
                kind: kind, model: options.subject.name, evidence: id, reviewer: reviewer)
        else { throw Stop(.wrong, "`\(reviewer)` cannot be part of a tag's name") }
        return name
    }

    private func requireCommit(_ commit: CommitID) async throws {
        if await clone.has(commit) { return }
        try await clone.git("fetch", "--quiet", options.remote)
        guard await clone.has(commit) else {
            throw Stop(
                .notFound, "`\(options.remote)` does not have the commit \(commit.short)",
                at: clone.folder, hint: "is this a clone of the watched repository? --remote NAME")
        }
    }

    private func remoteTag(_ name: ApprovalName) async throws -> ObjectID? {
        let lines = try await clone.git("ls-remote", "--", options.remote, name.ref)
        let words = lines.split(separator: "\n").lazy.map { $0.split(separator: "\t") }
        return words.first { $0.last == name.ref[...] }.flatMap { ObjectID(String($0[0])) }
    }

    private func make(
        _ name: ApprovalName, _ matter: Matter, replacing old: ObjectID
    ) async throws -> ObjectID {
        let before = await localTag(name)
        let message = approvalMessage(
            comment: comment, evidence: matter.evidence, lifts: matter.lifts)
        let result = try await clone.run(
            [
                "-c", "gpg.format=ssh", "tag", "--sign", "--force", "--cleanup=verbatim",
                "--file=-", name.tag, matter.commit.hex,
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
        do {
            try await push(name, replacing: old)
        } catch {
            // Because what nobody took must not be pushed by accident later.
            try await forget(name, tag, keeping: before)
            throw error
        }
        await Console.say("pushed \(name.tag)")
        return tag
    }

    /// What this clone has under the name; nil: nothing.
    private func localTag(_ name: ApprovalName) async -> String? {
        // Because git answers for a tag that is not there with an error.
        try? await clone.git("rev-parse", "--verify", "--quiet", name.ref)
    }

    private func forget(
        _ name: ApprovalName, _ tag: ObjectID, keeping before: String?
    ) async throws {
        if let before {
            try await clone.git("update-ref", name.ref, before, tag.hex)
        } else {
            try await clone.git("update-ref", "-d", name.ref, tag.hex)
        }
    }

    private func push(_ name: ApprovalName, replacing old: ObjectID) async throws {
        let lease = "--force-with-lease=\(name.ref):\(old.isZero ? "" : old.hex)"
        let result = try await clone.run(
            ["push", "--quiet", lease, options.remote, "\(name.ref):\(name.ref)"])
        guard result.status.isSuccess else {
            let verb = kind == .approve ? "approve" : "reject"
            let again = "slipway \(verb) \(options.subject.name)"
            let said = remoteWords(result.errorText)
            guard !said.isEmpty else {
                throw Stop(
                    .refused, "the tag was not pushed: \(lastWords(result.errorText))",
                    at: name.ref, hint: again)
            }
            for line in said { await Console.say(line) }
            throw Stop(
                .refused, "`\(options.remote)` refused the tag, and it is gone here too",
                at: name.ref, hint: "once what the remote says is mended: \(again)")
        }
    }
}

extension Clone {
    func has(_ commit: CommitID) async -> Bool {
        // Because a git that cannot be asked has nothing.
        (try? await run(["cat-file", "-e", "\(commit.hex)^{commit}"]))?.status.isSuccess ?? false
    }
}

/// What the remote's hooks said, a line each, as they said it.
private func remoteWords(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
        guard line.hasPrefix("remote: ") else { return nil }
        var words = line.dropFirst("remote: ".count)
        while words.last?.isWhitespace ?? false { words.removeLast() }
        return words.isEmpty ? nil : String(words)
    }
}

/// Who you are in allowed_signers: what was said, else git's slipway.reviewer, else user.email.
func ownPrincipal(_ clone: Clone?, _ option: String?) async -> Principal? {
    if let option { return Principal(option) }
    for key in ["slipway.reviewer", "user.email"] {
        let text: String? = if let clone { await clone.setting(key) } else { await gitSetting(key) }
        if let text { return Principal(text) }
    }
    return nil
}
