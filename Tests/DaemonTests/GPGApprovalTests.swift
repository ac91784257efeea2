import Daemon
import Domain
import Host
import Journal
import Review
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

    private func exported(_ yard: Yard) async throws -> String {
        try await gpg(yard, "--armor --export grace@example.org")
    }

    private func approve(
        _ yard: Yard, _ evidence: Digest, _ name: String = "grace@example.org",
        word: String = "fine"
    ) async throws {
        let tag = "approve/m/\(EvidenceID(evidence))/\(name)"
        try await yard.run(
            "sh", "-c",
            "cd clone && GNUPGHOME=\(yard.folder)/g git -c gpg.format=openpgp "
                + "-c user.signingkey=grace@example.org tag -f -s -m \(word) "
                + "-m 'Evidence: \(evidence)' \(tag) HEAD && git push -qf origin refs/tags/\(tag)")
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
            try writeFileAtomically(
                "\(yard.state.gpgKeys)/grace.asc", Array(try await exported(yard).utf8))
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

    // MARK: Keys in the repository

    private let path = ".slipway/gpg/grace.asc"

    /// Runs a story in which grace's key is known by name and was given by nobody, and eve may
    /// approve besides ada.
    private func playWithoutKey(_ story: (Yard, String) async throws -> Void) async throws {
        try await play { yard in
            await yard.stop()
            let key = try await fingerprint(yard)
            try writeFileAtomically(yard.state.gpgSigners, Array("grace@example.org \(key)\n".utf8))
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            try await story(yard, key)
            try await yard.run("sh", "-c", "GNUPGHOME=\(yard.folder)/g gpgconf --kill all")
        }
    }

    private func policy(_ yard: Yard) async throws -> PolicyRecord {
        PolicyRecord(records: try await yard.journal.decisions(of: .policy))
    }

    private func proposal(_ yard: Yard) async throws -> PolicyProposal {
        var found: PolicyProposal?
        try await eventually("a change of policy waits") {
            let record = try await policy(yard)
            found = record.open.flatMap { record.shown[$0]?.proposal }
            return found != nil
        }
        return try #require(found)
    }

    private func lastTag(_ yard: Yard, isRefused words: String) async throws {
        try await yard.until("it is refused: \(words)") {
            $0.tags.last?.refusal?.contains(words) ?? false
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key in the repository counts once others have approved it, and until it goes`()
        async throws
    {
        try await playWithoutKey { yard, key in
            let first = try await yard.push(shellModel(), "first")
            let early = try await yard.evidence(first)
            #expect(try await policy(yard).open == nil)
            _ = try await yard.commit(
                [path: try await exported(yard)], "a key", by: "ada@example.org")
            _ = try await yard.pushHead()
            let come = try await proposal(yard)
            #expect(
                come.changes == ["weaker: GPG key file \"\(path)\" (\(key)) added"])
            // The head's key judges nothing yet, and who put it there has no word about it.
            try await approve(yard, early)
            try await lastTag(yard, isRefused: "gpg has no key")
            try await yard.sign("approve", "policy", come.evidenceDigest)
            try await eventually("ada is refused") {
                try await policy(yard).tags.last?.refusal?.contains("made these changes") ?? false
            }
            #expect(try await policy(yard).trusted == nil)
            try await yard.sign(
                "approve", "policy", come.evidenceDigest, by: "eve@example.org", key: "eve")
            var late = early
            try await yard.until("the evidence is made anew") { record in
                guard case .waiting(let id) = record.outcomes[first] else { return false }
                late = record.shown[id]?.digest ?? early
                return late != early
            }
            try await approve(yard, late, word: "again")
            try await yard.until("released") { $0.releases.count == 1 }

            // What takes the key away judges nothing before it is approved either.
            try await yard.git("rm", "-q", path)
            let second = try await yard.push(shellModel(right: 7), "the key goes")
            let gone = try await proposal(yard)
            #expect(gone.changes == ["stricter: GPG key file \"\(path)\" (\(key)) removed"])
            try await approve(yard, try await yard.evidence(second))
            try await yard.until("released by the key that is trusted") { $0.releases.count == 2 }
            try await yard.sign("approve", "policy", gone.evidenceDigest)
            try await eventually("it is adopted") {
                try await policy(yard).trusted?.policy == gone.evidence.policy
            }
            let third = try await yard.push(shellModel(right: 6), "third")
            try await approve(yard, try await yard.evidence(third))
            try await lastTag(yard, isRefused: "gpg has no key")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `whoever wrote a key cannot approve it, whatever it is called in the end`() async throws {
        try await playWithoutKey { yard, _ in
            _ = try await yard.push(ShellModel().files, "first")
            _ = try await yard.commit(
                [".slipway/gpg/new.asc": try await exported(yard)], "a key", by: "eve@example.org")
            try await yard.git("mv", ".slipway/gpg/new.asc", path)
            _ = try await yard.push([:], "another name")
            let waiting = try await proposal(yard)
            try await yard.sign(
                "approve", "policy", waiting.evidenceDigest, by: "eve@example.org", key: "eve")
            try await eventually("eve is refused") {
                try await policy(yard).tags.last?.refusal?.contains("made these changes") ?? false
            }
            try await yard.sign("approve", "policy", waiting.evidenceDigest)
            try await eventually("it is adopted") {
                try await policy(yard).trusted?.approvedBy.map(\.text) == ["ada@example.org"]
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key is judged at the moment of the first sight, however long ago that was`()
        async throws
    {
        let yard = try await Yard()
        do {
            try await judgedLater(yard)
        } catch {
            try await yard.close()
            throw error
        }
        try await yard.close()
    }

    private func judgedLater(_ yard: Yard) async throws {
        try makeFolder("\(yard.folder)/g", mode: 0o700)
        let made = try await gpg(
            yard,
            "--faked-system-time 20240101T000000 --status-fd 1 "
                + "--quick-generate-key grace@example.org ed25519 sign 1y")
        let line = made.split(separator: "\n").first { $0.contains("KEY_CREATED") }
        let key = try #require(line?.split(separator: " ").last.map(String.init))
        try writeFileAtomically(yard.state.gpgSigners, Array("grace@example.org \(key)\n".utf8))
        try makeFolder(yard.state.gpgKeys)
        try writeFileAtomically(
            "\(yard.state.gpgKeys)/grace.asc", Array(try await exported(yard).utf8))
        let program = "\(yard.folder)/then-gpg"
        try await yard.run(
            "sh", "-c",
            "printf '#!/bin/sh\nexec gpg --faked-system-time 20240601T000000 \"$@\"\n' "
                + "> \(program); chmod +x \(program)")
        _ = try await yard.commit(["a": "b"], "first")
        let evidence = Digest(checked: String(repeating: "a1", count: 32))
        let name = "approve/m/\(EvidenceID(evidence))/grace@example.org"
        try await yard.run(
            "sh", "-c",
            "cd clone && GNUPGHOME=\(yard.folder)/g git -c gpg.format=openpgp "
                + "-c gpg.program=\(program) -c user.signingkey=grace@example.org tag -s -m fine "
                + "-m 'Evidence: \(evidence)' \(name) HEAD")
        try await yard.run("sh", "-c", "GNUPGHOME=\(yard.folder)/g gpgconf --kill all")
        let raw = Array(try await yard.git("cat-file", "tag", name).utf8)
        let object = try await yard.git("rev-parse", "refs/tags/\(name)").prefix(40)
        let trust = try StartingTrust(yard.state, rule: ReviewRule()).inForce
        func answer(_ seconds: Int64) async throws -> TagSignatures.Answer {
            let sight = TagSignatures.Sight(
                object: try #require(ObjectID(String(object))), ref: "refs/tags/\(name)",
                firstSeen: Instant(seconds: seconds))
            return try await TagSignatures(trust, folder: yard.folder)
                .check(sight, raw, evidence: evidence)
        }
        let (july2024, july2025): (Int64, Int64) = (1_719_792_000, 1_751_328_000)
        guard case .checked(.approval(let good)) = try await answer(july2024) else {
            Issue.record("\(try await answer(july2024))")
            return
        }
        #expect(good.keyFingerprint == "gpg:\(key)")
        guard case .checked(.refused(let reason, _)) = try await answer(july2025) else {
            Issue.record("an expired key counted")
            return
        }
        #expect(reason == "the GPG key has expired")
        let left = try namesIn(yard.folder).filter { $0.hasPrefix("slipway-gpg") }
        #expect(left.isEmpty, "no keyring is left behind")
    }
}
