import Domain
import Testing

private let v1 = SemanticVersion(1, 0, 0)
private let v11 = SemanticVersion(1, 1, 0)

/// v1.0.0 is inputs 1, v1.1.0 is inputs 2, and v1.1.0 is deployed.
private func twoVersions() -> Bench {
    var bench = Bench()
    bench.ship(Bench.candidate(1), object: 1)
    bench.ship(Bench.candidate(2), object: 2)
    return bench
}

@Test func `a promotion change after a rejection asks the gate and meets the same no`() {
    var bench = Bench()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.reject, id, object: 1)
    bench.carryOn()
    let second = bench.push(Bench.candidate(1))
    #expect(bench.carryOn().contains { if case .judge = $0 { true } else { false } })
    #expect(bench.outcome(second) == .rejected(id, by: Bench.erin))
}

@Test func `a promotion change after a failed gate decides anew`() {
    var bench = Bench()
    let first = bench.push(Bench.candidate(1))
    bench.carryOn(passing: false)
    #expect(bench.outcome(first) == .stopped(run: 1))
    bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.waiting != nil)
}

@Test func `a promotion change after a failed run tries once more`() {
    var bench = Bench()
    let failure = Failure("step `train` stopped: exit status 1")
    let first = bench.push(Bench.candidate(1))
    bench.carryOn(failing: failure)
    #expect(bench.outcome(first) == .failed(run: 1, failure))
    let second = bench.push(Bench.candidate(1))
    bench.carryOn(failing: failure)
    #expect(bench.outcome(second) == .failed(run: 2, failure))
}

@Test func `a promotion change takes nothing down that is assigned`() {
    var bench = twoVersions()
    let commit = bench.push(Bench.candidate(2))
    let actions = bench.carryOn()
    #expect(bench.outcome(commit) == .alreadyLive(v11, Bench.production))
    #expect(actions.count == 2)
    #expect(bench.version() == v11)
}

@Test func `a serving change updates the branch without a new assignment`() {
    var bench = twoVersions()
    bench.push(Bench.candidate(2, seconds: 90))
    bench.carryOn()
    let deployment = bench.published.deployments[Bench.production]
    #expect(deployment?.serving.startTimeoutSeconds == 90)
    #expect(deployment?.number == 2)
    #expect(bench.published.numbers == [1, 2])
}

@Test(arguments: [1, 2])
func `another program to serve a version goes through review first`(inputs: Int) throws {
    var bench = twoVersions()
    let commit = bench.push(Bench.candidate(inputs, runtime: .command("python other.py")))
    bench.carryOn()
    guard case .waiting(let id) = bench.outcome(commit) else {
        Issue.record("\(String(describing: bench.outcome(commit)))")
        return
    }
    #expect(bench.record.shown[id]?.evidence.runtime == .command("python other.py"))
    let deployment = try #require(bench.published.deployments[Bench.production])
    #expect(deployment.serving.runtime == .sklearn && deployment.version == v11)
}

@Test func `a removed model is unassigned and comes back without a hold`() {
    var bench = twoVersions()
    let removal = bench.push(.absent)
    bench.carryOn()
    #expect(bench.version() == nil)
    #expect(bench.outcome(removal) == .removed)
    #expect(bench.published.numbers == [1, 2, 3, 4])
    let back = bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.outcome(back) == .assigned(v1, Bench.production))
    #expect(bench.record.held[Bench.production, default: []].isEmpty)
    #expect(bench.record.assignments.last?.number == 5)
    #expect(bench.record.assignments.last?.replaces == nil)
}

@Test func `a model that is removed before it was assigned is recorded as removed`() {
    var bench = Bench()
    let first = bench.push(Bench.candidate(1))
    bench.carryOn()
    let second = bench.push(.absent)
    bench.carryOn()
    #expect(bench.outcome(first) == .superseded(by: second))
    #expect(bench.outcome(second) == .removed)
}

@Test func `a held version stays held when the model is removed and made again`() {
    var bench = twoVersions()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(.absent)
    bench.carryOn()
    bench.push(Bench.candidate(2))
    bench.carryOn()
    #expect(bench.version() == nil)
    let shown = bench.waiting.flatMap { bench.record.shown[$0] }
    #expect(shown?.evidence.lifts == v11)
}

@Test func `a revert restores the version at once and holds what it replaces`() {
    var bench = twoVersions()
    let commit = bench.push(Bench.candidate(1))
    let actions = bench.carryOn()
    #expect(bench.version() == v1)
    #expect(bench.outcome(commit) == .assigned(v1, Bench.production))
    #expect(bench.record.isHeld(v11, in: Bench.production))
    #expect(!actions.contains { if case .start = $0 { true } else { false } })
}

@Test func `a reverted revert needs new evidence that names the hold`() {
    var bench = twoVersions()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(Bench.candidate(2))
    bench.carryOn()
    #expect(bench.version() == v1)
    #expect(bench.record.shown[bench.waiting!]?.evidence.lifts == v11)
    bench.tag(.approve, bench.waiting!, object: 3)
    bench.carryOn()
    #expect(bench.version() == v11)
    #expect(bench.record.held[Bench.production, default: []].isEmpty)
    #expect(bench.record.releases.count == 2)
}

@Test func `what was said about the first hold does not lift the second`() {
    var bench = twoVersions()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(Bench.candidate(2))
    bench.carryOn()
    let id = bench.waiting!
    bench.tag(.approve, id, object: 3)
    bench.carryOn()
    // Frank is late: his approval is seen and used by nobody.
    bench.tag(.approve, id, by: Bench.frank, object: 4)
    bench.carryOn()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(Bench.candidate(2))
    bench.carryOn()
    #expect(bench.waiting == id)
    #expect(bench.version() == v1)
    bench.tag(.approve, id, by: Bench.frank, object: 5)
    bench.carryOn()
    #expect(bench.version() == v11)
}

@Test func `a commit that equals what is live changes nothing`() {
    var bench = Bench()
    bench.ship(Bench.candidate(1), object: 1)
    bench.push(Bench.candidate(2))
    bench.carryOn(passing: false)
    let revert = bench.push(Bench.candidate(1))
    bench.carryOn()
    #expect(bench.outcome(revert) == .alreadyLive(v1, Bench.production))
    #expect(bench.record.releases.count == 1)
    #expect(bench.record.held.isEmpty)
}

@Test func `a hold is in force in its own environment only`() {
    var bench = twoVersions()
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.push(Bench.candidate(2, in: Bench.staging))
    bench.carryOn()
    #expect(bench.record.shown[bench.waiting!]?.evidence.lifts == nil)
    bench.tag(.approve, bench.waiting!, object: 3)
    bench.carryOn()
    #expect(bench.version(in: Bench.staging) == v11)
    #expect(bench.version() == v1)
    #expect(bench.record.isHeld(v11, in: Bench.production))
}
