import Domain
import Host
import Testing

/// Installing, chaining and uninstalling with the real git.
@Suite struct HookInstallTests {
    @Test func `every repository gets the hooks that fit it`() async throws {
        try await HookQuay.use { quay in
            func names(_ folder: String) throws -> [String] {
                try namesIn(folder).filter { !$0.hasSuffix(".sample") }
            }
            try await quay.slipway("hook", "install")
            let own = "\(quay.clone)/.git/hooks"
            #expect(try names(own) == ["commit-msg", "pre-commit", "pre-push"])
            let bare = "\(quay.bare)/hooks"
            try await quay.slipway("hook", "install", "--repository", quay.bare)
            #expect(try names(bare) == ["post-receive"])
            try await quay.slipway("hook", "install", "--server", "--repository", quay.bare)
            #expect(try names(bare) == ["post-receive", "pre-receive"])
            try await quay.slipway("hook", "uninstall")
            try await quay.slipway("hook", "install", "--hook", "pre-push")
            #expect(try names(own) == ["pre-push"])
            let wrong = try await quay.attempt(
                quay.binary, ["hook", "install", "--hook", "update"], in: quay.clone)
            #expect(wrong.status == .exited(64))
            #expect(wrong.errors.contains("pre-receive"), "the error names those that there are")
        }
    }

    @Test(arguments: [
        "", "[slipway]\n\treviewer = ada@example.org\n\ttrailers = true\n",
        "[receive]\n\tadvertisePushOptions = false\n", "[receive]\n\tadvertisepushoptions\n",
        "[receive]\n\tadvertisePushOptions=true\n\tdenyDeletes = false\n",
        "# a comment\n[slipway] # mine\n; another", "[alias]\n\tx = log",
    ])
    func `uninstalling leaves no trace`(_ more: String) async throws {
        try await HookQuay.use { quay in
            let config = try quay.text("\(quay.bare)/config")
            try writeFileAtomically("\(quay.bare)/config", Array((config + more).utf8))
            try setMode("\(quay.bare)/config", 0o664)
            try write("\(quay.bare)/hooks/pre-receive", "#!/bin/sh\ncat >/dev/null\n")
            try setMode("\(quay.bare)/hooks/pre-receive", 0o750)
            try write("\(quay.bare)/hooks/post-receive", "not executable, so never called\n")
            let before = try quay.snapshot(quay.bare)
            let repository = ["--repository", quay.bare]
            for options in [["--server"], ["--server", "--bot", "robot"], []] {
                try await quay.run(quay.binary, ["hook", "install"] + options + repository)
            }
            #expect(
                try await quay.run("git", ["-C", quay.bare, "config", "slipway.bot"]) == "robot\n")
            #expect(try quay.snapshot(quay.bare) != before)
            try await quay.run(quay.binary, ["hook", "uninstall"] + repository)
            let after = try quay.snapshot(quay.bare)
            #expect(after == before, "\(after.filter { before[$0.key] != $0.value })")

            let again = try await quay.attempt(quay.binary, ["hook", "uninstall"] + repository)
            #expect(again.status == .exited(3))
        }
    }

    @Test func `what somebody else configured meanwhile stays`() async throws {
        try await HookQuay.use { quay in
            let config = "\(quay.bare)/config"
            try await quay.run(
                "git", ["-C", quay.bare, "config", "receive.advertisePushOptions", "0"])
            let before = try quay.text(config)
            try await quay.slipway("hook", "install", "--server", "--repository", quay.bare)
            try await quay.run("git", ["-C", quay.bare, "config", "gc.auto", "0"])
            try await quay.slipway(
                "hook", "install", "--server", "--bot", "robot", "--repository", quay.bare)
            try await quay.slipway("hook", "uninstall", "--repository", quay.bare)
            #expect(try quay.text(config) == before + "[gc]\n\tauto = 0\n")
        }
    }

    @Test func `a folder of hooks elsewhere is respected`() async throws {
        try await HookQuay.use { quay in
            for place in [".githooks/here", "\(quay.folder)/shared/hooks"] {
                try await quay.git("config", "core.hooksPath", place)
                let before = try quay.snapshot(quay.clone)
                try await quay.slipway("hook", "install")
                let folder = place.hasPrefix("/") ? place : "\(quay.clone)/\(place)"
                #expect(try namesIn(folder) == ["commit-msg", "pre-commit", "pre-push"])
                try quay.file("a.py", leakedLine)
                try await quay.git("add", "a.py")
                let refused = try await quay.attempt("git", ["commit", "-qm", "x"], in: quay.clone)
                #expect(!refused.isSuccess && refused.errors.contains("would be committed"))
                try await quay.git("reset", "-q", "--hard")
                try await quay.slipway("hook", "uninstall")
                #expect(!exists(parentFolder(folder)), "what was made for the hooks is gone")
                let after = try quay.snapshot(quay.clone)
                let different = Set(before.keys).symmetricDifference(after.keys).filter {
                    !$0.hasPrefix(".git/objects/") && !$0.hasSuffix("ORIG_HEAD")
                        && !$0.hasSuffix("COMMIT_EDITMSG")
                }
                #expect(different.isEmpty, "\(different)")
                #expect(before[".git/config"] == after[".git/config"])
            }
        }
    }

    @Test func `hooks in a shared folder leave other repositories alone`() async throws {
        try await HookQuay.use { quay in
            let shared = "\(quay.folder)/shared"
            try await quay.git("config", "core.hooksPath", shared)
            try await quay.slipway("hook", "install")
            let other = "\(quay.folder)/other"
            try await quay.run("git", ["init", "-q", "-b", "main", other])
            try write("\(other)/a.py", leakedLine)
            try await quay.run("git", ["-C", other, "add", "a.py"])
            let result = try await quay.attempt(
                "git",
                [
                    "-c", "core.hooksPath=\(shared)", "-c", "user.name=a", "-c", "user.email=a@b",
                    "commit", "-qm", "x",
                ], in: other)
            #expect(result.isSuccess && result.errors.isEmpty, "\(result)")
        }
    }

    @Test func `a worktree has the hooks of its repository`() async throws {
        try await HookQuay.use { quay in
            let tree = "\(quay.folder)/tree"
            try await quay.git("worktree", "add", "-q", "-b", "side", tree)
            try await quay.slipway("hook", "install", in: tree)
            #expect(exists("\(quay.clone)/.git/hooks/pre-commit"))
            try write("\(tree)/a.py", leakedLine)
            try await quay.run("git", ["-C", tree, "add", "a.py"])
            let refused = try await quay.attempt("git", ["commit", "-qm", "x"], in: tree)
            #expect(!refused.isSuccess && refused.words.contains("a.py:1:13"), "\(refused)")
            try await quay.run("git", ["-C", tree, "rm", "-qf", "a.py"])
            try write("\(tree)/data/numbers.csv", "x,y\n1,2\n3,5\n")
            let changed = try await quay.attempt("git", ["commit", "-qam", "x"], in: tree)
            #expect(!changed.isSuccess && changed.words.contains("datasets/numbers.yaml:3:13"))
            try await quay.slipway("hook", "uninstall", in: tree)
            #expect(!exists("\(quay.clone)/.git/hooks/pre-commit"))
        }
    }

    /// A hook that writes down its arguments and its input, byte for byte.
    private func spy(_ quay: HookQuay, _ hook: String, exit code: Int = 0) throws {
        try write(
            hook,
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > \(quay.folder)/arguments\n"
                + "cat > \(quay.folder)/input\nexit \(code)\n")
        try setMode(hook, 0o755)
    }

    @Test func `the hook that was there runs first, with the same arguments and input`()
        async throws
    {
        try await HookQuay.use { quay in
            let (own, bare) = ("\(quay.clone)/.git/hooks", "\(quay.bare)/hooks")
            for name in ["pre-push", "commit-msg"] { try spy(quay, "\(own)/\(name)") }
            for name in ["pre-receive", "post-receive"] { try spy(quay, "\(bare)/\(name)") }
            try await quay.slipway("hook", "install")
            try await quay.slipway("hook", "install", "--server", "--repository", quay.bare)
            let old = try await quay.head()
            try await quay.git("commit", "-q", "--allow-empty", "-m", "second")
            #expect(try quay.text("\(quay.folder)/arguments") == ".git/COMMIT_EDITMSG\n")
            let new = try await quay.head()
            let zero = String(repeating: "0", count: 40)

            try removeFile("\(bare)/pre-receive.before-slipway")
            try removeFile("\(bare)/post-receive.before-slipway")
            try await quay.git("push", "-q", "origin", "main", "main:side")
            #expect(
                try quay.text("\(quay.folder)/arguments") == "origin\n\(quay.address)\n")
            #expect(
                try quay.text("\(quay.folder)/input")
                    == "refs/heads/main \(new) refs/heads/main \(old)\n"
                    + "refs/heads/main \(new) refs/heads/side \(zero)\n")
            try await quay.git("push", "-q", "origin", "main")
            #expect(try quay.text("\(quay.folder)/input") == "", "nothing to push is no line")

            for name in ["pre-receive", "post-receive"] {
                try spy(quay, "\(bare)/\(name).before-slipway")
                try removeFile("\(quay.folder)/input")
                try await quay.git("push", "-q", "--no-verify", "origin", "main:\(name)")
                #expect(
                    try quay.text("\(quay.folder)/input")
                        == "\(zero) \(new) refs/heads/\(name)\n")
                try removeFile("\(bare)/\(name).before-slipway")
            }
        }
    }

    @Test(arguments: ["pre-commit", "commit-msg", "pre-push", "pre-receive"])
    func `the failure of the hook that was there stops`(_ name: String) async throws {
        try await HookQuay.use { quay in
            let isServers = name == "pre-receive"
            let folder = isServers ? "\(quay.bare)/hooks" : "\(quay.clone)/.git/hooks"
            try spy(quay, "\(folder)/\(name)", exit: 1)
            let before = try quay.snapshot(folder)
            try await quay.run(
                quay.binary,
                ["hook", "install"] + (isServers ? ["--server", "--repository", quay.bare] : []),
                in: quay.clone)
            let commit = try await quay.attempt(
                "git", ["commit", "-q", "--allow-empty", "-m", "x"], in: quay.clone)
            let push = try await quay.attempt(
                "git", ["push", "-q", "origin", "HEAD:side"], in: quay.clone)
            #expect(commit.isSuccess == ["pre-push", "pre-receive"].contains(name))
            #expect(push.isSuccess == ["pre-commit", "commit-msg"].contains(name))
            try await quay.run(
                quay.binary,
                ["hook", "uninstall"] + (isServers ? ["--repository", quay.bare] : []),
                in: quay.clone)
            #expect(try quay.snapshot(folder) == before)
        }
    }

    @Test func `a hook that the server links again makes room, and is not left twice`()
        async throws
    {
        try await HookQuay.use { quay in
            let folder = "\(quay.bare)/hooks"
            try makeFolder("\(quay.folder)/common")
            try spy(quay, "\(quay.folder)/common/pre-receive")
            func link() throws {
                try removeFile("\(folder)/pre-receive")
                try makeLink(at: "\(folder)/pre-receive", to: "\(quay.folder)/common/pre-receive")
            }
            try link()
            let before = try quay.snapshot(folder)
            let install = ["hook", "install", "--server", "--repository", quay.bare]
            try await quay.run(quay.binary, install)
            // As `gitolite setup` does whenever it is called.
            try link()
            try await quay.run(quay.binary, install)
            #expect(try await !quay.push("HEAD:refs/tags/m@v1.0.0").isSuccess)
            #expect(exists("\(quay.folder)/input"), "both are called")
            try link()
            try await quay.slipway("hook", "uninstall", "--repository", quay.bare)
            #expect(try quay.snapshot(folder) == before)
        }
    }

    @Test func `without the program clients are warned, and the server refuses`() async throws {
        try await HookQuay.use { quay in
            try await quay.slipway("hook", "install")
            try await quay.slipway("hook", "install", "--server", "--repository", quay.bare)
            for place in [quay.clone, quay.bare] {
                try await quay.run("git", ["-C", place, "config", "slipway.executable", "/gone"])
            }
            try quay.file("a.py", leakedLine)
            try await quay.git("add", "--all")
            let commit = try await quay.attempt("git", ["commit", "-qm", "x"], in: quay.clone)
            #expect(commit.isSuccess)
            #expect(
                commit.errors.split(separator: "\n").map { $0.prefix(26) }
                    == ["slipway: `/gone` is gone, n", "slipway: `/gone` is gone, t"].map {
                        $0.prefix(26)
                    }, "one line of each hook: \(commit.errors)")
            let push = try await quay.attempt("git", ["push", "origin", "main"], in: quay.clone)
            #expect(!push.isSuccess)
            #expect(push.errors.contains("slipway: `/gone` is gone, nothing was checked"))
            #expect(push.refusals.count == 1)
            #expect(push.refusals.first?.contains("mend: install it on the server") == true)
        }
    }
}
