import Domain

/// Applies a manifest's rules to the records of its files, one file after the other.
struct DatasetCheck: RecordSink {
    let manifest: DatasetManifest
    var log = ViolationLog()
    /// Declared columns first, in their order, then others as they are met.
    var columns: [ColumnCheck]
    private var columnNumbers: [String: Int] = [:]
    let missingTexts: TextSet
    private var rows = 0
    var cells = 0
    /// Some file could not be opened, so nothing can be said about the whole.
    var isIncomplete = false
    private var uniqueCells = 0
    private let uniqueCellsMax: Int

    // The current file.
    private(set) var path = ""
    /// Every file that was begun; the current one is the last.
    private(set) var paths: [String] = []
    var fileRows = 0
    /// CSV: the header is read.
    var hasHeader = false

    init(
        _ manifest: DatasetManifest, uniqueCellsMax: Int = UniqueTable.cellsMax
    ) throws(ValidationError) {
        self.manifest = manifest
        self.uniqueCellsMax = uniqueCellsMax
        missingTexts = TextSet(manifest.checks.missingValues)
        columns = []
        for declaration in manifest.columns {
            columnNumbers[declaration.name] = columns.count
            columns.append(try ColumnCheck(declaration))
        }
    }

    // MARK: Files

    mutating func begin(_ path: String) {
        self.path = path
        paths.append(path)
        fileRows = 0
        hasHeader = false
        for index in columns.indices { columns[index].isInFile = false }
    }

    /// Records that a file or folder could not be opened.
    mutating func isMissing(_ path: String, _ place: Place, _ fault: OpenFault) {
        isIncomplete = true
        switch fault {
        case .missing, .unreadable: log.add(.missingFile, at: place, "`\(path)` is not there")
        case .outside: log.add(.outsideRoot, at: place, "`\(path)` is outside the repository")
        case .notAFile: log.add(.notAFile, at: place, "`\(path)` is not a regular file")
        case .notAFolder: log.add(.notAFile, at: place, "`\(path)` is not a folder")
        }
    }

    /// Checks what is known once the file was read; `place` is where it is declared.
    mutating func end(bytes: Int, at place: Place) {
        rows += fileRows
        if bytes == 0 {
            log.add(.emptyFile, at: place, "`\(path)` is empty")
        } else if manifest.format == .csv ? hasHeader : fileRows > 0 {
            checkMissingColumns()
        }
    }

    private mutating func checkMissingColumns() {
        for column in columns where column.declaration != nil && !column.isInFile {
            log.add(
                .missingColumn, column: column.name, at: Place(file: path, line: 1),
                "the column `\(column.name)` is not in the file")
        }
    }

    /// Checks what is known once all files were read.
    mutating func finish() {
        if !isIncomplete { checkRowCount() }
        guard let limit = manifest.checks.missingShareMax else { return }
        for column in columns where column.cells > 0 {
            let share = Double(column.missing) / Double(column.cells)
            guard share > limit else { continue }
            log.add(
                .missingShare, column: column.name,
                at: column.declaration?.place ?? Place(file: manifest.path),
                value: percent(share),
                "\(percent(share)) of `\(column.name)` is missing (\(column.missing) of "
                    + "\(column.cells)), at most \(percent(limit)) may be")
        }
    }

    /// Because no rows at all are never meant, the least is 1 unless the manifest says 0.
    private mutating func checkRowCount() {
        let place = Place(file: manifest.path)
        let least = manifest.checks.rowCountMin ?? 1
        if rows < least {
            log.add(
                .rowCount, at: place, value: String(rows),
                "the dataset has \(rows) rows, at least \(least) are needed")
        }
        if let most = manifest.checks.rowCountMax, rows > most {
            log.add(
                .rowCount, at: place, value: String(rows),
                "the dataset has \(rows) rows, at most \(most) are allowed")
        }
    }

    // MARK: Records

    mutating func fault(_ fault: ScanFault) {
        log.add(
            fault.rule, at: Place(file: path, line: fault.line, column: fault.column),
            fault.message)
    }

    mutating func record(_ bytes: Span<UInt8>, cells: Span<Cell>, line: Int) {
        fileRows += 1
        for column in columns.indices {
            let cell = column < cells.count ? cells[column] : .absent
            check(bytes, cell, column, line: line, place: Swift.max(1, cell.column))
        }
    }

    mutating func key(_ name: String, line: Int, column place: Int) -> Int? {
        column(name, line: line, place: place)
    }

    /// The number of a column that the file has; nil for a repeated name, and beyond the bounds.
    mutating func column(_ name: String, line: Int, place: Int) -> Int? {
        let place = Place(file: path, line: line, column: place)
        guard columns.count < columnsMax, name.utf8.count <= columnNameBytesMax else {
            log.add(
                .extraColumn, at: place, value: String(name.prefix(40)),
                "more than \(columnsMax) columns, or a name of over \(columnNameBytesMax) bytes")
            return nil
        }
        let number: Int
        if let known = columnNumbers[name] {
            number = known
        } else {
            number = columns.count
            columnNumbers[name] = number
            columns.append(ColumnCheck(undeclared: name))
        }
        guard !columns[number].isInFile else {
            log.add(
                .duplicateColumn, column: name, at: place,
                "the column `\(name.prefix(40))` stands twice in the header")
            return nil
        }
        columns[number].isInFile = true
        if columns[number].declaration == nil, !manifest.columns.isEmpty {
            let hint = nearest(name)
            log.add(
                .extraColumn, column: name, at: place,
                "the column `\(name.prefix(40))` is not declared\(hint)")
        }
        return number
    }

    /// Names the declared column that differs only in case or in spaces around it.
    private func nearest(_ name: String) -> String {
        func plain(_ text: String) -> String {
            String(text.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" })
        }
        let match = manifest.columns.first { plain($0.name) == plain(name) }
        return match.map { "; did you mean `\($0.name)`?" } ?? ""
    }

    // MARK: Cells

    private mutating func check(
        _ bytes: Span<UInt8>, _ cell: Cell, _ number: Int, line: Int, place: Int
    ) {
        cells += 1
        columns[number].cells += 1
        if isMissing(bytes, cell) {
            columns[number].missing += 1
            if columns[number].rules.isRequired { missing(bytes, cell, number, line, place) }
            return
        }
        let range = cell.start..<cell.end
        if let fault = columns[number].rules.typeFault(bytes, range, cell.kind) {
            return report(fault, bytes, cell, number, line, place)
        }
        let pattern = columns[number].pattern
        if let fault = columns[number].rules.valueFault(bytes, range, pattern) {
            report(fault, bytes, cell, number, line, place)
        }
        if columns[number].unique != nil {
            let hash = cellHash(range.map { bytes[$0] })
            let row = RowNumber(file: paths.count - 1, line: line)
            checkUnique(hash, number, row, place: place) { shownText(bytes, range) }
        }
    }

    private func isMissing(_ bytes: Span<UInt8>, _ cell: Cell) -> Bool {
        switch cell.kind {
        case .null, .absent: return true
        case .number, .boolean, .container: return false
        case .text, .string:
            return cell.start == cell.end || missingTexts.contains(bytes, cell.start..<cell.end)
        }
    }

    private mutating func missing(
        _ bytes: Span<UInt8>, _ cell: Cell, _ number: Int, _ line: Int, _ place: Int
    ) {
        let name = columns[number].name
        log.add(
            .required, column: name, at: Place(file: path, line: line, column: place),
            value: shownText(bytes, cell.start..<cell.end), "`\(name)` is required and missing")
    }

    private mutating func report(
        _ fault: ColumnRules.Fault, _ bytes: Span<UInt8>, _ cell: Cell, _ number: Int,
        _ line: Int, _ place: Int
    ) {
        let column = columns[number].rules
        log.add(
            fault.rule, column: column.name, at: Place(file: path, line: line, column: place),
            value: shownText(bytes, cell.start..<cell.end),
            fault.message(shownText(bytes, cell.start..<cell.end), cell.kind, column))
    }

    /// Compares a cell with those before it; must be called in the order of the rows, and in a row
    /// of the cells.
    mutating func checkUnique(
        _ hash: RowHash, _ number: Int, _ row: RowNumber, place: Int, text: () -> String
    ) {
        let name = columns[number].name
        let at = Place(file: path, line: row.line, column: place)
        guard uniqueCells < uniqueCellsMax else {
            return log.add(
                .unique, column: name, at: at,
                "more than \(uniqueCellsMax) different cells: not checked from here on")
        }
        guard let first = columns[number].unique?.insert(hash, row: row) else {
            uniqueCells += 1
            return
        }
        let shown = text()
        log.add(
            .unique, column: name, at: at, value: shown,
            "`\(shown)` is already in \(paths[first.file]):\(first.line)")
    }
}
