package import Domain

/// A CODEOWNERS file as it stands in a commit.
package struct CodeOwnersText: Hashable, Sendable {
    /// One of `CodeOwners.locations`; it tells the forge.
    package var file: String
    package var text: String

    package init(file: String, text: String) {
        self.file = file
        self.text = text
    }
}

/// The texts that say who may decide, as one commit or the daemon's own folder has them.
package struct PolicyFiles: Hashable, Sendable {
    /// `review:` of `slipway.yaml`.
    package var policy: ReviewPolicy
    package var signers: String
    /// Lines, or a binary list.
    package var revoked: [UInt8]
    package var gpgSigners: String
    package var gpgKeys: [GPGKeyFile]
    /// nil: there is no CODEOWNERS file.
    package var codeOwners: CodeOwnersText?

    package init(
        policy: ReviewPolicy = ReviewPolicy(), signers: String, revoked: [UInt8] = [],
        gpgSigners: String = "", gpgKeys: [GPGKeyFile] = [], codeOwners: CodeOwnersText? = nil
    ) {
        self.policy = policy
        self.signers = signers
        self.revoked = revoked
        self.gpgSigners = gpgSigners
        self.gpgKeys = gpgKeys
        self.codeOwners = codeOwners
    }
}

/// Who may decide, read and ready to be asked.
package struct TrustedPolicy: Hashable, Sendable {
    /// The floor of the daemon's own config; no policy goes below it.
    package let rule: ReviewRule
    package let policy: ReviewPolicy
    package let trust: Trust
    /// What gpg is given to check signatures by, each content once.
    package let gpgKeys: [GPGKeyFile]
    /// nil: there is no CODEOWNERS file.
    package let codeOwners: CodeOwners?
    /// Its lines that say something, for the comparison of two policies.
    let codeOwnersLines: [String]
    package let digest: Digest
    /// What is wrong in the files, line by line; the other lines count.
    package let diagnostics: [Diagnostic]

    package init(rule: ReviewRule, files: PolicyFiles) {
        self.rule = rule
        policy = files.policy
        let signers = AllowedSigners.parsing(files.signers)
        let revoked = RevokedKeys.parsing(bytes: files.revoked)
        let gpg = GPGSigners.parsing(files.gpgSigners)
        let owners = files.codeOwners.map {
            CodeOwners.parsing($0.text, file: $0.file)
        }
        trust = Trust(signers: signers.value, revoked: revoked.value, gpg: gpg.value)
        gpgKeys = GPGKeyFile.sorted(files.gpgKeys)
        codeOwners = owners?.value
        codeOwnersLines = meaningfulLines(files.codeOwners?.text ?? "")
        digest = policyDigest(of: files, rule: rule)
        diagnostics =
            signers.diagnostics + revoked.diagnostics + gpg.diagnostics
            + (owners?.diagnostics ?? [])
    }
}

extension ReviewPolicy {
    /// Whether any rule asks the owners in CODEOWNERS, so that the file decides too.
    package var asksCodeOwners: Bool {
        base.codeOwners || rules.contains { $0.requires.codeOwners }
    }
}
