/// Hears records that are read cell by cell, for the checks and for their keys.
struct KeyedRecords: RecordSink {
    private(set) var check: DatasetCheck
    /// nil: no keys are wanted.
    private(set) var keys: KeySink?
    private var part: KeySink?
    /// How many columns the part knows.
    private var width = 0

    init(_ check: DatasetCheck, _ keys: KeySink?) {
        self.check = check
        self.keys = keys
    }

    mutating func record(_ bytes: Span<UInt8>, cells: Span<Cell>, line: Int) {
        check.record(bytes, cells: cells, line: line)
        guard keys != nil else { return }
        if part == nil || width != check.columns.count { begin() }
        part?.take(bytes, cells, check.states, line: line - 1)
    }

    mutating func key(_ name: String, line: Int, column: Int) -> Int? {
        check.key(name, line: line, column: column)
    }

    mutating func fault(_ fault: ScanFault) { check.fault(fault) }

    /// Adds the keys of the records so far, so that they are not held in memory.
    mutating func settle() {
        guard let rows = part else { return }
        keys?.merge(rows, linesBefore: 0)
        part = keys?.part()
    }

    private mutating func begin() {
        settle()
        width = check.columns.count
        keys?.begin(records: check.columns, file: check.paths.count - 1)
        part = keys?.part()
    }
}
