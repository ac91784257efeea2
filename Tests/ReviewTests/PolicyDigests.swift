import Domain

@testable import Review

/// The digest of files that say so much and no more.
func policyDigest(
    signers: String, revoked: String = "", gpgSigners: String = "", gpgKeys: [String] = [],
    rule: ReviewRule, policy: ReviewPolicy = ReviewPolicy(), codeOwners: CodeOwnersText? = nil
) -> Digest {
    policyDigest(
        of: PolicyFiles(
            policy: policy, signers: signers, revoked: Array(revoked.utf8),
            gpgSigners: gpgSigners,
            gpgKeys: gpgKeys.map { GPGKeyFile(name: "a.asc", bytes: Array($0.utf8)) },
            codeOwners: codeOwners), rule: rule)
}
