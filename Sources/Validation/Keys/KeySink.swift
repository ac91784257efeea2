/// Takes the keys of rows beside the checks.
struct KeySink: TableSink {
    private let plan: KeyPlan
    /// Of the current file.
    private var layout: KeyLayout?
    /// Of a part.
    private var rows: KeyRows?
    /// Of the whole.
    private(set) var tally: KeyTally?

    /// - Parameters:
    ///   - bytesMax: how large the table of keys that must be unique may become, and about how
    ///     much memory all else may take together.
    ///   - folder: where what does not fit is written.
    init(_ plan: KeyPlan, bytesMax: Int, folder: String) {
        self.plan = plan
        tally = KeyTally(plan, bytesMax: bytesMax, folder: folder)
    }

    private init(_ plan: KeyPlan, _ layout: KeyLayout?) {
        self.plan = plan
        self.layout = layout
        rows = layout.map { KeyRows($0, plan) }
    }

    var wantsHashes: Bool { plan.wantsHashes }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan scan: ScanPlan) {
        let layout = KeyLayout(scan, plan, equal: tally?.equalToRecord)
        self.layout = layout
        tally?.begin(layout, file: file)
    }

    func part() -> KeySink { KeySink(plan, layout) }

    mutating func take(_ batch: RowBatch) { rows?.take(batch) }

    mutating func merge(_ next: KeySink, linesBefore: Int) {
        guard let rows = next.rows else { return }
        tally?.add(rows, linesBefore: linesBefore)
    }

    /// What was found; an error when something could not be written or read.
    mutating func finish() throws(SpillFault) -> KeyTally? {
        try tally?.finish()
        defer { tally = nil }
        return tally
    }
}
