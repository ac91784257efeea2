import Testing

@testable import Validation

struct MergeTests {
    private let extremes = [
        1e300, -1e300, 1e-300, Double.leastNonzeroMagnitude, -0.0, 0, 1, 1e16, -1e16,
    ]

    /// Kinds of columns that reach every way of counting, with small limits.
    private func values(_ kind: Int, _ random: inout SeededRandom) -> [Double] {
        let count = 50 + random.below(3000)
        return (0..<count).map { index in
            switch kind {
            case 0: Double(random.below(40))
            case 1: random.normal() * 1e3
            case 2: extremes[random.below(9)]
            case 3: Double(index) * 0.1
            default: [.nan, .infinity, -.infinity, 1.5, random.unit()][random.below(5)]
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `any split of numbers and any order of merging give the whole`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let values = values(Int(seed % 5), &random)
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 5000)
        let whole = numberColumn(values, missing: 7, limits: limits)
        var parts: [ColumnStatistics] = []
        var start = 0
        while start < values.count {
            let end = Swift.min(values.count, start + 1 + random.below(values.count))
            parts.append(numberColumn(Array(values[start..<end]), limits: limits))
            start = end
        }
        parts[random.below(parts.count)].add(missing: 7, spelling: "")
        parts.shuffle(using: &random)
        while parts.count > 1 {
            let taken = parts.remove(at: random.below(parts.count))
            parts[random.below(parts.count)].merge(taken)
        }
        var expected = ColumnProfile(whole)
        var found = ColumnProfile(parts[0])
        // Top values beyond the table are the one thing that may depend on the split here.
        if expected.distinct.standardError > 0 {
            expected.values.items = []
            found.values.items = []
            expected.values.countError = found.values.countError
            expected.values.unlistedMax = found.values.unlistedMax
        }
        #expect(found == expected, "seed \(seed)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `any split of texts and any order of merging give the whole`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let domain = [3, 400, 600, 100_000][Int(seed % 4)]
        let texts = (0..<2000).map { _ in "Größe \(random.below(domain))" }
        let limits = StatisticsLimits(distinctMax: 500, exactRowsMax: 5000)
        var expected = ColumnProfile(textColumn(texts, limits: limits))
        let cut = 1 + random.below(1998)
        var right = textColumn(Array(texts[cut...]), limits: limits)
        right.merge(textColumn(Array(texts[..<cut]), limits: limits))
        var found = ColumnProfile(right)
        if expected.distinct.standardError > 0 {
            for item in found.values.items {
                let actual = texts.count { CellHash.standard.hash($0) == item.key }
                #expect(item.count <= actual, "seed \(seed)")
                #expect(item.count + found.values.countError >= actual, "seed \(seed)")
            }
            expected.values = found.values
        }
        found.name = expected.name
        #expect(found == expected, "seed \(seed)")
    }

    @Test func `the same split in the same order gives the same bytes beyond every limit`() {
        func run() -> [UInt8] {
            var random = SeededRandom(seed: 11)
            var column = ColumnStatistics(name: "x", kind: .number, limits: smallLimits)
            for _ in 0..<4 {
                column.merge(
                    numberColumn((0..<9000).map { _ in random.normal() }, limits: smallLimits))
            }
            return dataset([column]).canonicalJSON
        }
        #expect(run() == run())
    }

    @Test func `loaded profiles merge into what was counted together`() throws {
        var random = SeededRandom(seed: 3)
        let left = (0..<3000).map { _ in Double(random.below(900)) }
        let right = (0..<5000).map { _ in Double(random.below(900)) - 300 }
        let texts = (0..<8000).map { _ in "k\(random.below(200))" }
        func part(_ values: [Double], _ texts: ArraySlice<String>) throws -> DatasetProfile {
            let made = dataset([
                numberColumn(values, missing: 0), textColumn(Array(texts), name: "t"),
            ])
            return try DatasetProfile(canonicalJSON: made.canonicalJSON)
        }
        let both = try part(left, texts[..<3000]).merged(with: part(right, texts[3000...]))
        let whole = dataset([numberColumn(left + right), textColumn(texts, name: "t")])
        // 1,200 different numbers are more than a profile lists, so that they are estimated now.
        #expect(both.columns[0].numbers?.mean == whole.columns[0].numbers?.mean)
        #expect(both.columns[0].numbers?.stdev == whole.columns[0].numbers?.stdev)
        #expect(both.columns[0].rows == 8000)
        let distinct = try #require(both.column("x")?.distinct)
        #expect(abs(distinct.count - (whole.column("x")?.distinct.count ?? 0)) < 60)
        #expect(both.columns[1] == whole.columns[1])
    }

    @Test func `profiles with other columns are not merged`() {
        let left = dataset([numberColumn([1, 2], name: "a")])
        let right = dataset([numberColumn([1, 2], name: "b")])
        #expect(throws: ProfileError.otherColumns) { try left.merged(with: right) }
    }

    @Test func `the sample of rows is the same under every split`() {
        var random = SeededRandom(seed: 5)
        var whole = RowSample(width: 2)
        var parts = (0..<3).map { _ in RowSample(width: 2) }
        for row in 0..<30_000 {
            let key = RowSample.key(file: 9, row: row)
            let cells = [UInt32(row), UInt32(row % 7)]
            if whole.wants(key) { whole.add([key], cells) }
            let part = random.below(3)
            if parts[part].wants(key) { parts[part].add([key], cells) }
        }
        var merged = parts[2]
        merged.merge(parts[0])
        merged.merge(parts[1])
        #expect(merged.trimmed == whole.trimmed)
        #expect(whole.trimmed.count == RowSample.rowsMax)
        // Spread over all rows.
        let mean = whole.trimmed.column(0).reduce(0.0) { $0 + Double($1) } / 4096
        #expect(abs(mean - 15_000) < 600)
    }
}
