import Domain
import Host
import Testing

private let signer =
    "ada@example.org namespaces=\"git\" ssh-ed25519 "
    + "AAAAC3NzaC1lZDI1NTE5AAAAIB5mnQ2Ol9PFaoU9WG6pWKP9sZhc0d3RrGoNhkEowMeo"

/// A bare repository and a file of trusted signers.
private func prepare(_ desk: Desk) async throws {
    try await desk.git("init", "--quiet", "--bare", "--initial-branch=main", "models.git")
    try desk.write("signers", signer + "\n")
}

@Test func `a state folder is made once`() async throws {
    try await Desk.use { desk in
        try await prepare(desk)
        let make = ["init", "--repository", "models.git", "--trust", "signers"]
        try await desk.slipway(make).matches("init")
        #expect(try desk.text("state/trust/allowed_signers") == signer + "\n")
        #expect(try desk.text("state/config.json").contains("\"\(desk.path("models.git"))\""))
        let again = try await desk.slipway(make)
        #expect(again.code == 5)
        try again.matches("init-again")
        #expect(try await desk.slipway(make + ["--force", "--approvals", "2"]).code == 0)
        #expect(try desk.text("state/config.json").contains("\"approvals\" : 2"))
    }
}

@Test func `what init needs must be there`() async throws {
    try await Desk.use { desk in
        try await prepare(desk)
        try await desk.slipway("init", "--repository", "gone.git", "--trust", "signers")
            .matches("init-no-repository")
        try await desk.slipway("init", "--repository", "models.git", "--trust", "nobody")
            .matches("init-no-trust")
        try desk.write("wrong", "ada@example.org ssh-ed25519 AAAA\n")
        try await desk.slipway("init", "--repository", "models.git", "--trust", "wrong")
            .matches("init-bad-trust")
        try desk.write("wildcard", signer.replacing("ada@example.org", with: "*@example.org"))
        let wildcard = try await desk.slipway(
            "init", "--repository", "models.git", "--trust", "wildcard")
        #expect(wildcard.code == 1)
        #expect(wildcard.errors.contains("a principal with a wildcard does not count"))
        #expect(!exists(desk.path("state/config.json")))
    }
}

@Test func `new overwrites nothing`() async throws {
    try await Desk.use { desk in
        try desk.write("models/mine.txt", "mine\n")
        try await desk.slipway("new", "digits", "models").matches("new-not-empty")
        try await desk.slipway("new", "llm", "other").matches("new-unknown")
        #expect(try desk.text("models/mine.txt") == "mine\n")
        #expect(!exists(desk.path("other")))
    }
}

@Test func `a hook that was there is called first and put back`() async throws {
    try await Desk.use { desk in
        try await prepare(desk)
        let mine = "#!/bin/sh\ncat > ../seen\n"
        try desk.write("models.git/hooks/post-receive", mine, mode: 0o755)
        for _ in 1...2 {
            let install = try await desk.slipway("hook", "install", "--repository", "models.git")
            #expect(install.code == 0)
        }
        try await desk.slipway("new", "regression", "models")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        let push = try await desk.git("push", "--quiet", "../models.git", "main", in: "models")
        #expect(push.code == 0)
        #expect(push.errors.contains("slipway: no daemon runs"))
        #expect(try desk.text("seen").contains("refs/heads/main"))

        #expect(
            try await desk.slipway("hook", "uninstall", "--repository", "models.git").code == 0)
        #expect(try desk.text("models.git/hooks/post-receive") == mine)
        #expect(!exists(desk.path("models.git/hooks/post-receive.before-slipway")))
        try await desk.slipway("hook", "uninstall", "--repository", "models.git")
            .matches("hook-uninstall-again")
    }
}

@Test func `the bot's own pushes are not talked about`() async throws {
    try await Desk.use { desk in
        let refs = [
            "refs/heads/slipway/production", "refs/notes/slipway", "refs/tags/digits@v1.0.0",
            "refs/tags/digits#production#1",
        ]
        let lines = refs.map { "0 1 \($0)\n" }.joined()
        let silent = try await desk.slipway("hook", "post-receive", input: lines)
        #expect(silent.output.isEmpty && silent.errors.isEmpty && silent.code == 0)
        try await desk.slipway("hook", "post-receive", input: lines + "0 1 refs/heads/main\n")
            .matches("hook-no-daemon")
    }
}
