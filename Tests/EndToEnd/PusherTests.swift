import Domain
import Host
import Testing

/// Who pushed, from the real hook on to the release, the log and the proof.
@Suite struct PusherTests {
    @Test(.timeLimit(.minutes(15)))
    func `who pushed through the hook cannot approve it, and why they did is shown`()
        async throws
    {
        try await Harbour.use { harbour in
            try await story(harbour)
        }
    }

    private func story(_ harbour: Harbour) async throws {
        let signers = try await harbour.trust("bob@example.org", key: "key2")
        try await harbour.slipway("hook", "install", "--server", "--repository", harbour.bare)
        try await harbour.startDaemon()
        try harbour.shellRepository()
        try harbour.file(
            "slipway.yaml", "branch: main\nreview: {exclude: [author, last-pusher]}\n")
        try await harbour.git("add", "--all")
        try await harbour.git("commit", "-q", "-m", "a model")
        // The server has authenticated `reviewer`, who is reviewer@example.org.
        let pushed = try await harbour.run(
            "env", "REMOTE_USER=reviewer", "git", "-C", harbour.clone, "push", "-q", "-o",
            "slipway.why=retrained on May's data", "origin", "HEAD:main")
        #expect(pushed.isEmpty, "what the hook says comes on the other stream")
        _ = try await harbour.until("shell", .waiting)
        let own = try await harbour.attempt("approve", "shell", "--message", "mine")
        #expect(own.status == .exited(5), "\(own.outputText)\(own.errorText)")
        #expect(own.errorText.contains("cannot approve"))
        let sheet = try await harbour.slipway("report", "shell")
        #expect(sheet.contains("\nPushed\n  by reviewer: retrained on May's data\n"))
        try await harbour.git("config", "user.signingkey", "\(harbour.folder)/key2")
        try await harbour.git("config", "slipway.reviewer", "bob@example.org")
        try await harbour.slipway("approve", "shell", "--message", "looks right")
        _ = try await harbour.until("shell", .released)
        try await harbour.until("the version is tagged") {
            try await harbour.run("git", "-C", harbour.bare, "tag").contains("shell@v1.0.0")
        }
        let log = try await harbour.slipway("log")
        let line = log.split(separator: "\n").first { $0.contains("retrained on May's data") }
        #expect(line?.contains(" reviewer ") ?? false, "\(log)")
        let run = try await harbour.slipway("runs", "shell/1")
        #expect(run.contains("pushed by reviewer: retrained on May's data"), "\(run)")
        let proof = try await harbour.slipway("verify", "shell@v1.0.0", "--trust", signers)
        #expect(proof.contains("last pusher reviewer"), "\(proof)")
    }
}

extension Harbour {
    /// Trusts the principal too, by a new key of this name; returns the file of all signers.
    func trust(_ principal: String, key: String) async throws -> String {
        try await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(key)")
        func text(_ path: String) throws -> String {
            String(decoding: try readFile(path, limitBytes: 10_000), as: UTF8.self)
        }
        let signers = "\(folder)/signers"
        try write(
            signers, try text(signers) + "\(principal) " + text("\(folder)/\(key).pub"))
        try await slipway(
            "init", "--force", "--repository", bare, "--trust", signers, "--listen",
            "127.0.0.1:0")
        return signers
    }
}
