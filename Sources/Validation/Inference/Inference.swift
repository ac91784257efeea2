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
    /// How the files are written.
    package var dialect: TableDialect
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
/// Objects of JSON lines are columns of their keys; see `ObjectTree`. What separates cells is
/// guessed, and the encoding, unless the manifest says another than UTF-8.
@concurrent
package func inferSchema(
    of manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> InferredSchema {
    var plain = manifest
    plain.columns = []
    plain.checks = DatasetChecks()
    let guess = try DialectGuess(plain, root: root)
    plain.dialect = try guess.ofHead()
    var (report, sink) = try await validate(
        plain, root: root, options: options, sink: InferenceSink(knowsTypes: manifest.knowsTypes))
    if plain.dialect.encoding == .utf8, report.violations.contains(where: { $0.rule == .encoding }),
        let encoding = try guess.ofBytes()
    {
        plain.dialect.encoding = encoding
        (report, sink) = try await validate(
            plain, root: root, options: options,
            sink: InferenceSink(knowsTypes: manifest.knowsTypes))
    }
    let found = sink.found()
    var uses: [String: Int] = [:]
    for (column, type) in found where column.values > 0 {
        guard type != .string, type != .any else { continue }
        for (word, count) in zip(MissingWords.inferred, column.words) where count > 0 {
            uses[word, default: 0] += count
        }
    }
    let words = uses.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let columns = found.map { InferredColumn($0, type: $1, missingWords: words) }
    return InferredSchema(
        rows: report.rows, columns: columns, dialect: plain.dialect, missingWords: words,
        report: report)
}

extension InferredColumn {
    init(
        _ column: InferenceSink.Column, type: ColumnDeclaration.Kind, missingWords: [String]
    ) {
        var missing = column.missing
        var hasValues = column.values > 0
        for (word, count) in zip(MissingWords.inferred, column.words) where count > 0 {
            if missingWords.contains(word) { missing += count } else { hasValues = true }
        }
        self.init(name: column.name, type: type, missing: missing, isEmpty: !hasValues)
    }
}
