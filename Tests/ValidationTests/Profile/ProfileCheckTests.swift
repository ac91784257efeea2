import Domain
import Testing

@testable import Validation

struct ProfileCheckTests {
    @Test func `the share of outliers is that of the rule on the skewed column`() {
        // docs of the measurements: one in a thousand is truly wrong.
        let column = profile(incomes(60_000, seed: 7))
        func share(_ outcome: CheckOutcome) -> Double { outcome.value ?? -1 }
        #expect(abs(share(OutlierChecks.tukey(column, k: 1.5)) - 0.047) < 0.003)
        #expect(abs(share(OutlierChecks.tukey(column)) - 0.0115) < 0.0015)
        #expect(abs(share(OutlierChecks.robustZ(column)) - 0.034) < 0.003)
        #expect(abs(share(OutlierChecks.z(column)) - 0.00105) < 0.0003)
        #expect(abs(share(OutlierChecks.tukey(column, scale: .log)) - 0.00105) < 0.0002)
        #expect(OutlierChecks.tukey(column).verdict == .warned)
        #expect(OutlierChecks.tukey(column, scale: .log).verdict == .passed)
        #expect(OutlierChecks.tukey(profile([0, 1]), scale: .log).verdict == .couldNotRun)
    }

    @Test func `the share of outliers is that of the rule on the normal column`() {
        var random = SeededRandom(seed: 12)
        let column = profile((0..<60_000).map { _ in random.normal() })
        #expect(abs((OutlierChecks.tukey(column, k: 1.5).value ?? 0) - 0.007) < 0.001)
        #expect((OutlierChecks.tukey(column).value ?? 1) < 0.0001)
        #expect(abs((OutlierChecks.robustZ(column).value ?? 0) - 0.00046) < 0.0003)
        #expect(abs((OutlierChecks.z(column).value ?? 0) - 0.0027) < 0.0006)
    }

    @Test(arguments: [500, 3000, 20_000, 60_000])
    func `outliers are counted within the error that is said, and exactly where none is`(
        rows: Int
    ) throws {
        var random = SeededRandom(seed: UInt64(rows))
        let values = (0..<rows).map { _ in random.normal() * (random.below(50) == 0 ? 9 : 1) }
        let column = profile(values)
        let sorted = values.sorted()
        let at = { (share: Double) -> Double in
            let place = Double(rows - 1) * share
            let low = Int(place)
            let next = sorted[Swift.min(low + 1, rows - 1)]
            return sorted[low] + (next - sorted[low]) * (place - Double(low))
        }
        let (first, third) = (at(0.25), at(0.75))
        for k in [1.5, 3.0] {
            let outcome = OutlierChecks.tukey(column, k: k)
            let low = first - k * (third - first)
            let high = third + k * (third - first)
            let outside = values.count { $0 < low || $0 > high }
            let found = try #require(outcome.details["count"])
            let error = (outcome.error ?? 0) * Double(rows)
            #expect(abs(found - Double(outside)) <= error + 1e-6, "\(outcome)")
            #expect(outcome.sentence.hasPrefix("about ") == (outcome.error != nil))
            if rows <= 3000 { #expect(outcome.error == nil, "\(outcome)") }
        }
        let quartile = BoundChecks.bound(.quantile(0.75), of: column, atMost: 0)
        #expect(quartile.error == nil && !quartile.sentence.contains("rank"))
        #expect(abs((quartile.value ?? 0) - third) < 1e-12)
    }

    @Test func `the robust score has a way out when most values are equal`() {
        let mostly = [Double](repeating: 5, count: 90) + (0..<10).map { Double($0) * 100 }
        let outcome = OutlierChecks.robustZ(profile(mostly))
        // Mean absolute deviation (5 + 95 + … + 895)/100 = 44.6; reach 3.5 · 1.2533 · 44.6.
        #expect(abs((outcome.details["reach"] ?? 0) - 3.5 * 1.2533 * 44.6) < 1e-6)
        #expect(outcome.value == 0.07)
        #expect(OutlierChecks.robustZ(profile([5, 5, 5, 5])).value == 0)
    }

    @Test func `a constant column fails and an almost constant one warns`() {
        #expect(ConstantChecks.constant(profile(["a", "a"])).verdict == .failed)
        #expect(ConstantChecks.constant(profile([1, 2])).verdict == .passed)
        let mostly = [Double](repeating: 0, count: 95) + [1, 2, 3, 4, 5]
        #expect(ConstantChecks.almostConstant(profile(mostly)).verdict == .warned)
        #expect(
            ConstantChecks.almostConstant(profile(Array(mostly.dropFirst(5)))).verdict == .passed)
        let constant = ConstantChecks.almostConstant(profile(["a", "a"]), limit: 0.1)
        #expect(constant.verdict == .passed)
        #expect(
            constant.sentence
                == "all 2 values are the same: the column is constant, which `constant` judges")
    }

    @Test func `classes are compared with the largest`() {
        let label = profile(
            [String](repeating: "a", count: 90) + [String](repeating: "b", count: 9) + ["c"])
        let balance = ClassChecks.balance(label)
        #expect(balance.verdict == .warned)
        #expect(balance.value == 1.0 / 90)
        #expect(balance.details["classes"] == 3)
        // scipy.stats.entropy([90, 9, 1]) / ln 3
        #expect(abs((balance.details["entropy"] ?? 0) - 0.325_489) < 1e-5)
        #expect(ClassChecks.minimumCount(label).verdict == .failed)
        #expect(ClassChecks.minimumCount(label, limit: 1).verdict == .passed)
        #expect(ClassChecks.balance(profile(["a", "b"])).verdict == .passed)
        #expect(ClassChecks.balance(profile(["a"])).verdict == .notEnoughData)
        let ids = profile((0..<1500).map { "id \($0)" })
        #expect(ClassChecks.balance(ids).verdict == .couldNotRun)
        #expect(ClassChecks.minimumCount(ids).verdict == .couldNotRun)
    }

    @Test func `classes that are too many to be listed are counted while they can be`() {
        func found(_ classes: Int, limits: StatisticsLimits = StatisticsLimits()) -> DatasetProfile
        {
            // Class k has 1 + k % 3 rows.
            let labels = (0..<classes).flatMap { number in
                [String](repeating: "c\(number)", count: 1 + number % 3)
            }
            var statistics = DatasetStatistics(
                columns: [textColumn(labels, name: "y", limits: limits)], label: "y")
            statistics.rows = labels.count
            return DatasetProfile(statistics)
        }
        let many = found(3000)
        #expect(many.classes == nil)
        #expect(many.classSizes == (1...3).map { ClassSize(rows: $0, classes: 1000) })
        let balance = ClassChecks.balance(many.columns[0], sizes: many.classSizes)
        #expect(balance.value == 1.0 / 3 && balance.verdict == .passed)
        #expect(balance.details["classes"] == 3000)
        // scipy.stats.entropy([1] * 1000 + [2] * 1000 + [3] * 1000) / ln 3000
        #expect(abs((balance.details["entropy"] ?? 0) - 0.989_107_7) < 1e-6)
        let least = ClassChecks.minimumCount(many.columns[0], sizes: many.classSizes, limit: 3)
        #expect(least.value == 1 && least.verdict == .failed)
        #expect(least.details == ["classes_below": 2000])
        #expect(found(3).classes?.count == 3 && found(3).classSizes == nil)
        let sketched = found(3000, limits: StatisticsLimits(distinctMax: 2000))
        #expect(sketched.classSizes == nil)
        #expect(
            ClassChecks.balance(sketched.columns[0], sizes: sketched.classSizes).verdict
                == .couldNotRun)
    }

    @Test func `bounds belong to the range`() {
        let column = profile([1, 2, 3, 4])
        func verdict(_ statistic: BoundChecks.Statistic, _ low: Double?, _ high: Double?)
            -> CheckVerdict
        {
            BoundChecks.bound(statistic, of: column, atLeast: low, atMost: high).verdict
        }
        #expect(verdict(.mean, 2.5, 2.5) == .passed)
        #expect(verdict(.mean, 2.6, nil) == .failed)
        #expect(verdict(.sum, nil, 9.9) == .failed)
        #expect(verdict(.min, 1, nil) == .passed)
        #expect(verdict(.max, nil, 4) == .passed)
        #expect(verdict(.quantile(0.5), 2.5, 2.5) == .passed)
        #expect(verdict(.distinctCount, 4, 4) == .passed)
        #expect(verdict(.stdev, nil, 1.29) == .failed)
        let single = BoundChecks.bound(.stdev, of: profile([1]), atLeast: 0)
        #expect(single.verdict == .notEnoughData)
        #expect(BoundChecks.bound(.mean, of: profile(["a"]), atLeast: 0).verdict == .notEnoughData)
    }

    @Test func `small domains are counted exactly among any number of rows`() {
        // Where others miscount 79 ages and 900 dates (duckdb, Polars): exact here.
        var random = SeededRandom(seed: 21)
        let ages = profile((0..<200_000).map { _ in Double(18 + random.below(79)) })
        #expect(ages.distinct == .init(count: 79, standardError: 0))
        let dates = profile((0..<50_000).map { "day \($0 % 900)" })
        #expect(dates.distinct == .init(count: 900, standardError: 0))
        #expect(dates.values.isComplete && dates.values.items.count == 900)
        let cents = profile((0..<99_000).map { Double($0) / 100 })
        #expect(cents.distinct == .init(count: 99_000, standardError: 0))
    }

    @Test func `many different values are estimated with their error stated`() {
        let limits = StatisticsLimits(distinctMax: 1000, exactRowsMax: 10_000)
        let ids = ColumnProfile(
            numberColumn((0..<50_000).map { Double($0) }, limits: limits))
        #expect(ids.distinct.standardError == 0.008_125)
        #expect(abs(Double(ids.distinct.count) / 50_000 - 1) < 4 * 0.008_125)
        let outcome = BoundChecks.bound(.distinctCount, of: ids, atLeast: 1)
        #expect(outcome.error != nil)
        #expect(outcome.sentence.contains("estimated"))
    }

    @Test func `associations are told of a sample that is large enough for them`() {
        func found(_ values: Int, classes: Int) -> Double? {
            let rows = 4000
            var statistics = DatasetStatistics(
                columns: [
                    textColumn((0..<rows).map { "v\($0 % values)" }, name: "x"),
                    textColumn((0..<rows).map { "c\($0 % values % classes)" }, name: "y"),
                ], label: "y")
            statistics.rows = rows
            for row in 0..<rows {
                let cells = [
                    SampleCell.text(CellHash.standard.hash("v\(row % values)")),
                    SampleCell.text(CellHash.standard.hash("c\(row % values % classes)")),
                ]
                statistics.sample.add([RowSample.key(file: 0, row: row)], cells)
            }
            return DatasetProfile(statistics).associations.first?.value
        }
        // Of each value 10 rows are there, 5 expected in each class; then half have only 9.
        #expect((found(400, classes: 2) ?? 0) > 0.9)
        #expect(found(420, classes: 2) == nil)
        #expect(found(2000, classes: 1000) == nil)
        #expect(found(4, classes: 1) == nil)
    }

    @Test func `splits are compared by hashes, keys and times`() {
        #expect(RowHashes.shared(test: [1, 1, 2, 3], train: [1, 9]) == 2)
        #expect(SplitChecks.overlap(shared: 2, test: 4).verdict == .failed)
        #expect(SplitChecks.overlap(shared: 2, test: 4, limit: 0.5).verdict == .passed)
        #expect(SplitChecks.keyOverlap(shared: 0, testKeys: 4).verdict == .passed)
        #expect(SplitChecks.overlap(shared: 0, test: 0).verdict == .notEnoughData)
        #expect(SplitChecks.ratio(train: 1000, test: 9).verdict == .warned)
        #expect(SplitChecks.minimum(test: 100).verdict == .passed)
        let train = profile([1, 2, 3])
        #expect(SplitChecks.timeLeakage(train: train, test: profile([3, 4, 5, 6])).value == 0.25)
        #expect(SplitChecks.timeLeakage(train: train, test: profile([4, 5])).verdict == .passed)
        let rows: [(features: UInt128, label: UInt64)] = [(1, 1), (1, 1), (2, 1), (2, 2), (2, 1)]
        #expect(RowHashes.conflicting(rows) == 3)
        #expect(SplitChecks.conflictingLabels(conflicting: 3, rows: 5).value == 0.6)
    }

    @Test func `the three numbers of duplicates each have their name`() {
        let found = RowHashes.duplicates([1, 1, 1, 2, 3, 3])
        #expect(found == DuplicateCounts(rows: 6, distinct: 3, groups: 2, involved: 5))
        #expect(found.surplus == 3)
        #expect(SplitChecks.duplicates(found).verdict == .failed)
        let few = DuplicateCounts(rows: 100, distinct: 99, groups: 1, involved: 2)
        #expect(SplitChecks.duplicates(few).verdict == .warned)
        #expect(SplitChecks.duplicates(few, warns: false).verdict == .passed)
    }
}
