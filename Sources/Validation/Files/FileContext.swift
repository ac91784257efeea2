import Domain

/// What the reading of a file depends on beside itself and what is declared: what was met in the
/// files before it.
struct FileContext: Hashable, Codable, Sendable {
    struct Column: Hashable, Codable, Sendable {
        var name: String
        var kind: ColumnDeclaration.Kind
        /// It is read from where it is first met in the file on.
        var isPlanned: Bool
    }

    /// Those that nobody declares: of JSON lines without declared columns, because all files have
    /// the same; of files that know their types, because their first file says the type.
    var columns: [Column] = []
    /// As `KeyTally.equalToRecord`, ascending; nil: there is no file before, or nobody asks.
    var equalToRecord: [Int]?
    var needs = FileNeeds()
    var isOfSeveralFiles = false
}

/// What of the statistics of a file can be used by those that they will be merged with.
struct FileNeeds: Hashable, Codable, Sendable {
    /// By column; every different value where nothing stands.
    var columns: [String: StatisticsNeed] = [:]
    /// Rows are not sampled whose keys have fewer zeros at their beginning.
    var sampleZeros = 0
}

extension DatasetCheck {
    /// The columns that the next file is read with.
    var contextColumns: [FileContext.Column] {
        let depends = manifest.format == .jsonl ? findsColumns : manifest.format.isTyped
        guard depends else { return [] }
        return columns.dropFirst(manifest.columns.count).map { column in
            FileContext.Column(
                name: column.name, kind: column.rules.kind, isPlanned: column.isPlanned)
        }
    }

    /// What a file is checked for, whose findings are then added to these.
    func ofFile(_ path: String, number: Int, _ context: [FileContext.Column]) -> DatasetCheck {
        var file = self
        file.startOver()
        for known in context {
            var column = ColumnCheck(undeclared: known.name, kind: known.kind)
            column.isPlanned = known.isPlanned
            column.isUnmet = known.isPlanned
            file.columnNumbers[known.name] = file.columns.count
            file.columns.append(column)
        }
        file.begin(path, number: number)
        return file
    }

    /// Adds what was found in the file that was begun.
    mutating func add(_ file: DatasetCheck) {
        fileRows = file.fileRows
        hasHeader = file.hasHeader
        headerHint = file.headerHint
        isIncomplete = isIncomplete || file.isIncomplete
        hasRefused = file.log.has(.tooManyColumns)
        cells += file.cells
        log.add(file.log)
        let known = columns.count
        for column in file.columns { add(column, known) }
        guard manifest.format == .jsonl else { return }
        for number in 0..<known
        where !columns[number].isUnmet && file.columnNumbers[columns[number].name] == nil {
            countMissing(fileRows, number)
        }
    }

    private mutating func add(_ column: ColumnCheck, _ known: Int) {
        guard let number = columnNumbers[column.name] else {
            guard columns.count < columnsMax else {
                hasRefused = true
                return log.add(
                    .tooManyColumns, at: Place(file: path), value: shownName(column.name),
                    Self.tooManyColumns)
            }
            columnNumbers[column.name] = columns.count
            return columns.append(column)
        }
        // Because it is met already, the records before it in the file count as well.
        if number < known, !columns[number].isUnmet { countMissing(column.lateRows, number) }
        columns[number].cells += column.cells
        columns[number].missing += column.missing
        columns[number].isInFile = column.isInFile
        columns[number].isUnmet = columns[number].isUnmet && column.isUnmet
    }

    private mutating func countMissing(_ rows: Int, _ number: Int) {
        cells += rows
        columns[number].cells += rows
        columns[number].missing += rows
    }
}
