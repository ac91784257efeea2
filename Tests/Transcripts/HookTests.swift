import Domain
import Host
import Testing

@Test(arguments: ["commit-msg", "pre-push", "pre-receive"])
func `the help of a hook shows an example`(_ hook: String) async throws {
    try await Desk.use { desk in
        let help = try await desk.slipway("hook", hook, "--help")
        #expect(help.code == 0 && help.errors.isEmpty)
        #expect(help.output.contains("Example:\n  "))
        try help.matches("help-hook-\(hook)")
    }
}

@Test func `what hooks say of a push is one line for each reason`() async throws {
    try await Desk.use { desk in
        try await desk.git("init", "--quiet", "--bare", "--initial-branch=main", "models.git")
        try await desk.slipway(
            "hook", "install", "--server", "--bot", "robot", in: "models.git"
        ).matches("hook-install-server")
        try await desk.slipway("new", "regression", "models")
        try await desk.slipway("hook", "install", in: "models").matches("hook-install")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        let commit = try await desk.git("rev-parse", "HEAD", in: "models")
        #expect(commit.code == 0)
        let refs = ["refs/heads/slipway/production", "refs/notes/slipway", "refs/tags/m@v1.0.0"]
        let zero = String(repeating: "0", count: 40)
        let lines = refs.map { "refs/heads/main \(zero) \($0) \(zero)\n" }.joined()
        try await desk.slipway("hook", "pre-push", "origin", in: "models", input: lines)
            .matches("hook-pre-push-bot")
        let received = refs.map { "\(zero) \(zero) \($0)\n" }.joined()
        let refused = try await desk.slipway(
            "hook", "pre-receive", in: "models.git", input: received)
        #expect(refused.code == 5)
        #expect(refused.errors.split(separator: "\n").count == 3)
        try await desk.slipway("hook", "pre-receive", in: "models.git", input: "what\n")
            .matches("hook-not-understood")
        try desk.write("message", "subject\n\nVersion-Bump: huge\n")
        try await desk.slipway("hook", "commit-msg", "../message", in: "models")
            .matches("hook-commit-msg")
    }
}
