package import Domain

/// How the rows of two contents of a dataset differ, as if they were bags of rows.
package struct RowDifference: Hashable, Codable, Sendable {
    /// Rows of the later content that the earlier does not have, each as often as it is more.
    package var added: Int
    package var removed: Int
    package var kept: Int

    /// Compares two bags; both are sorted here.
    init(from old: [RowHash], to new: [RowHash]) {
        (added, removed, kept) = (0, 0, 0)
        let old = old.sorted(by: isBefore)
        let new = new.sorted(by: isBefore)
        var (i, j) = (0, 0)
        while i < old.count, j < new.count {
            if old[i] == new[j] {
                kept += 1
                (i, j) = (i + 1, j + 1)
            } else if isBefore(old[i], new[j]) {
                i += 1
            } else {
                j += 1
            }
        }
        removed = old.count - kept
        added = new.count - kept
    }
}

private func isBefore(_ left: RowHash, _ right: RowHash) -> Bool {
    (left.high, left.low) < (right.high, right.low)
}

/// What is said of one content of a dataset to compare it with another.
package struct DatasetContent: Sendable {
    package var report: ValidationReport
    /// nil: it has too many columns.
    package var profile: DatasetProfile?
    /// nil: there are more rows than are compared.
    let rows: [RowHash]?

    /// The difference of the rows; nil: there are too many, or the columns are not the same.
    package func rowDifference(from old: DatasetContent) -> RowDifference? {
        guard let before = old.rows, let now = rows,
            let one = old.profile, let other = profile,
            one.columns.map(\.name) == other.columns.map(\.name)
        else { return nil }
        return RowDifference(from: before, to: now)
    }
}

/// Reads a content once: its profile and, of up to `rowsMax` rows, what each of them is; 0 where
/// rows are not to be compared.
@concurrent
package func readContent(
    of manifest: DatasetManifest, root: String, rowsMax: Int = 4_000_000,
    options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> DatasetContent {
    let hidden = manifest.classifiedColumns.map(\.name)
    let settings = ProfileSink.Settings(label: manifest.label, privateColumns: Set(hidden))
    let hashes = rowsMax > 0 ? RowHashSink(rowsMax: rowsMax) : nil
    let pair = PairSink(ProfileSink(settings), hashes)
    let (report, sink) = try await validate(
        manifest, root: root, options: options, sink: pair)
    return DatasetContent(
        report: report,
        profile: sink.first.finish(rows: report.rows).map { DatasetProfile($0) },
        rows: sink.second?.hashes)
}

/// Keeps the hash of each row, up to a number of rows.
struct RowHashSink: TableSink {
    private let rowsMax: Int
    /// nil: there were more rows.
    private(set) var hashes: [RowHash]? = []

    init(rowsMax: Int) { self.rowsMax = rowsMax }

    var wantsHashes: Bool { true }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {}

    func part() -> RowHashSink { RowHashSink(rowsMax: rowsMax) }

    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows { hashes?.append(batch.hash(row)) }
    }

    mutating func merge(_ next: RowHashSink, linesBefore: Int) {
        guard let more = next.hashes, let count = hashes?.count, count + more.count <= rowsMax
        else {
            hashes = nil
            return
        }
        hashes?.append(contentsOf: more)
    }
}
