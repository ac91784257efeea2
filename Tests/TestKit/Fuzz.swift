import FoundationEssentials

/// Calls the body with generators of rising seeds, that a test names when it fails.
///
/// As many rounds as are given, which is a few seconds for each test, or for as many seconds as the
/// variable SLIPWAY_FUZZ_SECONDS says, from the seed in SLIPWAY_FUZZ_SEED on. The seconds are those
/// of one case of one test, of which there are about thirty.
package func fuzz(
    rounds: Int, _ body: (_ seed: UInt64, inout Seeded) throws -> Void
) throws {
    var rounds = Rounds(rounds)
    while let seed = rounds.next() {
        var random = Seeded(state: seed)
        try body(seed, &random)
    }
}

/// The same for a body that waits.
package func fuzz(
    rounds: Int, _ body: (_ seed: UInt64, inout Seeded) async throws -> Void
) async throws {
    var rounds = Rounds(rounds)
    while let seed = rounds.next() {
        var random = Seeded(state: seed)
        try await body(seed, &random)
    }
}

/// The seeds, until enough were tried.
private struct Rounds {
    private let first = variable("SLIPWAY_FUZZ_SEED") ?? 1
    private let end = variable("SLIPWAY_FUZZ_SECONDS").map {
        ContinuousClock.now + .seconds(Int($0))
    }
    private let count: Int
    private var done = 0

    init(_ count: Int) { self.count = count }

    mutating func next() -> UInt64? {
        guard end.map({ ContinuousClock.now < $0 }) ?? (done < count) else { return nil }
        defer { done += 1 }
        return first &+ UInt64(done)
    }
}

private func variable(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
}
