import Daemon
import Domain
import Host
import Journal
import Testing

/// Whether the real gpg is there; without it these tests are skipped, and say so.
private let hasGPG = (ownEnvironment()["PATH"] ?? "").split(separator: ":").contains {
    exists("\($0)/gpg")
}

/// Approvals that are signed by GPG count as those by SSH do.
@Suite(.enabled(if: hasGPG, "gpg is not installed"))
struct GPGApprovalTests {
    /// Runs gpg with a reviewer's own home.
    private func gpg(_ yard: Yard, _ words: String) async throws -> String {
        try await yard.run(
            "sh", "-c",
            "GNUPGHOME=\(yard.folder)/g gpg --batch --no-tty --passphrase '' \(words)")
    }

    private func fingerprint(_ yard: Yard) async throws -> String {
        try makeFolder("\(yard.folder)/g", mode: 0o700)
        _ = try await gpg(yard, "--quick-generate-key grace@example.org ed25519 sign never")
        let listed = try await gpg(yard, "--with-colons --fingerprint grace@example.org")
        let line = listed.split(separator: "\n").first { $0.hasPrefix("fpr:") }
        return try #require(line?.split(separator: ":").last.map(String.init))
    }

    private func approve(_ yard: Yard, _ evidence: Digest, _ name: String = "grace@example.org")
        async throws
    {
        let tag = "approve/m/\(EvidenceID(evidence))/\(name)"
        try await yard.run(
            "sh", "-c",
            "cd clone && GNUPGHOME=\(yard.folder)/g git -c gpg.format=openpgp "
                + "-c user.signingkey=grace@example.org tag -f -s -m fine "
                + "-m 'Evidence: \(evidence)' \(tag) HEAD && git push -q origin refs/tags/\(tag)")
    }

    @Test(.timeLimit(.minutes(3)))
    func `a key that is trusted here and in the keyring approves, another one does not`()
        async throws
    {
        try await play { yard in
            await yard.stop()
            let key = try await fingerprint(yard)
            try writeFileAtomically(yard.state.gpgSigners, Array("grace@example.org \(key)\n".utf8))
            try makeFolder(yard.state.gpgKeys)
            let exported = try await gpg(yard, "--armor --export grace@example.org")
            try writeFileAtomically("\(yard.state.gpgKeys)/grace.asc", Array(exported.utf8))
            try await yard.start()
            let digest = try await yard.evidence(try await yard.push(shellModel(), "first"))
            try await approve(yard, digest, "ada@example.org")
            try await yard.until("another's name is refused") {
                $0.tags.last?.refusal?.contains("belongs to") ?? false
            }
            try await approve(yard, digest)
            try await yard.until("released") { $0.releases.count == 1 }
            let seen = try await yard.record("m").tags.last
            #expect(seen?.keyFingerprint == "gpg:\(key)" && seen?.isHardware == false)
            let left = try namesIn(yard.state.path).filter { $0.hasPrefix("slipway-gpg") }
            #expect(left.isEmpty, "no keyring is left behind")
            try await yard.run("sh", "-c", "GNUPGHOME=\(yard.folder)/g gpgconf --kill all")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a key whose owner is trusted and that nobody gave is not checked`() async throws {
        try await play { yard in
            await yard.stop()
            let key = try await fingerprint(yard)
            try writeFileAtomically(yard.state.gpgSigners, Array("grace@example.org \(key)\n".utf8))
            try await yard.start()
            let digest = try await yard.evidence(try await yard.push(shellModel(), "first"))
            try await approve(yard, digest)
            try await yard.until("it is refused") {
                $0.tags.last?.refusal?.contains("gpg has no key") ?? false
            }
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.run("sh", "-c", "GNUPGHOME=\(yard.folder)/g gpgconf --kill all")
        }
    }
}
