import Domain
import Testing

private let v1 = SemanticVersion(1, 0, 0)

@Test func `a candidate is live only after its approval`() {
    var bench = Bench()
    let commit = bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.version() == nil)
    #expect(bench.waiting != nil)
    bench.tag(.approve, bench.waiting!, object: 1)
    bench.carryOn()
    #expect(bench.version() == v1)
    #expect(bench.outcome(commit) == .assigned(v1, Bench.production))
    #expect(bench.next == .settled)
}

@Test func `a rejected review never reaches serving`() {
    var bench = Bench()
    let commit = bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.reject, id, by: Bench.frank, object: 1)
    bench.tag(.approve, id, object: 2)
    bench.carryOn()
    #expect(bench.version() == nil)
    #expect(bench.outcome(commit) == .rejected(id, by: Bench.frank))
}

@Test func `approvals of evidence are void once the assignment has changed`() {
    var bench = Bench()
    bench.ship(Bench.candidate(1), object: 1)
    bench.approvals = 2
    bench.push(Bench.candidate(3))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 3)
    bench.carryOn()
    // Another version comes and is reverted: the baseline is v1.0.0 once more.
    bench.approvals = 1
    bench.ship(Bench.candidate(2), object: 4)
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(Bench.candidate(3))
    bench.carryOn()
    #expect(bench.waiting == id)
    #expect(bench.version() == v1)
    bench.tag(.approve, id, object: 5)
    bench.carryOn()
    #expect(bench.version() == SemanticVersion(1, 2, 0))
}

@Test func `a policy change voids evidence and its approvals also when it is taken back`() {
    var bench = Bench()
    bench.approvals = 2
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 1)
    bench.carryOn()
    bench.policy = Bench.digest(2)
    bench.carryOn()
    let other = bench.waiting!
    #expect(other != id)
    bench.policy = Bench.digest(1)
    bench.carryOn()
    #expect(bench.waiting == id)
    bench.tag(.approve, id, by: Bench.frank, object: 2)
    bench.carryOn()
    #expect(bench.waiting == id)
    #expect(bench.version() == nil)
}

@Test func `evidence under a policy that is not trusted any more is not released`() {
    var bench = Bench()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.policy = Bench.digest(2)
    bench.tag(.approve, id, object: 1)
    bench.carryOn()
    #expect(bench.version() == nil)
    #expect(bench.waiting != nil && bench.waiting != id)
}

@Test func `a kept run is found again when evidence is void and the journal is lost`() {
    var bench = Bench()
    let commit = bench.push(Bench.candidate(1))
    bench.carryOn()
    (bench.policy, bench.run) = (Bench.digest(2), .none)
    guard case .start(let run, let about, _) = bench.next else {
        Issue.record("\(bench.next)")
        return
    }
    #expect(run == RunID(model: Bench.model, number: 1))
    #expect(about == commit)
}

@Test func `an approval for a superseded commit releases nothing`() {
    var bench = Bench()
    let first = bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    let second = bench.push(Bench.candidate(2))
    bench.tag(.approve, id, object: 1)
    bench.carryOn()
    #expect(bench.outcome(first) == .superseded(by: second))
    #expect(bench.version() == nil)
    #expect(bench.record.tags.count == 1)
    #expect(bench.waiting != nil && bench.waiting != id)
}

@Test func `an approval counts when a later commit shows the same evidence`() {
    var bench = Bench()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.push(Bench.candidate(2))
    bench.tag(.approve, id, object: 1)
    bench.carryOn()
    let third = bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.outcome(third) == .assigned(v1, Bench.production))
    #expect(bench.record.releases.first?.commit == third)
}

@Test func `what was approved is published although the head has moved on`() {
    var bench = Bench()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.tag(.approve, bench.waiting!, object: 1)
    bench.perform(bench.next)  // The tag is seen.
    bench.perform(bench.next)  // The release and assignment are decided.
    bench.push(Bench.candidate(2))
    let actions = bench.carryOn()
    guard case .tagVersion = actions[0], case .tagAssignment = actions[1],
        case .deploy = actions[2]
    else {
        Issue.record("\(actions)")
        return
    }
    #expect(bench.version() == v1)
}

@Test func `an approval that was seen but not used does not outlive the head`() {
    var bench = Bench()
    let first = bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.tag(.approve, bench.waiting!, object: 1)
    bench.perform(bench.next)
    let second = bench.push(Bench.candidate(2))
    bench.carryOn()
    #expect(bench.outcome(first) == .superseded(by: second))
    #expect(bench.version() == nil)
}

@Test func `the same candidate in a second environment is approved there and not released twice`() {
    var bench = Bench()
    bench.ship(Bench.candidate(1, in: Bench.staging), object: 1)
    bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.version() == nil)
    bench.tag(.approve, bench.waiting!, object: 2)
    bench.carryOn()
    #expect(bench.version() == v1)
    #expect(bench.version(in: Bench.staging) == v1)
    #expect(bench.record.releases.count == 1)
    #expect(bench.published.numbers == [1, 2])
}

@Test func `an old look at the branch closes and cancels nothing that is newer`() {
    var bench = Bench()
    bench.ship(Bench.candidate(1), object: 1)
    let newer = bench.push(Bench.candidate(2))
    bench.perform(bench.next)
    let run = RunID(model: Bench.model, number: 2)
    bench.run = .running(run)
    #expect(bench.next == .awaitRun(run))
    var old = bench
    old.commits.removeLast()
    old.run = .evaluated(RunID(model: Bench.model, number: 1))
    old.otherRuns = [run]
    #expect(old.next == .settled)
    #expect(bench.outcome(newer)?.isFinal == false)
}

@Test func `runs of superseded commits are stopped`() {
    var bench = Bench()
    bench.push(Bench.candidate(1))
    bench.perform(bench.next)
    let run = RunID(model: Bench.model, number: 1)
    bench.push(Bench.candidate(2))
    bench.otherRuns = [run]
    #expect(bench.carryOn().contains(.cancel(run)))
}

@Test func `authors do not approve and refused tags do not count`() {
    var bench = Bench()
    bench.excluded = [Bench.erin]
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 1)
    bench.newTags.append(
        SeenTag(
            tag: Bench.commit(2), ref: "approve/digits/\(id)/frank", kind: .approve, evidence: id,
            principal: Bench.frank, refusal: "the key is not known"))
    bench.carryOn()
    #expect(bench.waiting == id)
}

@Test func `one person counts once whatever the number of tags`() {
    var bench = Bench()
    bench.approvals = 2
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 1)
    bench.tag(.approve, id, object: 2)
    bench.carryOn()
    #expect(bench.waiting == id)
    bench.tag(.approve, id, by: Bench.frank, object: 3)
    bench.carryOn()
    #expect(bench.version() == v1)
}

@Test func `a deleted approval still counts and its deletion is recorded once`() {
    var bench = Bench()
    bench.approvals = 2
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 1)
    bench.carryOn()
    bench.goneTags = [Bench.commit(1): "approve/digits/\(id)/erin"]
    bench.carryOn()
    #expect(bench.record.deletedTags == [Bench.commit(1)])
    bench.tag(.approve, id, by: Bench.frank, object: 2)
    bench.carryOn()
    #expect(bench.version() == v1)
}
