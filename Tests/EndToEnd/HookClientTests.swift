import Domain
import FoundationEssentials
import Host
import Testing

/// The hooks in a clone, called by the real git.
@Suite struct HookClientTests {
    private func hooked(_ body: (HookQuay) async throws -> Void) async throws {
        try await HookQuay.use { quay in
            try await quay.slipway("hook", "install")
            try await body(quay)
        }
    }

    private func commit(_ quay: HookQuay, _ message: String = "x") async throws
        -> HookQuay.Result
    {
        try await quay.attempt("git", ["commit", "-q", "-m", message], in: quay.clone)
    }

    // MARK: pre-commit

    @Test func `a staged secret is refused, an old or allowed one is not`() async throws {
        try await hooked { quay in
            try quay.file("a.py", "import os\n\(leakedLine)")
            #expect(try await commit(quay).output.isEmpty == false, "nothing is staged yet")
            try await quay.git("add", "--all")
            let refused = try await commit(quay)
            #expect(!refused.isSuccess)
            #expect(refused.words.contains("a.py:2:13: error: this looks like a secret"))
            #expect(refused.words.contains("slipway:allow-secret"))
            #expect(!refused.words.contains("Tr0ub4"))

            try quay.file("a.py", "import os\n# slipway:allow-secret\n\(leakedLine)")
            try await quay.git("add", "--all")
            #expect(try await commit(quay).isSuccess)
            try quay.file("a.py", "import sys\n\(leakedLine)")
            try await quay.git("add", "--all")
            #expect(try await commit(quay).isSuccess, "the line was there before")

            try quay.file("b.py", leakedLine)
            try await quay.git("add", "--all")
            try quay.file("b.py", "clean\n")
            #expect(try await !commit(quay).isSuccess, "what is staged counts")
            let partly = try await quay.attempt(
                "git", ["commit", "-q", "-m", "x", "b.py"], in: quay.clone)
            #expect(partly.isSuccess, "git commit FILE stages it anew")
        }
    }

    @Test func `what is too large or binary is named and let pass`() async throws {
        try await hooked { quay in
            let large = String(repeating: "x", count: 1 << 20)
            try quay.file("large.txt", leakedLine + large)
            try quay.file("binary", "\0\(leakedLine)")
            try await quay.git("add", "--all")
            let result = try await commit(quay)
            #expect(result.isSuccess)
            #expect(result.errors.contains("binary or over 1 MiB: 2 files (large.txt, binary)"))
        }
    }

    @Test func `staged data that is not its manifest's is refused`() async throws {
        try await hooked { quay in
            try quay.file(".gitattributes", "*.csv text eol=crlf\n")
            try quay.file("data/numbers.csv", "x,y\n1,2\n3,5\n")
            try await quay.git("add", "--all")
            let result = try await commit(quay)
            #expect(!result.isSuccess)
            #expect(result.words.contains("datasets/numbers.yaml:3:13 "))
            #expect(result.words.contains("sha256 of `data/numbers.csv` is "))
            try quay.file("data/numbers.csv", "x,y\n1,2\n3,4\n")
            try quay.file("datasets/more.yaml", "files: [{path: data/numbers.csv, sha256: 0}]\n")
            try await quay.git("add", "--all")
            #expect(try await commit(quay).words.contains("datasets/more.yaml:1:"))
            try await quay.git("rm", "-qf", "datasets/more.yaml")
            let good = try await commit(quay)
            #expect(good.isSuccess, "what is committed counts, not what git makes of it: \(good)")
        }
    }

    // MARK: commit-msg

    @Test(arguments: [
        ("Version-Bump: huge", "3:15: error: `huge` is no bump"),
        ("Version-Bump: Major", "3:15: error: `Major` is no bump"),
        ("Version-Bump: major\nVersion-Bump: minor", "4:15: error: two different bumps"),
        ("Signed-off-by: A <a@b>\nversion-bump :  x", "4:17: error: `x` is no bump"),
        ("Restored-from: v1.0.0", "3:16: error: `v1.0.0` is not the id of a commit"),
        ("Restored-from: 0123456789", "3:16: error: there is no commit `0123456789` here"),
    ])
    func `a trailer that nobody would understand is refused`(
        _ trailer: String, _ words: String
    ) async throws {
        try await hooked { quay in
            let result = try await quay.attempt(
                "git", ["commit", "-q", "--allow-empty", "-m", "x\n\n\(trailer)"], in: quay.clone)
            #expect(!result.isSuccess)
            #expect(
                result.errors.contains(".git/COMMIT_EDITMSG:\(words)"), "\(result.errors)")
            #expect(result.errors.contains("hint: "))
        }
    }

    @Test func `good trailers pass, and one that does not count is told`() async throws {
        try await hooked { quay in
            let head = try await quay.head()
            for trailer in ["Version-Bump: major", "Restored-from: \(head)"] {
                let result = try await quay.attempt(
                    "git", ["commit", "-q", "--allow-empty", "-m", "x\n\n\(trailer)"],
                    in: quay.clone)
                #expect(result.isSuccess && result.errors.contains("ok: "), "\(result)")
            }
            let stray = try await quay.attempt(
                "git",
                ["commit", "-q", "--allow-empty", "-m", "x\n\nVersion-Bump: major\n\nMore text."],
                in: quay.clone)
            #expect(stray.isSuccess)
            #expect(stray.errors.contains("3:1: warning: `Version-Bump:` does not count here"))
        }
    }

    @Test func `models are named when that is wanted, and only then`() async throws {
        try await hooked { quay in
            try quay.file(
                "environments/production.yaml",
                "target: local\ngateway: {listen: \"127.0.0.1:0\"}\n")
            for name in ["one", "two"] {
                try quay.file("models/\(name)/model.yaml", ShellModel(name: name).yaml)
            }
            try await quay.git("add", "--all")
            #expect(try await commit(quay, "models").isSuccess)
            #expect(try await message(quay) == "models\n\n")

            try await quay.git("config", "slipway.trailers", "true")
            try quay.file("models/one/train.sh", "echo\n")
            try await quay.git("add", "--all")
            #expect(try await commit(quay, "one\n\nVersion-Bump: patch").isSuccess)
            #expect(try await message(quay) == "one\n\nVersion-Bump: patch\nModel: one\n\n")
            try await quay.git("rm", "-qr", "models/two")
            try await quay.git("commit", "-q", "--amend", "--no-edit")
            #expect(
                try await message(quay)
                    == "one\n\nVersion-Bump: patch\nModel: one\nModel: two\n\n")
            try quay.file("README.md", "text\n")
            try await quay.git("add", "--all")
            #expect(try await commit(quay, "readme").isSuccess)
            #expect(try await message(quay) == "readme\n\n")

            try quay.file("models/one/train.sh", "echo 2\n")
            try await quay.git("add", "--all")
            let empty = try await quay.attempt(
                "git", ["commit", "-q", "--edit", "-m", ""], in: quay.clone,
                ["GIT_EDITOR": "true"])
            #expect(!empty.isSuccess, "an empty message still makes no commit")
        }
    }

    private func message(_ quay: HookQuay) async throws -> String {
        try await quay.git("log", "-1", "--format=%B")
    }

    // MARK: pre-push

    @Test func `a push is judged before it leaves`() async throws {
        try await hooked { quay in
            try await quay.commitAnew("slipway.yaml", "brnch: main\n")
            try quay.file("data/numbers.csv", "x,y\n9,9\n")
            try quay.file("a.py", leakedLine)
            try await quay.commit("a secret")
            let bad = String(try await quay.head().prefix(7))
            try await quay.git("rm", "-q", "a.py")
            try await quay.commit("taken out")
            let push = try await quay.attempt(
                "git", ["push", "origin", "main:draft"], in: quay.clone)
            #expect(!push.isSuccess)
            #expect(push.refusals.count == 3, "\(push.errors)")
            for words in [
                "slipway.yaml:1:1 (refs/heads/draft): unknown key `brnch`",
                "datasets/numbers.yaml:3:13 (refs/heads/draft): sha256 of",
                "a.py:1:13 in commit \(bad): this looks like a secret",
            ] { #expect(push.refusals.contains { $0.hasPrefix(words) }, "\(words)") }
            #expect(try await quay.push("main:draft").isSuccess, "--no-verify passes it by")
            try await quay.git("fetch", "-q")
            let known = try await quay.attempt(
                "git", ["push", "origin", "main~1:refs/tags/old"], in: quay.clone)
            #expect(known.isSuccess, "what the remote has already is not searched: \(known)")
        }
    }

    @Test func `what only the bot writes is not pushed, even to be deleted`() async throws {
        try await hooked { quay in
            for spec in [
                "HEAD:refs/heads/slipway/production", "HEAD:refs/tags/m@v1.0.0",
                "HEAD:refs/tags/m#production#1", "HEAD:refs/notes/slipway",
            ] {
                let push = try await quay.attempt("git", ["push", "origin", spec], in: quay.clone)
                #expect(!push.isSuccess)
                #expect(push.refusals.count == 1)
                #expect(push.refusals.first?.contains("only the bot writes") == true)
            }
            #expect(try await quay.push("HEAD:refs/tags/m@v1.0.0").isSuccess)
            let deletion = try await quay.attempt(
                "git", ["push", "origin", ":refs/tags/m@v1.0.0"], in: quay.clone)
            #expect(deletion.refusals.count == 1)
            #expect(deletion.refusals.first?.hasSuffix("mend: leave it out of the push") == true)
        }
    }

    @Test func `a branch without slipway.yaml is not judged by it`() async throws {
        try await hooked { quay in
            try await quay.git("checkout", "-q", "--orphan", "pages")
            try await quay.git("rm", "-qrf", ".")
            try quay.file("index.html", "pages\n")
            try await quay.commit("pages")
            let push = try await quay.attempt("git", ["push", "origin", "pages"], in: quay.clone)
            #expect(push.isSuccess, "\(push.errors)")
        }
    }
}
