import Domain

/// The columns of a predictions file that the declaration names, row by row.
struct PredictionTable {
    let file: String
    /// The line on which each row begins.
    private(set) var lines: [Int] = []
    private(set) var truths: [String] = []
    private(set) var predictions: [String] = []
    /// The text after the prefix of each score column; one entry "" for a single score column.
    let scoreLabels: [String]
    /// `scores[column][row]`
    private(set) var scores: [[Double]]
    /// `slices[column][row]`, in the order of the declaration.
    private(set) var slices: [[String]]
    let truthColumn: Int
    let predictionColumn: Int

    var rows: Int { lines.count }

    init(
        _ bytes: [UInt8], declaration: EvaluationDeclaration, file: String
    ) throws(EvaluationError) {
        self.file = file
        var reader = CSVReader(bytes, file: file)
        var cells: [CSVReader.Cell] = []
        guard try reader.next(into: &cells) else { throw .empty(Place(file: file)) }
        let header = try Header(reader: reader, cells: cells)
        truthColumn = try header.column(declaration.label)
        predictionColumn = try header.column(declaration.prediction)
        var sliceColumns: [Int] = []
        for name in declaration.slices { sliceColumns.append(try header.column(name)) }
        let wanted = header.scoreColumns(declaration)
        guard declaration.score == nil || !wanted.isEmpty else {
            throw .missingColumn(
                declaration.score ?? "", have: header.names, Place(file: file, line: 1))
        }
        scoreLabels = wanted.map(\.label)
        scores = Array(repeating: [], count: wanted.count)
        slices = Array(repeating: [], count: sliceColumns.count)
        while try reader.next(into: &cells) {
            guard cells.count == header.names.count else {
                throw .raggedRow(
                    cells: cells.count, expected: header.names.count,
                    reader.place(Swift.min(cells.count, header.names.count)))
            }
            lines.append(reader.recordLine)
            truths.append(try Self.present(truthColumn, cells, reader, header))
            predictions.append(try Self.present(predictionColumn, cells, reader, header))
            for (index, column) in sliceColumns.enumerated() {
                slices[index].append(try reader.text(cells[column], column: column))
            }
            for (index, score) in wanted.enumerated() {
                let text = try reader.text(cells[score.column], column: score.column)
                guard let value = finiteNumber(text) else {
                    throw .notFinite(
                        column: header.names[score.column], cell: text, reader.place(score.column))
                }
                scores[index].append(value)
            }
        }
        guard !lines.isEmpty else { throw .empty(Place(file: file, line: 1)) }
    }

    /// The place of a row's truth, where it is about the truth, else of its prediction.
    func place(row: Int, truth: Bool) -> Place {
        Place(
            file: file, line: lines[row], column: (truth ? truthColumn : predictionColumn) + 1)
    }

    private static func present(
        _ column: Int, _ cells: [CSVReader.Cell], _ reader: CSVReader, _ header: Header
    ) throws(EvaluationError) -> String {
        let text = try reader.text(cells[column], column: column)
        guard !text.isEmpty else {
            throw .missingCell(column: header.names[column], reader.place(column))
        }
        return text
    }
}

/// The first record of a predictions file.
private struct Header {
    let file: String
    let names: [String]

    init(reader: CSVReader, cells: [CSVReader.Cell]) throws(EvaluationError) {
        file = reader.file
        var names: [String] = []
        for (column, cell) in cells.enumerated() {
            let name = try reader.text(cell, column: column)
            guard !names.contains(name) else {
                throw .duplicateColumn(name, reader.place(column))
            }
            names.append(name)
        }
        self.names = names
    }

    func column(_ name: String) throws(EvaluationError) -> Int {
        guard let column = names.firstIndex(of: name) else {
            throw .missingColumn(name, have: names, Place(file: file, line: 1))
        }
        return column
    }

    /// The column that `score:` names, else all columns that it is the prefix of.
    func scoreColumns(_ declaration: EvaluationDeclaration) -> [(column: Int, label: String)] {
        guard let score = declaration.score, declaration.task == .classification else { return [] }
        if let column = names.firstIndex(of: score) { return [(column, "")] }
        let prefix = scorePrefix(score)
        return names.indices.filter { names[$0].hasPrefix(prefix) }
            .map { ($0, String(names[$0].dropFirst(prefix.count))) }
    }
}

/// What score columns begin with: `score:` with an underscore at its end.
func scorePrefix(_ score: String) -> String {
    score.hasSuffix("_") ? score : score + "_"
}
