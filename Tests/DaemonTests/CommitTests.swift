import Daemon
import Domain
import Host
import Journal
import Testing

/// What becomes of commits of every kind.
@Suite struct CommitTests {
    let production = EnvironmentName(checked: "production")

    @Test(.timeLimit(.minutes(5)))
    func `of a burst of commits the newest trains and the others are superseded by it`()
        async throws
    {
        try await play { yard in
            var commits: [CommitID] = []
            for right in 4...8 {
                commits.append(try await yard.commit(shellModel(right: right), "\(right) right"))
            }
            _ = try await yard.pushHead()
            let newest = try #require(commits.last)
            _ = try await yard.evidence(newest)
            let record = try await yard.record("m")
            for commit in commits.dropLast() {
                let outcome = record.outcomes[commit]
                // The first push of a repository has one head; nothing before it was ever seen.
                #expect(outcome == nil || outcome == .superseded(by: newest))
            }
            var more: [CommitID] = []
            for right in 4...8 {
                more.append(
                    try await yard.commit(shellModel(right: right), "again \(right)"))
            }
            _ = try await yard.pushHead()
            let last = try #require(more.last)
            _ = try await yard.evidence(last)
            let after = try await yard.record("m")
            for commit in more.dropLast() {
                #expect(after.outcomes[commit] == .superseded(by: last))
            }
            #expect(after.lastRun == record.lastRun + 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a commit that touches two models is decided for both`() async throws {
        try await play(runsMax: 1) { yard in
            let both = try await yard.push(shellModel("a").merging(shellModel("b")) { $1 }, "two")
            try await yard.release(both, "a")
            try await yard.release(both, "b")
            try await eventually("tags of both") {
                try await yard.tags() == [
                    "a#production#1", "a@v1.0.0", "b#production#1", "b@v1.0.0",
                ]
            }
            let one = try await yard.push(shellModel("b", right: 7), "one")
            _ = try await yard.evidence(one, "b")
            #expect(try await yard.record("a").outcomes[one] == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a commit of serving settings alone updates the branch without an assignment`()
        async throws
    {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(), "first"))
            let serving = try await yard.push(
                ShellModel(startTimeout: "2m").files, "another timeout")
            try await yard.until("already live") { record in
                record.outcomes[serving] == .alreadyLive(.first, production)
            }
            try await eventually("the branch says so") {
                let text = try await yard.file("models/m.json", on: "slipway/production")
                return text?.contains("\"startTimeoutSeconds\" : 120") ?? false
            }
            #expect(try await yard.tags() == ["m#production#1", "m@v1.0.0"])
            #expect(try await yard.record("m").lastRun == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a changed environment file reaches the branch though no model moves`() async throws {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(), "first"))
            _ = try await yard.push(
                ["environments/production.yaml": "target: local\nkeep_resident: 3\n"], "keep more")
            try await eventually("the branch says so") {
                let text = try await yard.file("environment.json", on: "slipway/production")
                return text?.contains("\"keepResident\" : 3") ?? false
            }
            #expect(try await yard.tags() == ["m#production#1", "m@v1.0.0"])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `promotion settings decide anew about what waits and say it of what is live`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            _ = try await yard.evidence(first)
            let strict = try await yard.push(
                ShellModel(right: 7, promotion: "{accuracy: {at_least: 0.9}}").files, "stricter")
            try await yard.until("stopped") { record in
                if case .stopped = record.outcomes[strict] { true } else { false }
            }
            let lax = try await yard.push(shellModel(right: 7), "as before")
            try await yard.release(lax)
            let again = try await yard.push(
                ShellModel(right: 7, promotion: "{accuracy: {at_least: 0.9}}").files, "stricter")
            try await yard.until("already live") { record in
                record.outcomes[again] == .alreadyLive(.first, production)
            }
            let decisions = try await yard.journal.decisions().map(\.decision)
            let live = decisions.compactMap { decision in
                if case .alreadyLive(let live) = decision { live } else { nil }
            }
            #expect(live.map(\.wouldPass) == [false])
            #expect(try await yard.record("m").current[production]?.version == .first)
            // Every step ran once: only the rules have changed.
            let records = try namesIn("\(yard.state.path)/artifacts/steps")
            #expect(!records.isEmpty)
            let steps = try await yard.journal.runs(of: nil, limit: 10).flatMap(\.steps)
            #expect(steps.filter { $0.state == .done }.count == 2)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a broken file is decided with its place, and hides no other model`() async throws {
        try await play { yard in
            var files = shellModel("a").merging(shellModel("b")) { $1 }
            files["models/b/model.yaml"] = "evaluation: {tusk: classification}\n"
            let broken = try await yard.push(files, "one is broken")
            _ = try await yard.evidence(broken, "a")
            try await yard.until("b is broken", "b") { record in
                guard case .broken(let problems) = record.outcomes[broken] else { return false }
                return problems.first?.place.line == 1
            }
            try await yard.git("rm", "-rq", "models/b")
            let gone = try await yard.push([:], "b is gone")
            try await yard.until("b is removed", "b") { $0.outcomes[gone] == .removed }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `wrong data fails with its places and no step starts`() async throws {
        try await play { yard in
            let side = "\(yard.folder)/side"
            let bad = ShellModel(
                before: "echo ran >> \(side)", data: "x\n1\nthree\n",
                claimed: String(repeating: "0", count: 64))
            let commit = try await yard.push(bad.files, "bad data")
            var failure: Failure?
            try await yard.until("failed") { record in
                guard case .failed(_, let found) = record.outcomes[commit] else { return false }
                failure = found
                return true
            }
            let places = try #require(failure).details.map(\.place.description)
            #expect(places.contains { $0.hasPrefix("datasets/test.yaml:2:") }, "\(places)")
            #expect(places.contains { $0.hasPrefix("data/test.csv:3") }, "\(places)")
            #expect(!exists(side))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `on changed test data the baseline's own artifact is evaluated`() async throws {
        try await play { yard in
            let side = "\(yard.folder)/side"
            var model = ShellModel(
                right: 7, promotion: "{accuracy: {at_least: 0.5, not_below_baseline_by: 0.01}}",
                before: "echo $SLIPWAY_OUTPUT >> \(side)", data: "x\n1\n")
            try await yard.release(try await yard.push(model.files, "first"))
            model.right = 6
            model.data = "x\n1\n2\n"
            let worse = try await yard.push(model.files, "worse, on other data")
            try await yard.until("stopped by the comparison") { record in
                if case .stopped = record.outcomes[worse] { true } else { false }
            }
            let judgement = try #require(try await yard.record("m").judgements[worse])
            #expect(judgement.baseline == .first)
            let rule = judgement.verdict.rules.first { $0.outcome == .failed }
            #expect(rule != nil)
            let text = String(
                decoding: try readFile(side, limitBytes: 1 << 20), as: UTF8.self)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 5, "train and evaluate twice, evaluate of the baseline once")
            #expect(lines.filter { $0.contains("_baseline-v1.0.0/evaluate/") }.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a branch that is moved back serves what it says again`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            let third = try await yard.push(shellModel(right: 6), "third")
            let stale = try await yard.evidence(third)
            try await yard.git("reset", "-q", "--hard", first.hex)
            _ = try await yard.pushHead(force: true)
            try await yard.until("v1.0.0 is back") { record in
                record.current[production]?.version == .first
                    && record.outcomes[third] == .superseded(by: first)
            }
            try await yard.sign("approve", "m", stale)
            try await yard.until("the approval is seen") { record in
                record.tags.contains { $0.evidence == EvidenceID(stale) }
            }
            let record = try await yard.record("m")
            #expect(record.releases.count == 2, "an approval of what is gone releases nothing")
            #expect(record.isHeld(SemanticVersion(1, 1, 0), in: production))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `rewritten notes stop the loop until they are put back`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(), "first")
            try await yard.release(first)
            let notes = try await yard.run(
                "git", "-C", yard.bare, "rev-parse", "refs/notes/slipway")
            try await yard.run("git", "-C", yard.bare, "update-ref", "-d", "refs/notes/slipway")
            try await eventually("the problem is shown") {
                try await yard.journal.problems().contains {
                    $0.key == "notes" && $0.failure.what.contains("deleted")
                }
            }
            let id = String(notes.prefix(40))
            try await yard.run("git", "-C", yard.bare, "update-ref", "refs/notes/slipway", id)
            try await eventually("the problem is gone") {
                try await yard.journal.problems().isEmpty
            }
            let second = try await yard.push(shellModel(right: 7), "second")
            _ = try await yard.evidence(second)
        }
    }
}
