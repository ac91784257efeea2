package import Domain

/// Why predictions could not be measured or a report could not be judged.
package enum EvaluationError: Error, Hashable, Sendable {
    /// The predictions file has no bytes, or no row below its header.
    case empty(Place)
    case missingColumn(String, have: [String], Place)
    case duplicateColumn(String, Place)
    case raggedRow(cells: Int, expected: Int, Place)
    /// A quote that is not closed, or text after a closing quote.
    case badQuote(Place)
    case notUTF8(Place)
    /// A label or prediction cell without text.
    case missingCell(column: String, Place)
    /// A truth, prediction or score that is not a finite decimal number.
    case notFinite(column: String, cell: String, Place)
    /// More different labels than a confusion matrix can hold.
    case tooManyLabels(Int, max: Int, Place)
    case tooManySlices(column: String, max: Int, Place)
    /// `score:` names neither a column nor the prefix of one column for every class.
    case missingScores(prefix: String, missing: [String], Place)
    /// `positive:` names no label of the file.
    case unknownPositive(String, labels: [String], Place)
    /// A single score column needs exactly two classes.
    case scoreNeedsTwoClasses(labels: Int, Place)
    /// The files of folds have different columns.
    case otherColumns(first: String, Place)
    case notMetrics(file: String)
    case noMetrics(file: String)
    case notANumber(metric: String, file: String)
    /// A rule names a metric that the report lacks.
    case unknownMetric(rule: String, known: [String], Place)
    /// A rule over classes, or over slices, of a report that has none.
    case nothingToCompare(rule: String, needs: String, Place)
}
