import Domain
import FoundationEssentials
import Testing

@testable import Validation

struct ProfileTests {
    private func rich(_ seed: UInt64) -> DatasetProfile {
        var random = SeededRandom(seed: seed)
        let amounts = (0..<6000).map { _ in random.normal() }
        let names = (0..<6000).map { _ in "name \(random.below(4000))" }
        let labels = (0..<6000).map { random.below($0 % 3 + 1) == 0 ? "yes" : "no" }
        var statistics = DatasetStatistics(
            columns: [
                numberColumn(amounts, name: "amount", limits: smallLimits),
                textColumn(names, name: "name", limits: smallLimits),
                textColumn(labels, name: "label"),
            ], label: "label")
        statistics.rows = 6000
        for row in 0..<6000 {
            let key = RowSample.key(file: 1, row: row)
            let cells = [
                SampleCell.number(amounts[row]),
                SampleCell.text(CellHash.standard.hash(names[row])),
                SampleCell.text(CellHash.standard.hash(labels[row])),
            ]
            if statistics.sample.wants(key) { statistics.sample.add([key], cells) }
        }
        return DatasetProfile(statistics)
    }

    @Test func `a profile that is shown has only counts of classified columns`() throws {
        var whole = rich(1)
        let shown = whole.hidingCells
        #expect(shown == whole)
        for index in [0, 2] { whole.columns[index].isPrivate = true }
        let hidden = whole.hidingCells
        #expect(hidden.columns[1] == whole.columns[1])
        #expect(hidden.associations == whole.associations)
        #expect(hidden.classes == nil)
        #expect(hidden.sample.columns == ["", whole.sample.columns[1], ""])
        for index in [0, 2] {
            let column = hidden.columns[index]
            #expect(column.values.items.isEmpty && column.registers == nil)
            #expect(column.numbers == nil && column.lengths == nil)
            #expect(column.rows == 6000 && column.distinct == whole.columns[index].distinct)
        }
        let text = String(decoding: hidden.canonicalJSON, as: UTF8.self)
        #expect(!text.contains("\"yes\""), "\(text)")
    }

    @Test func `the same data gives the same bytes, and they are read as they were written`() throws
    {
        let bytes = rich(1).canonicalJSON
        #expect(bytes == rich(1).canonicalJSON)
        #expect(bytes != rich(2).canonicalJSON)
        let read = try DatasetProfile(canonicalJSON: bytes)
        #expect(read == rich(1))
        #expect(read.canonicalJSON == bytes)
    }

    @Test(arguments: [[1e308, 1.5e308, 1e308], [1e308, -1e308, 5e307], [1.7e308, -1.7e308]])
    func `numbers whose sum or square no number can say have a profile`(
        _ numbers: [Double]
    ) throws {
        var statistics = DatasetStatistics(columns: [numberColumn(numbers, name: "x")])
        statistics.rows = numbers.count
        for row in numbers.indices {
            let key = RowSample.key(file: 1, row: row)
            let cells = [SampleCell.number(numbers[row])]
            if statistics.sample.wants(key) { statistics.sample.add([key], cells) }
        }
        let profile = DatasetProfile(statistics)
        let read = try DatasetProfile(canonicalJSON: profile.canonicalJSON)
        #expect(read == profile)
        let found = try #require(read.columns.first?.numbers)
        // 2^-4 of each, of which all is in range.
        let small = numbers.map { $0 / 16 }
        let mean = small.reduce(0, +) / Double(small.count)
        let squares = small.map { ($0 - mean) / 1e300 }.map { $0 * $0 }.reduce(0, +)
        let stdev = (squares / Double(small.count - 1)).squareRoot() * 1e300 * 16
        #expect(abs(found.mean / 16 - mean) <= 1e-12 * abs(mean) + 1e292)
        let deviation = try #require(found.stdev)
        #expect(deviation == stdev || abs(deviation / stdev - 1) < 1e-12)
    }

    @Test func `a column takes at most 64 KB however many values it has`() throws {
        let profile = rich(1)
        for column in profile.columns {
            let size = try JSONEncoder().encode(column).count
            #expect(size < 64_000, "\(column.name): \(size)")
        }
        #expect(profile.canonicalJSON.count < 3 * 64_000 + 120_000)
    }

    @Test func `what is not a sound profile of this version is refused`() throws {
        let bytes = rich(1).canonicalJSON
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(throws: ProfileError.notAProfile) { try DatasetProfile(canonicalJSON: []) }
        #expect(throws: ProfileError.notAProfile) {
            try DatasetProfile(canonicalJSON: Array(bytes.dropLast()))
        }
        #expect(throws: ProfileError.version(2)) {
            let newer = text.replacing("\"version\":1", with: "\"version\":2")
            return try DatasetProfile(canonicalJSON: Array(newer.utf8))
        }
        #expect(throws: ProfileError.damagedColumn("amount")) {
            let wrong = text.replacing("\"missing\":0", with: "\"missing\":1")
            return try DatasetProfile(canonicalJSON: Array(wrong.utf8))
        }
        #expect(throws: ProfileError.damagedSample) {
            let wrong = text.replacing("\"keys\":\"", with: "\"keys\":\"AAAA")
            return try DatasetProfile(canonicalJSON: Array(wrong.utf8))
        }
    }

    @Test func `an earlier profile tells by how much its quantiles may be off`() throws {
        let limits = StatisticsLimits(distinctMax: 10, exactRowsMax: 10)
        let sketched = dataset([
            numberColumn((0..<9000).map { Double($0) / 7 }, limits: limits),
            numberColumn((0..<9000).map { Double($0 % 3) }, name: "few"),
        ])
        let noise = try #require(sketched.columns[0].numbers?.rankNoise)
        let text = String(decoding: sketched.canonicalJSON, as: UTF8.self)
        // Nobody may take it for the variance of the numbers.
        let inner = try #require(text.firstMatch(of: /"rankNoise":\{([^}]*)\},/))
        #expect(!text.replacing(inner.output.0, with: "").contains("variance"))
        #expect(sketched.columns[1].numbers?.rankNoise == nil)
        #expect(noise.variance > 0 && noise.slack > 0)
        let earlier = text.replacing(inner.output.0, with: "\(inner.output.1),")
        let read = try DatasetProfile(canonicalJSON: Array(earlier.utf8))
        #expect(read == sketched)
    }

    @Test func `a damaged profile is refused or used, and never stops the process`() throws {
        let tiny = StatisticsLimits(distinctMax: 10, exactRowsMax: 10)
        let sound = dataset([
            numberColumn((0..<40).map { Double($0) * 1.5 } + [.nan], missing: 2),
            textColumn(["a", "bc", "bc"] + (0..<40).map { "\($0)" }, name: "t"),
            numberColumn((0..<43).map { Double($0) / 7 }, name: "y", limits: tiny),
        ])
        let bytes = try DatasetProfile(canonicalJSON: rich(3).canonicalJSON).canonicalJSON
        var accepted = 0
        for seed in 0..<250 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var damaged = seed % 10 == 0 ? bytes : sound.canonicalJSON
            let digits = damaged.indices.filter { (48...57).contains(damaged[$0]) }
            for _ in 0...random.below(3) {
                let place = digits[random.below(digits.count)]
                switch random.below(3) {
                case 0: damaged[place] = UInt8(48 + random.below(10))
                case 1: damaged[place] = UInt8(ascii: "-")
                default:
                    damaged.replaceSubrange(place...place, with: "9999999999999999".utf8)
                }
            }
            // Because what is refused is refused, and what is read must be usable.
            guard let read = try? DatasetProfile(canonicalJSON: damaged) else { continue }
            accepted += 1
            _ = try? read.merged(with: read)
            _ = DriftReport(reference: read, current: read)
            for column in read.columns {
                _ = OutlierChecks.tukey(column)
                _ = OutlierChecks.robustZ(column)
                _ = BoundChecks.bound(.quantile(0.3), of: column)
            }
        }
        #expect(accepted > 50)
    }

    @Test func `a private column keeps no text`() throws {
        let column = textColumn(["alice@example.org", "bob"], isPrivate: true)
        let text = String(decoding: dataset([column]).canonicalJSON, as: UTF8.self)
        #expect(!text.contains("alice") && !text.contains("bob"))
        #expect(ColumnProfile(column).distinct.count == 2)
    }

    @Test func `missing, look-alikes and what is no number are counted apart`() {
        var column = numberColumn([1, .nan, .infinity, -.infinity, 2])
        column.add(missing: 3, spelling: "")
        column.add(missing: 1, spelling: "NA")
        column.add(lookAlikes: 2, spelling: "-999")
        column.add(invalid: 5)
        let profile = ColumnProfile(column)
        #expect(profile.rows == 14)
        #expect(profile.missing == 4)
        #expect(profile.missingSpellings.map(\.text) == ["", "NA"])
        #expect(profile.nonFinite.count == 3)
        #expect(profile.valueCount == 2)
        #expect(profile.numbers?.mean == 1.5)
        #expect(MissingChecks.mixedMissing(profile).value == 3)
        #expect(MissingChecks.nonFinite(profile).verdict == .failed)
        #expect(MissingChecks.missingRatio(profile).verdict == .warned)
        #expect(MissingChecks.missingRatio(profile, limit: 0.3).verdict == .passed)
    }

    @Test func `lengths are counted in scalar values`() {
        let profile = profile(["", "äöü", "a😀", "12345678äß"])
        #expect(profile.lengths?.min == 0)
        #expect(profile.lengths?.max == 10)
        #expect(profile.lengths?.mean == 3.75)
        #expect(profile.values.items.allSatisfy { $0.hash == nil })
    }

    @Test func `long texts are cut between scalars and still counted apart`() {
        let long = String(repeating: "ä", count: 40)
        let profile = profile(["x" + long + "1", "x" + long + "2"])
        #expect(profile.distinct.count == 2)
        for item in profile.values.items {
            #expect(item.text == "x" + String(repeating: "ä", count: 31))
            #expect(item.hash?.count == 16)
        }
    }

    @Test func `an empty column has a profile and no verdict`() throws {
        let profile = dataset([numberColumn([]), textColumn([], name: "t")])
        #expect(try DatasetProfile(canonicalJSON: profile.canonicalJSON) == profile)
        #expect(ConstantChecks.constant(profile.columns[0]).verdict == .notEnoughData)
        #expect(OutlierChecks.tukey(profile.columns[0]).verdict == .notEnoughData)
        #expect(MissingChecks.missingRatio(profile.columns[1]).verdict == .notEnoughData)
    }

    @Test func `a histogram counts every number once`() throws {
        let values = incomes(5000, seed: 4)
        let histogram = try #require(profile(values).numbers?.histogram)
        #expect(histogram.below + histogram.counts.reduce(0, +) + histogram.above == 5000)
        #expect(histogram.counts.count == 30)
        #expect(abs(histogram.above - 25) <= 1)
        #expect(abs(histogram.below - 25) <= 1)
        // One value alone, and values at the ends of the range.
        for values in [[3.0, 3, 3], [-1e308, 0, 1e308]] {
            let one = try #require(profile(values).numbers?.histogram)
            #expect(one.below + one.counts.reduce(0, +) + one.above == 3)
        }
    }

    @Test func `the points of a profile stand for all rows`() {
        for rows in [1, 2047, 2048, 2049, 5000, 1_000_000, 3_000_000_000] {
            let weights = StoredPoints.weights(rows: rows)
            #expect(weights.reduce(0, +) == rows)
            #expect(weights.allSatisfy { $0 > 0 } && weights.count <= StoredPoints.pointsMax)
            let heaviest = Double(weights.max() ?? 0) / Double(rows)
            #expect(rows <= 2048 || heaviest <= 2 * StoredPoints.rankError + 2 / Double(rows))
        }
    }
}
