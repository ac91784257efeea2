import Testing

@testable import Daemon

@Suite struct PaceTests {
    private func look(
        found: Bool = false, hinted: Bool = false, busy: Bool = false
    ) -> Pace.Look { Pace.Look(found: found, wasHinted: hinted, isBusy: busy) }

    @Test func `without hints the pause never grows`() {
        var pace = Pace(fastSeconds: 2, secondsMax: 60)
        for _ in 0..<100 { #expect(pace.pause(after: look(), random: 0.5) == 2) }
    }

    @Test func `with hints it doubles while nothing happens, and is short after anything`() {
        var pace = Pace(fastSeconds: 2, secondsMax: 60)
        #expect(pace.pause(after: look(hinted: true), random: 0.5) == 2)
        let idle = (0..<5).map { _ in pace.pause(after: look(), random: 0.5) }
        #expect(idle == [4, 8, 16, 16, 16])
        #expect(pace.pause(after: look(busy: true), random: 0.5) == 2)
        #expect(pace.pause(after: look(), random: 0.5) == 4)
        #expect(pace.pause(after: look(hinted: true), random: 0.5) == 2)
    }

    @Test func `a change that no hint told of takes the trust in hints back`() {
        var pace = Pace(fastSeconds: 2, secondsMax: 60)
        _ = pace.pause(after: look(hinted: true), random: 0.5)
        _ = pace.pause(after: look(), random: 0.5)
        #expect(pace.pause(after: look(found: true), random: 0.5) == 2)
        for _ in 0..<5 { #expect(pace.pause(after: look(), random: 0.5) == 2) }
        #expect(pace.pause(after: look(found: true, hinted: true), random: 0.5) == 2)
        #expect(pace.pause(after: look(), random: 0.5) == 4)
    }

    @Test(arguments: [0, 0.25, 1])
    func `a fifth is left to chance, and the bound is one`(random: Double) {
        var pace = Pace(fastSeconds: 20, secondsMax: 60)
        let first = pace.pause(after: look(hinted: true), random: random)
        #expect((15.9...24.1).contains(first))
        #expect(abs(first - (16 + 8 * random)) < 1e-9)
        for _ in 0..<5 { #expect(pace.pause(after: look(), random: random) <= 60) }
    }
}
