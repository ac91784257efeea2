import Daemon
import Domain
import Host
import Journal
import TestKit
import Testing

/// What the bot writes is signed when it has a key.
@Suite struct SignedBotTests {
    @Test(.timeLimit(.minutes(5)))
    func `git verifies every tag and commit that the bot writes`() async throws {
        try await play { yard in
            await yard.stop()
            let signers = try await bot(yard)
            try await yard.start()
            try await everythingThatTheBotWrites(yard)
            let git = ["-C", yard.bare, "-c", "gpg.ssh.allowedSignersFile=\(signers)"]
            for tag in try await yard.tags() {
                try await expectGood(yard, git + ["verify-tag", tag])
            }
            for refs in [
                ["refs/notes/slipway"], ["refs/heads/slipway/production"],
                ["--author=slipway@localhost", "refs/heads/main"],
            ] {
                let list = try await yard.run("git", "-C", yard.bare, "rev-list", more: refs)
                #expect(!list.isEmpty, "\(refs)")
                for commit in list.split(separator: "\n") {
                    try await expectGood(yard, git + ["verify-commit", String(commit)])
                }
            }
            let check = try await yard.run("git", "-C", yard.bare, "fsck", "--strict")
            #expect(!check.contains("error"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `decisions that somebody else has written count for nothing`() async throws {
        try await play { yard in
            await yard.stop()
            _ = try await bot(yard)
            try await yard.start()
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            try await yard.git("fetch", "-q", "origin", "refs/notes/slipway:refs/notes/slipway")
            let own = try await yard.git("rev-parse", "refs/notes/slipway").prefix(40)
            try await yard.git("notes", "--ref", "slipway", "append", "-m", "x", first.hex)
            try await yard.git("push", "-q", "origin", "refs/notes/slipway")
            var found: Failure?
            try await eventually("it is noticed") {
                found = try await yard.journal.problems().first { $0.key == "notes" }?.failure
                return found != nil
            }
            #expect(found?.what.contains("written by somebody else") ?? false)
            let second = try await yard.push(shellModel(right: 8), "second")
            // Neither by a daemon that starts anew.
            await yard.stop()
            try await yard.start()
            try await eventually("it is still noticed") {
                try await yard.journal.problems().contains { $0.key == "notes" }
            }
            #expect(try await yard.record("m").outcomes[second] == nil)
            try await yard.git("push", "-qf", "origin", "\(own):refs/notes/slipway")
            try await yard.release(second)
            try await eventually("nothing is wrong") { try await yard.journal.problems().isEmpty }
        }
    }

    /// A scheduled training, two versions, a revert, another environment's file, a removed model.
    private func everythingThatTheBotWrites(_ yard: Yard) async throws {
        var files = shellModel(right: 7)
        files["models/m/model.yaml", default: ""] += "schedule: \"0 3 * * 1\"\n"
        files["models/m/.scheduled"] = "2020-01-06T03:00:00Z\n"
        let first = try await yard.push(files, "first")
        var scheduled = first
        try await eventually("the bot has committed") {
            let tip = try await yard.run("git", "-C", yard.bare, "rev-parse", "main")
            scheduled = try #require(CommitID(String(tip.prefix(40))))
            return scheduled != first
        }
        try await yard.git("pull", "-q", "--ff-only", "origin", "main")
        try await yard.release(scheduled)
        try await yard.release(try await yard.push(shellModel(right: 8), "second"))
        let revert = try await yard.revertHead()
        try await yard.until("v1.0.0 is back") { record in
            if case .assigned(.first, _) = record.outcomes[revert] { true } else { false }
        }
        _ = try await yard.push(
            ["environments/production.yaml": "target: local\nkeep_resident: 2\n"], "more room")
        try await eventually("the environment's file is new") {
            try await yard.file("environment.json", on: "slipway/production")?
                .contains("2") ?? false
        }
        try await yard.git("rm", "-qr", "models/m")
        _ = try await yard.commit([:], "m goes")
        _ = try await yard.pushHead()
        try await eventually("it is taken out") {
            try await yard.tags() == [
                "m#production!#4", "m#production!#5", "m#production#1", "m#production#2",
                "m#production#3",
                "m@v1.0.0", "m@v1.1.0",
            ]
        }
        try await eventually("its file is gone") {
            try await yard.file("models/m.json", on: "slipway/production") == nil
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a key that cannot sign stops the writing and is said until it is mended`() async throws {
        try await play { yard in
            await yard.stop()
            yard.configure = { $0.bot.signingKey = "trust/none" }
            try await yard.start()
            _ = try await yard.push(shellModel(), "first")
            try await eventually {
                try await yard.journal.problems().contains {
                    $0.failure.what.contains("the bot's key could not sign")
                }
            }
            await yard.stop()
            _ = try await bot(yard)
            try await yard.start()
            let head = try await yard.head()
            _ = try await yard.evidence(head)
        }
    }

    /// Gives the bot a key and returns the file in which git finds it.
    private func bot(_ yard: Yard) async throws -> String {
        let key = "\(yard.folder)/bot-key"
        try await yard.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        yard.configure = { $0.bot.signingKey = key }
        let signers = "\(yard.folder)/bot-signers"
        let line = Array("slipway@localhost namespaces=\"git\" ".utf8)
        try replaceFile(signers, line + readFile("\(key).pub", limitBytes: 10_000))
        return signers
    }

    private func expectGood(_ yard: Yard, _ arguments: [String]) async throws {
        let result = try await ChildProcess.run(
            "git", arguments, environment: yard.environment, outputLimitBytes: 1 << 16,
            deadlineSeconds: patienceSeconds)
        let said = result.errorText + result.outputText
        #expect(result.status.isSuccess, "\(arguments): \(said)")
        #expect(said.contains("Good \"git\" signature for slipway@localhost"), "\(said)")
    }
}
