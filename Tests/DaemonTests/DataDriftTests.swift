import Domain
import Host
import Registry
import Testing

@testable import Daemon

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
            #expect(moved.summary.hasPrefix("1 of 1 column has"), "\(moved.summary)")
            #expect(moved.findings.contains { $0.hasPrefix("x: psi ") }, "\(moved.findings)")

            // What was kept of what is live is gone, and that stops nothing.
            model.data = table(600..<1600)
            model.right = 8
            try await yard.loseProfile()
            let later = try #require(
                try await drift(yard, try await yard.push(model.files, "later data"))?.first)
            #expect(later.summary == "it changed; no profile of v1.0.0's data is kept")
        }
    }
}

extension Yard {
    /// Removes the profile of what was released first.
    fileprivate func loseProfile() async throws {
        let store = try #require(workshop).store
        let record = try await record("m")
        let kept = KeptProfiles(store, record.validations)
        let profile = try kept.profile(
            of: DatasetName(checked: "test"), in: try #require(record.releases.first))
        try removeFile(store.path(of: try #require(profile)))
    }
}
