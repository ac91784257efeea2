import Domain
import Validation

/// What is different between two contents of a dataset; its JSON is what `--json` prints.
struct DatasetComparison: Codable, Sendable {
    var dataset: DatasetName
    /// nil: the dataset was not there.
    var rowsBefore: Int?
    /// nil: the dataset is gone.
    var rowsNow: Int?
    /// Of whole rows; nil: they cannot be compared.
    var rows: RowDifference?
    /// The columns in which rows are compared, where not both have the same; nil: all.
    var comparedColumns: [String]?
    /// One line each, in the order of the columns.
    var schema: [String] = []
    /// The measures that warn or fail, or may do so, the worst first.
    var drift: [DriftOutcome] = []
    /// Columns that were judged, and how many of them drifted.
    var summary: String?
    /// Why nothing is said of the content.
    var note: String?
    /// What the keys were not held against, where a manifest was to be moved.
    var notes: [String]?
    /// What the content breaks of its manifest, where that was to be moved.
    var problems: [Diagnostic]?

    init(_ dataset: DatasetName, note: String? = nil) {
        self.dataset = dataset
        self.note = note
    }

    /// Compares two contents.
    ///
    /// - Parameter reread: reads both again, with rows in some columns alone; asked where not both
    ///   have the same, or the same numbers among them.
    init(
        _ dataset: DatasetName, from old: DatasetContent, to new: DatasetContent,
        reread: (ComparedColumns) async throws -> (DatasetContent, DatasetContent)?
    ) async throws {
        self.init(dataset, from: old, to: new)
        guard let before = old.comparedColumns, let now = new.comparedColumns, before != now else {
            return
        }
        let common = before.intersection(now)
        guard !common.names.isEmpty, let (one, other) = try await reread(common) else { return }
        rows = other.rowDifference(from: one)
        let areAll = before.names == now.names
        comparedColumns = rows == nil || areAll ? nil : common.names.sorted()
    }

    private init(_ dataset: DatasetName, from old: DatasetContent, to new: DatasetContent) {
        self.dataset = dataset
        rowsBefore = old.report.rows
        rowsNow = new.report.rows
        rows = new.rowDifference(from: old)
        guard let before = old.profile, let now = new.profile else {
            note = "there are too many columns to compare"
            return
        }
        let report = DriftReport(reference: before, current: now)
        drift = report.outcomes.filter { $0.verdict == .failed }
        drift += report.outcomes.filter { $0.verdict == .warned }
        drift += report.outcomes.filter { $0.verdict == .undecided }
        summary = report.dataset.sentence
    }

    /// Says in what the declarations differ.
    mutating func compare(_ old: DatasetManifest, _ new: DatasetManifest) {
        let before = Dictionary(old.columns.map { ($0.name, $0) }) { first, _ in first }
        let now = Dictionary(new.columns.map { ($0.name, $0) }) { first, _ in first }
        schema += old.columns.filter { now[$0.name] == nil }.map {
            schemaLine("-", $0.name, $0.type.rawValue)
        }
        for column in new.columns {
            guard var earlier = before[column.name] else {
                schema.append(schemaLine("+", column.name, column.type.rawValue))
                continue
            }
            earlier.place = column.place
            guard earlier != column else { continue }
            let what =
                earlier.type == column.type
                ? "other expectations" : "\(earlier.type.rawValue) → \(column.type.rawValue)"
            schema.append(schemaLine("~", column.name, what))
        }
        if old.checks != new.checks || old.rules != new.rules || old.keys != new.keys {
            schema.append("~ other checks, rules or keys")
        }
    }

    var isEmpty: Bool {
        schema.isEmpty && drift.isEmpty && note == nil && rowsBefore == rowsNow
            && (rows.map { $0.added == 0 && $0.removed == 0 } ?? true)
    }

    /// Some lines for people.
    var text: String {
        var lines = ["\(dataset): \(headline)"]
        lines += schema.map { "  \($0)" }
        lines += drift.map { "  \($0.verdict.rawValue): \(oneLine($0.column)): \($0.sentence)" }
        if let summary { lines.append("  \(summary)") }
        if let note { lines.append("  \(note)") }
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        switch (rowsBefore, rowsNow) {
        case (let before?, let now?):
            let shared = comparedColumns.map {
                " by the \(count($0.count, "column")) that both have"
            }
            let change = rows.map {
                ", \($0.added) added, \($0.removed) removed, \($0.kept) kept\(shared ?? "")"
            }
            return before == now && rows == nil
                ? count(now, "row") : "\(before) → \(count(now, "row"))\(change ?? "")"
        case (nil, let now?): return "new, \(count(now, "row"))"
        case (let before?, nil): return "gone, it had \(count(before, "row"))"
        case (nil, nil): return "changed"
        }
    }
}
