import Testing

@testable import Validation

struct DriftTests {
    private func outcomes(
        _ before: ColumnStatistics, _ now: ColumnStatistics,
        _ measures: [DriftMeasure] = [.psi, .jsDistance, .ks, .wasserstein]
    ) -> [DriftMeasure: DriftOutcome] {
        let limits = Dictionary(uniqueKeysWithValues: measures.map { ($0, $0.defaultLimits) })
        let report = DriftReport(
            reference: dataset([before]), current: dataset([now]), checks: [before.name: limits])
        return Dictionary(uniqueKeysWithValues: report.outcomes.map { ($0.measure, $0) })
    }

    /// The measurements of other tools: factor on ordinary values, PSI, Jensen–Shannon, KS.
    static let sensitivity: [(factor: Double, psi: Double, js: Double, ks: Double)] = [
        (1, 0, 0.002, 0.001), (1.16, 0.058, 0.102, 0.098), (1.25, 0.131, 0.153, 0.148),
        (1.5, 0.430, 0.273, 0.265), (2, 1.22, 0.444, 0.437), (3, 2.85, 0.634, 0.640),
        (5, 5.25, 0.784, 0.819), (8, 7.01, 0.848, 0.916),
    ]

    @Test(arguments: sensitivity.indices)
    func `drift is seen through outliers from the factor where the definition says`(
        index: Int
    ) throws {
        let expected = Self.sensitivity[index]
        let before = numberColumn(incomes(40_000, seed: 100))
        let now = numberColumn(incomes(40_000, seed: 200, factor: expected.factor))
        let found = outcomes(before, now)
        let psi = try #require(found[.psi]?.value)
        let js = try #require(found[.jsDistance]?.value)
        let ks = try #require(found[.ks]?.value)
        #expect(abs(psi - expected.psi) < 0.01 + 0.05 * expected.psi)
        #expect(abs(js - expected.js) < 0.012)
        #expect(abs(ks - expected.ks) < 0.012)
        let w1 = try #require(found[.wasserstein]?.value)
        let verdicts = [DriftMeasure.psi, .jsDistance, .ks].map { found[$0]?.verdict }
        switch expected.factor {
        case 1:
            #expect(verdicts == [.passed, .passed, .passed])
            #expect(w1 < 0.03 && found[.wasserstein]?.verdict == .passed)
        case 1.16: #expect(found[.psi]?.verdict == .passed)
        case 1.25: #expect(verdicts == [.warned, .warned, .warned])
        case 1.5: #expect(verdicts == [.failed, .warned, .failed])
        default: #expect(verdicts == [.failed, .failed, .failed])
        }
        if expected.factor >= 1.25 { #expect(found[.wasserstein]?.verdict == .warned) }
    }

    @Test func `sketches see the same drift, and add their error to the limit`() throws {
        let limits = StatisticsLimits(distinctMax: 1000, exactRowsMax: 5000)
        let before = numberColumn(incomes(40_000, seed: 100), limits: limits)
        for (factor, verdict) in [(1.0, CheckVerdict.passed), (1.5, .failed)] {
            let now = numberColumn(incomes(40_000, seed: 200, factor: factor), limits: limits)
            let found = outcomes(before, now)
            let ks = try #require(found[.ks])
            #expect(ks.verdict == verdict)
            #expect(ks.error > 0 && ks.error < 0.02)
            let exact = StepDistance.kolmogorovSmirnov(
                WeightedPoints(ascending: incomes(40_000, seed: 100).sorted()),
                WeightedPoints(ascending: incomes(40_000, seed: 200, factor: factor).sorted()))
            #expect(abs((ks.value ?? 0) - exact) <= ks.error)
            #expect(found[.psi]?.verdict == verdict)
        }
    }

    /// Pairs of samples in which nothing drifted: how often PSI is over 0.1, and over its
    /// significance limit, as in the table of the measurements.
    @Test(arguments: [(200, 0.37, 0.08), (500, 0.003, 0.02)])
    func `PSI of small samples is judged by its significance`(
        rows: Int, over: Double, tolerance: Double
    ) {
        let seed = UInt64(rows)
        var random = SeededRandom(seed: seed)
        let pairs = 300
        var overLimit = 0
        var overSignificance = 0
        var fired = 0
        for _ in 0..<pairs {
            let before = numberColumn((0..<rows).map { _ in random.normal() })
            let now = numberColumn((0..<rows).map { _ in random.normal() })
            guard let psi = outcomes(before, now, [.psi])[.psi], let value = psi.value else {
                continue
            }
            if value > 0.1 { overLimit += 1 }
            if value > psi.significanceLimit ?? 0 { overSignificance += 1 }
            if psi.verdict != .passed { fired += 1 }
        }
        #expect(abs(Double(overLimit) / Double(pairs) - over) < tolerance, "seed \(seed)")
        #expect(Double(overSignificance) / Double(pairs) < 0.035, "seed \(seed)")
        #expect(Double(fired) / Double(pairs) < 0.035, "seed \(seed)")
    }

    @Test func `fewer than 200 rows on a side are never judged`() {
        var random = SeededRandom(seed: 5)
        let many = numberColumn((0..<5000).map { _ in random.normal() })
        let few = numberColumn((0..<199).map { _ in random.normal() + 5 })
        for outcome in outcomes(many, few, DriftMeasure.allCases).values {
            #expect(outcome.verdict == .notEnoughData || outcome.verdict == .couldNotRun)
        }
        #expect(outcomes(few, many, [.ks])[.ks]?.sentence.hasPrefix("not enough rows") == true)
    }

    @Test func `a great effect without significance passes`() throws {
        // PSI 0.12 between 200 rows each is chance.
        var random = SeededRandom(seed: 200)
        for _ in 0..<50 {
            let before = numberColumn((0..<200).map { _ in random.normal() })
            let now = numberColumn((0..<200).map { _ in random.normal() })
            let psi = try #require(outcomes(before, now, [.psi])[.psi])
            guard let value = psi.value, value > 0.11, value < 0.2 else { continue }
            #expect(psi.verdict == .passed)
            #expect(psi.sentence.contains("not significant"))
            return
        }
        Issue.record("no such pair among fifty")
    }

    @Test func `significance without an effect passes`() throws {
        var random = SeededRandom(seed: 9)
        let before = numberColumn((0..<50_000).map { _ in random.normal() })
        let now = numberColumn((0..<50_000).map { _ in random.normal() + 0.05 })
        let found = outcomes(before, now)
        for measure in [DriftMeasure.psi, .ks] {
            #expect(try #require(found[measure]?.adjustedPValue) < 0.001)
            #expect(found[measure]?.verdict == .passed)
        }
    }

    @Test func `equal deciles are one edge, and what lies outside them has a bin`() {
        let zeros = [Double](repeating: 0, count: 700) + (1...300).map(Double.init)
        let before = profile(zeros, missing: 100)
        let now = profile(zeros.map { $0 == 0 ? 1000 : $0 }, missing: 300)
        let bins = DriftBins(before, now, asCategories: false)
        #expect(bins?.bins.map(\.reference) == [700, 100, 100, 100, 100])
        #expect(bins?.bins.last == DriftBin(label: "missing", reference: 100, current: 300))
        #expect(bins?.currentRows == 1300)
        #expect((bins?.psi ?? 0) > 3)
    }

    @Test func `categories below one per cent on both sides are pooled`() throws {
        let common = [String](repeating: "a", count: 600) + [String](repeating: "b", count: 380)
        let before = profile(common + (0..<20).map { "rare \($0)" })
        let now = profile(common + [String](repeating: "rare 1", count: 40), missing: 5)
        let bins = try #require(DriftBins(before, now, asCategories: true))
        #expect(bins.bins.map(\.label) == ["a", "b", "rare 1", "other", "missing"])
        #expect(bins.bins.map(\.reference) == [600, 380, 1, 19, 0])
        #expect(bins.bins.map(\.current) == [600, 380, 40, 0, 5])
    }

    @Test func `what most values are pooled in is not compared, a small tail is`() {
        func column(_ rare: Int, rows: Int = 1000, missing: Int = 0) -> ColumnStatistics {
            textColumn((0..<rows).map { $0 < rare ? "rare \($0)" : "a" }, missing: missing)
        }
        for measure in [DriftMeasure.psi, .jsDistance, .lInfinity, .chiSquare, .cramersV] {
            func verdict(_ before: ColumnStatistics, _ now: ColumnStatistics) -> CheckVerdict? {
                outcomes(before, now, [measure])[measure]?.verdict
            }
            #expect(verdict(column(500), column(500)) == .passed)
            #expect(verdict(column(510), column(500)) == .couldNotRun, "on a side")
            #expect(verdict(column(500), column(510)) == .couldNotRun, "on the other")
            #expect(verdict(column(100), column(900)) != .couldNotRun, "it has drifted")
            let sparse = column(90, rows: 90, missing: 910)
            #expect(verdict(sparse, sparse) == .passed, "few values beside many missing cells")
        }
        let constant = outcomes(column(0), column(0), [.chiSquare])[.chiSquare]
        #expect(constant?.verdict == .passed)
        #expect(constant?.sentence.hasSuffix("1000 now, 1 bin") == true)
    }

    @Test func `bins of a classified column tell no cell`() throws {
        var numbers = profile((0..<1000).map { 711_000_000 + Double($0) }, missing: 1)
        numbers.isPrivate = true
        let bins = try #require(DriftBins(numbers, numbers, asCategories: false)).bins
        #expect(bins.map(\.label) == (1...10).map { "bin \($0)" } + ["missing"])
        let shown = profile(["kramer", "albers"])
        var hidden = shown
        hidden.isPrivate = true
        for (before, now) in [(shown, hidden), (hidden, shown)] {
            let bins = try #require(DriftBins(before, now, asCategories: true)).bins
            #expect(bins.map(\.label) == ["bin 1", "bin 2"])
        }
    }

    @Test func `a table too thin for the test is pooled until it is not`() throws {
        let bins = DriftBins(
            bins: [(50, 60), (40, 30), (1, 2), (2, 0), (0, 1)].enumerated().map {
                DriftBin(label: "\($0.offset)", reference: $0.element.0, current: $0.element.1)
            })
        #expect(!bins.table.isLargeEnough)
        let pooled = try #require(bins.pooledForTest)
        #expect(pooled.table.isLargeEnough)
        #expect(pooled.bins.map(\.reference) == [50, 43])
        #expect(pooled.bins.map(\.current) == [60, 33])
        #expect(
            DriftBins(bins: [DriftBin(label: "a", reference: 9, current: 9)]).pooledForTest == nil)
    }

    @Test func `a new category warns, with its share`() {
        let before = textColumn([String](repeating: "a", count: 300))
        let now = textColumn([String](repeating: "a", count: 297) + ["b", "b", "c"])
        let found = outcomes(before, now, [.newCategory])[.newCategory]
        #expect(found?.verdict == .warned)
        #expect(found?.value == 0.01)
        #expect(found?.sentence.contains("is 0.01; new: `b` (2 rows), `c` (1 row); warns") == true)
        let many = textColumn([String](repeating: "a", count: 295) + ["b", "c", "d", "e", "f"])
        #expect(
            outcomes(before, many, [.newCategory])[.newCategory]?.sentence
                .contains(" (1 row) and 2 others; warns over 0") == true)
        let hidden = textColumn(
            [String](repeating: "a", count: 297) + ["b", "b", "c"], isPrivate: true)
        let quiet = outcomes(before, hidden, [.newCategory])[.newCategory]
        #expect(quiet?.value == 0.01 && quiet?.sentence.contains("new:") == false)
        #expect(outcomes(now, before, [.newCategory])[.newCategory]?.verdict == .passed)
        let ids = textColumn((0..<2000).map { "\($0)" })
        #expect(outcomes(ids, now, [.newCategory])[.newCategory]?.verdict == .couldNotRun)
    }

    @Test func `missing cells and different values are compared`() {
        let values = (0..<1000).map { Double($0 % 100) }
        let before = numberColumn(values)
        let more = numberColumn(values, missing: 100)
        #expect(outcomes(before, more, [.missingChange])[.missingChange]?.verdict == .warned)
        #expect(outcomes(before, before, [.missingChange])[.missingChange]?.verdict == .passed)
        let fewer = numberColumn(values.map { ($0 / 4).rounded() })
        #expect(outcomes(before, fewer, [.distinctChange])[.distinctChange]?.verdict == .warned)
        let none = outcomes(before, numberColumn([], missing: 1000), [.distinctChange])
        #expect(none[.distinctChange]?.value == 1 && none[.distinctChange]?.verdict == .warned)
    }

    @Test func `the label is compared by its classes`() {
        func label(_ share: Int) -> DatasetProfile {
            dataset(
                [textColumn((0..<1000).map { $0 < share ? "yes" : "no" }, name: "y")], label: "y")
        }
        let moved = DriftReport(reference: label(500), current: label(300))
        #expect(moved.outcomes.map(\.measure) == [.labelDrift])
        #expect(moved.outcomes[0].computedAs == .cramersV)
        #expect(moved.outcomes[0].verdict == .warned)
        #expect(moved.dataset.verdict == .warned)
        #expect(
            DriftReport(reference: label(500), current: label(480)).dataset.verdict == .passed)
    }

    @Test func `columns of one side and of another kind are named, not compared`() {
        let before = dataset([numberColumn([1], name: "a"), numberColumn([1], name: "k")])
        let now = dataset([textColumn(["1"], name: "k"), textColumn(["1"], name: "b")])
        let report = DriftReport(reference: before, current: now)
        #expect(report.columnsOfReferenceOnly == ["a"])
        #expect(report.columnsOfCurrentOnly == ["b"])
        #expect(report.outcomes.allSatisfy { $0.column == "k" && $0.verdict == .couldNotRun })
        #expect(report.dataset.verdict == .notEnoughData)
    }

    @Test func `what cannot be measured of a reference is not asked of it by default`() {
        let zeros = [Double](repeating: 0, count: 1900) + (0..<100).map(Double.init)
        let both = dataset([
            numberColumn(zeros, name: "a"), textColumn((0..<2000).map { "\($0)" }, name: "b"),
        ])
        let report = DriftReport(reference: both, current: both)
        #expect(report.outcomes.filter { $0.column == "a" }.map(\.measure).contains(.psi))
        #expect(
            report.outcomes.allSatisfy { $0.verdict == .passed || $0.hasTooManyValues },
            "of texts that are all different it is told apart from what passed")
        #expect(report.dataset.details["columns"] == 1)
    }

    @Test func `over many columns of which none drifted no false alarm is given`() {
        var random = SeededRandom(seed: 77)
        func part() -> DatasetProfile {
            dataset(
                (0..<40).map { index in
                    numberColumn((0..<300).map { _ in random.normal() }, name: "c\(index)")
                })
        }
        let report = DriftReport(reference: part(), current: part())
        #expect(report.outcomes.count == 160)
        #expect(report.outcomes.allSatisfy { $0.verdict == .passed })
        #expect(report.dataset.value == 0)
    }
}
