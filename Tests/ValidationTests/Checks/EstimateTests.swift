import Domain
import Testing

@testable import Validation

/// An estimate decides only where every figure that it may stand for would.
@Suite struct EstimateTests {
    @Test func `a quantile that may lie on either side of a bound decides nothing`() {
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 1000)
        let column = ColumnProfile(
            numberColumn((0..<200_000).map { Double($0 &* 7919 % 200_000) }, limits: limits))
        func verdict(_ low: Double?, _ high: Double?) -> CheckVerdict {
            BoundChecks.bound(.quantile(0.99), of: column, atLeast: low, atMost: high).verdict
        }
        #expect(verdict(198_000, 198_001) == .undecided)
        #expect(verdict(190_000, nil) == .passed)
        #expect(verdict(nil, 190_000) == .failed)
        // Of a value that many have both ends of the error are the same.
        let halves = ColumnProfile(
            numberColumn((0..<200_000).map { $0 % 2 == 0 ? 5 : Double($0) }, limits: limits))
        let found = BoundChecks.bound(.quantile(0.2), of: halves, atLeast: 5, atMost: 5)
        #expect(found.verdict == .passed)
    }

    @Test func `the ends of a decile's error are as far off as the points that tell them`() throws {
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 1000)
        let column = ColumnProfile(
            numberColumn((0..<200_000).map { Double($0 &* 7919 % 200_000) }, limits: limits))
        let numbers = try #require(column.numbers)
        #expect(numbers.sketchError > 0 && numbers.sketchError < numbers.rankError)
        for share in [0.25, 0.5, 0.9] {
            let low = try #require(column.points.quantile(share - numbers.rankError))
            let high = try #require(column.points.quantile(share + numbers.rankError))
            let found = BoundChecks.bound(.quantile(share), of: column, atMost: high)
            #expect(found.error == (high - low) / 2)
            // The true one lies between them.
            #expect(low <= 200_000 * share && 200_000 * share <= high)
            #expect(column.quantiles(around: share) == low...high)
        }
        // So does the interquartile range; where all numbers are known it has no error.
        let spreads = try #require(column.spreads)
        #expect(spreads.contains(100_000) && spreads.contains(numbers.quartiles.range))
        #expect(spreads.lowerBound < 100_000 && spreads.upperBound > 100_000)
        let exact = profile((0..<5000).map { Double($0 &* 7919 % 5000) })
        let range = try #require(exact.numbers?.quartiles.range)
        #expect(exact.spreads == range...range)
    }

    @Test func `a share of outliers that may lie on either side of its limit decides nothing`() {
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 1000)
        let values = (0..<200_000).map { (row: Int) -> Double in
            row % 50 == 0 ? 1e6 + Double(row) : Double(row % 7919)
        }
        let column = ColumnProfile(numberColumn(values, limits: limits))
        func outcome(_ limit: Double) -> CheckOutcome {
            OutlierChecks.tukey(column, limit: CountLimits(.wrongAtMost(limit)))
        }
        let error = outcome(0.02).error ?? 0
        #expect(error > 0)
        #expect(outcome(0.02).verdict == .undecided)
        #expect(outcome(0.02 + 3 * error).verdict == .passed)
        #expect(outcome(0.02 - 3 * error).verdict == .warned)
        let few = (0..<1000).map { (row: Int) -> Double in row % 50 == 0 ? 1e6 : Double(row % 79) }
        let exact = OutlierChecks.tukey(profile(few), limit: 0.02)
        #expect(exact.verdict == .passed && exact.error == nil)
    }

    @Test func `a most frequent value whose share may reach the limit decides nothing`() {
        let texts = (0..<60_000).map { $0 % 2 == 0 ? "x" : "t\($0)" }
        let column = ColumnProfile(textColumn(texts, limits: smallLimits))
        func outcome(_ limit: Double) -> CheckOutcome {
            ConstantChecks.almostConstant(column, limit: limit)
        }
        let (share, error) = (outcome(1).value ?? 0, outcome(1).error ?? 0)
        #expect(error > 0 && share <= 0.5 && share + error >= 0.5)
        #expect(outcome(share + error / 2).verdict == .undecided)
        #expect(outcome(share).verdict == .warned)
        #expect(outcome(share + 2 * error).verdict == .passed)
    }
}
