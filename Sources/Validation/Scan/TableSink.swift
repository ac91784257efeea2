/// Takes the records of a dataset in batches, beside the checks.
///
/// A file is read in parts, at the same time and in any order; each part has a sink of its own,
/// made by `part()`, and the parts are merged in the order of the file. So the result must be that
/// of taking all batches one after the other, or depend on the size of the parts alone.
/// A batch is called once for at most 1,000 records, not for each cell. Only records with as many
/// cells as the header are in a batch.
/// Files have sinks in the same way: `beginFile` gives one for each, `endFile` takes it back in the
/// order of the files.
protocol TableSink: Sendable {
    /// The batches must have their records' hashes.
    var wantsHashes: Bool { get }
    /// The batches must have the numbers of columns of type `integer` and `number`.
    var wantsNumbers: Bool { get }
    /// The header of a file was read; files are numbered from 0 in the order of the manifest, and
    /// the path is the one in the report.
    mutating func begin(file: Int, path: String, plan: ScanPlan)
    /// An empty sink for the records of another part.
    func part() -> Self
    mutating func take(_ batch: RowBatch)
    /// Adds the part that follows; its first line is that many lines of the file further.
    mutating func merge(_ next: Self, linesBefore: Int) async
    /// Whether each file has a sink of its own, so that files are read at the same time; otherwise
    /// one sink goes from file to file.
    var readsFilesApart: Bool { get }
    /// The sink for the next file, or for some files on end; its first one has that number.
    mutating func beginFile(_ file: Int, _ context: FileContext) -> Self
    /// Adds what the sink of the file that follows has taken.
    mutating func endFile(_ file: Self)
    /// Names all that it takes of a file, so that it can be kept and taken back; nil: it cannot.
    var question: String? { get }
    /// Says what the files that follow are read with.
    func extend(_ context: inout FileContext)
    /// Writes what was taken of a file.
    func keep(in writer: inout PartWriter)
    /// Takes back what was written, as if the file had been read.
    mutating func restore(from reader: inout PartReader) throws(PartDamage)
}

extension TableSink {
    var readsFilesApart: Bool { false }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> Self {
        // Because what has two owners would be copied as soon as it grows.
        defer { self = part() }
        return self
    }

    mutating func endFile(_ file: Self) { self = file }

    var question: String? { nil }
    func extend(_ context: inout FileContext) {}
    func keep(in writer: inout PartWriter) {}
    mutating func restore(from reader: inout PartReader) throws(PartDamage) { throw PartDamage() }
}

/// Takes nothing.
struct NoSink: TableSink {
    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }
    mutating func begin(file: Int, path: String, plan: ScanPlan) {}
    func part() -> NoSink { NoSink() }
    mutating func take(_ batch: RowBatch) {}
    mutating func merge(_ next: NoSink, linesBefore: Int) {}
    var readsFilesApart: Bool { true }
    mutating func endFile(_ file: NoSink) {}
    var question: String? { "" }
    mutating func restore(from reader: inout PartReader) {}
}
