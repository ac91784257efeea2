import Daemon
import Domain
import Journal
import Testing

/// What the loop leaves out of memory is nothing that it decides or shows by.
@Suite struct KeptDecisionsTests {
    @Test(.timeLimit(.minutes(5)))
    func `after every decision the kept record is the whole one without its reports`()
        async throws
    {
        try await play { yard in
            try await yard.release(try await yard.push(shellModel(right: 7), "first"))
            let worse = try await yard.push(shellModel(right: 1), "worse")
            try await yard.until("it stops") { record in
                if case .stopped = record.outcomes[worse] { true } else { false }
            }
            _ = try await yard.evidence(try await yard.push(shellModel(right: 8), "better"))
            let decisions = try await yard.journal.decisions()
            let model = try #require(ModelName("m"))
            for count in 1...decisions.count {
                let some = Array(decisions.prefix(count))
                let whole = ModelRecord(model: model, records: some)
                let kept = try #require(KeptDecisions(some).records[model])
                let head = some.last?.commit
                #expect(
                    ModelStatus(record: kept, head: head, approvalsNeeded: 1)
                        == ModelStatus(record: whole, head: head, approvalsNeeded: 1))
                #expect(kept.shown == whole.shown && kept.outcomes == whole.outcomes)
                #expect(kept.releases == whole.releases && kept.current == whole.current)
                #expect(kept.tags == whole.tags && kept.voidTags == whole.voidTags)
                #expect(kept.runCommits == whole.runCommits && kept.lastRun == whole.lastRun)
                #expect(kept.judgements.count == whole.judgements.count)
                #expect(kept.judgements.values.allSatisfy { $0.report.metrics.isEmpty })
                #expect(kept.judgements.values.allSatisfy { $0.verdict.rules.count <= 1 })
            }
        }
    }
}
