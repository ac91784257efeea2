import Domain
import Testing

/// A repository whose head proposes a policy, told line by line.
private struct PolicyBench {
    static let erin = Bench.erin
    static let frank = Bench.frank
    static let head = Bench.commit(1)

    var record = PolicyRecord()
    var records: [DecisionRecord] = []
    var head = Self.head
    var proposed: PolicyProposal?
    var newTags: [SeenTag] = []
    var goneTags: [ObjectID: String] = [:]
    var policy = Seen.Policy(digest: Bench.digest(1), approvals: 1, excluded: [])

    init(wants policy: Int? = 2) { proposed = policy.map { Self.proposal($0) } }

    static func proposal(_ policy: Int, replaces old: Int = 1) -> PolicyProposal {
        PolicyProposal(
            evidence: PolicyEvidence(
                policy: Bench.digest(policy), replaces: Bench.digest(old)),
            evidenceDigest: Digest(checked: "\(policy)\(old)" + Bench.digest(0).hex.dropLast(2)),
            changes: ["approvals 1 → 2"])
    }

    static func id(_ policy: Int) -> EvidenceID { EvidenceID(proposal(policy).evidenceDigest) }

    var seen: PolicySeen {
        PolicySeen(
            record: record, proposed: proposed.map { .init(commit: head, proposal: $0) },
            head: head, newTags: newTags, goneTags: goneTags, policy: policy)
    }

    var next: PolicyAction { nextPolicyAction(for: seen) }

    mutating func tag(
        _ kind: SeenTag.Kind, _ evidence: EvidenceID?, by who: Principal = erin, object: Int,
        refusal: String? = nil
    ) {
        newTags.append(
            SeenTag(
                tag: Bench.commit(object), ref: "\(kind)/policy/\(object)/\(who)", kind: kind,
                evidence: evidence, principal: who, refusal: refusal))
    }

    /// Does what the machine asks for until it waits or has nothing left to do.
    @discardableResult
    mutating func carryOn() -> PolicyAction {
        for _ in 0..<20 {
            guard case .record(let entries) = next else { break }
            for entry in entries {
                let made = DecisionRecord(
                    sequence: records.count + 1, at: Instant(seconds: Int64(records.count)),
                    model: .policy, commit: entry.commit, decision: entry.decision)
                records.append(made)
                record.apply(made)
            }
            newTags.removeAll { tag in record.tags.contains { $0.tag == tag.tag } }
        }
        return next
    }
}

@Suite struct PolicyMachineTests {
    @Test func `what is trusted already needs no word`() {
        var bench = PolicyBench(wants: nil)
        #expect(bench.carryOn() == .settled)
        #expect(bench.records.isEmpty)
    }

    @Test func `a change waits, and one approval makes it trusted at its commit`() {
        var bench = PolicyBench()
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
        #expect(bench.record.trusted == nil)
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        bench.carryOn()
        #expect(bench.record.trusted?.policy == Bench.digest(2))
        #expect(bench.record.trusted?.commit == PolicyBench.head)
        #expect(bench.record.trusted?.approvedBy == [PolicyBench.erin])
        bench.proposed = nil
        #expect(bench.carryOn() == .settled)
        #expect(PolicyRecord(records: bench.records.shuffled() + bench.records) == bench.record)
    }

    @Test func `rules that ask for nobody still ask somebody about themselves`() {
        var bench = PolicyBench()
        bench.policy.approvals = 0
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
    }

    @Test(arguments: [
        ("excluded", 1), ("ignored", 1), ("refused", 1), ("one of two", 2),
        ("the same person twice", 2),
    ])
    func `an approval that does not count leaves the old rules`(why: String, needed: Int) {
        var bench = PolicyBench()
        bench.policy.approvals = needed
        bench.carryOn()
        bench.tag(
            .approve, PolicyBench.id(2), object: 9, refusal: why == "refused" ? "late" : nil)
        switch why {
        case "excluded": bench.policy.excluded = [PolicyBench.erin]
        case "ignored": bench.policy.ignored = [Bench.commit(9): "not a hardware key"]
        case "the same person twice": bench.tag(.approve, PolicyBench.id(2), object: 10)
        default: break
        }
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
        #expect(bench.record.trusted == nil)
    }

    @Test func `enough approvals wait for as long as something blocks`() {
        var bench = PolicyBench()
        bench.policy.blocked = Seen.Blocked(reason: "nobody said who pushed", until: nil)
        bench.carryOn()
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
        bench.policy.blocked = nil
        bench.carryOn()
        #expect(bench.record.trusted?.approvedBy == [PolicyBench.erin])
    }

    @Test func `a rejection stands beside enough approvals, until the files change`() {
        var bench = PolicyBench()
        bench.carryOn()
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        bench.tag(.reject, PolicyBench.id(2), by: PolicyBench.frank, object: 10)
        #expect(bench.carryOn() == .settled)
        #expect(bench.record.rejected == [PolicyBench.id(2): PolicyBench.frank])
        #expect(bench.record.trusted == nil)
        bench.proposed = PolicyBench.proposal(3)
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(3)))
        bench.proposed = PolicyBench.proposal(2)
        #expect(bench.carryOn() == .settled)
        #expect(bench.record.trusted == nil, "what was rejected does not come back by itself")
    }

    @Test func `an approval of one change is none of another`() {
        var bench = PolicyBench()
        bench.carryOn()
        bench.proposed = PolicyBench.proposal(3)
        bench.carryOn()
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(3)))
        #expect(bench.record.trusted == nil)
    }

    @Test func `what was said under the old rules says nothing under the new ones`() {
        var bench = PolicyBench()
        bench.carryOn()
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        bench.carryOn()
        // Somebody takes it back, under the new rules, and the same change is wanted once more.
        bench.proposed = PolicyBench.proposal(1, replaces: 2)
        bench.carryOn()
        let back = EvidenceID(PolicyBench.proposal(1, replaces: 2).evidenceDigest)
        bench.tag(.approve, back, object: 10)
        bench.carryOn()
        #expect(bench.record.trusted?.policy == Bench.digest(1))
        bench.proposed = PolicyBench.proposal(2)
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
    }

    @Test func `a change that is taken back waits no longer`() {
        var bench = PolicyBench()
        bench.carryOn()
        bench.proposed = nil
        #expect(bench.carryOn() == .settled)
        #expect(bench.record.open == nil)
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        bench.carryOn()
        #expect(bench.record.trusted == nil)
    }

    @Test func `a deleted tag is recorded once, and what it said still counts`() {
        var bench = PolicyBench()
        bench.policy.approvals = 2
        bench.carryOn()
        bench.tag(.approve, PolicyBench.id(2), object: 9)
        bench.carryOn()
        bench.goneTags = [Bench.commit(9): "approve/policy/9/erin"]
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
        #expect(bench.record.deletedTags == [Bench.commit(9)])
        bench.tag(.approve, PolicyBench.id(2), by: PolicyBench.frank, object: 10)
        bench.carryOn()
        #expect(bench.record.trusted?.approvedBy == [PolicyBench.erin, PolicyBench.frank])
    }

    @Test func `a newer commit with the same files leaves the proposal as it is`() {
        var bench = PolicyBench()
        bench.carryOn()
        let count = bench.records.count
        bench.head = Bench.commit(2)
        #expect(bench.carryOn() == .awaitReview(PolicyBench.id(2)))
        #expect(bench.records.count == count)
    }
}
