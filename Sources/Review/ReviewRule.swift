import Crypto
package import Domain

/// How many must say yes at least, and who does not count: the floor of the daemon's own config.
///
/// What is asked for on top of it is `ReviewDemands`.
package struct ReviewRule: Hashable, Codable, Sendable {
    /// At least 0; 0 means that nobody needs to be asked.
    package var approvals: Int
    package var exclude: Set<ReviewDeclaration.Excluded>

    package init(
        approvals: Int = 1,
        exclude: Set<ReviewDeclaration.Excluded> = [.author, .committer, .coAuthors]
    ) {
        self.approvals = max(0, approvals)
        self.exclude = exclude
    }

    /// Returns the stricter of both in every respect: what a commit declares cannot loosen.
    package func tightened(by declaration: ReviewDeclaration) -> ReviewRule {
        var demands = ReviewDemands(self)
        demands.add(declaration)
        return ReviewRule(approvals: demands.approvals, exclude: demands.exclude)
    }
}

/// Returns the SHA-256 that stands for "who may approve, and how many must".
///
/// It is taken over UTF-8 lines, each ended by a newline: `slipway policy 1`, `approvals <n>`,
/// `exclude <names in byte order, between commas>`, then for every line of the signers that is
/// neither empty nor a comment `signer <line>`, in the order of the file, the same for the revoked
/// keys with `revoked <line>` and for the GPG signers with `gpg <line>`; lines lose white space at
/// both ends. So a changed comment leaves approvals standing, and everything else voids them.
/// `gpg-key <SHA-256>` follows for each different content of a GPG key file, in byte order.
///
/// `approvals` and `exclude` are those of the rule and of the policy's base together. Where the
/// policy says more, `review <canonical JSON of the rest>` follows, and where it asks the owners in
/// CODEOWNERS, `codeowners-file <path>` and `codeowners <line>` for its lines, as for the signers.
///
/// A binary list of revoked keys is the one line `revoked-sections <SHA-256>`, over its bytes
/// between the comment and the signatures, so that the same list with a new date leaves approvals
/// standing; one that cannot be read is the line `revoked-unreadable <SHA-256 of the file>`.
package func policyDigest(of files: PolicyFiles, rule: ReviewRule) -> Domain.Digest {
    let rule = rule.tightened(by: files.policy.base)
    let excluded = rule.exclude.map(\.rawValue).sorted().joined(separator: ",")
    var lines = ["slipway policy 1", "approvals \(rule.approvals)", "exclude \(excluded)"]
    lines += meaningfulLines(files.signers).map { "signer \($0)" }
    lines += revokedLines(files.revoked)
    lines += meaningfulLines(files.gpgSigners).map { "gpg \($0)" }
    lines += GPGKeyFile.sorted(files.gpgKeys).map { "gpg-key \($0.digest)" }
    if let rest = files.policy.canonicalText { lines.append("review \(rest)") }
    if files.policy.asksCodeOwners, let codeOwners = files.codeOwners {
        lines.append("codeowners-file \(codeOwners.file)")
        lines += meaningfulLines(codeOwners.text).map { "codeowners \($0)" }
    }
    let text = lines.map { $0 + "\n" }.joined()
    return Domain.Digest(bytes: SHA256.hash(data: Array(text.utf8)))
}

private func revokedLines(_ bytes: [UInt8]) -> [String] {
    let revoked = RevokedKeys.parsing(bytes: bytes).value
    if let digest = revoked.sectionsDigest {
        return ["revoked-sections \(Domain.Digest(bytes: digest))"]
    }
    if revoked.unreadable != nil {
        return ["revoked-unreadable \(Domain.Digest(bytes: SHA256.hash(data: bytes)))"]
    }
    return meaningfulLines(String(decoding: bytes, as: UTF8.self)).map { "revoked \($0)" }
}

/// The lines that are neither empty nor a comment, without white space at both ends.
func meaningfulLines(_ text: String) -> [String] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
    return text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
        var bytes = Array(line.drop(while: isSpace))
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        guard let first = bytes.first, first != UInt8(ascii: "#") else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
