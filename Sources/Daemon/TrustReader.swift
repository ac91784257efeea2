package import Domain
import Host
package import Review

/// The trust that the daemon starts from, and its digest.
package struct StartingTrust: Sendable {
    package let trust: Trust
    /// The text of allowed_signers, as it enters the policy's digest.
    package let signersText: String
    package let revokedText: String
    package let rule: ReviewRule
    /// What is wrong in the files, line by line; the other lines count.
    package let diagnostics: [Diagnostic]

    package var digest: Digest {
        policyDigest(signers: signersText, revoked: revokedText, rule: rule)
    }

    /// Reads `<state>/trust/`; a missing allowed_signers is an error, because then nobody could
    /// ever approve.
    package init(_ folder: StateFolder, rule: ReviewRule) throws(Failure) {
        guard exists(folder.signers) else {
            throw Failure(
                "nobody is trusted to approve yet", at: folder.signers,
                hint: "slipway init --force --trust FILE, FILE in the format of allowed_signers")
        }
        do throws(HostError) {
            signersText = String(
                decoding: try readFile(folder.signers, limitBytes: 4 << 20), as: UTF8.self)
            revokedText =
                exists(folder.revoked)
                ? String(
                    decoding: try readFile(folder.revoked, limitBytes: 4 << 20), as: UTF8.self)
                : ""
        } catch {
            throw error.failure
        }
        let signers = AllowedSigners.parsing(signersText, file: folder.signers)
        let revoked = RevokedKeys.parsing(revokedText, file: folder.revoked)
        trust = Trust(signers: signers.value, revoked: revoked.value)
        diagnostics = signers.diagnostics + revoked.diagnostics
        self.rule = rule
    }
}
