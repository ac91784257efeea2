package import Domain
package import Review

/// Who decides now: the daemon's own trust, or what an approved commit put in its place.
///
/// A file that the commit does not have is the daemon's own. Whatever a commit says, the config's
/// review rule is the least, the daemon's own revoked keys stay revoked, and its own GPG keys are
/// given to gpg besides. To an auditor the first trust is what the daemon's own is here.
package struct TrustInForce: Sendable {
    package let policy: TrustedPolicy
    /// The daemon's own revoked keys, where they are not part of `policy`.
    let revokedHere: RevokedKeys?
    /// The commit that has the files; nil: the daemon's own decide.
    package let commit: CommitID?

    package var digest: Digest { policy.digest }
    package var trust: Trust { policy.trust }

    /// Reads the files of a commit over the daemon's own.
    ///
    /// What is wrong in them comes with its place; the trust then lacks the lines that are.
    package static func reading(
        _ files: TrustFiles, over own: TrustFiles, rule: ReviewRule, commit: CommitID?
    ) -> (trust: TrustInForce, diagnostics: [Diagnostic]) {
        let texts = texts(files, over: own)
        let policy = TrustedPolicy(rule: rule, files: texts)
        let paths = [
            "allowed_signers": (files.signers ?? own.signers)?.path,
            "gpg_signers": (files.gpgSigners ?? own.gpgSigners)?.path,
        ]
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
            policy: policy, revokedHere: joined(files.revoked, own.revoked).besides,
            commit: commit)
        return (trust, diagnostics)
    }

    /// The texts that decide together, as the policy's digest is taken over them.
    package static func texts(_ files: TrustFiles, over own: TrustFiles) -> PolicyFiles {
        PolicyFiles(
            policy: files.policy, signers: (files.signers ?? own.signers)?.text ?? "",
            revoked: joined(files.revoked, own.revoked).bytes,
            gpgSigners: (files.gpgSigners ?? own.gpgSigners)?.text ?? "",
            gpgKeys: (own.gpgKeys + files.gpgKeys).map {
                GPGKeyFile(name: $0.path, bytes: $0.bytes)
            },
            codeOwners: files.codeOwners.map { CodeOwnersText(file: $0.path, text: $0.text) })
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
