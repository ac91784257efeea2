package import Domain
import Host
package import Review

/// The trust that the daemon starts from, outside the repository, and its digest.
package struct StartingTrust: Sendable {
    package let trust: Trust
    /// How many must approve and who does not count, whatever the repository says.
    package let rule: ReviewRule
    /// What is wrong in the files, line by line; the other lines count.
    package let diagnostics: [Diagnostic]
    let files: TrustFiles

    package var digest: Digest { inForce.digest }

    /// It decides alone until a commit's policy is approved.
    package let inForce: TrustInForce

    /// Reads `<state>/trust/`; a missing allowed_signers is an error, because then nobody could
    /// ever approve.
    package init(_ folder: StateFolder, rule: ReviewRule) throws(Failure) {
        guard exists(folder.signers) else {
            throw Failure(
                "nobody is trusted to approve yet", at: folder.signers,
                hint: "slipway init --force --trust FILE, FILE in the format of allowed_signers")
        }
        var files = TrustFiles()
        do throws(HostError) {
            files.signers = try Self.file(folder.signers)
            files.revoked = try Self.file(folder.revoked)
            files.gpgSigners = try Self.file(folder.gpgSigners)
            if isFolder(folder.gpgKeys) {
                files.gpgKeys = try TrustFiles.keys(inFolder: folder.gpgKeys)
            }
        } catch {
            throw error.failure
        }
        let read = TrustInForce.reading(files, over: TrustFiles(), rule: rule, commit: nil)
        self.files = files
        self.rule = rule
        inForce = read.trust
        trust = read.trust.trust
        diagnostics = read.diagnostics
    }

    /// Returns what would decide if the policy of this commit were trusted, and what is wrong in
    /// its files.
    func with(
        _ files: TrustFiles, of commit: CommitID
    ) -> (trust: TrustInForce, diagnostics: [Diagnostic]) {
        TrustInForce.reading(files, over: self.files, rule: rule, commit: commit)
    }

    private static func file(_ path: String) throws(HostError) -> TrustFiles.File? {
        guard exists(path) else { return nil }
        return TrustFiles.File(
            path: path, bytes: try readFile(path, limitBytes: TrustFiles.sizeBytesMax))
    }
}

extension StateFolder {
    /// Which GPG key is whose; need not exist.
    package var gpgSigners: String { "\(path)/trust/gpg_signers" }
    /// A folder of public GPG keys, `*.asc`; need not exist.
    package var gpgKeys: String { "\(path)/trust/gpg" }
}
