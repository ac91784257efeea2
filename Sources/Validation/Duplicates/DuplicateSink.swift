/// Counts duplicate records beside the checks.
struct DuplicateSink: TableSink {
    private struct Row: Sendable {
        var hash: RowHash
        var line: UInt32
    }

    /// Of a part: its records, which wait for the parts before it.
    private var rows: [Row] = []
    /// Of the whole.
    private var table: DuplicateTable?
    private var file = 0

    init(_ table: DuplicateTable) { self.table = table }

    private init() {}

    var wantsHashes: Bool { true }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) { self.file = file }

    func part() -> DuplicateSink { DuplicateSink() }

    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows {
            rows.append(
                Row(hash: batch.hash(row), line: UInt32(truncatingIfNeeded: batch.line(row))))
        }
    }

    mutating func merge(_ next: DuplicateSink, linesBefore: Int) {
        for row in next.rows {
            table?.insert(
                row.hash, row: RowNumber(file: file, line: linesBefore + Int(row.line) + 1))
        }
    }

    /// The numbers of all files.
    mutating func finish() throws(SpillFault) -> DuplicateRows {
        try table?.finish() ?? DuplicateRows()
    }
}
