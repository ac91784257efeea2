import ArgumentParser
import Daemon
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

    @Option(help: ArgumentHelp("Their public keys, `*.asc`, for gpg.", valueName: "folder"))
    var gpgKeys: String?

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
        var files = TrustFiles()
        files.signers = try read(file)
        files.revoked = try revoked.map(read)
        files.gpgSigners = try gpgSigners.map(read)
        if let gpgKeys {
            let folder = absolutePath(gpgKeys)
            guard isFolder(folder) else {
                throw Stop(.notFound, "there is no such folder", at: folder)
            }
            files.gpgKeys = try TrustFiles.keys(inFolder: folder)
        }
        let found = FirstTrust(
            files: files, least: ReviewRule(approvals: approvals, exclude: exclude))
        let (policy, problems) = found.reading(found.least)
        for problem in problems { await Console.say("\(problem.place): \(problem.message)") }
        guard policy.trust.signers.trustsSomebody || !policy.trust.gpg.principals.isEmpty else {
            throw Stop(.wrong, "nobody in it could approve anything", at: file)
        }
        return found
    }

    private func read(_ path: String) throws -> TrustFiles.File {
        let path = absolutePath(path)
        guard exists(path) else { throw Stop(.notFound, "there is no such file", at: path) }
        return TrustFiles.File(
            path: path, bytes: try readFile(path, limitBytes: TrustFiles.sizeBytesMax))
    }
}

/// The files that an auditor trusts and the least rule that they accept.
struct FirstTrust: Sendable {
    let files: TrustFiles
    let least: ReviewRule
    /// A stricter rule with more approvals than this is not looked for.
    private let approvalsMax = 20

    /// The policy that these files make under the least rule, or under the stricter rule that
    /// gives this digest.
    ///
    /// The daemon's rule is part of the digest and stands in no file of the repository; what is
    /// stricter than the least rule is as good to the auditor.
    func policy(digest: Digest?) -> TrustInForce {
        let plain = reading(least).trust
        guard let digest, plain.digest != digest else { return plain }
        let texts = TrustInForce.texts(TrustFiles(), over: files)
        for approvals in least.approvals...max(least.approvals, approvalsMax) {
            for exclude in supersets(of: least.exclude) {
                let rule = ReviewRule(approvals: approvals, exclude: exclude)
                if policyDigest(of: texts, rule: rule) == digest { return reading(rule).trust }
            }
        }
        return plain
    }

    func reading(_ rule: ReviewRule) -> (trust: TrustInForce, diagnostics: [Diagnostic]) {
        TrustInForce.reading(TrustFiles(), over: files, rule: rule, commit: nil)
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
