import Domain

/// What a manifest says of records, applied to those of one file, or put together of all files.
struct DatasetCheck {
    let manifest: DatasetManifest
    var log = ViolationLog()
    /// Declared columns first, in their order, then others as they are met.
    var columns: [ColumnCheck]
    var columnNumbers: [String: Int] = [:]
    let missingTexts: TextSet
    private(set) var rows = 0
    /// How many cells were checked.
    var cells = 0
    /// Some file could not be opened, so nothing can be said about the whole.
    var isIncomplete = false
    /// Columns of keys that the manifest does not declare.
    private let keyColumns: [String]
    /// Columns that a file cannot do without, whatever other columns it may lack.
    private let neededColumns: Set<String>
    /// Columns that somebody looks at, whether the manifest declares them or not.
    var wantedColumns: [String]

    // The current file.
    private(set) var path = ""
    /// Every file that was begun; the current one is the last.
    private(set) var paths: [String] = []
    /// The current file's number in the dataset.
    private(set) var fileNumber = 0
    var fileRows = 0
    /// Some columns got no number, so that nobody knows how many there are.
    var hasRefused = false
    /// CSV: the header is read.
    var hasHeader = false
    /// CSV: what may be wrong with a header that has none of the columns.
    var headerHint: String?
    /// JSON lines: the columns of keys that the plan does not have; nil: it is none.
    var fileKeys: [[UInt8]: Int?] = [:]

    init(_ manifest: DatasetManifest) throws(ValidationError) {
        self.manifest = manifest
        missingTexts = TextSet(manifest.checks.missingValues)
        columns = []
        let keys = manifest.keys
        neededColumns = manifest.neededColumns
        keyColumns = Set(keys.columns).subtracting(manifest.columns.map(\.name)).sorted()
        wantedColumns =
            keyColumns + keys.sortedBy + [manifest.label].compactMap(\.self)
            + manifest.checks.named.flatMap(\.columns)
        let room = AutomatonRoom()
        for declaration in manifest.columns {
            columnNumbers[declaration.name] = columns.count
            columns.append(try ColumnCheck(declaration, in: room))
        }
    }

    // MARK: Files

    /// - Parameter number: of the file in its dataset; nil: those before it were all begun.
    mutating func begin(_ path: String, number: Int? = nil) {
        self.path = path
        fileNumber = number ?? paths.count
        paths.append(path)
        fileRows = 0
        hasRefused = false
        hasHeader = false
        headerHint = nil
        fileKeys = [:]
        for index in columns.indices { columns[index].isInFile = false }
    }

    /// Forgets everything that was found.
    mutating func startOver() {
        log = ViolationLog()
        columns.removeLast(columns.count - manifest.columns.count)
        columnNumbers = [:]
        for number in columns.indices {
            columns[number].forget()
            columnNumbers[columns[number].name] = number
        }
        (rows, cells, isIncomplete, paths) = (0, 0, false, [])
    }

    /// Goes on behind some files whose findings were taken back.
    mutating func goOn(behind paths: [String], rows: Int) {
        (self.paths, self.rows) = (paths, rows)
    }

    /// Records that a file or folder could not be opened.
    mutating func isMissing(_ path: String, _ place: Place, _ fault: OpenFault) {
        isIncomplete = true
        switch fault {
        case .missing, .unreadable: log.add(.missingFile, at: place, "`\(path)` is not there")
        case .broken(let code):
            log.add(.missingFile, at: place, "`\(path)` cannot be opened: \(errorText(code))")
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
        } else if manifest.format == .jsonl ? fileRows > 0 : hasHeader {
            checkMissingColumns()
            checkColumnCount()
            countAbsent()
        }
    }

    /// A declared column that a table does not have is missing in each of its rows; of JSON lines
    /// each line is counted as it is read.
    private mutating func countAbsent() {
        guard manifest.format != .jsonl else { return }
        for number in columns.indices
        where columns[number].declaration != nil && !columns[number].isInFile {
            columns[number].absent += fileRows
        }
    }

    /// Columns of the same name are one.
    private mutating func checkColumnCount() {
        guard let limits = manifest.checks.columnCount else { return }
        let count = columns.count(where: \.isInFile)
        let has = "the file has \(counted(count, "column"))"
        let place = Place(file: path, line: 1)
        guard !hasRefused else {
            return log.add(
                .columnCount, at: place,
                "the columns of the file cannot be counted, because not all of them are read")
        }
        if let least = limits.min, count < least {
            log.add(
                .columnCount, at: place, value: String(count),
                "\(has), at least \(least) are needed")
        }
        if let most = limits.max, count > most {
            log.add(
                .columnCount, at: place, value: String(count),
                "\(has), at most \(most) are allowed")
        }
    }

    private mutating func checkMissingColumns() {
        let isLax = manifest.columnMatch.allowsFewer
        let declared = columns.filter { $0.declaration != nil }
        if manifest.columnMatch == .partial, !declared.isEmpty,
            !declared.contains(where: \.isInFile)
        {
            log.add(
                .missingColumn, at: Place(file: path, line: 1), hint: headerHint,
                "none of the declared columns is in the file")
        }
        let absent = declared.filter { column in
            !column.isInFile && (!isLax || neededColumns.contains(column.name))
        }
        let ofKeys = keyColumns.filter { name in
            columnNumbers[name].map { !columns[$0].isInFile } ?? true
        }
        for name in absent.map(\.name) + ofKeys {
            log.add(
                .missingColumn, column: name, at: Place(file: path, line: 1), hint: headerHint,
                "the column `\(shownName(name))` is not in the file")
        }
    }

    /// Checks what is known once all files were read.
    mutating func finish() {
        if !isIncomplete { checkRowCount() }
        joinColumns()
        guard let limits = manifest.checks.missingLimits else { return }
        for column in columns {
            let missing = column.missing + column.absent
            let cells = column.cells + column.absent
            guard limits.isKept(missing, of: cells) == false else { continue }
            let share = Double(missing) / Double(cells)
            log.add(
                .missingShare, column: column.name,
                at: column.declaration?.place ?? Place(file: manifest.path),
                value: percent(share),
                "\(percent(share)) of `\(shownName(column.name))` is missing "
                    + "(\(missing) of \(cells)), at most \(limits.text) may be")
        }
    }

    /// Makes one violation of many columns that are not declared, or not there.
    private mutating func joinColumns() {
        let needed = neededColumns
        func message(_ what: String, _ names: [String]) -> String {
            let list = names.map { "`\(shownName($0))`" }.joined(separator: ", ")
            return "columns that are not \(what): \(list) and more"
        }
        log.join(.extraColumn, over: Self.namedColumnsMax) { message("declared", $0) }
        // Because those that a file cannot do without fail where others may only warn.
        for areNeeded in [true, false] {
            log.join(
                .missingColumn, over: Self.namedColumnsMax,
                among: { needed.contains($0) == areNeeded }
            ) { message("in the file", $0) }
        }
    }

    /// Because no rows at all are never meant, the least is 1 unless the manifest says 0.
    private mutating func checkRowCount() {
        let place = Place(file: manifest.path)
        let least = manifest.checks.rowCountMin ?? 1
        if rows < least {
            log.add(
                .rowCount, at: place, value: String(rows),
                "the dataset has \(counted(rows, "row")), at least \(least) are needed")
        }
        if let most = manifest.checks.rowCountMax, rows > most {
            log.add(
                .rowCount, at: place, value: String(rows),
                "the dataset has \(counted(rows, "row")), at most \(most) are allowed")
        }
    }

    // MARK: Columns

    /// So many columns that are not declared, or not there, are each named by themselves.
    private static let namedColumnsMax = 20

    static let tooManyColumns =
        "more than \(columnsMax) columns, or a name of over \(columnNameBytesMax) bytes"

    /// The number of a column that the file has; nil for a repeated name, and beyond the bounds.
    mutating func column(_ name: String, line: Int, place: Int) -> Int? {
        let place = Place(file: path, line: line, column: place)
        let number: Int
        if let known = columnNumbers[name] {
            number = known
        } else {
            guard columns.count < columnsMax, name.utf8.count <= columnNameBytesMax else {
                log.add(
                    .tooManyColumns, at: place, value: shownName(name), Self.tooManyColumns)
                return nil
            }
            number = columns.count
            columnNumbers[name] = number
            columns.append(ColumnCheck(undeclared: name))
        }
        guard !columns[number].isInFile else {
            log.add(
                .duplicateColumn, column: name, at: place,
                "the column `\(shownName(name))` stands twice in the header")
            return nil
        }
        columns[number].isInFile = true
        // Because nobody can leave a column out that every file has.
        let isFixed =
            manifest.knowsFixedColumns || manifest.columnMatch.allowsOthers
        if columns[number].declaration == nil, !manifest.columns.isEmpty, !isFixed {
            let hint = nearest(name)
            log.add(
                .extraColumn, column: name, at: place, hint: headerHint,
                "the column `\(shownName(name))` is not declared\(hint)")
        }
        return number
    }

    /// Reports columns that stand in another order than they are declared, where that counts.
    ///
    /// - Parameter found: the columns of a file, in its order.
    mutating func checkOrder(_ found: [Int], line: Int) {
        guard manifest.columnMatch == .exact, !manifest.knowsFixedColumns else { return }
        let declared = found.filter { columns[$0].declaration != nil }
        guard
            let place = declared.indices.dropFirst().first(where: {
                declared[$0] < declared[$0 - 1]
            })
        else { return }
        let names = (columns[declared[place]].name, columns[declared[place - 1]].name)
        log.add(
            .columnOrder, column: names.0,
            at: Place(
                file: path, line: line,
                column: (found.firstIndex(of: declared[place]) ?? 0) + 1),
            "the column `\(shownName(names.0))` stands behind `\(shownName(names.1))`, and is "
                + "declared before it")
    }

    /// Names the declared column that differs only in case or in spaces around it.
    private func nearest(_ name: String) -> String {
        func plain(_ text: String) -> String {
            String(text.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" })
        }
        let match = manifest.columns.first { plain($0.name) == plain(name) }
        return match.map { "; did you mean `\(shownName($0.name))`?" } ?? ""
    }
}
