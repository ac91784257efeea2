import Domain
import Journal
import Testing

@Suite struct DecisionTests {
    let scratch: Scratch
    let journal: Journal

    init() throws {
        scratch = try Scratch()
        journal = try Journal(path: scratch.path)
    }

    @Test func `decisions come back as they were, by sequence`() async throws {
        let failure = Failure(
            "no", at: "here", hint: "mend / it", .retry(afterSeconds: 1.5))
        var records = [started(1), started(2, houses), started(3)]
        records.append(
            DecisionRecord(
                sequence: 4, at: Instant(seconds: 4), model: digits, commit: commit(3),
                decision: .failed(run: 3, failure: failure)))
        try await journal.replaceDecisions(records.reversed(), tip: commit(100))
        #expect(try await journal.decisions() == records)
        #expect(try await journal.decisions(of: houses) == [started(2, houses)])
        #expect(try await journal.notesTip() == commit(100))
        #expect(try await journal.decisionCount() == 4)
    }

    @Test func `replaying the same notes changes nothing but the tip`() async throws {
        try await journal.appendDecisions([started(1), started(2)], tip: commit(100))
        try await journal.appendDecisions([started(1), started(2)], tip: commit(100))
        try await journal.appendDecisions(
            [started(2, houses), started(3)], tip: commit(101))
        #expect(try await journal.decisions() == [started(1), started(2), started(3)])
        #expect(try await journal.notesTip() == commit(101))
    }

    @Test func `replacing forgets what the notes no longer say`() async throws {
        try await journal.appendDecisions((1...5).map { started($0) }, tip: commit(100))
        try await journal.replaceDecisions([started(1)], tip: nil)
        #expect(try await journal.decisions() == [started(1)])
        #expect(try await journal.notesTip() == nil)
    }

    @Test func `readers see all of an append or none of it, and are never refused`() async throws {
        let journal = journal
        let batch = 7
        let batches = 60
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for turn in 0..<batches {
                    let first = turn * batch + 1
                    try await journal.appendDecisions(
                        (first..<first + batch).map { started($0) }, tip: commit(first))
                }
            }
            for _ in 0..<8 {
                group.addTask {
                    var last = 0
                    while last < batch * batches {
                        let sequences = try await journal.decisions().map(\.sequence)
                        #expect(sequences.count % batch == 0)
                        #expect(sequences.count >= last)
                        #expect(sequences == Array(1..<sequences.count + 1))
                        last = sequences.count
                        try Task.checkCancellation()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a write is finished even when its task is cancelled`() async throws {
        let journal = journal
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                #expect(Task.isCancelled)
                try await journal.appendDecisions([started(1)], tip: commit(100))
            }
            try await group.waitForAll()
        }
        #expect(try await journal.decisions() == [started(1)])
    }
}
