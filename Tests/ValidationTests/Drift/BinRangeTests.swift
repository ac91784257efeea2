import Testing

@testable import Validation

/// What is known of the error of measures over categories.
struct BinRangeTests {
    private static let rows = 60_000

    /// Texts of which two are frequent, and all others different.
    ///
    /// - Parameters:
    ///   - first: of a hundred rows, how many have the one.
    ///   - second: how many have the other.
    private func texts(_ first: Int, _ second: Int) -> [String] {
        (0..<Self.rows).map { row in
            let place = row * 37 % 100
            return place < first ? "x" : place < first + second ? "y" : "t\(row)"
        }
    }

    private func bins(_ before: [String], _ now: [String]) throws -> DriftBins {
        try #require(
            DriftBins(
                ColumnProfile(textColumn(before, limits: smallLimits)),
                ColumnProfile(textColumn(now, limits: smallLimits)), asCategories: true))
    }

    @Test(arguments: [(50, 5), (52, 8), (30, 40)])
    func `what all texts say lies within the error`(first: Int, second: Int) throws {
        let found = try bins(texts(50, 5), texts(first, second))
        let part = Self.rows / 100
        let whole = DriftBins(bins: [
            DriftBin(label: "x", reference: 50 * part, current: first * part),
            DriftBin(label: "y", reference: 5 * part, current: second * part),
            DriftBin(
                label: "other", reference: 45 * part, current: (100 - first - second) * part),
        ])
        #expect(whole.psiError == 0 && whole.lInfinityError == 0 && whole.cramersError == 0)
        #expect(found.psiError > 0 && abs(found.psi - whole.psi) <= found.psiError)
        #expect(
            abs(found.jensenShannonDistance - whole.jensenShannonDistance)
                <= found.jensenShannonError)
        #expect(
            found.lInfinityError > 0
                && abs(found.lInfinity - whole.lInfinity) <= found.lInfinityError)
        let table = found.table
        #expect(abs(table.chiSquare - whole.table.chiSquare) <= found.chiSquareError)
        let (v, all) = (try #require(table.cramersV), try #require(whole.table.cramersV))
        #expect(abs(v - all) <= found.cramersError)
        // Where nothing moved, what it is by chance is more than the error.
        #expect((found.cramersError > 0) == (second != 5))
        #expect(found.psiError < 0.05 && found.lInfinityError < 0.01)
    }

    @Test func `the statistic is a sum over the bins`() throws {
        let bins = DriftBins(
            bins: [(500, 300), (200, 450), (300, 350)].map {
                DriftBin(label: "", reference: $0.0, current: $0.1)
            })
        let (n, m) = (1000.0, 1100.0)
        var sum = 0.0
        for share in bins.shares {
            let apart: Double = share.reference - share.current
            let both: Double = n * share.reference + m * share.current
            sum += n * m * apart * apart / both
        }
        #expect(abs(sum - bins.table.chiSquare) < 1e-9 * sum)
    }

    @Test func `a category that one side does not list may be there`() throws {
        let others = (0..<1480).flatMap { ["t\($0)", "t\($0)"] }
        let before = profile([String](repeating: "a", count: 40) + others)
        let now = profile(others + ["a"])
        let found = try #require(DriftBins(before, now, asCategories: true))
        #expect(found.bins.map(\.label) == ["a", "other"])
        #expect(found.bins.map(\.current) == [0, 2961])
        #expect(
            found.ranges == [
                BinRange(reference: 40...40, current: 0...2),
                BinRange(reference: 2960...2960, current: 2959...2961),
            ])
        let listed = try #require(DriftBins(before, before, asCategories: true))
        #expect(listed.psiError == 0 && listed.lInfinityError == 0)
    }

    @Test func `a limit within the error decides nothing`() throws {
        let before = dataset([textColumn(texts(50, 5), limits: smallLimits)])
        let now = dataset([textColumn(texts(52, 8), limits: smallLimits)])
        func outcome(_ measure: DriftMeasure, _ limit: Double) throws -> DriftOutcome {
            let report = DriftReport(
                reference: before, current: now,
                checks: ["x": [measure: DriftLimits(warn: limit)]])
            return try #require(report.outcomes.first)
        }
        for measure in [
            DriftMeasure.psi, .jsDistance, .lInfinity, .chiSquare, .cramersV, .labelDrift,
        ] {
            let first = try outcome(measure, 0.001)
            let (effect, error) = (try #require(first.effect), first.error)
            #expect(error > 0 && error < effect, "\(measure) \(first.sentence)")
            #expect(first.sentence.contains("; within "))
            for near in [effect - error / 2, effect, effect + error / 2] {
                let found = try outcome(measure, near)
                #expect(found.verdict == .undecided, "\(measure) \(found.sentence)")
            }
            #expect(try outcome(measure, effect + 2 * error).verdict == .passed)
            #expect(try outcome(measure, effect - 1.1 * error).verdict == .warned)
        }
    }
}
