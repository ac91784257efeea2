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

/// By what rows are compared.
package struct ComparedColumns: Hashable, Sendable {
    package var names: Set<String>
    /// Those of them in which cells count by their number; in the others by their text.
    package var numbers: Set<String>

    package init(names: Set<String>, numbers: Set<String>) {
        (self.names, self.numbers) = (names, numbers.intersection(names))
    }

    /// What both have.
    package func intersection(_ other: ComparedColumns) -> ComparedColumns {
        ComparedColumns(
            names: names.intersection(other.names), numbers: numbers.intersection(other.numbers))
    }
}

/// What is said of one content of a dataset to compare it with another.
package struct DatasetContent: Sendable {
    package var report: ValidationReport
    /// nil: it has too many columns.
    package var profile: DatasetProfile?
    /// nil: there are more rows than are compared.
    let rows: [RowHash]?
    /// nil: there are too many.
    package let comparedColumns: ComparedColumns?
    /// Datasets that its keys name, and that they were not held against; in the order of names.
    package var notCompared: [DatasetName] = []
    /// Columns without a classification of which some cell looks private, by what `private_data`
    /// takes for that; in the order of the files. Empty where it was not asked for.
    package var privateLooking: [String] = []

    /// The profile with columns that look private taken for classified ones.
    package var guardedProfile: DatasetProfile? {
        guard var guarded = profile else { return nil }
        let hidden = Set(privateLooking)
        for index in guarded.columns.indices where hidden.contains(guarded.columns[index].name) {
            guarded.columns[index].isPrivate = true
        }
        return guarded
    }

    /// The difference of the rows; nil: there are too many, or they are not compared by the same.
    package func rowDifference(from old: DatasetContent) -> RowDifference? {
        guard let before = old.rows, let now = rows, let columns = comparedColumns,
            columns == old.comparedColumns
        else { return nil }
        return RowDifference(from: before, to: now)
    }
}

/// Reads a content once: its profile and, of up to `rowsMax` rows, what each of them is, in some
/// columns or in all; 0 where rows are not to be compared.
///
/// - Parameter seeksPrivate: whether cells are looked at for private data.
@concurrent
package func readContent(
    of manifest: DatasetManifest, root: String, rowsMax: Int = 4_000_000,
    comparing columns: ComparedColumns? = nil, seeksPrivate: Bool = false,
    options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> DatasetContent {
    let hidden = manifest.classifiedColumns.map(\.name)
    let settings = ProfileSink.Settings(label: manifest.label, privateColumns: Set(hidden))
    let hashes = rowsMax > 0 ? RowHashSink(rowsMax: rowsMax, columns: columns) : nil
    let tally =
        seeksPrivate ? TallySink<PrivateTally>([DataCheck(.privateData)], manifest) : nil
    let (report, sink) = try await validate(
        manifest, root: root, options: options,
        sink: PairSink(PairSink(ProfileSink(settings), hashes), tally))
    let profile = sink.first.first.finish(rows: report.rows).map { DatasetProfile($0) }
    var content = DatasetContent(
        report: report, profile: profile, rows: sink.first.second?.hashes,
        comparedColumns: columns
            ?? profile.map { profile in
                let names = Set(profile.columns.map(\.name))
                return ComparedColumns(names: names, numbers: names.filter(manifest.isNumeric))
            })
    for found in sink.second?.measurements ?? [] where found.kind != nil {
        guard let name = found.column, content.privateLooking.last != name else { continue }
        content.privateLooking.append(name)
    }
    return content
}

/// Keeps the hash of each row in some columns or in all, up to a number of rows.
struct RowHashSink: TableSink {
    private struct Column {
        var place: Int
        var seed: UInt64
        var isChecked: Bool
        var isNumber: Bool
    }

    private let rowsMax: Int
    private let compared: ComparedColumns?
    private var columns: [Column] = []
    private var quote = UInt8(ascii: "\"")
    /// nil: there were more rows.
    private(set) var hashes: [RowHash]? = []

    init(rowsMax: Int, columns: ComparedColumns? = nil) {
        self.rowsMax = rowsMax
        compared = columns
    }

    var wantsHashes: Bool { compared == nil }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        quote = plan.dialect.quote
        guard let compared else { return }
        columns = plan.columns.filter { compared.names.contains($0.rules.name) }.map { column in
            Column(
                place: column.place, seed: plan.seeds[column.place],
                isChecked: plan.isChecked[column.place],
                isNumber: plan.isNumber[column.place]
                    && compared.numbers.contains(column.rules.name))
        }
    }

    func part() -> RowHashSink {
        var part = RowHashSink(rowsMax: rowsMax, columns: compared)
        part.columns = columns
        part.quote = quote
        return part
    }

    mutating func take(_ batch: RowBatch) {
        guard compared != nil else {
            for row in 0..<batch.rows { hashes?.append(batch.hash(row)) }
            return
        }
        var sums = [UInt128](repeating: 0, count: batch.rows)
        for column in columns {
            batch.addShares(
                of: column.place, isChecked: column.isChecked, isNumber: column.isNumber,
                seed: column.seed, quote: quote
            ) { row, share in sums[row] &+= share }
        }
        hashes?.append(contentsOf: sums.map { RowHash($0) })
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
