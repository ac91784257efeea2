import Daemon
import Domain
import Provenance
import Registry
import Testing

/// What reviewers are told of data that moved.
@Suite struct DataDriftTests {
    private func table(_ values: Range<Int>) -> String {
        "x\n" + values.map { "\($0 % 400 + values.lowerBound)\n" }.joined()
    }

    private func drift(_ yard: Yard, _ commit: CommitID) async throws -> [DataDrift]? {
        let digest = try await yard.evidence(commit)
        return try await yard.record("m").judgements[commit].flatMap { judgement in
            #expect(judgement.evidenceDigest == digest)
            return judgement.drift
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a dataset that moved is said to have, beside what is live`() async throws {
        try await play { yard in
            var model = ShellModel()
            model.data = table(0..<1000)
            let first = try await yard.push(model.files, "first")
            #expect(try await drift(yard, first) == nil, "there is nothing to compare with")
            try await yard.release(first)

            model.right = 7
            let code = try await yard.push(model.files, "other code")
            #expect(try await drift(yard, code) == [], "the data is the same")

            model.data = table(300..<1300)
            let moved = try #require(
                try await drift(yard, try await yard.push(model.files, "other data"))?.first)
            #expect(moved.dataset.text == "test")
            #expect((moved.rowsBefore, moved.rowsNow) == (1000, 1000))
            #expect(moved.summary.hasPrefix("1 of 1 columns"), "\(moved.summary)")
            #expect(moved.findings.contains { $0.hasPrefix("x: psi ") }, "\(moved.findings)")

            // What was kept of what is live is spoilt, and stops nothing.
            let kept = try #require(
                try await yard.record("m").releases.first?.datasets.values.first)
            model.data = table(600..<1600)
            model.right = 8
            try yard.spoilProfile(of: kept)
            let later = try #require(
                try await drift(yard, try await yard.push(model.files, "later data"))?.first)
            #expect(
                later.summary == "it changed; the profile kept of \(kept.short) cannot be read")
        }
    }
}

extension Yard {
    /// Puts a profile of a later version in the place of what was kept of a dataset.
    fileprivate func spoilProfile(of dataset: Digest) throws {
        let store = try #require(workshop).store
        let name = sha256(Array("slipway profile 1\n\(dataset)\n".utf8))
        try store.store(
            StepRecord(
                fingerprint: Fingerprint(checked: name.hex), model: ModelName(checked: "m"),
                step: StepName(checked: "profile"),
                output: store.put(Array(#"{"version":9}"#.utf8)),
                files: [:], finishedAt: Instant(seconds: 1), seconds: 0))
    }
}
