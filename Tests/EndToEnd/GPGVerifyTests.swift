import Domain
import Host
import Testing

/// Whether the real gpg is there; without it these tests are skipped, and say so.
private let hasGPG = (ownEnvironment()["PATH"] ?? "").split(separator: ":").contains {
    exists("\($0)/gpg")
}

/// Approvals by GPG are proven from a clone by what was trusted then, as the daemon judged them.
@Suite(.enabled(if: hasGPG, "gpg is not installed"))
struct GPGVerifyTests {
    private let grace = "grace@example.org"
    private let heidi = "heidi@example.org"

    /// What `slipway review --json` says about one thing that waits.
    private struct Waiting: Decodable {
        var model: String
        var evidenceDigest: String
        var what: [String]
    }

    @Test(.timeLimit(.minutes(15)))
    func `approvals by GPG are proven, of versions and of changes of who may approve`()
        async throws
    {
        try await Harbour.use { harbour in
            let hand = try await GPGHand(harbour)
            do {
                try await releases(harbour, hand)
                try await harbour.stop("daemon")
                let genuine = ReleasedRepository(folder: harbour.folder, binary: harbour.binary)
                try await proofs(genuine, hand)
                try await withoutGPG(genuine, hand)
                try await forgeries(genuine, hand)
            } catch {
                try await hand.close()
                throw error
            }
            try await hand.close()
        }
    }

    /// v1.0.0 by grace's key, which the daemon was given; then she approves that heidi's key comes
    /// and that two must approve; then v1.1.0 by both.
    private func releases(_ harbour: Harbour, _ hand: GPGHand) async throws {
        try await hand.make(grace)
        try await hand.make(heidi)
        let trust = "\(harbour.state)/trust"
        try write("\(trust)/gpg_signers", "\(grace) \(hand.keys[grace] ?? "")\n")
        try makeFolder("\(trust)/gpg")
        try write("\(trust)/gpg/grace.asc", try await hand.exported(grace))
        try await harbour.startDaemon()
        try harbour.shellRepository(ShellModel(right: 7))
        try await harbour.push("a model")
        _ = try await harbour.until("shell", .waiting)
        try await hand.approve("shell", try await evidence(harbour), by: grace)
        try await released(harbour, "v1.0.0")

        let signers = hand.keys.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        try harbour.file(".slipway/gpg_signers", signers.joined())
        try harbour.file(".slipway/gpg/heidi.asc", try await hand.exported(heidi))
        try harbour.file("slipway.yaml", "branch: main\nreview: {approvals: 2}\n")
        try await harbour.push("heidi may approve, and two must")
        var proposal: Waiting?
        try await harbour.until("the change of policy waits") {
            let text = try await harbour.slipway("review", "--json")
            proposal = try harbour.decode([Waiting].self, text).first { $0.model == "policy" }
            return proposal != nil
        }
        let waiting = try #require(proposal)
        let line = "GPG key file \".slipway/gpg/heidi.asc\" (\(hand.keys[heidi] ?? "")) added"
        #expect(waiting.what.contains { $0.contains(line) }, "\(waiting.what)")
        try await hand.approve("policy", waiting.evidenceDigest, by: grace)
        try await harbour.until("it is adopted") {
            try await harbour.run("git", "-C", harbour.bare, "log", "-p", "refs/notes/slipway")
                .contains("policyAdopted")
        }
        try harbour.file("models/shell/model.yaml", ShellModel(right: 8).yaml)
        try await harbour.push("a better model")
        _ = try await harbour.until("shell", .waiting)
        let digest = try await evidence(harbour)
        for name in [heidi, grace] { try await hand.approve("shell", digest, by: name) }
        try await released(harbour, "v1.1.0")
    }

    private func released(_ harbour: Harbour, _ version: String) async throws {
        _ = try await harbour.until("shell", .released)
        try await harbour.until("\(version) is tagged") {
            try await harbour.run("git", "-C", harbour.bare, "tag").contains("shell@\(version)")
        }
    }

    private func evidence(_ harbour: Harbour) async throws -> String {
        try #require(try await harbour.report("shell").evidenceDigest).hex
    }

    private func first(_ genuine: ReleasedRepository) -> [String] {
        let trust = "\(genuine.folder)/state/trust"
        return [
            "--trust", genuine.trust, "--gpg-signers", "\(trust)/gpg_signers", "--gpg-keys",
            "\(trust)/gpg", "--offline",
        ]
    }

    /// Where gpg's homes are made.
    private func homes(_ genuine: ReleasedRepository) -> String { "\(genuine.folder)/homes" }

    private func verify(
        _ copy: ForgedCopy, _ version: String, _ options: [String], path: String? = nil
    ) async throws -> ChildResult {
        if !exists(copy.clone) { _ = try await copy.audit("log") }
        let words = [copy.genuine.binary, "verify", "shell@\(version)"] + options
        let place = homes(copy.genuine)
        try makeFolder(place)
        let variables = ["TMPDIR=\(place)"] + (path.map { ["PATH=\($0)"] } ?? [])
        return try await copy.attempt("/usr/bin/env", variables + words, in: copy.clone)
    }

    private func proofs(_ genuine: ReleasedRepository, _ hand: GPGHand) async throws {
        let copy = try await genuine.copy("honest")
        _ = try await copy.audit("log")
        // What lies in the clone's folder has no say, and neither has the auditor's own keyring.
        try removeTree("\(copy.clone)/.slipway")
        let one = try await verify(copy, "v1.0.0", first(genuine))
        #expect(one.status == .exited(0), "\(one.outputText)\(one.errorText)")
        #expect(one.outputText.contains("1 of 1: \(grace) by gpg:\(hand.keys[grace] ?? "?")"))
        let two = try await verify(copy, "v1.1.0", first(genuine))
        #expect(two.status == .exited(0), "\(two.outputText)\(two.errorText)")
        #expect(two.outputText.contains("2 of 2: "), "\(two.outputText)")
        #expect(two.outputText.contains("\(heidi) by gpg:\(hand.keys[heidi] ?? "?")"))
        // Without the keys of that time it is another policy.
        let signers = "\(genuine.folder)/state/trust/gpg_signers"
        let some = ["--trust", genuine.trust, "--gpg-signers", signers, "--offline"]
        for version in ["v1.0.0", "v1.1.0"] {
            let lost = try await verify(copy, version, some)
            #expect(lost.status == .exited(1), "\(lost.outputText)")
            #expect(lost.outputText.contains("\nwhere: policy\n"), "\(lost.outputText)")
        }
        let left = try namesIn(homes(genuine))
        #expect(left.isEmpty, "no keyring is left behind: \(left)")
    }

    private func withoutGPG(_ genuine: ReleasedRepository, _ hand: GPGHand) async throws {
        let copy = try await genuine.copy("no-gpg")
        let programs = "\(genuine.folder)/programs"
        try makeFolder(programs)
        try await copy.run(
            "sh", ["-c", "ln -s \"$(command -v git)\" \(programs)/git"], in: genuine.folder)
        let one = try await verify(copy, "v1.0.0", first(genuine), path: programs)
        #expect(one.status == .exited(1), "\(one.outputText)")
        #expect(one.outputText.contains("\nwhere: signatures\n"), "\(one.outputText)")
        #expect(one.outputText.contains("gpg is not installed here: nobody has checked it"))
        #expect(one.outputText.contains("install gnupg"))
        let two = try await verify(copy, "v1.1.0", first(genuine), path: programs)
        #expect(two.status == .exited(1), "\(two.outputText)")
        #expect(two.outputText.contains("gpg is not installed here"), "\(two.outputText)")
    }

    /// Somebody puts another tag in the place of grace's, here and in the notes.
    private func forgeries(_ genuine: ReleasedRepository, _ hand: GPGHand) async throws {
        try await hand.make("mallory")
        for (name, words) in [
            ("by-another-key", "gpg has no key"), ("reworded", "does not belong to these bytes"),
        ] {
            let copy = try await genuine.copy(name)
            let old = try await copy.noted(
                #""released":\{[^\n]*"tags":\["([0-9a-f]{40})"\],"version":"v1.0.0""#)
            let raw = try await copy.attempt("git", ["cat-file", "tag", old], in: copy.bare)
                .outputText
            let forged =
                name == "reworded"
                ? raw.replacing("fine", with: "good") : try await hand.signed(raw, by: "mallory")
            let new = try await copy.git(
                "hash-object", "-t", "tag", "-w", "--stdin", "--literally", input: forged)
            let ref = try await copy.git(
                "for-each-ref", "--points-at", old, "--format=%(refname)", "refs/tags/approve/")
            try await copy.git("update-ref", ref, new)
            try await copy.forge([(old, new)])
            let result = try await verify(copy, "v1.0.0", first(genuine))
            #expect(result.status == .exited(1), "\(name): \(result.outputText)")
            #expect(result.outputText.contains("\nwhere: signatures\n"), "\(result.outputText)")
            #expect(result.outputText.contains(words), "\(name): \(result.outputText)")
        }
    }
}

/// People who sign with GPG, each with a key in one home that is theirs alone.
private final class GPGHand {
    private let harbour: Harbour
    private let home: String
    /// Name to fingerprint.
    private(set) var keys: [String: String] = [:]

    init(_ harbour: Harbour) async throws {
        self.harbour = harbour
        home = "\(harbour.folder)/g"
        try makeFolder(home, mode: 0o700)
    }

    func close() async throws { try await shell("gpgconf --kill all") }

    @discardableResult
    private func shell(_ script: String) async throws -> String {
        try await harbour.run("env", "GNUPGHOME=\(home)", "sh", "-ec", script)
    }

    private let gpg = "gpg --batch --no-tty --passphrase ''"

    func make(_ name: String) async throws {
        let made = try await shell(
            "\(gpg) --status-fd 1 --quick-generate-key \(name) ed25519 sign never 2>/dev/null")
        let line = made.split(separator: "\n").first { $0.contains("KEY_CREATED") }
        keys[name] = try #require(line?.split(separator: " ").last.map(String.init))
    }

    func exported(_ name: String) async throws -> String {
        try await shell("\(gpg) --armor --export \(name)")
    }

    func approve(_ model: String, _ evidence: String, by name: String) async throws {
        let tag = "approve/\(model)/\(evidence.prefix(16))/\(name)"
        try await shell(
            "cd '\(harbour.clone)'; git -c gpg.format=openpgp -c user.signingkey=\(name) tag -s "
                + "-m fine -m 'Evidence: \(evidence)' \(tag) HEAD; "
                + "git push -q origin refs/tags/\(tag)")
    }

    /// The tag object with another's signature over the same bytes.
    func signed(_ raw: String, by name: String) async throws -> String {
        let end = raw.firstRange(of: "-----BEGIN")?.lowerBound ?? raw.endIndex
        let text = String(raw[..<end])
        try write("\(harbour.folder)/to-sign", text)
        return text
            + (try await shell(
                "\(gpg) -u \(name) --armor --detach-sign -o - '\(harbour.folder)/to-sign'"))
    }
}
