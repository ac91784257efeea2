import Domain
import Testing

/// A life with every kind of decision in it.
private func life() -> Bench {
    var bench = Bench()
    bench.push(.broken([Diagnostic(at: Place(file: "models/digits/model.yaml", line: 1), "no")]))
    bench.carryOn()
    bench.ship(Bench.candidate(1), object: 1)
    bench.push(Bench.candidate(9))
    bench.carryOn(failing: Failure("step `train` stopped: exit status 1"))
    bench.push(Bench.candidate(8))
    bench.carryOn(passing: false)
    bench.push(Bench.candidate(7))
    bench.carryOn()
    if let id = bench.waiting { bench.tag(.reject, id, object: 2) }
    bench.carryOn()
    bench.ship(Bench.candidate(2), object: 3)
    bench.push(Bench.candidate(1))
    bench.carryOn()
    bench.ship(Bench.candidate(2, seconds: 90), object: 4)
    bench.goneTags = [Bench.commit(3): "approve/digits/x/erin"]
    bench.push(Bench.candidate(2))
    bench.carryOn()
    bench.push(.absent)
    bench.carryOn()
    bench.push(Bench.candidate(6))
    bench.carryOn()
    bench.push(.absent)
    bench.carryOn()
    return bench
}

@Test func `the sample life has every kind of decision`() {
    let kinds = Set(life().records.map { "\($0.decision)".prefix { $0 != "(" } })
    #expect(kinds.count == 15, "\(kinds.sorted())")
}

@Test(arguments: 0..<20)
func `the fold does not depend on order and repetition`(seed: UInt64) {
    let bench = life()
    var state = seed &+ 1
    func roll(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
    var records = bench.records + (0..<30).map { _ in bench.records[roll(bench.records.count)] }
    for index in records.indices { records.swapAt(index, roll(records.count)) }
    #expect(ModelRecord(model: Bench.model, records: records) == bench.record, "seed \(seed)")
}

@Test func `decisions that are applied once more change nothing`() {
    let bench = life()
    var record = bench.record
    for old in bench.records { record.apply(old) }
    #expect(record == bench.record)
}

@Test func `decisions about another model change nothing`() {
    let bench = life()
    let others = bench.records.map {
        DecisionRecord(
            sequence: $0.sequence + 1000, at: $0.at, model: ModelName("regression")!,
            commit: $0.commit, decision: $0.decision)
    }
    #expect(ModelRecord(model: Bench.model, records: bench.records + others) == bench.record)
}

@Test func `every commit of a life has a final decision`() {
    let bench = life()
    for (commit, _) in bench.commits { #expect(bench.outcome(commit)?.isFinal == true) }
}

@Test func `every prefix of a life leads to the same end`() {
    // Whatever was written when the daemon died, the rest follows from it.
    let bench = life()
    for length in bench.records.indices {
        var cut = bench
        cut.record = ModelRecord(model: Bench.model, records: bench.records.prefix(length))
        cut.records = Array(bench.records.prefix(length))
        cut.published = Seen.Published()
        cut.run = .none
        cut.carryOn()
        #expect(cut.next == .settled, "after \(length)")
        #expect(cut.outcome(cut.commits[cut.commits.count - 1].id) == .removed)
        #expect(cut.published.deployments.isEmpty)
    }
}

@Test func `numbers count assignments and unassignments together`() {
    let bench = life()
    let numbers =
        bench.record.assignments.map(\.number) + bench.record.unassignments.flatMap(\.numbers)
    #expect(numbers.sorted() == Array(1...numbers.count))
    #expect(bench.record.nextNumber == numbers.count + 1)
}

@Test func `each push of a commit is known once, and a later one takes none away`() {
    let (ada, bob) = (
        Push(by: "ada", ref: "refs/heads/main"), Push(by: "bob", ref: "refs/heads/main")
    )
    func record(_ sequence: Int, _ push: Push, _ model: ModelName) -> DecisionRecord {
        DecisionRecord(
            sequence: sequence, at: Instant(seconds: 1), model: model,
            commit: Bench.commit(1), decision: .pushed(push))
    }
    let model = ModelName(checked: "m")
    let pushes = [ada, bob, ada].enumerated()
    let known = ModelRecord(
        model: model, records: pushes.map { record($0.offset + 1, $0.element, model) })
    #expect(known.pushes == [Bench.commit(1): [ada, bob]])
    let policy = PolicyRecord(
        records: pushes.map { record($0.offset + 1, $0.element, .policy) })
    #expect(policy.pushes == [Bench.commit(1): [ada, bob]])
}
