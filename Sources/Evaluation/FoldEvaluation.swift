package import Domain

/// What one fold has written, and what it is called in messages.
package struct FoldFile: Sendable {
    package var bytes: [UInt8]
    package var name: String

    package init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }
}

/// The predictions of all folds, one behind the other.
package struct JoinedPredictions: Sendable {
    package var bytes: [UInt8]
    /// How many rows each fold predicted.
    package var rows: [Int]
}

/// Puts the predictions of folds together, with the column `fold`, from 1, unless they have one.
package func joined(_ folds: [FoldFile]) throws(EvaluationError) -> JoinedPredictions {
    var joined = JoinedPredictions(bytes: [], rows: [])
    var header: [String] = []
    for (number, fold) in folds.enumerated() {
        var reader = CSVReader(fold.bytes, file: fold.name)
        var cells: [CSVReader.Cell] = []
        guard try reader.next(into: &cells) else { throw .empty(Place(file: fold.name)) }
        var names: [String] = []
        for (column, cell) in cells.enumerated() {
            names.append(try reader.text(cell, column: column))
        }
        let isMarked = !names.contains("fold")
        if number == 0 {
            header = names
            joined.append(cells, of: fold.bytes, mark: isMarked ? "fold" : nil)
        } else if names != header {
            throw .otherColumns(first: folds[0].name, Place(file: fold.name, line: 1))
        }
        var rows = 0
        while try reader.next(into: &cells) {
            joined.append(cells, of: fold.bytes, mark: isMarked ? "\(number + 1)" : nil)
            rows += 1
        }
        joined.rows.append(rows)
    }
    return joined
}

extension JoinedPredictions {
    fileprivate mutating func append(
        _ cells: [CSVReader.Cell], of source: [UInt8], mark: String?
    ) {
        let quote = UInt8(ascii: "\"")
        for (column, cell) in cells.enumerated() {
            if column > 0 { bytes.append(UInt8(ascii: ",")) }
            let isQuoted = cell.start > 0 && source[cell.start - 1] == quote
            if isQuoted { bytes.append(quote) }
            bytes.append(contentsOf: source[cell.start..<cell.end])
            if isQuoted { bytes.append(quote) }
        }
        if let mark { bytes.append(contentsOf: ",\(mark)".utf8) }
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// Measures the predictions of all folds as one file, and those of each fold by themselves.
package func evaluate(
    _ declaration: EvaluationDeclaration, folds: [FoldFile], joined: JoinedPredictions,
    rules: [PromotionRule] = []
) throws(EvaluationError) -> Evaluated {
    var evaluated = try evaluate(
        declaration, predictions: joined.bytes, fileName: "predictions of all folds", rules: rules)
    var alone = declaration
    alone.resamples = 0
    alone.slices = []
    // Because a fold may lack a class, say, without which nothing can be said of it alone.
    let reports = folds.map { fold in
        try? evaluate(alone, predictions: fold.bytes, fileName: fold.name).report
    }
    let names = evaluated.report.metrics.map(\.name)
    evaluated.report.folds = FoldReport(
        rows: joined.rows,
        metrics: names.map { name in
            .init(name: name, values: reports.map { $0?.metric(name)?.value })
        })
    return evaluated
}

/// Makes the report of metrics that the step of each fold wrote itself: a metric is their mean,
/// and undefined where it is in some fold.
package func report(
    ofFolds folds: [FoldFile], declaration: EvaluationDeclaration
) throws(EvaluationError) -> Report {
    var reports: [Report] = []
    for fold in folds {
        reports.append(
            try report(fromMetrics: fold.bytes, declaration: declaration, fileName: fold.name))
    }
    var names: [String] = []
    for name in reports.flatMap(\.metrics).map(\.name) where !names.contains(name) {
        names.append(name)
    }
    let metrics = names.sorted().map { name in
        FoldReport.Metric(name: name, values: reports.map { $0.metric(name)?.value })
    }
    var whole = Report(
        task: declaration.task, rows: 0,
        metrics: metrics.map { metric in
            Metric(name: metric.name, value: metric.values.contains(nil) ? nil : metric.mean)
        })
    whole.folds = FoldReport(rows: reports.map(\.rows), metrics: metrics)
    return whole
}
