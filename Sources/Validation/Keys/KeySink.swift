/// Takes the keys of rows beside the checks.
struct KeySink: TableSink {
    private let plan: KeyPlan
    /// Of the current file.
    private var layout: KeyLayout?
    private var path = ""
    /// Of a part.
    private var rows: KeyRows?
    /// Of a file, or of some on end; the number of the first.
    private var file: FileKeys?
    private var number = 0
    /// Of the whole.
    private(set) var tally: KeyTally?
    private let bytesMax: Int
    private let folder: String

    /// - Parameters:
    ///   - bytesMax: how large a table of keys may become, and about how much memory all else may
    ///     take together.
    ///   - folder: where what does not fit is written.
    init(_ plan: KeyPlan, bytesMax: Int, folder: String) {
        self.plan = plan
        self.bytesMax = bytesMax
        self.folder = folder
        tally = KeyTally(plan, bytesMax: bytesMax, folder: folder)
    }

    /// One without a whole.
    private init(like other: KeySink) {
        plan = other.plan
        bytesMax = other.bytesMax
        folder = other.folder
    }

    var wantsHashes: Bool { plan.wantsHashes }
    var wantsNumbers: Bool { plan.wantsNumbers }

    mutating func begin(file: Int, path: String, plan scan: ScanPlan) {
        let layout = KeyLayout(scan, plan, equal: self.file?.equalToRecord)
        self.layout = layout
        self.path = path
        self.file?.begin(layout, file: file - number)
    }

    func part() -> KeySink {
        var part = KeySink(like: self)
        part.rows = layout.map { KeyRows($0, plan) }
        return part
    }

    mutating func take(_ batch: RowBatch) { rows?.take(batch) }

    mutating func merge(_ next: KeySink, linesBefore: Int) {
        guard let rows = next.rows else { return }
        file?.add(rows, path: path, linesBefore: linesBefore)
    }

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ number: Int, _ context: FileContext) -> KeySink {
        var next = KeySink(like: self)
        next.number = number
        next.file = FileKeys(
            plan, equal: context.equalToRecord.map(Set.init),
            isParted: !context.isOfSeveralFiles && number == 0, bytesMax: bytesMax, folder: folder)
        return next
    }

    mutating func endFile(_ file: KeySink) {
        if let keys = file.file { tally?.add(keys, from: file.number) }
    }

    func extend(_ context: inout FileContext) {
        context.equalToRecord = tally?.equalToRecord?.sorted()
    }

    var question: String? { plan.question }

    func keep(in writer: inout PartWriter) { file?.keep(in: &writer) }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        try file?.restore(from: &reader)
    }

    /// Takes back what was found in the first files of the whole.
    mutating func restore(
        from reader: inout PartReader, _ rows: [KnownRows]
    ) throws(PartDamage) {
        try tally?.restore(from: &reader, rows)
    }

    /// What was found; an error when something could not be written or read.
    mutating func finish() throws(SpillFault) -> KeyTally? {
        try tally?.finish()
        defer { tally = nil }
        return tally
    }
}
