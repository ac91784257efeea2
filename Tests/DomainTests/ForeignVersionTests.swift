import Domain
import Testing

@Test func `versions and counters that somebody else has taken are passed over`() {
    var bench = Bench()
    bench.published.foreignVersions = [SemanticVersion(1, 0, 0), SemanticVersion(1, 1, 0)]
    bench.published.foreignNumber = 7
    bench.ship(Bench.candidate(1), object: 1)
    #expect(bench.version() == SemanticVersion(1, 2, 0))
    #expect(bench.record.current[Bench.production]?.number == 8)
    bench.published.foreignVersions.insert(SemanticVersion(1, 3, 0))
    bench.ship(Bench.candidate(2), object: 2)
    #expect(bench.version() == SemanticVersion(1, 4, 0))
    #expect(bench.record.current[Bench.production]?.number == 9)
}
