package import Domain

extension EvaluationError {
    /// The error as the stage border reports it; nothing changes until the inputs do.
    package var failure: Failure {
        Failure(what, at: place.description, hint: hint, .wait(for: place.file))
    }

    /// The file, line and column that the error is about.
    package var place: Place {
        switch self {
        case .empty(let place), .missingColumn(_, _, let place), .duplicateColumn(_, let place),
            .raggedRow(_, _, let place), .badQuote(let place), .notUTF8(let place),
            .missingCell(_, let place), .notFinite(_, _, let place),
            .tooManyLabels(_, _, let place), .tooManySlices(_, _, let place),
            .missingScores(_, _, let place), .unknownPositive(_, _, let place),
            .scoreNeedsTwoClasses(_, let place), .unknownMetric(_, _, let place),
            .nothingToCompare(_, _, let place), .otherColumns(_, let place):
            place
        case .notMetrics(let file), .noMetrics(let file), .notANumber(_, let file):
            Place(file: file)
        }
    }

    /// One line of fact.
    package var what: String {
        switch self {
        case .empty: "the predictions file has no rows"
        case .missingColumn(let name, _, _): "the predictions file has no column `\(name)`"
        case .duplicateColumn(let name, _): "the column `\(name)` appears twice"
        case .raggedRow(let cells, let expected, _):
            "the row of predictions has \(cells) cell\(cells == 1 ? "" : "s"), the header has "
                + "\(expected)"
        case .badQuote: "a quoted cell is not closed, or goes on after its closing quote"
        case .notUTF8: "the cell is not valid UTF-8"
        case .missingCell(let column, _): "the cell of column `\(column)` is empty"
        case .notFinite(let column, let cell, _):
            "`\(shown(cell))` in column `\(column)` is not a finite number"
        case .tooManyLabels(let found, let max, _):
            "\(found) different labels; a classification report holds at most \(max)"
        case .tooManySlices(let column, let max, _):
            "the slice column `\(column)` has more than \(max) different values"
        case .missingScores(let prefix, let missing, _):
            "no score column `\(prefix)`, and none for the labels \(listed(missing))"
        case .unknownPositive(let label, _, _):
            "the positive label `\(label)` does not occur in the predictions file"
        case .scoreNeedsTwoClasses(let labels, _):
            "one score column tells two classes apart, but the file has \(labels) labels"
        case .otherColumns(let first, _): "the columns are not those of \(first)"
        case .notMetrics: "the metrics file is not a JSON object of metric name to number"
        case .noMetrics: "the metrics file names no metric"
        case .notANumber(let metric, _): "the metric `\(metric)` is not a finite number"
        case .unknownMetric(let rule, _, _):
            "the rule `\(rule)` names a metric that is not measured"
        case .nothingToCompare(let rule, let needs, _):
            "the rule `\(rule)` needs \(needs), and the report has none"
        }
    }

    /// How to mend it.
    package var hint: String {
        switch self {
        case .empty: "let the evaluate step write a header and one line for each test row"
        case .missingColumn(_, let have, _):
            "its columns are \(listed(have)); rename one, or set `label:` or `prediction:` "
                + "under `evaluation:`"
        case .duplicateColumn: "write each column once"
        case .raggedRow: "write every row with the same columns, and quote cells with commas"
        case .badQuote: "write a quote inside a quoted cell twice (RFC 4180)"
        case .notUTF8: "write the file as UTF-8"
        case .missingCell: "write a truth and a prediction for every row"
        case .notFinite: "leave such rows out in the evaluate step, or mend the model"
        case .tooManyLabels: "for numbers to be approximated, set `task: regression`"
        case .tooManySlices: "write a coarser column, for example ranges instead of values"
        case .missingScores(let prefix, _, _):
            "write one column `\(prefix)` for two classes, or "
                + "`\(scorePrefix(prefix))<label>` for every label"
        case .unknownPositive(_, let labels, _): "its labels are \(listed(labels))"
        case .scoreNeedsTwoClasses: "write one column `score_<label>` for every label"
        case .otherColumns: "write the same columns in the same order in every fold"
        case .notMetrics, .noMetrics: "write for example {\"accuracy\": 0.97}"
        case .notANumber: "write a number, or null where it is undefined"
        case .unknownMetric(let rule, let known, _):
            "metrics are \(listed(known))"
                + (rule.hasPrefix("roc_auc.") || rule.hasPrefix("log_loss.")
                    ? "; this one needs `score:` under `evaluation:`" : "")
        case .nothingToCompare(_, let needs, _):
            needs == "slices"
                ? "name columns in `slices:` under `evaluation:`"
                : "use it with `task: classification`"
        }
    }
}

/// Names at most twenty of `names`.
private func listed(_ names: [String]) -> String {
    let first = names.prefix(20).map { shown($0) }.joined(separator: ", ")
    return names.count > 20 ? "\(first) and \(names.count - 20) more" : first
}

/// A value from data, cut to 40 characters.
private func shown(_ text: String) -> String {
    text.count > 40 ? "\(text.prefix(39))…" : text
}
