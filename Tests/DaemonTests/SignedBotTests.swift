import Daemon
import Domain
import FoundationEssentials
import Host
import Journal
import Testing

/// What the bot writes is signed when it has a key, and read by whoever follows a branch.
@Suite struct SignedBotTests {
    @Test(.timeLimit(.minutes(3)))
    func `git verifies every tag and commit that the bot writes`() async throws {
        try await play { yard in
            await yard.stop()
            let signers = try await bot(yard)
            try await yard.start()
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            try await yard.release(try await yard.push(shellModel(right: 8), "second"))
            try await eventually { try await yard.tags().count == 4 }
            let git = ["-C", yard.bare, "-c", "gpg.ssh.allowedSignersFile=\(signers)"]
            for tag in try await yard.tags() {
                let said = try await verify(yard, git + ["verify-tag", tag])
                #expect(said.contains("Good \"git\" signature for slipway@localhost"), "\(said)")
            }
            for ref in ["refs/notes/slipway", "refs/heads/slipway/production"] {
                let list = try await yard.run("git", "-C", yard.bare, "rev-list", ref)
                for commit in list.split(separator: "\n") {
                    let said = try await verify(yard, git + ["verify-commit", String(commit)])
                    #expect(said.contains("Good \"git\" signature"), "\(ref): \(said)")
                }
            }
            let check = try await yard.run("git", "-C", yard.bare, "fsck", "--strict")
            #expect(!check.contains("error"))
        }
    }

    @Test(.timeLimit(.minutes(3)))
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

    @Test(.timeLimit(.minutes(3)))
    func `a clone of the environment's branch is the deployment, and its log the history`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            let revert = try await yard.revertHead()
            try await yard.until("v1.0.0 is back") { record in
                if case .assigned(.first, _) = record.outcomes[revert] { true } else { false }
            }
            let place = "\(yard.folder)/consumer"
            func log() async throws -> [String] {
                try await yard.run(
                    "git", "-C", yard.bare, "log", "--reverse",
                    "--format=%s %(trailers:key=Config-"
                        + "Commit,valueonly,separator=%x2C)", "slipway/production"
                ).split(separator: "\n").map(String.init)
            }
            try await eventually { try await log().count == 3 }
            try await yard.run(
                "git", "clone", "-q", "--branch", "slipway/production", yard.bare, place)
            let files = try await yard.run("git", "-C", place, "ls-files")
                .split(separator: "\n").map(String.init)
            #expect(files == ["environment.json", "models/m.json"])
            let bytes = try readFile("\(place)/models/m.json", limitBytes: 1 << 16)
            let deployment = try JSONDecoder().decode(Deployment.self, from: Data(bytes))
            #expect(deployment.version == .first && deployment.commit == revert)
            #expect(deployment.number == 3)
            #expect(
                try await log() == [
                    "m v1.0.0 (m#production#1) \(first)", "m v1.1.0 (m#production#2) \(second)",
                    "m v1.0.0 (m#production#3) \(revert)",
                ])
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

    private func verify(_ yard: Yard, _ arguments: [String]) async throws -> String {
        let result = try await ChildProcess.run(
            "git", arguments, environment: yard.environment, outputLimitBytes: 1 << 16,
            deadlineSeconds: 30)
        return result.errorText + result.outputText
    }
}
