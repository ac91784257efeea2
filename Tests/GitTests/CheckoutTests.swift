import Domain
import Host
import TestKit
import Testing

@testable import Git

@Suite struct CheckoutTests {
    @Test func `a checkout has the bytes and modes of the commit, read-only`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try makeFolder("\(work)/models/m")
            try replaceFile("\(work)/models/m/run.sh", Array("#!/bin/sh\n".utf8), mode: 0o755)
            try makeLink(at: "\(work)/models/m/link", to: "../../shared/x")
            try makeLink(at: "\(work)/models/out", to: "../../etc/passwd")
            try makeLink(at: "\(work)/models/absolute", to: "/etc/passwd")
            let commit = try fixture.commit(
                ["shared/x": "x\r\n", "other": "", "models/n/y": "y"], in: work)
            let repository = try Repository(path: work)
            let whole = fixture.path("whole")
            let leftOut = try await repository.checkout(commit, into: whole)
            #expect(leftOut == ["models/absolute", "models/out"])
            #expect(try readFile("\(whole)/shared/x", limitBytes: 99) == Array("x\r\n".utf8))
            #expect(try readFile("\(whole)/models/m/link", limitBytes: 99) == Array("x\r\n".utf8))
            #expect(try mode("\(whole)/shared/x", fixture) == "444")
            #expect(try mode("\(whole)/models/m/run.sh", fixture) == "555")

            let part = fixture.path("part")
            try makeFolder(part)
            let rest = try await repository.checkout(
                commit, into: part, only: ["models/m", "shared/x", "none", "other/none"])
            #expect(rest.isEmpty)
            #expect(exists("\(part)/models/m/run.sh") && exists("\(part)/shared/x"))
            #expect(!exists("\(part)/other") && !exists("\(part)/models/n"))
            await #expect(throws: GitError.folderNotEmpty(part)) {
                try await repository.checkout(commit, into: part)
            }
        }
    }

    @Test func `a tree that names git's own folder or a parent is not written`() async throws {
        try await Fixture.use { fixture in
            let work = try fixture.clone()
            try fixture.commit(["a": "1"], in: work)
            let blob = try fixture.gitLine("rev-parse", "HEAD:a", in: work)
            let repository = try Repository(path: work)
            for (number, name) in ["..", ".git", ".GIT"].enumerated() {
                let inner = try fixture.git(
                    "mktree", in: work, input: "100644 blob \(blob)\tconfig\n"
                ).split(separator: "\n")[0]
                let raw = try fixture.git(
                    "mktree", in: work, input: "040000 tree \(inner)\t\(name)\n"
                ).split(separator: "\n")[0]
                let commit = try fixture.git(
                    "commit-tree", "-m", "bad", String(raw), in: work
                ).split(separator: "\n")[0]
                let id = try #require(CommitID(String(commit)))
                await #expect(throws: GitError.unsafePath(name)) {
                    try await repository.checkout(id, into: fixture.path("out\(number)"))
                }
            }
        }
    }

    @Test(arguments: [
        ("x", 0, true), ("a/b", 0, true), ("./a", 0, true), ("..", 0, false), ("../x", 1, true),
        ("../../x", 1, false), ("../../x", 2, true), ("a/..", 5, false), ("../a/../b", 5, false),
        ("/etc", 3, false), ("", 3, false), (".././../x", 2, true), ("a/./b", 0, true),
    ])
    func `a link may climb only at its beginning and not above the root`(
        target: String, depth: Int, inside: Bool
    ) {
        #expect(staysInside(target, depth: depth) == inside)
    }

    private func mode(_ path: String, _ fixture: Fixture) throws -> String {
        let result = try ChildProcess.runBlocking(
            "stat", ["-c", "%a", path], outputLimitBytes: 100, deadlineSeconds: patienceSeconds)
        return String(result.outputText.prefix(3))
    }
}
