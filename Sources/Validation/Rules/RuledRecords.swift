/// Hears records that are read cell by cell, for the checks, the keys and the rules.
struct RuledRecords: RecordSink {
    /// Rows wait until there are as many, or so many bytes of them.
    private static let rowsMax = 256
    private static let bytesMax = 1 << 20

    private(set) var keyed: KeyedRecords
    /// nil: there are none.
    private(set) var rules: RuleSink?
    /// The columns of the rules, and their numbers in the file as it is known.
    private let names: [String]
    private var numbers: [Int?] = []
    /// How many columns `numbers` knows.
    private var width = 0
    private var rows = RecordRows()

    init(_ keyed: KeyedRecords, _ rules: RuleSink?) {
        self.keyed = keyed
        self.rules = rules
        names = rules?.columns.map(\.name) ?? []
        let places = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.rules?.begin(records: keyed.check.path, places)
    }

    mutating func record(_ bytes: Span<UInt8>, cells: Span<Cell>, line: Int) {
        keyed.record(bytes, cells: cells, line: line)
        guard rules != nil else { return }
        if width != keyed.check.columns.count { find() }
        rows.begin(line: line)
        for number in numbers {
            guard let number else {
                rows.addMissing()
                continue
            }
            let cell = number < cells.count ? cells[number] : .absent
            rows.add(bytes, cell.start..<cell.end, keyed.check.states[number])
        }
        if rows.count >= Self.rowsMax || rows.byteCount >= Self.bytesMax { judge() }
    }

    mutating func key(_ name: String, line: Int, column: Int) -> Int? {
        keyed.key(name, line: line, column: column)
    }

    mutating func fault(_ fault: ScanFault) { keyed.fault(fault) }

    /// Judges the records so far.
    mutating func settle() {
        keyed.settle()
        judge()
    }

    private mutating func find() {
        let columns = keyed.check.columns
        width = columns.count
        numbers = names.map { name in columns.firstIndex { $0.name == name } }
    }

    private mutating func judge() {
        guard rows.count > 0, let whole = rules else { return }
        var part = whole.part()
        rows.each(width: names.count) { part.take($0) }
        rules?.merge(part, linesBefore: 0)
        rows = RecordRows()
    }
}

/// The cells of some records, one record after the other.
private struct RecordRows {
    private var bytes: [UInt8] = []
    private var cells: [PackedCell] = []
    private var states: [CellState] = []
    private var numbers: [Double] = []
    /// Counted from 0.
    private var lines: [UInt32] = []

    var count: Int { lines.count }
    var byteCount: Int { bytes.count }

    mutating func begin(line: Int) { lines.append(UInt32(truncatingIfNeeded: line - 1)) }

    mutating func addMissing() {
        cells.append(PackedCell(start: bytes.count, length: 0))
        states.append(.missing)
        numbers.append(0)
    }

    mutating func add(_ source: Span<UInt8>, _ range: Range<Int>, _ state: CellState) {
        guard state != .missing else { return addMissing() }
        cells.append(PackedCell(start: bytes.count, length: range.count))
        states.append(state)
        let value = numberValue(source, range) ?? integerValue(source, range).map(Double.init)
        numbers.append(value ?? 0)
        bytes.reserveCapacity(bytes.count + range.count)
        for index in range { bytes.append(source[index]) }
    }

    /// Calls `body` with all records, in batches.
    func each(width: Int, _ body: (RowBatch) -> Void) {
        let chunk = ChunkBytes(bytes, [])
        unsafe chunk.storage.withUnsafeBufferPointer { storage in
            guard let start = storage.baseAddress else { return }
            // In bounds: the storage has room behind `count` bytes, and outlives the batch.
            let batch = unsafe RowBatch(width: width, bytes: start, byteCount: chunk.count)
            var first = 0
            while first < lines.count {
                batch.rows = Swift.min(batch.rowsMax, lines.count - first)
                for row in 0..<batch.rows { fill(batch, row, from: first + row, width) }
                body(batch)
                first += batch.rows
            }
        }
    }

    private func fill(_ batch: RowBatch, _ row: Int, from record: Int, _ width: Int) {
        // In bounds: `row` is below the batch's rows, and `place` below its width.
        unsafe batch.lines[row] = lines[record]
        for place in 0..<width {
            let (to, from) = (place * batch.rowsMax + row, record * width + place)
            unsafe batch.cells[to] = cells[from]
            unsafe batch.states[to] = states[from]
            unsafe batch.numbers[to] = numbers[from]
        }
    }
}
