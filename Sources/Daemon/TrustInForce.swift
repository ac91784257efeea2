package import Domain
package import Review

/// Who decides now: the daemon's own trust, or what an approved commit put in its place.
///
/// A file that the commit does not have is the daemon's own. Whatever a commit says, the config's
/// review rule is the least, and the daemon's own revoked keys stay revoked.
package struct TrustInForce: Sendable {
    package let policy: TrustedPolicy
    /// The daemon's own revoked keys, where they are not part of `policy`.
    let revokedHere: RevokedKeys?
    /// Public keys for gpg.
    let gpgKeys: [TrustFiles.File]
    /// The commit that has the files; nil: the daemon's own decide.
    package let commit: CommitID?

    package var digest: Digest { policy.digest }
    package var trust: Trust { policy.trust }

    /// Reads the files of a commit over the daemon's own.
    ///
    /// What is wrong in them comes with its place; the trust then lacks the lines that are.
    static func reading(
        _ files: TrustFiles, over own: TrustFiles, rule: ReviewRule, commit: CommitID?
    ) -> (trust: TrustInForce, diagnostics: [Diagnostic]) {
        let signers = files.signers ?? own.signers
        let gpgSigners = files.gpgSigners ?? own.gpgSigners
        let (revoked, revokedHere) = joined(files.revoked, own.revoked)
        let texts = PolicyFiles(
            policy: files.policy, signers: signers?.text ?? "", revoked: revoked,
            gpgSigners: gpgSigners?.text ?? "",
            codeOwners: files.codeOwners.map { CodeOwnersText(file: $0.path, text: $0.text) })
        let policy = TrustedPolicy(rule: rule, files: texts)
        let paths = ["allowed_signers": signers?.path, "gpg_signers": gpgSigners?.path]
        var diagnostics = policy.diagnostics.filter { $0.place.file != "revoked_keys" }
            .map { finding in
                var finding = finding
                if let path = paths[finding.place.file] ?? nil { finding.place.file = path }
                return finding
            }
        // Because the lines of two lists count from each one's begin.
        if let list = files.revoked ?? own.revoked {
            diagnostics += RevokedKeys.parsing(bytes: list.bytes, file: list.path).diagnostics
        }
        let trustsSomebody =
            policy.trust.signers.trustsSomebody || !policy.trust.gpg.principals.isEmpty
        if let path = files.signers?.path, !trustsSomebody {
            diagnostics.append(
                Diagnostic(
                    at: Place(file: path), "nobody in it could approve anything",
                    hint: "put at least one line `principal keytype key` there"))
        }
        let trust = TrustInForce(
            policy: policy, revokedHere: revokedHere,
            gpgKeys: own.gpgKeys + files.gpgKeys.filter { !own.gpgKeys.contains($0) },
            commit: commit)
        return (trust, diagnostics)
    }

    /// Lines of both lists are one list; a binary one stays alone, and the other is asked besides.
    private static func joined(
        _ file: TrustFiles.File?, _ own: TrustFiles.File?
    ) -> (bytes: [UInt8], besides: RevokedKeys?) {
        guard let file else { return (own?.bytes ?? [], nil) }
        guard let own else { return (file.bytes, nil) }
        let isText = [file, own].allSatisfy { !$0.bytes.starts(with: Array("SSHKRL".utf8)) }
        guard isText else {
            return (file.bytes, RevokedKeys.parsing(bytes: own.bytes, file: own.path).value)
        }
        return (file.bytes + [UInt8(ascii: "\n")] + own.bytes, nil)
    }
}
