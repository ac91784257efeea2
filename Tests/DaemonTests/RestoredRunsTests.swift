import Daemon
import Domain
import Testing

private let failure = Failure("step `train` ended with 1", at: "run m/1")
private let candidate = Fingerprint(checked: String(repeating: "c", count: 64))
private let judged = Judgement(
    run: 1, candidate: candidate,
    report: Report(task: .classification, rows: 1, metrics: []),
    verdict: Verdict(outcome: .failed, rules: []), baseline: nil,
    policy: Digest(checked: String(repeating: "d", count: 64)), evidence: nil,
    evidenceDigest: nil)

private func commit(_ number: Int) -> CommitID {
    CommitID(checked: String(repeating: "\(number)", count: 40))
}

private func started(_ run: Int) -> Decision { .started(run: run, candidate: candidate) }

/// Decisions about commits, one second after the other.
private func notes(_ entries: [(Int, Decision)], model: String = "m") -> [DecisionRecord] {
    entries.enumerated().map { index, entry in
        DecisionRecord(
            sequence: index + 1, at: Instant(seconds: Int64(index + 1)),
            model: ModelName(checked: model), commit: commit(entry.0), decision: entry.1)
    }
}

@Suite struct RestoredRunsTests {
    /// Each: what was decided on which commit, and the runs with their commits and ends.
    @Test(
        arguments: [
            ([(1, started(1)), (1, .failed(run: 1, failure: failure))], ["m/1 1 failed 1-2"]),
            ([(1, started(1)), (1, .judged(judged))], ["m/1 1 evaluated 1-2"]),
            ([(1, started(1)), (1, .superseded(by: commit(2)))], ["m/1 1 cancelled 1-2"]),
            ([(1, started(1)), (1, .broken(problems: []))], ["m/1 1 cancelled 1-2"]),
            ([(1, started(1)), (1, .removed)], ["m/1 1 cancelled 1-2"]),
            (
                [(1, started(1)), (1, .judged(judged)), (1, .superseded(by: commit(2)))],
                ["m/1 1 evaluated 1-2"]
            ),
            (
                [(1, started(1)), (1, .superseded(by: commit(2))), (2, started(2))],
                ["m/1 1 cancelled 1-2"]
            ),
            ([(1, started(1)), (1, started(2)), (2, .removed)], ["m/1 1 cancelled 1-2"]),
            (
                [(1, started(1)), (2, started(2)), (2, .failed(run: 2, failure: failure))],
                ["m/2 2 failed 2-3"]
            ),
            ([(1, started(1))], []),
            ([(1, .removed), (1, .failed(run: 7, failure: failure))], []),
            ([], []),
        ] as [([(Int, Decision)], [String])])
    func `runs that are over come back as the notes tell of them`(
        entries: [(Int, Decision)], expected: [String]
    ) {
        let found = restoredRuns(from: notes(entries)).map { run in
            let end = run.endedAt.map { "\($0.milliseconds / 1000)" } ?? "?"
            return "\(run.id.model.text)/\(run.id.number) \(run.commit.hex.prefix(1)) "
                + "\(run.state) \(run.startedAt.milliseconds / 1000)-\(end)"
        }
        #expect(found == expected)
    }

    @Test func `a failed run tells why, and steps are not made up`() {
        let entries = [(1, started(1)), (1, Decision.failed(run: 1, failure: failure))]
        let run = restoredRuns(from: notes(entries)).first
        #expect(run?.failure == failure)
        #expect(run?.candidate == candidate)
        #expect(run?.steps.isEmpty == true)
    }

    @Test func `a run is not ended by another model's decision, and order does not matter`() {
        var records = notes([(1, started(1)), (1, .judged(judged))])
        records[1].model = ModelName(checked: "other")
        #expect(restoredRuns(from: records).isEmpty)
        let own = notes([(1, started(1)), (1, .judged(judged))])
        #expect(restoredRuns(from: own.reversed()).map(\.state) == [.evaluated])
    }
}
