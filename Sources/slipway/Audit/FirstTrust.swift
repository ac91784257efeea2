import ArgumentParser
import Domain
import Host
import Review

/// Whom an auditor trusts to begin with: nothing in the repository can say that.
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who may sign: the allowed_signers of that time; else `git config slipway.trust`.",
            valueName: "file"))
    var trust: String?

    @Option(help: ArgumentHelp("Keys that never count.", valueName: "file"))
    var revoked: String?

    @Option(help: ArgumentHelp("Which GPG key is whose.", valueName: "file"))
    var gpgSigners: String?

    @Option(help: ArgumentHelp("At least so many must have approved.", valueName: "count"))
    var approvals = 1

    @Option(
        help: ArgumentHelp(
            "At least these may not approve their own: author, committer, co-authors, "
                + "last-pusher, or none.", valueName: "who,…"), transform: excluded)
    var exclude: Set<ReviewDeclaration.Excluded> = [.author, .committer, .coAuthors]

    func validate() throws {
        guard (0...100).contains(approvals) else {
            throw ValidationError("--approvals must be from 0 to 100.")
        }
    }

    @Sendable private static func excluded(
        _ text: String
    ) throws -> Set<ReviewDeclaration.Excluded> {
        if text == "none" { return [] }
        let words = text.split(separator: ",").map(String.init)
        let found = words.compactMap { ReviewDeclaration.Excluded(rawValue: $0) }
        guard found.count == words.count else {
            throw ValidationError("`\(text)` does not name who is excluded; see --help.")
        }
        return Set(found)
    }

    func read(_ clone: Clone) async throws -> FirstTrust {
        var file = trust
        if file == nil { file = await clone.setting("slipway.trust") }
        guard let file else {
            throw Stop(
                .usage, "nobody is trusted yet", at: clone.folder,
                hint: "--trust FILE, in the format of allowed_signers, from whom you trust")
        }
        var files = PolicyFiles(signers: String(decoding: try bytes(file), as: UTF8.self))
        if let revoked { files.revoked = try bytes(revoked) }
        if let gpgSigners {
            files.gpgSigners = String(decoding: try bytes(gpgSigners), as: UTF8.self)
        }
        let found = FirstTrust(
            files: files, least: ReviewRule(approvals: approvals, exclude: exclude))
        let policy = found.policy(digest: nil)
        for problem in policy.diagnostics {
            await Console.say("\(file), \(problem.place): \(problem.message)")
        }
        guard policy.trust.signers.trustsSomebody || !policy.trust.gpg.principals.isEmpty else {
            throw Stop(.wrong, "nobody in it could approve anything", at: file)
        }
        return found
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        let path = absolutePath(path)
        guard exists(path) else { throw Stop(.notFound, "there is no such file", at: path) }
        return try readFile(path, limitBytes: 4 << 20)
    }
}

/// The files that an auditor trusts and the least rule that they accept.
struct FirstTrust: Sendable {
    var files: PolicyFiles
    var least: ReviewRule
    /// A stricter rule with more approvals than this is not looked for.
    private let approvalsMax = 20

    /// The policy that these files make under the least rule, or under the stricter rule that
    /// gives this digest.
    ///
    /// The daemon's rule is part of the digest and stands in no file of the repository; what is
    /// stricter than the least rule is as good to the auditor.
    func policy(digest: Digest?) -> TrustedPolicy {
        let plain = TrustedPolicy(rule: least, files: files)
        guard let digest, plain.digest != digest else { return plain }
        for approvals in least.approvals...max(least.approvals, approvalsMax) {
            for exclude in supersets(of: least.exclude) {
                let rule = ReviewRule(approvals: approvals, exclude: exclude)
                let found = policyDigest(
                    signers: files.signers, revokedBytes: files.revoked,
                    gpgSigners: files.gpgSigners, rule: rule)
                if found == digest { return TrustedPolicy(rule: rule, files: files) }
            }
        }
        return plain
    }

    private func supersets(
        of given: Set<ReviewDeclaration.Excluded>
    ) -> [Set<ReviewDeclaration.Excluded>] {
        var sets = [given]
        for other in ReviewDeclaration.Excluded.allCases where !given.contains(other) {
            sets += sets.map { $0.union([other]) }
        }
        return sets
    }
}
