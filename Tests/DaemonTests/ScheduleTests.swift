import Domain
import Host
import Journal
import TestKit
import Testing

/// What the calendar asks for becomes a commit of the bot, and is judged like anybody's.
@Suite struct ScheduleTests {
    private func files(_ schedule: String, scheduled: String? = nil) -> [String: String] {
        var files = shellModel()
        files["models/m/model.yaml", default: ""] += schedule + "\n"
        if let scheduled { files["models/m/.scheduled"] = scheduled + "\n" }
        return files
    }

    private func bare(_ yard: Yard, _ arguments: String...) async throws -> String {
        let result = try await ChildProcess.run(
            "git", ["-C", yard.bare] + arguments, outputLimitBytes: 1 << 20,
            deadlineSeconds: patienceSeconds)
        return result.outputText
    }

    private func tip(_ yard: Yard) async throws -> CommitID? {
        CommitID(String(try await bare(yard, "rev-parse", "main").prefix(40)))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a training that was missed is made up for, once`() async throws {
        try await play { yard in
            let first = try await yard.push(
                files("schedule: \"0 3 * * 1\"", scheduled: "2020-01-06T03:00:00Z"), "m weekly")
            try await eventually("the bot has committed") {
                try await tip(yard) != first
            }
            let commit = try #require(try await tip(yard))
            let message = try await bare(yard, "log", "-1", "--format=%an%n%B", commit.hex)
            #expect(message.contains("Scheduled-For: ") && message.contains("Model: m"))
            #expect(message.hasPrefix("Slipway\n"))
            _ = try await yard.evidence(commit)
            let record = try await yard.record("m")
            #expect(record.outcomes[first] != nil)
            try await yard.git("pull", "-q", "--ff-only", "origin", "main")
            try await yard.release(commit)
            #expect(try await tip(yard) == commit, "it is made up for once")
            let changed = try await bare(
                yard, "diff-tree", "--no-commit-id", "--name-only", "-r", commit.hex)
            #expect(changed.split(separator: "\n") == ["models/m/.scheduled"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what was missed is passed over where the model says so`() async throws {
        try await play { yard in
            let first = try await yard.push(
                files(
                    "schedule: \"0 3 1 1 *\"\nschedule_catch_up: skip",
                    scheduled: "2020-01-01T03:00:00Z"), "m yearly")
            _ = try await yard.evidence(first)
            #expect(try await tip(yard) == first)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a time zone that is not known is a problem of its own`() async throws {
        try await play { yard in
            let first = try await yard.push(
                files("schedule: \"0 3 * * 1\"\nschedule_zone: Europe/Atlantis"), "m weekly")
            _ = try await yard.evidence(first)
            let problems = try await yard.journal.problems()
            let problem = problems.first { $0.key == "schedule:m" }
            #expect(problem?.failure.what.contains("Europe/Atlantis") == true)
            #expect(problem?.failure.hint?.contains("tzdata") == true)
        }
    }
}
