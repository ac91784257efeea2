import Domain
import FoundationEssentials
import Host
import Testing

/// What the hook before a push is accepted refuses: one test for each kind, with real pushes.
@Suite struct HookServerTests {
    /// A repository whose server has its hooks.
    private func guarded(
        bot: String? = nil, _ body: (HookQuay) async throws -> Void
    ) async throws {
        try await HookQuay.use { quay in
            try await quay.run(
                quay.binary,
                ["hook", "install", "--server", "--repository", quay.bare]
                    + (bot.map { ["--bot", $0] } ?? []))
            try await body(quay)
        }
    }

    /// Expects one refusal with these words, and that nothing of the push has arrived.
    private func expectRefused(
        _ push: HookQuay.Result, _ quay: HookQuay, _ words: String...,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(!push.isSuccess, sourceLocation: location)
        #expect(push.refusals.count == 1, "\(push.errors)", sourceLocation: location)
        for word in words {
            #expect(
                push.refusals.first?.contains(word) == true, "\(word) in \(push.errors)",
                sourceLocation: location)
        }
        #expect(push.refusals.first?.contains("; mend: ") == true, sourceLocation: location)
        let head = try await quay.head()
        let has = try await quay.attempt("git", ["-C", quay.bare, "cat-file", "-e", head])
        let old = try await quay.git("rev-parse", "refs/remotes/origin/main")
        let known = try await quay.attempt(
            "git", ["merge-base", "--is-ancestor", head, "refs/remotes/origin/main"],
            in: quay.clone)
        #expect(
            has.isSuccess == known.isSuccess, "objects stay in quarantine",
            sourceLocation: location)
        #expect(
            try await quay.run("git", ["-C", quay.bare, "rev-parse", "main"]) == old,
            sourceLocation: location)
    }

    @Test func `a declaration with an error is refused at its line and column`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("slipway.yaml", "branch: main\nsigner: x\n")
            try await expectRefused(
                try await quay.push("main"), quay, "slipway.yaml:2:1", "unknown key `signer`",
                "`signers`", "(refs/heads/main)")
            let other = try await quay.push("main:draft")
            #expect(other.isSuccess, "a branch that nobody watches may be a draft")
        }
    }

    @Test func `files that are not those of their manifest are refused`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("data/numbers.csv", "x,y\n9,9\n")
            try await expectRefused(
                try await quay.push("main"), quay, "datasets/numbers.yaml:3:13",
                "sha256 of `data/numbers.csv` is ", "expected 2a2b86e74ffd")
            try await quay.git("rm", "-q", "data/numbers.csv")
            try await quay.commit("removed")
            try await expectRefused(
                try await quay.push("main"), quay, "`data/numbers.csv` is not there")
        }
    }

    @Test func `a secret in any commit of a push is refused, and never shown`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("a.py", "import os\n\(leakedLine)")
            let bad = String(try await quay.head().prefix(7))
            try quay.file("a.py", "import os\n")
            try await quay.commit("taken out again")
            for target in ["main", "main:side", "HEAD:refs/tags/v1"] {
                let push = try await quay.push(target)
                try await expectRefused(push, quay, "a.py:2:13 in commit \(bad)", "a secret")
                #expect(!push.errors.contains("Tr0ub4"))
            }
            try quay.file("a.py", "# slipway:allow-secret\n\(leakedLine)")
            try await quay.commit("it is none")
            #expect(try await quay.push("main").isSuccess)
        }
    }

    @Test func `a secret that only a merge brings is found`() async throws {
        try await guarded { quay in
            try await quay.git("checkout", "-q", "-b", "side")
            try quay.file("b.txt", "b\n")
            try await quay.commit("side")
            try await quay.git("checkout", "-q", "main")
            try quay.file("c.txt", "c\n")
            try await quay.commit("main")
            try await quay.git("merge", "-q", "--no-ff", "--no-commit", "side")
            try quay.file("a.py", leakedLine)
            try await quay.commit("an evil merge")
            try await expectRefused(try await quay.push("main"), quay, "a.py:1:13")
        }
    }

    @Test(arguments: [
        ("HEAD:refs/heads/slipway/production", "an environment's branch"),
        ("HEAD:refs/notes/slipway", "refs/notes/slipway"),
        ("HEAD:refs/tags/digits@v1.0.0", "a version tag"),
        ("HEAD:refs/tags/digits@v1.0.0!#3", "a version tag"),
        ("HEAD:refs/tags/digits#production#1", "a deployment tag"),
        ("HEAD:refs/tags/digits#production!#2", "a deployment tag"),
    ])
    func `only the bot writes what is the bot's`(_ spec: String, _ what: String) async throws {
        try await guarded(bot: "robot") { quay in
            let push = try await quay.push(spec, as: "ada")
            try await expectRefused(
                push, quay, "only the bot writes \(what)", "you are `ada`",
                String(spec.dropFirst(5)))
            let nobody = try await quay.push(spec, as: "")
            try await expectRefused(nobody, quay, "nobody that the server knows")
            let here = try await quay.push(spec)
            #expect(!here.isSuccess, "the system's user is not the bot")
            #expect(try await quay.push(spec, as: "robot").isSuccess)
        }
    }

    @Test func `a name that GTO does not know is free, one in the way is not`() async throws {
        try await guarded { quay in
            #expect(try await quay.push("HEAD:refs/tags/pkg@1.0.0", "HEAD:refs/tags/v1").isSuccess)
            for ref in [
                "refs/heads/slipway", "refs/tags/approve", "refs/notes/slipway/x",
                "refs/tags/digits@v1.0.0/x", "refs/tags/digits#production#1/x/y",
            ] {
                try await expectRefused(try await quay.push("HEAD:\(ref)"), quay, "in the way")
            }
        }
    }

    @Test func `nobody moves or deletes a version, the bot neither`() async throws {
        try await guarded(bot: "robot") { quay in
            let tag = "refs/tags/digits@v1.0.0"
            #expect(try await quay.push("HEAD:\(tag)", as: "robot").isSuccess)
            try await quay.commitAnew("b.txt", "b\n")
            try await expectRefused(
                try await quay.push("-f", "HEAD:\(tag)", as: "robot"), quay, "is not moved")
            try await expectRefused(
                try await quay.push(":\(tag)", as: "robot"), quay, "is not deleted")
            try await expectRefused(
                try await quay.push(":\(tag)", as: "ada"), quay, "only the bot writes")
        }
    }

    @Test func `an approval comes from its reviewer's own key, or not at all`() async throws {
        try await guarded { quay in
            let good = try await quay.approval(by: "ada")
            #expect(try await quay.push(good).isSuccess)
            let asBob = try await quay.approval(by: "bob", key: "ada")
            try await expectRefused(
                try await quay.push(asBob), quay, asBob, "belongs to \"ada@example.org\"")
            try await quay.git("tag", "-f", String(asBob.dropFirst(10)))
            try await expectRefused(try await quay.push(asBob), quay, "lightweight")
            try await quay.git("tag", "-f", "-m", "unsigned", String(asBob.dropFirst(10)))
            try await expectRefused(try await quay.push(asBob), quay, asBob)
            try await expectRefused(
                try await quay.push("\(good):refs/tags/approve/digits/x/ada"), quay,
                "is not approve/<model>/<evidence id>/<reviewer>")
            let other = good.replacing("/digits/", with: "/letters/")
            try await expectRefused(
                try await quay.push("\(good):\(other)"), quay, "but it was pushed as")
            let large = "refs/tags/approve/digits/5f5f5f5f5f5f5f5f/bob@example.org"
            try await quay.git(
                "tag", "-f", "-m", String(repeating: "a long comment ", count: 5000),
                String(large.dropFirst(10)))
            try await expectRefused(try await quay.push(large), quay, "bytes, at most")
        }
    }

    @Test func `a key that the watched branch names is left to the daemon`() async throws {
        try await guarded { quay in
            try await quay.run(
                "ssh-keygen",
                ["-q", "-t", "ed25519", "-N", "", "-f", "\(quay.folder)/eve"])
            let tag = try await quay.approval(by: "eve")
            try await expectRefused(
                try await quay.push(tag), quay, "is not in the trusted allowed_signers")
            let key = try quay.text("\(quay.folder)/eve.pub")
            try await quay.commitAnew(".slipway/allowed_signers", "eve@example.org \(key)")
            #expect(try await !quay.push("main", tag).isSuccess, "not by the same push")
            #expect(try await quay.push("main").isSuccess)
            #expect(try await quay.push(tag).isSuccess, "whether it counts, the daemon says")
        }
    }

    @Test func `an approval that is there is not taken away, and replaced by its reviewer alone`()
        async throws
    {
        try await guarded { quay in
            let tag = try await quay.approval(by: "ada")
            #expect(try await quay.push(tag).isSuccess)
            try await expectRefused(try await quay.push(":\(tag)"), quay, "is not deleted")
            try await quay.commitAnew("b.txt", "b\n")
            _ = try await quay.approval(by: "ada", key: "bob")
            try await expectRefused(try await quay.push("-f", tag), quay, tag)
            _ = try await quay.approval(by: "ada")
            #expect(try await quay.push("-f", tag).isSuccess, "who says it again has the name")
        }
    }

    @Test func `without the trust no approval is let in`() async throws {
        try await guarded { quay in
            try removeFile("\(quay.state)/trust/allowed_signers")
            let tag = try await quay.approval(by: "ada")
            try await expectRefused(
                try await quay.push(tag), quay, tag, "who is trusted cannot be read",
                "\(quay.state)/trust/allowed_signers")
        }
    }

    @Test func `the watched branch is neither rewritten nor deleted`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("b.txt", "b\n")
            #expect(try await quay.push("main").isSuccess)
            let tip = String(try await quay.head().prefix(7))
            try await quay.git("reset", "-q", "--hard", "HEAD~1")
            try await quay.git("fetch", "-q")
            try await quay.git("commit", "-q", "--allow-empty", "-m", "other")
            try await expectRefused(
                try await quay.push("-f", "main"), quay, "is not rewritten: \(tip)")
            try await quay.git("reset", "-q", "--hard", "HEAD~1")
            try await expectRefused(
                try await quay.push("-f", "main"), quay, "is not rewritten: \(tip)")
            try await expectRefused(
                try await quay.push(":main"), quay, "the watched branch is not deleted")
            #expect(try await quay.push("main:side").isSuccess)
            #expect(try await quay.push("-f", "origin/main:side").isSuccess)
            #expect(try await quay.push(":side").isSuccess)
        }
    }

    @Test func `the branch that slipway.yaml names is watched, under any alias`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("slipway.yaml", "branch: live\n")
            #expect(try await quay.push("main", "main:live").isSuccess)
            try await quay.git("fetch", "-q")
            try await quay.run(
                "git",
                ["-C", quay.bare, "symbolic-ref", "refs/heads/alias", "refs/heads/live"])
            try await quay.commitAnew("slipway.yaml", "brnch: live\n")
            try await expectRefused(try await quay.push("main:live"), quay, "slipway.yaml:1:1")
            try await expectRefused(try await quay.push("main:alias"), quay, "refs/heads/live")
            #expect(try await quay.push("main:draft").isSuccess)
        }
    }

    @Test func `every ref of a push is judged, and the reasons are bounded`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("slipway.yaml", "brnch: main\n")
            try await quay.git("update-ref", "refs/notes/slipway", "HEAD")
            let push = try await quay.push(
                "main", "HEAD:refs/heads/slipway/x", "HEAD:refs/tags/m@v1.0.0",
                "refs/notes/slipway", "HEAD:refs/heads/good")
            #expect(push.refusals.count == 4, "\(push.errors)")
            #expect(!push.isSuccess)
            try await quay.commitAnew(
                "a.py", (0..<60).map { "password = \"Tr0ub4dor-\($0)x&\"\n" }.joined())
            let many = try await quay.push("main")
            #expect(many.refusals.count == 51)
            #expect(many.refusals.last == "and 10 more reasons")
        }
    }

    @Test func `an object that a replacement hides is still judged`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("slipway.yaml", "brnch: main\n")
            let bad = try await quay.git("rev-parse", "HEAD:slipway.yaml").dropLast()
            let good = try await quay.git("rev-parse", "origin/main:slipway.yaml").dropLast()
            #expect(try await quay.push("main:draft", "\(good):refs/replace/\(bad)").isSuccess)
            let push = try await quay.push("main")
            #expect(push.refusals.first?.contains("slipway.yaml:1:1") == true, "\(push.errors)")
        }
    }

    @Test func `a commit that git itself calls malformed does not arrive`() async throws {
        try await guarded { quay in
            let tree = try await quay.git("rev-parse", "HEAD^{tree}")
            let person = "Ada <ada@example.org> 99999999999999999999 +0000"
            let file = "\(quay.folder)/commit"
            try writeFileAtomically(
                file, Array("tree \(tree)author \(person)\ncommitter \(person)\n\nx\n".utf8))
            let id = try await quay.git("hash-object", "-t", "commit", "-w", "--literally", file)
            let push = try await quay.push("\(id.dropLast()):refs/heads/draft")
            #expect(!push.isSuccess && push.errors.contains("badDate"), "\(push.errors)")
        }
    }

    @Test func `a push option that does not exist is refused`() async throws {
        try await guarded { quay in
            try await quay.commitAnew("b.txt", "b\n")
            let push = try await quay.push(
                "--push-option=slipway.allow-rewrite", "--push-option=ci.skip", "main")
            try await expectRefused(push, quay, "slipway.allow-rewrite: there is no such push")
            #expect(try await quay.push("--push-option=ci.skip", "main").isSuccess)
        }
    }

    @Test func `a repository with a work tree is guarded as well`() async throws {
        try await HookQuay.use { quay in
            let tree = "\(quay.folder)/tree"
            try await quay.run("git", ["clone", "-q", quay.bare, tree])
            try await quay.slipway("hook", "install", "--server", "--repository", tree)
            try await quay.commitAnew("slipway.yaml", "brnch: main\n")
            let push = try await quay.attempt(
                "git", ["push", tree, "HEAD:refs/heads/side", "HEAD:refs/tags/m@v1.0.0"],
                in: quay.clone)
            #expect(push.refusals.count == 1 && push.refusals[0].contains("m@v1.0.0"))
        }
    }
}
