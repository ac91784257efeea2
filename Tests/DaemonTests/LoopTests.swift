import Daemon
import Domain
import Host
import Journal
import TestKit
import Testing

/// The loop over a real repository, with real steps and real signatures.
@Suite struct LoopTests {
    @Test(.timeLimit(.minutes(5)))
    func `a commit is run, judged, approved by a signed tag and assigned`() async throws {
        try await play { yard in
            let commit = try await yard.push(shellModel(), "first")
            #expect(try await yard.tags().isEmpty, "nothing is released before an approval")
            try await yard.release(commit)
            try await yard.until("the tags are there") { _ in true }
            try await eventually { try await yard.tags() == ["m#production#1", "m@v1.0.0"] }
            try await eventually {
                try await yard.run(
                    "git", "-C", yard.bare, "branch", "--list", "slipway/production"
                ).contains("slipway/production")
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a revert restores the earlier version, holds the other, and runs nothing`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            try await yard.release(second)
            let runs = try await yard.record("m").lastRun
            let revert = try await yard.revertHead()
            try await yard.until("v1.0.0 is back") { record in
                if case .assigned(.first, _) = record.outcomes[revert] { true } else { false }
            }
            let record = try await yard.record("m")
            #expect(record.lastRun == runs)
            let production = try #require(EnvironmentName("production"))
            #expect(record.isHeld(SemanticVersion(1, 1, 0), in: production))

            let again = try await yard.revertHead()
            let digest = try await yard.evidence(again)
            let shown = try await yard.record("m").shown[EvidenceID(digest)]
            #expect(shown?.evidence.lifts == SemanticVersion(1, 1, 0))
            try await yard.release(again)
            let after = try await yard.record("m")
            #expect(!after.isHeld(SemanticVersion(1, 1, 0), in: production))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a worse model stops at the gate, and its revert is already live`() async throws {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(), "good"))
            let bad = try await yard.push(shellModel(right: 3), "bad")
            try await yard.until("stopped") { record in
                if case .stopped = record.outcomes[bad] { true } else { false }
            }
            let revert = try await yard.revertHead()
            try await yard.until("already live") { record in
                if case .alreadyLive(.first, _) = record.outcomes[revert] { true } else { false }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a rejection ends the review, and a newer commit supersedes what waits`() async throws {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            _ = try await yard.evidence(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            let digest = try await yard.evidence(second)
            #expect(try await yard.record("m").outcomes[first] == .superseded(by: second))
            try await yard.sign("reject", "m", digest)
            try await yard.until("rejected") { record in
                if case .rejected = record.outcomes[second] { true } else { false }
            }
            #expect(try await yard.tags().isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `after a restart with the journal deleted the record and the status are the same`()
        async throws
    {
        try await play { yard in
            let first = try await yard.push(shellModel(right: 7), "first")
            try await yard.release(first)
            let second = try await yard.push(shellModel(right: 8), "second")
            _ = try await yard.evidence(second)
            try await eventually { try await yard.journal.statuses().first?.phase == .waiting }
            let record = try await yard.record("m")
            let statuses = try await yard.journal.statuses()
            let runs = try await shownRuns(yard)
            #expect(runs.count == 2)
            await yard.stop()
            try Journal.delete(path: yard.state.journal)
            try await yard.start()
            try await eventually { try await yard.journal.statuses() == statuses }
            #expect(try await yard.record("m") == record)
            #expect(try await shownRuns(yard) == runs)
            try await yard.release(second)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a deleted model is unassigned, and comes back without a new version`() async throws {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(), "first"))
            try await yard.git("rm", "-rq", "models/m")
            let gone = try await yard.push([:], "gone")
            try await yard.until("unassigned") { $0.outcomes[gone] == .removed }
            try await eventually { try await yard.tags().contains("m#production!#2") }
            let back = try await yard.revertHead()
            try await yard.until("back") { record in
                if case .assigned(.first, _) = record.outcomes[back] { true } else { false }
            }
        }
    }
}

/// Plays a story in a yard whose loop runs, and takes the yard away afterwards.
func play(
    _ place: Yard.Place = .direct, runsMax: Int = 4, _ story: (Yard) async throws -> Void
) async throws {
    let yard = try await Yard(place)
    yard.runsMax = runsMax
    do {
        try await yard.start()
        try await story(yard)
    } catch {
        try await yard.close()
        throw error
    }
    try await yard.close()
}

func eventually(_ what: String = "", _ condition: () async throws -> Bool) async throws {
    let end = monotonicSeconds() + patienceSeconds
    while monotonicSeconds() < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not within \(patienceSeconds) s: \(what)")
    throw CancellationError()
}

/// What the notes alone can tell of each run, newest first.
private func shownRuns(_ yard: Yard) async throws -> [String] {
    try await yard.journal.runs(of: ModelName("m"), limit: 100)
        .map { "\($0.id) \($0.commit) \($0.state)" }
}
