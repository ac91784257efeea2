import Testing

@testable import Domain

/// Who pushed what is to be decided about: one answer for the daemon, for policy and for auditors.
@Suite struct PusherTests {
    private let head = Bench.commit(3)
    private let others = [Bench.commit(3), Bench.commit(2), Bench.commit(1)]
    private let ref = "refs/heads/main"

    private func by(_ name: String?) -> Push { Push(by: name, ref: ref) }
    private var bots: Push { Push(by: "slipway", ref: ref, byBot: true) }

    @Test func `everybody who pushed any of the commits is named once`() {
        let pushes = [
            Bench.commit(1): [by("bob"), by("ada")], head: [by("ada"), by(nil)],
            Bench.commit(9): [by("eve")],
        ]
        #expect(pushers(of: head, others, pushes) == ["ada", "bob"])
        #expect(pushers(of: head, [], pushes) == ["ada"])
    }

    @Test func `nobody is known where nobody said who pushed the newest commit`() {
        #expect(pushers(of: nil, others, [head: [by("ada")]]) == [])
        for newest in [[], [by(nil)]] {
            #expect(pushers(of: head, others, [head: newest, others[1]: [by("ada")]]) == [])
        }
    }

    @Test func `behind a commit of the bot everybody else must be known`() {
        let known = [others[1]: [by("ada")], others[2]: [by("bob")]]
        func answer(_ newest: [Push], _ rest: [CommitID: [Push]]) -> [String] {
            pushers(of: head, others, rest.merging([head: newest]) { $1 })
        }
        #expect(answer([bots], known) == ["ada", "bob", "slipway"])
        #expect(answer([bots], [others[1]: [by("ada")]]) == [])
        #expect(answer([bots, by("slipway")], [others[1]: [by("ada")]]) == [])
        #expect(answer([bots], [others[1]: [by("ada")], others[2]: [by(nil)]]) == [])
        #expect(pushers(of: head, [head], [head: [bots]]) == ["slipway"])
        // A person who pushed the same commit answers for what came with it.
        #expect(answer([bots, by("eve")], [:]) == ["eve", "slipway"])
        #expect(answer([by("slipway")], [:]) == ["slipway"], "the name alone makes no bot")
    }
}

/// Since when a candidate is where it was assigned.
@Suite struct SoakTests {
    private let candidate = Bench.fingerprint(1)

    private func assignment(_ number: Int, _ version: SemanticVersion) -> Decision {
        .assigned(
            Assignment(
                environment: Bench.staging, version: version, number: number,
                commit: Bench.commit(number), cause: .reverted, replaces: nil,
                serving: Bench.settings()))
    }

    private func released(_ version: SemanticVersion, _ inputs: Int) -> Decision {
        .released(
            Release(
                version: version, candidate: Bench.fingerprint(inputs), commit: Bench.commit(1),
                evidence: EvidenceID(Bench.digest(1)), artifact: Bench.digest(2), datasets: [:],
                approvedBy: [], tags: []))
    }

    /// Seconds since 1970 at which the candidate of `first` has stood there; nil: it does not.
    private func since(_ decisions: [Decision]) -> Instant? {
        var bench = Bench()
        for decision in decisions { bench.decide(Bench.commit(1), decision) }
        return bench.record.soakedSince(candidate)[Bench.staging]
    }

    private let first = SemanticVersion.first
    private let next = SemanticVersion.first.next(.minor)
    private var taken: Decision {
        .unassigned(Unassignment(environment: Bench.staging, number: 2, commits: []))
    }

    @Test func `an assignment counts from its begin, and one that repeats it does not begin anew`()
    {
        let begin = [released(first, 1), released(next, 2), assignment(1, first)]
        #expect(since(begin) == Instant(seconds: 2))
        #expect(since(begin + [assignment(2, first)]) == Instant(seconds: 2))
        #expect(since(begin + [assignment(2, next)]) == nil)
        #expect(
            since(begin + [assignment(2, next), assignment(3, first)]) == Instant(seconds: 4))
        #expect(since([assignment(1, first)]) == nil, "it was never released")
    }

    @Test func `what was taken away in between begins anew`() {
        let begin = [released(first, 1), assignment(1, first)]
        #expect(since(begin + [taken]) == nil)
        #expect(since(begin + [taken, assignment(3, first)]) == Instant(seconds: 3))
    }
}
