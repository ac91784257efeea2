import Domain

@testable import Validation

/// Keeps every cell that it is given: what a sink hears, as plain values.
struct CollectingSink: TableSink, Equatable {
    struct Row: Equatable {
        var file: Int
        var line: Int
        var cells: [String]
        var states: [CellState]
        var numbers: [Double?]
        var hash: RowHash
    }

    var rows: [Row] = []
    var widths: [Int] = []
    private var kinds: [Int: Bool] = [:]
    private var file = 0
    private var quote = UInt8(ascii: "\"")

    var wantsHashes: Bool { true }
    var wantsNumbers = true

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self.file = file
        quote = plan.dialect.quote
        widths.append(plan.width)
        kinds = [:]
        for column in plan.columns {
            kinds[column.place] = column.rules.kind == .integer || column.rules.kind == .number
        }
    }

    func part() -> CollectingSink {
        var part = CollectingSink()
        part.wantsNumbers = wantsNumbers
        part.kinds = kinds
        part.quote = quote
        return part
    }

    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows {
            let places = 0..<batch.width
            rows.append(
                Row(
                    file: 0, line: batch.line(row),
                    cells: places.map {
                        String(decoding: batch.text(row, $0, quote: quote), as: UTF8.self)
                    },
                    states: places.map { batch.state(row, $0) },
                    numbers: places.map {
                        kinds[$0] == true && batch.state(row, $0) == .valid
                            ? batch.number(row, $0) : nil
                    }, hash: batch.hash(row)))
        }
    }

    mutating func merge(_ next: CollectingSink, linesBefore: Int) {
        for var row in next.rows {
            row.file = file
            row.line += linesBefore + 1
            rows.append(row)
        }
    }
}
