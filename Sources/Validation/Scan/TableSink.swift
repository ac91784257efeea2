/// Takes the records of a dataset in batches, beside the checks.
///
/// A file is read in parts, at the same time and in any order; each part has a sink of its own,
/// made by `part()`, and the parts are merged in the order of the file. So the result must be that
/// of taking all batches one after the other, or depend on the size of the parts alone.
/// A batch is called once for at most 1,024 records, not for each cell. Only records with as many
/// cells as the header are in a batch.
protocol TableSink: Sendable {
    /// The batches must have their records' hashes.
    var wantsHashes: Bool { get }
    /// The batches must have the numbers of columns of type `integer` and `number`.
    var wantsNumbers: Bool { get }
    /// The header of a file was read; files are numbered from 0 in the order of the manifest, and
    /// the path is the one in the report. Small files are begun ahead, for their parts, and once
    /// more before those are merged: beginning a file twice must change nothing.
    mutating func begin(file: Int, path: String, plan: ScanPlan)
    /// An empty sink for the records of another part.
    func part() -> Self
    mutating func take(_ batch: RowBatch)
    /// Adds the part that follows; its first line is that many lines of the file further.
    mutating func merge(_ next: Self, linesBefore: Int)
}

/// Takes nothing.
struct NoSink: TableSink {
    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }
    mutating func begin(file: Int, path: String, plan: ScanPlan) {}
    func part() -> NoSink { NoSink() }
    mutating func take(_ batch: RowBatch) {}
    mutating func merge(_ next: NoSink, linesBefore: Int) {}
}
