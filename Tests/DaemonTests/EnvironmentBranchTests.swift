import Daemon
import Domain
import Host
import Testing

/// The branch `slipway/production`, read by those who know git and JSON and nothing of Slipway, as
/// Argo CD and Flux do.
@Suite struct EnvironmentBranchTests {
    /// What plain tools find on the branch.
    private struct Found: Equatable {
        var files: [String]
        var version: String
        var artifact: String
        var number: String
        var commit: String
    }

    /// A clone as a consumer makes it, and the file of the model by Python's own JSON.
    private func consume(_ yard: Yard, _ name: String) async throws -> Found {
        let place = "\(yard.folder)/\(name)"
        try await yard.run(
            "git", "clone", "-q", "--branch", "slipway/production", "--depth", "1",
            "file://\(yard.bare)", place)
        let files = try await yard.run("git", "-C", place, "ls-files")
        let script = """
            import json, sys
            found = json.load(open(sys.argv[1] + "/models/m.json"))
            json.load(open(sys.argv[1] + "/environment.json"))
            print(found["version"], found["artifact"], found["number"], found["commit"])
            """
        let words = try await yard.run("python3", "-c", script, place)
            .split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(words.count == 4)
        return Found(
            files: files.split(separator: "\n").map(String.init), version: words[0],
            artifact: words[1], number: words[2], commit: words[3])
    }

    private func log(_ yard: Yard) async throws -> [String] {
        try await yard.run(
            "git", "-C", yard.bare, "log", "--reverse",
            "--format=%s %(trailers:key=Config-Commit,valueonly,separator=%x2C)",
            "slipway/production"
        ).split(separator: "\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(5)))
    func `each deployment is one more commit, and a revert brings the content back`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await eventually("the branch is there") {
                try await yard.file("models/m.json", on: "slipway/production") != nil
            }
            let one = try await consume(yard, "one")
            #expect(one.files == ["environment.json", "models/m.json"])
            #expect(one.version == "v1.0.0" && one.number == "1" && one.commit == first.hex)
            #expect(Digest(one.artifact) != nil, "\(one.artifact)")
            // Somebody who follows: what is fetched goes on from what was there.
            let follower = "\(yard.folder)/follower"
            try await yard.run(
                "git", "clone", "-q", "--branch", "slipway/production", yard.bare, follower)

            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            try await eventually("the second is there") { try await log(yard).count == 2 }
            try await yard.run("git", "-C", follower, "pull", "-q", "--ff-only")
            let two = try await consume(yard, "two")
            #expect(two.version == "v1.1.0" && two.artifact != one.artifact)

            let revert = try await yard.revertHead()
            try await eventually("the first is back") { try await log(yard).count == 3 }
            try await yard.run("git", "-C", follower, "pull", "-q", "--ff-only")
            let three = try await consume(yard, "three")
            #expect(three.version == one.version && three.artifact == one.artifact)
            #expect(three.files == one.files)
            #expect(three.number == "3" && three.commit == revert.hex)
            #expect(
                try await log(yard) == [
                    "m v1.0.0 (m#production#1) \(first)", "m v1.1.0 (m#production#2) \(second)",
                    "m v1.0.0 (m#production#3) \(revert)",
                ])
            let changed = try await yard.run(
                "git", "-C", follower, "log", "--format=", "--name-only", "-2")
            #expect(Set(changed.split(separator: "\n")) == ["models/m.json"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `two models are two files, and each deployment changes its own alone`() async throws {
        try await play { yard in
            let both = shellModel("a", right: 7).merging(shellModel("b", right: 7)) { $1 }
            let commit = try await yard.push(both, "both")
            try await yard.release(commit, "a")
            try await yard.release(commit, "b")
            try await eventually("both are there") { try await log(yard).count == 2 }
            let before = try await yard.file("models/b.json", on: "slipway/production")
            try await yard.release(try await yard.push(shellModel("a", right: 8), "a"), "a")
            try await eventually("a is new") { try await log(yard).count == 3 }
            #expect(try await yard.file("models/b.json", on: "slipway/production") == before)
            let changed = try await yard.run(
                "git", "-C", yard.bare, "diff", "--name-only", "slipway/production~1",
                "slipway/production")
            #expect(changed == "models/a.json\n")
        }
    }
}
