import Testing

@testable import Validation

/// What is known of the error of measures over bins of numbers.
struct BinDoubtTests {
    private func sample(_ rows: Int, _ random: inout SeededRandom, shift: Double = 0) -> [Double] {
        (0..<rows).map { _ in random.normal() + shift }
    }

    /// Over the bins between the reference's deciles, from all numbers.
    private func exact(_ before: [Double], _ now: [Double]) throws -> DriftBins {
        let (left, right) = (
            WeightedPoints(ascending: before.sorted()), WeightedPoints(ascending: now.sorted())
        )
        let edges = try (1...9).map { try #require(left.quantile(Double($0) / 10)) }
        var last = (0, 0)
        var bins = edges.map { edge in
            let upTo = (left.count(atMost: edge), right.count(atMost: edge))
            defer { last = upTo }
            return DriftBin(label: "", reference: upTo.0 - last.0, current: upTo.1 - last.1)
        }
        bins.append(
            DriftBin(label: "", reference: left.count - last.0, current: right.count - last.1))
        return DriftBins(bins: bins)
    }

    @Test(arguments: [
        (5000, StatisticsLimits(), 0.02), (40_000, smallLimits, 0.15),
    ])
    func `what all numbers say lies within the error`(
        rows: Int, limits: StatisticsLimits, most: Double
    ) throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            let before = sample(rows, &random)
            for shift in [0, 0.1, 0.38, 1] {
                let now = sample(rows + 700, &random, shift: shift)
                let bins = try #require(
                    DriftBins(
                        ColumnProfile(numberColumn(before, limits: limits)),
                        ColumnProfile(numberColumn(now, limits: limits)), asCategories: false))
                let whole = try exact(before, now)
                #expect(bins.psiError > 0 && bins.jensenShannonError > 0)
                #expect(abs(bins.psi - whole.psi) <= bins.psiError, "seed \(seed), \(shift)")
                #expect(
                    abs(bins.jensenShannonDistance - whole.jensenShannonDistance)
                        <= bins.jensenShannonError, "seed \(seed), \(shift)")
                if shift < 0.5 { #expect(bins.psiError < most, "seed \(seed), \(shift)") }
            }
        }
    }

    @Test func `few numbers, or few different ones, have no error`() throws {
        var random = SeededRandom(seed: 3)
        let few = profile(sample(2000, &random))
        let repeated = profile((0..<50_000).map { Double($0 * 7 % 1000) })
        for column in [few, repeated] {
            let bins = try #require(DriftBins(column, column, asCategories: false))
            #expect(bins.psiError == 0 && bins.jensenShannonError == 0)
        }
        // Of one number that most rows have, the neighbours are known as well as of any other.
        let heavy: [Double] = (0..<9000).map { $0 % 2 == 0 ? 0 : Double($0) }
        let bins = try #require(
            DriftBins(profile(heavy), profile(heavy.map { $0 * 1.2 }), asCategories: false))
        #expect(bins.psiError < 0.02, "\(bins.psiError)")
    }

    @Test func `a limit within the error decides nothing`() throws {
        var random = SeededRandom(seed: 5)
        let before = numberColumn(sample(5000, &random), name: "x")
        let now = numberColumn(sample(5000, &random, shift: 0.38), name: "x")
        func outcome(_ measure: DriftMeasure, _ limits: DriftLimits) throws -> DriftOutcome {
            let report = DriftReport(
                reference: dataset([before]), current: dataset([now]),
                checks: ["x": [measure: limits]])
            return try #require(report.outcomes.first)
        }
        for measure in [DriftMeasure.psi, .jsDistance, .ks, .wasserstein] {
            let first = try outcome(measure, DriftLimits(warn: 0.01))
            let value = try #require(first.value)
            let error = first.error
            #expect(first.verdict == .warned && error > 0 && error < value / 2)
            #expect(first.sentence.contains("; within "))
            for near in [value - error / 2, value, value + error / 2] {
                let found = try outcome(measure, DriftLimits(warn: near))
                #expect(found.verdict == .undecided, "\(measure) \(found.sentence)")
                #expect(found.asCheck.limit == near && found.isFinding)
                let failing = try outcome(measure, DriftLimits(warn: 0.01, fail: near))
                #expect(failing.verdict == .undecided && failing.asCheck.limit == near)
                #expect(failing.isOverWarning && !found.isOverWarning)
            }
            #expect(try outcome(measure, DriftLimits(warn: value + 2 * error)).verdict == .passed)
            #expect(try outcome(measure, DriftLimits(fail: value - 2 * error)).verdict == .failed)
        }
    }

    @Test(arguments: [100, 190, 199, 200, 201, 210, 300])
    func `the bounds that numbers are clipped to may be off`(far: Int) throws {
        // 200 numbers are clipped away above: from the next one on the bound is far out too.
        func numbers(far: Int) -> [Double] {
            (0..<40_000).map { row in
                let rank = row * 7919 % 40_000
                return rank < far ? 1e6 : Double(rank) / 40_000
            }
        }
        let (before, now) = (numbers(far: far), numbers(far: 800))
        let report = DriftReport(
            reference: dataset([numberColumn(before, limits: smallLimits)]),
            current: dataset([numberColumn(now, limits: smallLimits)]),
            checks: ["x": [.wasserstein: DriftLimits(warn: 0.1)]])
        let found = try #require(report.outcomes.first)
        let value = try #require(found.value)

        let (left, right) = (
            WeightedPoints(ascending: before.sorted()), WeightedPoints(ascending: now.sorted())
        )
        func quantile(_ share: Double) throws -> Double { try #require(left.quantile(share)) }
        let truth = StepDistance.wasserstein(
            left, right, from: try quantile(0.005), to: try quantile(0.995))
        let spread = try quantile(0.75) - quantile(0.25)
        #expect(abs(value - truth / spread) <= found.error, "\(value), \(truth / spread)")
        if (190...210).contains(far) { #expect(found.error > 1000, "\(found.error)") }
        if far == 100 { #expect(found.error < 1, "\(found.error)") }
    }

    @Test func `an effect that is less than its error passes no limit within it`() throws {
        // Three in ten of the numbers are one, which begins just above a decile.
        func column(_ first: Int, _ step: Int) -> ColumnStatistics {
            let numbers = (0..<40_000).map { row -> Double in
                let rank = row * step % 40_000
                return Double((first..<first + 12_000).contains(rank) ? first : rank)
            }
            return numberColumn(numbers, name: "x", limits: smallLimits)
        }
        var undecided = 0
        for above in stride(from: 10, through: 60, by: 5) {
            let before = dataset([column(12_000 + above, 7919)])
            let now = dataset([column(12_000 + above, 3001)])
            func outcome(_ limit: Double) throws -> DriftOutcome {
                let report = DriftReport(
                    reference: before, current: now,
                    checks: ["x": [.psi: DriftLimits(warn: limit)]])
                return try #require(report.outcomes.first)
            }
            let first = try outcome(0.1)
            let (value, error) = (try #require(first.value), first.error)
            guard value + error > 0.1 else { continue }
            undecided += 1
            #expect(value < error && first.verdict == .undecided, "\(first.sentence)")
            #expect((first.adjustedPValue ?? 0) > 0.99 && !first.isOverWarning)
            #expect(first.sentence.contains("; perhaps significant at 0.01: adjusted p "))
            #expect(try outcome(value + error / 2).verdict == .undecided)
            #expect(try outcome(value + 2 * error).verdict == .passed)
        }
        #expect(undecided > 0, "the error is small wherever the number begins")
    }
}
