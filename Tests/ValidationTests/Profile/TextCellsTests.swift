import Testing

@testable import Validation

/// Cells that are kept once for all of their rows.
@Suite struct TextCellsTests {
    private func cells(_ different: Int, rows: Int) -> (cells: [HashedCell], bytes: CellBytes) {
        var random = SeededRandom(seed: 11)
        var bytes = CellBytes(Array("some text of the part".utf8))
        let cells = (0..<rows).map { _ in
            bytes.append(Array("text \(Int.random(in: 0..<different, using: &random))".utf8))
        }
        return (cells, bytes)
    }

    @Test(arguments: [1, 300, 3000]) func `cells that repeat count as they do row by row`(
        _ different: Int
    ) {
        let (plain, bytes) = cells(different, rows: 4000)
        var coded = TextCells()
        for cell in plain { coded.append(cell) }
        #expect(coded.isCoded == (different < 3000))
        #expect(coded.count == plain.count)
        #expect((0..<coded.count).map { coded[$0].hash } == plain.map(\.hash))
        for limits in [StatisticsLimits(), smallLimits, StatisticsLimits(distinctMax: 200)] {
            var (one, other) = (
                ColumnStatistics(name: "x", kind: .text, limits: limits),
                ColumnStatistics(name: "x", kind: .text, limits: limits)
            )
            for _ in 0..<2 {
                one.add(coded, in: bytes)
                other.add(TextCells(plain), in: bytes)
            }
            #expect(ColumnProfile(one) == ColumnProfile(other), "\(limits)")
        }
    }

    @Test func `the first values of a table are those of its whole order`() {
        var random = SeededRandom(seed: 12)
        var table = CountTable()
        for _ in 0..<20_000 {
            table.add(mixed(UInt64.random(in: 0..<5000, using: &random)))
        }
        let all = table.entries.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.key < $1.key
        }
        for most in [1, 257, table.count, table.count + 1] {
            #expect(table.ranked(first: most).map(\.key) == all.prefix(most).map(\.key))
        }
    }
}
