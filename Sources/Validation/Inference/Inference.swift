package import Domain

/// What the data says of a column whose declaration nobody has written yet.
package struct InferredColumn: Hashable, Sendable {
    package var name: String
    package var type: ColumnDeclaration.Kind
    /// Cells that are empty, or one of the dataset's words for it.
    package var missing: Int
    /// No cell has a value, so the type says nothing.
    package var isEmpty: Bool
}

/// The schema that fits every row of a dataset.
package struct InferredSchema: Hashable, Sendable {
    package var rows: Int
    package var columns: [InferredColumn]
    /// Words that stand for missing values in columns of numbers, dates or truth values, in the
    /// order of how often they do.
    package var missingWords: [String]
    /// The files as they were found.
    package var report: ValidationReport
}

/// Reads all rows of the manifest's files, whatever it says of columns, and infers a schema.
///
/// A column is of the narrowest type of which every value is a form (integer, number, boolean,
/// date, datetime, string); a number with a needless zero in front, as in postcodes, is text.
@concurrent
package func inferSchema(
    of manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> InferredSchema {
    var plain = manifest
    plain.columns = []
    plain.checks = DatasetChecks()
    let (report, sink) = try await validate(
        plain, root: root, options: options, sink: InferenceSink())
    var uses: [String: Int] = [:]
    for column in sink.columns where column.values > 0 {
        let type = manifest.knowsTypes ? column.stored : column.forms.type
        guard type != .string else { continue }
        for (word, count) in zip(MissingWords.inferred, column.words) where count > 0 {
            uses[word, default: 0] += count
        }
    }
    let words = uses.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let columns = sink.columns.map { column in
        var found = InferredColumn(column, missingWords: words)
        // Because a text stays one, though all of them are digits.
        if manifest.knowsTypes { found.type = column.stored }
        return found
    }
    return InferredSchema(
        rows: report.rows, columns: columns, missingWords: words, report: report)
}

extension InferredColumn {
    init(_ column: InferenceSink.Column, missingWords: [String]) {
        var missing = column.missing
        var hasValues = column.values > 0
        for (word, count) in zip(MissingWords.inferred, column.words) where count > 0 {
            if missingWords.contains(word) { missing += count } else { hasValues = true }
        }
        // A column of nothing but such words is text, unless they stand for missing values.
        let isTyped = column.values > 0
        self.init(
            name: column.name, type: isTyped ? column.forms.type : .string, missing: missing,
            isEmpty: !hasValues)
    }
}
