import Domain
import FoundationEssentials
import Testing

/// `SEED=42 COUNT=1000 swift test --filter SimulationTests` chooses what is simulated.
enum Extent {
    static let seeds: Range<UInt64> = {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["SEED"].flatMap { UInt64($0) }
        let count = environment["COUNT"].flatMap { UInt64($0) } ?? (first == nil ? 80 : 1)
        return (first ?? 1)..<((first ?? 1) + count)
    }()
    static let eventsPerSeed = 2000
}

/// Years of commits, reviews, reverts and crashes; returns how the first broken rule came about.
func simulate(seed: UInt64, decide: @escaping Decider = { nextAction(for: $0) }) -> String? {
    let world = World(seed: seed, decide: decide)
    for _ in 0..<Extent.eventsPerSeed where world.checker.violation == nil { world.step() }
    if world.checker.violation == nil { world.settle() }
    if world.checker.violation == nil, world.approveWhatWaits() {
        world.settle()
        world.checker.expect(!world.approveWhatWaits(), "approved by all, and still it waits")
    }
    guard let violation = world.checker.violation else { return nil }
    return """
        seed \(seed): \(violation)
        \(world.trace.suffix(60).joined(separator: "\n"))
        replay: make simulate SEED=\(seed) COUNT=1
        """
}

@Test func `the machine keeps its rules and settles whatever goes wrong`() {
    var failures = 0
    for seed in Extent.seeds where failures < 3 {
        guard let story = simulate(seed: seed) else { continue }
        failures += 1
        Issue.record("\(story)")
    }
}
