import Domain
import Host
import Testing

/// A clone alone proves each version under the policy that was trusted when it was released.
@Suite struct PolicyVerifyTests {
    private let carol = "carol@example.org"

    @Test(.timeLimit(.minutes(15)))
    func `an adopted policy is proven from the first trust, and a forged adoption is not`()
        async throws
    {
        try await Harbour.use { harbour in
            try await releases(harbour)
            try await harbour.stop("daemon")
            let genuine = ReleasedRepository(folder: harbour.folder, binary: harbour.binary)
            try await proofs(genuine)
            try await forgeries(genuine)
            try await cuts(genuine)
        }
    }

    /// v1.0.0 by one approval, then two must approve and carol may, then v1.1.0.
    private func releases(_ harbour: Harbour) async throws {
        try await harbour.startDaemon()
        try harbour.shellRepository(ShellModel(right: 7))
        try await harbour.push("a model")
        try await approve(harbour, "shell", "v1.0.0")
        let key = "\(harbour.folder)/key2"
        try await harbour.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        func text(_ path: String) throws -> String {
            String(decoding: try readFile(path, limitBytes: 10_000), as: UTF8.self)
        }
        try harbour.file(
            ".slipway/allowed_signers",
            try text("\(harbour.folder)/signers") + "\(carol) " + text("\(key).pub"))
        try harbour.file("slipway.yaml", "branch: main\nreview: {approvals: 2}\n")
        try await harbour.push("two must approve")
        try await harbour.until("the change of policy waits") {
            try await harbour.attempt("review").outputText.contains("policy")
        }
        let adopted = try await harbour.slipway("approve", "policy", "--message", "more eyes")
        #expect(!adopted.isEmpty)
        try harbour.file("models/shell/model.yaml", ShellModel(right: 8).yaml)
        try await harbour.push("a better model")
        _ = try await harbour.until("shell", .waiting)
        try await harbour.slipway("approve", "shell", "--message", "better")
        try await harbour.git("config", "user.signingkey", key)
        try await harbour.git("config", "slipway.reviewer", carol)
        try await approve(harbour, "shell", "v1.1.0")
    }

    private func approve(_ harbour: Harbour, _ model: String, _ version: String) async throws {
        _ = try await harbour.until(model, .waiting)
        try await harbour.slipway("approve", model, "--message", "looks right")
        _ = try await harbour.until(model, .released)
        try await harbour.until("\(version) is tagged") {
            try await harbour.run("git", "-C", harbour.bare, "tag")
                .contains("\(model)@\(version)")
        }
    }

    private func proofs(_ genuine: ReleasedRepository) async throws {
        let copy = try await genuine.copy("honest")
        let first = try await copy.verify()
        #expect(first.status == .exited(0), "\(first.outputText)\(first.errorText)")
        #expect(first.outputText.contains("1 of 1: reviewer@example.org by SHA256:"))
        let second = try await copy.audit(
            "verify", "shell@v1.1.0", "--trust", genuine.trust, "--offline")
        #expect(second.status == .exited(0), "\(second.outputText)\(second.errorText)")
        #expect(second.outputText.contains("2 of 2: "))
        #expect(second.outputText.contains("\(carol) by SHA256:"))
        // Whoever trusts carol alone to begin with has no way from there to what was adopted.
        let other = "\(genuine.folder)/carol-only"
        let key = try readFile("\(genuine.folder)/key2.pub", limitBytes: 10_000)
        try write(other, "\(carol) " + String(decoding: key, as: UTF8.self))
        for version in ["shell@v1.0.0", "shell@v1.1.0"] {
            let lost = try await copy.audit("verify", version, "--trust", other, "--offline")
            #expect(lost.status == .exited(1), "\(version): \(lost.outputText)")
        }
    }

    private func forgeries(_ genuine: ReleasedRepository) async throws {
        let list: [(name: String, forge: (ForgedCopy) async throws -> Void)] = [
            (
                "adopted-by-nobody",
                { copy in
                    let tag = try await copy.git(
                        "for-each-ref", "--format=%(objectname)", "refs/tags/approve/policy/")
                    try await copy.forge([(#""tags":["\#(tag)"]"#, #""tags":[]"#)])
                }
            ),
            (
                "never-proposed",
                { copy in try await copy.forge([], dropped: #""policyProposed""#) }
            ),
            (
                "never-adopted",
                { copy in try await copy.forge([], dropped: #""policyAdopted""#) }
            ),
            (
                "approved-by-a-stranger",
                { copy in
                    // The approval is carol's, who was nobody yet.
                    let ref = try await copy.git(
                        "for-each-ref", "--format=%(refname)", "refs/tags/approve/policy/")
                    let digest = try await copy.noted(
                        #""policyProposed":.*?"evidenceDigest":"([0-9a-f]{64})""#)
                    let old = try await copy.git("rev-parse", ref)
                    let name = ref.dropFirst("refs/tags/".count)
                        .replacing("reviewer@example.org", with: "carol@example.org")
                    try await copy.git(
                        "-c", "gpg.format=ssh", "-c", "user.name=x", "-c", "user.email=x@x",
                        "-c", "user.signingkey=\(genuine.folder)/key2", "tag", "-s", "-m",
                        "Evidence: \(digest)", String(name), "\(ref)^{commit}")
                    let new = try await copy.git("rev-parse", "refs/tags/\(name)")
                    try await copy.forge([(old, new), (ref, "refs/tags/\(name)")])
                }
            ),
        ]
        for forgery in list {
            let copy = try await genuine.copy(forgery.name)
            try await forgery.forge(copy)
            let result = try await copy.audit(
                "verify", "shell@v1.1.0", "--trust", genuine.trust)
            #expect(result.status == .exited(1), "\(forgery.name): \(result.outputText)")
            let isNamed = ["policy", "log", "people"].contains { link in
                result.outputText.contains("\nwhere: \(link)\n")
            }
            #expect(isNamed, "\(forgery.name): \(result.outputText)\(result.errorText)")
        }
    }

    /// Entries that are taken out of the log.
    private func cuts(_ genuine: ReleasedRepository) async throws {
        for chained in [false, true] {
            let copy = try await genuine.copy("cut-in-the-middle-\(chained)")
            try await copy.forge([], chained: chained, dropped: #""policyProposed""#)
            let log = try await copy.audit("log")
            #expect(log.status == .exited(1), "\(log.outputText)")
            #expect(log.errorText.contains("chain broken"))
        }
        // The last entry hangs on nothing: only who has seen it knows that it was there.
        let last = try await genuine.copy("cut-at-the-end")
        let seen = try await last.audit("log")
        #expect(seen.status == .exited(0), "\(seen.errorText)")
        let sequence = try await last.noted(#"\+.*"assigned".*"sequence":([0-9]+)"#)
        try await last.forge([], dropped: #""sequence":\#(sequence)"#)
        let noticed = try await last.audit("log")
        #expect(noticed.status == .exited(1), "\(noticed.outputText)")
        let stranger = try await last.attempt(
            "git", ["clone", "-q", last.bare, "\(last.clone)-fresh"], in: genuine.folder)
        #expect(stranger.status.isSuccess)
        let fresh = try await last.attempt(genuine.binary, ["log"], in: "\(last.clone)-fresh")
        #expect(fresh.status == .exited(0), "\(fresh.errorText)")
    }
}
