import Domain
import Host
import Testing

@Test(arguments: ["status", "runs", "logs digits/1", "report digits", "versions digits", "review"])
func `without a daemon it is said where one was looked for`(_ command: String) async throws {
    try await Desk.use { desk in
        let words = command.split(separator: " ").map(String.init)
        let answer = try await desk.slipway(words)
        #expect(answer.code == 4)
        try answer.matches("no-daemon-\(words[0])")
    }
}

@Test func `a daemon that does not answer is named`() async throws {
    try await Desk.use { desk in
        // Because nothing listens on port 1 of this machine.
        let answer = try await desk.slipway("status", "--daemon", "http://127.0.0.1:1")
        #expect(answer.code == 4)
        try answer.matches("daemon-silent")
        try await desk.slipway("status", "--daemon", "models.example.org").matches("daemon-no-url")
    }
}

@Test func `daemon, serve and rebuild need a state folder`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("daemon").matches("no-state-daemon")
        try await desk.slipway("serve", "--environment", "production").matches("no-state-serve")
        try await desk.slipway("rebuild").matches("no-state-rebuild")
    }
}

@Test func `a step needs a job`() async throws {
    try await Desk.use { desk in
        let nowhere = try await desk.slipway("step", desk.path("nope"))
        #expect(nowhere.code == 3)
        try nowhere.matches("step-nowhere")
        try makeFolder(desk.path("empty"))
        try await desk.slipway("step", "empty").matches("step-no-job")
        #expect(try namesIn(desk.path("empty")).isEmpty)
    }
}

@Test func `a second serve of an environment names the first`() async throws {
    try await Desk.use { desk in
        try await desk.git("init", "--quiet", "--bare", "models.git")
        let signer = "ada@example.org namespaces=\"git\" ssh-ed25519 "
        let key = "AAAAC3NzaC1lZDI1NTE5AAAAIB5mnQ2Ol9PFaoU9WG6pWKP9sZhc0d3RrGoNhkEowMeo"
        try desk.write("signers", signer + key + "\n")
        try await desk.slipway("init", "--repository", "models.git", "--trust", "signers")
        try makeFolder(desk.path("state/serve-production"))
        let lock = try FileLock.tryTake(desk.path("state/serve-production/serve.lock"))
        let early = try await desk.slipway("serve", "--environment", "production")
        #expect(early.errors.contains("it waits for its first deployment"))
        try desk.write(
            "state/serve-production.json", "{\"pid\":4321,\"url\":\"http://127.0.0.1:8501\"}")
        let second = try await desk.slipway("serve", "--environment", "production")
        #expect(second.code == 5)
        try second.matches("serve-twice")
        withExtendedLifetime(lock) {}
    }
}

@Test func `the doctor makes nothing`() async throws {
    try await Desk.use { desk in
        let doctor = try await desk.slipway("doctor")
        #expect(doctor.output.contains("ok    state folder: <desk>/state, not made yet"))
        #expect(!exists(desk.path("state")))
    }
}

@Test func `a reviewer without a key is told so first`() async throws {
    try await Desk.use { desk in
        try await desk.git("init", "--quiet", "clone")
        let approve = try await desk.slipway("approve", "digits", in: "clone")
        #expect(approve.code == 1)
        try approve.matches("approve-no-key")
    }
}

@Test func `reviewers need a clone`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("approve", "digits").matches("approve-no-clone")
        try await desk.slipway("reject", "digits", "--message", "no").matches("reject-no-clone")
        try await desk.slipway("rollback", "digits").matches("rollback-no-clone")
        try await desk.slipway("plan").matches("plan-no-clone")
        for command in ["log", "verify", "provenance digits", "suspend --reason x", "resume"] {
            let words = command.split(separator: " ").map(String.init)
            let answer = try await desk.slipway(words)
            #expect(answer.code == 1)
            try answer.matches("\(words[0])-no-clone")
        }
    }
}

@Test func `an auditor is told whom to trust, and what was decided so far`() async throws {
    try await Desk.use { desk in
        try await desk.git("init", "--quiet", "clone")
        try await desk.slipway("verify", in: "clone").matches("verify-no-trust")
        try await desk.slipway("log", in: "clone").matches("log-nothing")
        try await desk.slipway("log", "digits", in: "clone").matches("log-no-model")
        try desk.write("clone/nobody", "# nobody\n")
        try await desk.slipway("verify", "--trust", "nobody", in: "clone")
            .matches("verify-nobody")
        try await desk.slipway("verify", "--attestation", "x", in: "clone")
            .matches("verify-no-key")
        try await desk.slipway("approve", "policy", in: "clone").matches("approve-policy-no-key")
        try await desk.git("config", "user.signingkey", "key", in: "clone")
        let policy = try await desk.slipway("approve", "policy", in: "clone")
        #expect(policy.code == 5)
        try policy.matches("approve-policy-nothing")
    }
}

@Test func `a plan says what is touched, and why`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", "digits", "models")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        try await desk.slipway("plan", in: "models").matches("plan-first")

        let declaration = try desk.text("models/models/digits/model.yaml")
        let changed = declaration.replacing("gamma: 0.0005", with: "gamma: 0.001")
        try desk.write("models/models/digits/model.yaml", changed)
        try await desk.git("commit", "--quiet", "--all", "--message", "second", in: "models")
        try await desk.slipway("plan", "HEAD", in: "models").matches("plan-parameters")

        try desk.write("models/notes.txt", "a note\n")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "third", in: "models")
        try await desk.slipway("plan", "HEAD", in: "models").matches("plan-nothing")

        try await desk.git("rm", "-r", "--quiet", "models/digits", in: "models")
        try await desk.git("commit", "--quiet", "--message", "fourth", in: "models")
        try await desk.slipway("plan", "HEAD", in: "models").matches("plan-removed")
        try await desk.slipway("plan", "nowhere", in: "models").matches("plan-no-commit")
    }
}
