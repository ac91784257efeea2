import Daemon
import Domain
import Host
import Planning
import Review

/// Refuses review tags that could not count, whatever was measured.
///
/// Who is trusted is said by the daemon's state folder, and after an approved change of policy by
/// the watched branch. Which of the two is in force only the daemon knows, so a tag passes when
/// either lets it; a tag that passes counts for nothing yet.
struct ReviewTagJudge: Sendable {
    private let git: HookGit
    /// The state folder's first.
    private let trusts: [Trust]

    /// Throws a `Failure` when the state folder's trust cannot be read.
    ///
    /// - Parameter branch: the watched branch as it is before the push, with its `slipway.yaml`;
    ///   nil: there is none.
    init(
        _ git: HookGit, _ state: StateFolder,
        branch: (ref: String, declared: RepositoryDeclaration)?
    ) async throws {
        self.git = git
        let own = try StartingTrust(state, rule: ReviewRule()).trust
        guard let branch,
            let text = try await Self.text(git, branch.ref, branch.declared.signers)
        else {
            trusts = [own]
            return
        }
        let signers = AllowedSigners.parsing(text, file: branch.declared.signers).value
        let gpg = try await Self.text(git, branch.ref, ".slipway/gpg_signers")
            .map { GPGSigners.parsing($0).value }
        // Because what the daemon's own list revokes stays revoked.
        trusts = [own, Trust(signers: signers, revoked: own.revoked, gpg: gpg ?? own.gpg)]
    }

    /// A small file of a commit; nil: there is none.
    private static func text(
        _ git: HookGit, _ ref: String, _ path: String
    ) async throws -> String? {
        let name = "\(ref):\(path)"
        guard let line = try await git.answer("rev-parse", "--verify", "--quiet", name),
            let blob = ObjectID(line), let size = try await git.look([blob])[blob]?.sizeBytes,
            size <= 4 << 20, let object = try await git.read([blob])[blob], object.kind == "blob"
        else { return nil }
        return String(decoding: object.bytes, as: UTF8.self)
    }

    func refusals(of tags: [RefUpdate]) async throws -> [Refusal] {
        let sizes = try await git.look(tags.map(\.new))
        // Because a larger object is refused without being read.
        let small = sizes.filter { $0.value.sizeBytes <= TagObject.bytesMax }
        let objects = try await git.read(Array(small.keys))
        return tags.compactMap { tag in
            guard let object = objects[tag.new] else {
                return Refusal(
                    "the tag has \(sizes[tag.new]?.sizeBytes ?? 0) bytes, at most "
                        + "\(TagObject.bytesMax) are read", at: tag.ref,
                    mend: "sign it anew with a shorter comment: slipway approve")
            }
            return refusal(of: tag, object.bytes)
        }
    }

    private func refusal(of tag: RefUpdate, _ raw: [UInt8]) -> Refusal? {
        var first: Refusal?
        for trust in trusts {
            let verdict = check(
                tag: tag.ref, raw: raw, objectID: tag.new, trust: trust, at: now())
            guard case .refused(let reason, let hint) = verdict else { return nil }
            first = first ?? Refusal(reason, at: tag.ref, mend: unpushed(hint, tag.ref))
        }
        return isLeftToTheDaemon(tag, raw) ? nil : first
    }

    /// Whether only gpg, with the daemon's keys, can still say something against the tag.
    private func isLeftToTheDaemon(_ tag: RefUpdate, _ raw: [UInt8]) -> Bool {
        guard let name = ApprovalName(ref: tag.ref), GPGQuestion(tag: raw) != nil,
            trusts.contains(where: { !$0.gpg.principals.isEmpty })
        else { return false }
        do {
            let object = try TagObject(raw: raw)
            let message = try ApprovalMessage(parsing: object.message)
            return object.name == Array(name.tag.utf8)
                && EvidenceID(message.evidence) == name.evidence
        } catch {
            return false
        }
    }

    /// The hint for a tag that is only on the reviewer's machine yet: nothing is to be deleted at
    /// the remote, and nothing to be forced.
    private func unpushed(_ hint: String, _ ref: String) -> String {
        let name = String(ref.dropFirst("refs/tags/".count))
        return hint.replacing(removal(of: ref), with: "git tag -d \(shellWord(name))")
            .replacing("git push -f origin", with: "git push origin")
    }
}
