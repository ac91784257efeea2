import Daemon
import Domain
import Host
import Journal
import Testing

/// What has to be true before a release besides a number of approvals.
@Suite struct ReleaseRulesTests {
    private func status(_ yard: Yard) async throws -> ModelStatus? {
        try await yard.journal.statuses().first { $0.model.text == "m" }
    }

    private func says(_ yard: Yard, _ words: String) async throws {
        try await eventually("the status says: \(words)") {
            try await status(yard)?.summary.contains(words) ?? false
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a freeze holds an approved release back until it is over, and no longer`()
        async throws
    {
        try await play { yard in
            let end = yard.clock.now.advanced(bySeconds: 3600)
            var files = shellModel()
            files["slipway.yaml"] = """
                branch: main
                review:
                  freezes:
                    - {from: "2026-01-01T00:00:00Z", until: "\(end)", reason: the fair}

                """
            let first = try await yard.push(files, "first")
            try await yard.sign("approve", "m", try await yard.evidence(first))
            try await yard.until("the approval is seen") { $0.tags.count == 1 }
            try await says(yard, "frozen until \(end): the fair")
            #expect(try await yard.record("m").releases.isEmpty)
            yard.clock.skip(hours: 1)
            try await yard.until("it is released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a role has nobody in it until it is trusted, and then its members are asked`()
        async throws
    {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            var files = shellModel()
            files["slipway.yaml"] = """
                branch: main
                review:
                  roles: {ml: [eve@example.org]}
                  from: {ml: 1}

                """
            let first = try await yard.push(files, "first")
            let early = try await yard.evidence(first)
            for (name, key) in [("ada@example.org", "key"), ("eve@example.org", "eve")] {
                try await yard.sign("approve", "m", early, by: name, key: key)
            }
            try await yard.until("both are seen") { $0.tags.count == 2 }
            try await says(yard, "0 of 1 from ml")
            #expect(try await yard.record("m").releases.isEmpty)
            let problems = try await yard.journal.problems()
            #expect(problems.map(\.key) == ["policy", "reviewers:m"])
            let open = try #require(
                PolicyRecord(records: try await yard.journal.decisions(of: .policy)).open)
            let shown = PolicyRecord(records: try await yard.journal.decisions(of: .policy))
                .shown[open]
            try await yard.sign(
                "approve", "policy", try #require(shown).proposal.evidenceDigest)
            var late = early
            try await yard.until("the evidence is made anew") { record in
                guard case .waiting(let id) = record.outcomes[first] else { return false }
                late = record.shown[id]?.digest ?? early
                return late != early
            }
            try await yard.sign("approve", "m", late)
            try await yard.until("ada is seen") { $0.tags.count == 3 }
            try await says(yard, "0 of 1 from ml")
            try await yard.sign("approve", "m", late, by: "eve@example.org", key: "eve")
            try await yard.until("it is released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a candidate goes on only after its time in the environment before`() async throws {
        try await play { yard in
            var files = shellModel()
            let path = "models/m/model.yaml"
            let production = files[path] ?? ""
            files["environments/staging.yaml"] = "target: local\n"
            files[path] = production.replacing(
                "environment: production", with: "environment: staging")
            try await yard.release(try await yard.push(files, "to staging"))
            let second = try await yard.push(
                [
                    path: production,
                    "slipway.yaml": """
                    branch: main
                    review:
                      rules:
                        - {environments: [production], soak: {environment: staging, for: 12h}}

                    """,
                ], "to production")
            try await yard.sign("approve", "m", try await yard.evidence(second))
            try await says(yard, "12h in staging come first: it is there since")
            #expect(try await yard.record("m").assignments.count == 1)
            yard.clock.skip(hours: 12)
            try await yard.until("it is assigned by itself") { $0.assignments.count == 2 }
            let record = try await yard.record("m")
            let times = record.assignedAt.sorted { $0.key < $1.key }.map(\.value)
            #expect(times.count == 2 && times[1].seconds(since: times[0]) >= 12 * 3600)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an approval that has expired does not count, and its owner may say it again`()
        async throws
    {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            var files = shellModel()
            files["slipway.yaml"] =
                "branch: main\nreview: {approvals: 2, approvals_expire: 8h}\n"
            let digest = try await yard.evidence(try await yard.push(files, "first"))
            let ref = try await yard.sign("approve", "m", digest)
            try await yard.until("it is seen") { $0.tags.count == 1 }
            yard.clock.skip(hours: 8)
            try await says(yard, "it expired at")
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("eve is seen") { $0.tags.count == 2 }
            #expect(try await yard.record("m").releases.isEmpty)
            try await yard.git("push", "-q", "--delete", "origin", ref)
            // Because the same words in the same second are the same object, which was seen.
            try await yard.git("config", "user.name", "Ada again")
            try await yard.sign("approve", "m", digest)
            try await yard.until("ada is heard again") { record in
                record.tags.count == 3 && record.tags[2].refusal == nil
            }
            try await yard.until("released") { $0.releases.count == 1 }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a tag that is moved is recorded as gone, and its old object back does nothing`()
        async throws
    {
        try await play { yard in
            await yard.stop()
            try await yard.trust("eve@example.org", key: "eve")
            try await yard.start()
            var files = shellModel()
            files["slipway.yaml"] = "branch: main\nreview: {approvals: 2}\n"
            let digest = try await yard.evidence(try await yard.push(files, "first"))
            let ref = try await yard.sign("approve", "m", digest)
            try await yard.until("it is seen") { $0.tags.count == 1 }
            let old = try #require(try await yard.record("m").tags.first?.tag)
            // The ref is moved to another object of the same person, and back.
            try await yard.git("tag", "-f", "-a", "-m", "empty", String(ref.dropFirst(10)), "HEAD")
            try await yard.git("push", "-qf", "origin", ref)
            try await yard.until("the move is recorded") { record in
                record.deletedTags.contains(old) && record.tags.count == 2
            }
            #expect(try await yard.record("m").tags.last?.refusal != nil)
            try await yard.git("push", "-qf", "origin", "\(old):\(ref)")
            try await yard.until("the other one is gone") { $0.deletedTags.count == 2 }
            let before = try await yard.record("m").tags.count
            try await yard.sign("approve", "m", digest, by: "eve@example.org", key: "eve")
            try await yard.until("what was said counts once") { $0.releases.count == 1 }
            let record = try await yard.record("m")
            #expect(record.tags.count == before + 1)
            let approvers = record.releases.first?.approvedBy.map(\.text)
            #expect(approvers == ["ada@example.org", "eve@example.org"])
            // Used up and pushed once more it releases nothing.
            let third = try await yard.push(
                shellModel(right: 7).filter { $0.key != "slipway.yaml" }, "another")
            _ = try await yard.evidence(third)
            try await yard.git("push", "-q", "--delete", "origin", ref)
            try await yard.until("it is gone") { $0.deletedTags.count == 2 }
            try await yard.git("push", "-q", "origin", "\(old):\(ref)")
            _ = try await yard.push(["unrelated.txt": "x"], "a turn later")
            #expect(try await yard.record("m").releases.count == 1)
        }
    }
}
