import Domain
import Host
import Testing

private let written = """
    # Ours.
    branch: main   # watched
    review:
      approvals: 1

    suspend:   # see the handbook
      # The labels of March.
      - model: other
        reason: labels   # until they are mended
        by: bob@example.org
    # the end
    artifacts: {folder: artifacts}
    """

extension Desk {
    /// A bare repository with this `slipway.yaml` on `main`, and a clone of it.
    fileprivate func watched(_ text: String) async throws {
        try await git("init", "--quiet", "--bare", "--initial-branch=main", "models.git")
        try await git("clone", "--quiet", "models.git", "models")
        try await git("symbolic-ref", "HEAD", "refs/heads/main", in: "models")
        try await git("config", "user.name", "Ada", in: "models")
        try await git("config", "user.email", "ada@example.org", in: "models")
        // Because what is suspended must be there; it need not be right.
        for name in ["digits", "a", "b", "c"] { try write("models/models/\(name)/model.yaml", "") }
        try write("models/environments/production.yaml", "description: Here.\n")
        try await push(text, "first")
    }

    fileprivate func push(_ text: String, _ message: String) async throws {
        try write("models/slipway.yaml", text)
        try await git("add", "--all", in: "models")
        try await git("commit", "--quiet", "--message", message, in: "models")
        try await git("push", "--quiet", "origin", "main", in: "models")
    }

    /// What the watched branch says now.
    fileprivate var pushed: String {
        get async throws {
            try await git("cat-file", "blob", "main:slipway.yaml", in: "models.git").output
        }
    }
}

@Test func `suspending adds one line, and resuming takes it out again`() async throws {
    try await Desk.use { desk in
        try await desk.watched(written)
        let suspend = try await desk.slipway(
            "suspend", "digits", "--reason", "the labels of \"March\"", "--until", "2099-12-01",
            in: "models")
        #expect(suspend.code == 0)
        try suspend.matches("suspend")
        let line =
            #"  - {model: digits, reason: "the labels of \"March\"", by: "ada@example.org", "#
            + #"until: "2099-12-01T00:00:00Z"}"#
        let with = written.replacing(
            "bob@example.org\n", with: "bob@example.org\n\(line)\n")
        #expect(try await desk.pushed == with)
        #expect(try desk.text("models/slipway.yaml") == written, "the work tree is not touched")
        let show = try await desk.git("log", "-1", "--format=%an %s", in: "models.git").output
        #expect(show == "Ada Suspend digits: the labels of \"March\"\n")

        let resume = try await desk.slipway("resume", "digits", "--json", in: "models")
        #expect(resume.code == 0)
        #expect(
            resume.output
                == #"[{"by":"bob@example.org","model":"other","reason":"labels"}]"# + "\n")
        #expect(try await desk.pushed == written)
        let again = try await desk.slipway("resume", "digits", in: "models")
        #expect(again.code == 3)
        try again.matches("resume-nothing")
    }
}

@Test func `the list is made when there is none, and goes with its last item`() async throws {
    try await Desk.use { desk in
        try await desk.watched("branch: main")
        let suspend = ["suspend", "--environment", "production", "--reason", "audit"]
        #expect(try await desk.slipway(suspend, in: "models").code == 0)
        let item = #"  - {environment: production, reason: "audit", by: "ada@example.org"}"#
        #expect(try await desk.pushed == "branch: main\nsuspend:\n\(item)\n")
        // The same again is another reason, not another item.
        #expect(
            try await desk.slipway(
                "suspend", "--environment", "production", "--reason", "moving", in: "models"
            ).code == 0)
        #expect(
            try await desk.pushed
                == "branch: main\nsuspend:\n\(item.replacing("audit", with: "moving"))\n")
        #expect(
            try await desk.slipway("resume", "--environment", "production", in: "models").code == 0)
        #expect(try await desk.pushed == "branch: main\n")
    }
}

@Test(arguments: ["suspend: []\n", "suspend:\n", "suspend: ~ # nothing\n"])
func `an empty list is filled`(_ list: String) async throws {
    try await Desk.use { desk in
        try await desk.watched(list + "branch: main\n")
        #expect(
            try await desk.slipway("suspend", "--reason", "move", in: "models").code == 0)
        let pushed = try await desk.pushed
        #expect(
            pushed.contains("\n  - {reason: \"move\", by: \"ada@example.org\"}\nbranch: main\n"))
        #expect(pushed.contains("# nothing") == list.contains("# nothing"))
    }
}

@Test func `a list in brackets is left to people, and so is a file that is wrong`() async throws {
    try await Desk.use { desk in
        try await desk.watched("suspend: [{reason: x, by: y}]\n")
        let brackets = try await desk.slipway("suspend", "--reason", "move", in: "models")
        #expect(brackets.code == 1)
        try brackets.matches("suspend-brackets")
        try await desk.push("suspend: {\n", "wrong")
        #expect(
            try await desk.slipway("suspend", "--reason", "move", in: "models").code == 1)
        #expect(try await desk.slipway("suspend", "--reason", " ", in: "models").code == 64)
    }
}

@Test func `items at the left edge and items of several lines are told apart`() async throws {
    try await Desk.use { desk in
        let text = """
            suspend:
            - model: a
              reason: x
              by: y

            - {model: b, reason: x, by: y}
            branch: main

            """
        try await desk.watched(text)
        let dry = try await desk.slipway("resume", "a", "--dry-run", in: "models")
        #expect(dry.output == "suspend:\n\n- {model: b, reason: x, by: y}\nbranch: main\n")
        #expect(try await desk.pushed == text)
        #expect(
            try await desk.slipway("suspend", "c", "--reason", "z", "--for", "2d", in: "models")
                .code == 0)
        #expect(try await desk.pushed.contains("by: y}\n- {model: c, reason: \"z\""))
    }
}

@Test func `what is not there cannot be suspended, and the names that are there are said`()
    async throws
{
    try await Desk.use { desk in
        try await desk.watched("branch: main\n")
        let model = try await desk.slipway("suspend", "digit", "--reason", "x", in: "models")
        #expect(model.code == 3)
        try model.matches("suspend-no-model")
        let place = try await desk.slipway(
            "suspend", "--environment", "prod", "--reason", "x", in: "models")
        #expect(place.code == 3)
        #expect(place.errors.contains("main has no environment `prod`"))
        #expect(place.errors.contains("known: production"))
        #expect(try await desk.pushed == "branch: main\n")
    }
}

@Test func `a moment that is over or no moment is refused with an example`() async throws {
    try await Desk.use { desk in
        try await desk.watched("branch: main\n")
        let over = try await desk.slipway(
            "suspend", "a", "--reason", "x", "--until", "2020-01-01", in: "models")
        #expect(over.code == 64)
        #expect(over.errors.contains("--for 1d"))
        let none = try await desk.slipway(
            "suspend", "a", "--reason", "x", "--until", "yesterday", in: "models")
        #expect(none.code == 64)
        #expect(none.errors.contains("a day as 2026-12-01"))
        #expect(try await desk.pushed == "branch: main\n")
    }
}

@Test func `resuming what rests only with others names the command that would do it`() async throws
{
    try await Desk.use { desk in
        try await desk.watched(
            "suspend:\n  - {environment: production, reason: audit, by: bob}\n")
        let resume = try await desk.slipway("resume", "b", in: "models")
        #expect(resume.code == 3)
        #expect(resume.errors.contains("everything in production is suspended by bob: audit"))
        #expect(resume.errors.contains("hint: slipway resume --environment production"))
    }
}

@Test func `a plan says that the model rests by then`() async throws {
    try await Desk.use { desk in
        try await desk.slipway("new", "digits", "models")
        let declared = try desk.text("models/slipway.yaml")
        try desk.write(
            "models/slipway.yaml",
            declared + "suspend:\n  - {model: digits, reason: audit, by: bob, "
                + "until: \"2099-12-01T00:00:00Z\"}\n")
        try await desk.git("add", "--all", in: "models")
        try await desk.git("commit", "--quiet", "--message", "first", in: "models")
        let plan = try await desk.slipway("plan", in: "models")
        #expect(
            plan.output.contains("  rests    suspended by bob until 2099-12-01T00:00:00Z: audit"))
        let json = try await desk.slipway("plan", "--json", in: "models")
        #expect(json.output.contains(#""suspended":{"by":"bob""#))
    }
}
