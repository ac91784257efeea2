import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Validation

/// Integers of 64 bits are told apart by every digit.
@Suite struct LargeIntegerTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func profile(
        _ values: [Int64], limits: StatisticsLimits? = nil, chunk: Int = 1 << 20, workers: Int = 2
    ) async throws -> ColumnProfile {
        let text = "id,x\n" + values.map { "\($0),a\n" }.joined()
        let declared = manifest(
            [try folder.add("d.csv", text)], [column("id", .integer), column("x")])
        let settings = ProfileSink.Settings(limits: limits)
        let (report, sink) = try await validate(
            declared, root: folder.path,
            options: ValidationOptions(chunkBytes: chunk, workersMax: workers),
            sink: ProfileSink(settings))
        let statistics = try #require(sink.finish(rows: report.rows))
        return try #require(DatasetProfile(statistics).column("id"))
    }

    private static let edges: [Int64] = [
        0, 1, -1, 1 << 53, (1 << 53) + 1, -(1 << 53), -(1 << 53) - 1, .max, .max - 1, .min,
        .min + 1, 0x3FF0_0000_0000_0000, 0x4340_0000_0000_0000, 0x4340_0000_0000_0001,
        Int64(bitPattern: 0xBFF0_0000_0000_0000), Int64(bitPattern: 0xC340_0000_0000_0000),
        0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0001, Int64(bitPattern: 0x8000_0000_0000_0000),
    ]

    @Test func `every integer has a key of its own, and it can be read back`() {
        var random = SeededRandom(seed: 3)
        var values = Set(Self.edges)
        for _ in 0..<20_000 {
            let value = Int64(bitPattern: random.next())
            let small = value >> 11
            for one in [
                value, small, value >> Int64(random.below(60)),
                Int64(bitPattern: Double(small).bitPattern),
            ] {
                values.insert(one)
            }
        }
        var keys: Set<UInt64> = []
        for value in values {
            let key = NumberKey.key(integer: value)
            keys.insert(key)
            #expect(NumberKey.integer(key) == value)
            if value.magnitude <= 1 << 53 { #expect(key == NumberKey.key(Double(value))) }
        }
        #expect(keys.count == values.count)
    }

    @Test(arguments: [(1 << 20, 1), (61, 2), (700, 4)])
    func `neighbours beyond 2^53 are two values, and extremes have all digits`(
        chunk: Int, workers: Int
    ) async throws {
        let base: Int64 = 9_007_199_254_740_992
        let values = [base + 1, base, base + 1, base + 3, 5, -base - 1, base + 2]
        let found = try await profile(values, chunk: chunk, workers: workers)
        #expect(found.distinct == ColumnProfile.Distinct(count: 6, standardError: 0))
        #expect(found.numbers?.leastInteger == -base - 1)
        #expect(found.numbers?.greatestInteger == base + 3)
        #expect(found.values.items[0].integer == base + 1 && found.values.items[0].count == 2)
        #expect(found.values.items.contains { $0.number == 5 && $0.integer == nil })
        let small = try await profile([1, 2, base - 1])
        #expect(
            small.numbers?.leastLarge == nil && small.values.items.allSatisfy { $0.integer == nil })
    }

    @Test func `figures are those of the integers, in the table and beyond it`() async throws {
        var random = SeededRandom(seed: 5)
        let base: Int64 = 1 << 60
        let values = (0..<6000).map { _ in base + Int64(random.below(3000)) } + [7, -9]
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 1 << 20)
        let table = try await profile(values)
        let sketched = try await profile(values, limits: limits)
        let sum = values.reduce(Int128(0)) { $0 + Int128($1) }
        for found in [table, sketched] {
            #expect(found.numbers?.sum == Double(sum))
            #expect(found.numbers?.count == values.count)
            #expect(found.numbers?.greatestInteger == values.max())
            #expect(found.numbers?.min == -9 && found.numbers?.leastInteger == nil)
        }
        #expect(table.distinct.count == Set(values).count)
        let share = Double(sketched.distinct.count) / Double(Set(values).count)
        #expect(abs(share - 1) < 0.04, "\(sketched.distinct)")
        for (chunk, workers) in [(61, 3), (4096, 2)] {
            #expect(
                try await profile(values, limits: limits, chunk: chunk, workers: workers)
                    == sketched)
        }
        let close = (0..<1000).map { base + Int64($0) }
        // The deviation of 0 … 999, which the distance from zero must not blur.
        let stdev = try #require(try await profile(close).numbers?.stdev)
        #expect(abs(stdev - 288.819_436_096) < 1e-6, "\(stdev)")
    }

    @Test func `a profile of large integers is stored, read and merged`() async throws {
        func stored(_ values: [Int64]) async throws -> DatasetProfile {
            let text = "id\n" + values.map { "\($0)\n" }.joined()
            let declared = manifest([try folder.add("m.csv", text)], [column("id", .integer)])
            let (report, sink) = try await validate(
                declared, root: folder.path, sink: ProfileSink(ProfileSink.Settings()))
            let whole = DatasetProfile(try #require(sink.finish(rows: report.rows)))
            return try DatasetProfile(canonicalJSON: whole.canonicalJSON)
        }
        let (first, second): ([Int64], [Int64]) = ([1, .max, .max - 1], [.max - 2, .max, 3])
        let merged = try await stored(first).merged(with: try await stored(second))
        let whole = try await stored(first + second)
        #expect(merged.columns == whole.columns)
        #expect(merged.columns[0].distinct.count == 5)
    }

    @Test func `numbers in sentences keep what stands before the point`() {
        let texts = [
            (1_000_000_004.77, "1000000005"), (49_984_000_224_407.74, "49984000224408"),
            (12_345.5, "12346"), (1234.56, "1235"), (0.000_123_456, "0.0001235"), (2.5, "2.5"),
            (7, "7"), (1_234_567_890_123_456, "1234567890123456"),
            (1_234_567_890_123_456.25, "1234567890123456"), (9e18, "9000000000000000000"),
            (1.23456e20, "1.235e+20"), (-98_765.4, "-98765"),
        ]
        for (value, text) in texts { #expect(shortText(value) == text) }
    }

    @Test func `figures and bounds have every digit in sentences and in JSON`() async throws {
        let found = try await profile([9_007_199_254_740_993, 4])
        let high = BoundChecks.bound(.max, of: found, atMost: 9_007_199_254_740_994)
        #expect(
            high.sentence == "max is 9007199254740993, at most 9007199254740994")
        let bytes = try JSONEncoder().encode(high)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"value\":9007199254740993"), "\(text)")
        #expect(text.contains("\"limit\":9007199254740994"), "\(text)")
        let read = try JSONDecoder().decode(CheckOutcome.self, from: bytes)
        #expect(read == high && read.valueText == "9007199254740993")
        let sum = BoundChecks.bound(.sum, of: found, atMost: 9_007_199_254_740_996)
        #expect(sum.verdict == .failed, "the sum is one more, which no Double tells")
        #expect(sum.sentence.hasPrefix("sum is 9007199254740997, at most 9007199254740996"))
        let low = BoundChecks.bound(
            .mean, of: ColumnProfile(numberColumn([0.123_456_789])), atMost: 0.123_461_2)
        #expect(low.sentence == "mean is 0.123456789, at most 0.1234612")
        for value in [12_345_678_901_234, 0.1, -7.25, 1e300, 9e18] {
            let figure = Figure(value)
            let json = try JSONEncoder().encode([figure])
            #expect(try JSONDecoder().decode([Figure].self, from: json) == [figure], "\(value)")
        }
    }

    @Test func `a sum of integers has all digits while they fit`() {
        var random = SeededRandom(seed: 9)
        for _ in 0..<300 {
            let values = (0..<(1 + random.below(9))).map { _ in
                Int64(bitPattern: random.next()) >> Int64(random.below(64))
            }
            var sum = ExactSum(scale: 1)
            for value in values { sum.add(Int128(value), at: 1075) }
            #expect(sum.integer == values.reduce(Int128(0)) { $0 + Int128($1) }, "\(values)")
            sum.add(1, at: 1074)
            #expect(sum.integer == nil, "a half is no integer")
        }
        #expect(ExactSum(scale: 1).integer == 0)
        var large = ExactSum(scale: 1)
        large.add(1, at: 1075 + 200)
        #expect(large.integer == nil)
    }

    @Test func `bounds of extremes are held against every digit`() async throws {
        let found = try await profile([9_007_199_254_740_993, 4])
        let most = BoundChecks.bound(.max, of: found, atMost: 9_007_199_254_740_992)
        #expect(most.verdict == .failed)
        #expect(most.sentence.hasPrefix("max is 9007199254740993"), "\(most.sentence)")
        #expect(
            BoundChecks.bound(.max, of: found, atMost: 9_007_199_254_740_994).verdict == .passed)
    }
}
