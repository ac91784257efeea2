import Domain

/// What is found in the keys of JSON lines, put together in the order of the file.
extension DatasetCheck {
    /// Whether columns must be looked for in the first lines of a file.
    var findsColumns: Bool { manifest.columns.isEmpty }

    /// What lines are to be checked for: the declared columns; of a manifest without any, those
    /// of the files before, those that are wanted, and those of some first keys.
    mutating func planLines(_ keys: [[UInt8]]) -> ScanPlan {
        if findsColumns {
            for name in wantedColumns { planColumn(name) }
            for key in keys { planColumn(String(decoding: key, as: UTF8.self)) }
        }
        let numbers = columns.indices.filter(isPlanned)
        let whole = manifest.columns.filter { !$0.type.isScalar }.map(\.name)
        return ScanPlan(
            width: numbers.count,
            columns: numbers.enumerated().map { ($0, $1, columns[$1].rules) },
            missing: missingTexts,
            keys: ObjectKeys(
                numbers.map { columns[$0].name }, hasPaths: !findsColumns, whole: Set(whole)))
    }

    private mutating func planColumn(_ name: String) {
        guard columnNumbers[name] == nil, columns.count < columnsMax,
            name.utf8.count <= columnNameBytesMax
        else { return }
        columnNumbers[name] = columns.count
        var column = ColumnCheck(undeclared: name)
        column.isPlanned = true
        column.isUnmet = true
        columns.append(column)
    }

    private func isPlanned(_ number: Int) -> Bool {
        columns[number].declaration != nil || columns[number].isPlanned
    }

    /// How many rows of a part stand before the first one of the dataset that has a column; they
    /// do not count for it. Of tables none.
    mutating func lateRows<Sink>(
        _ number: Int, _ index: Int, _ findings: ChunkFindings<Sink>
    ) -> Int {
        guard let lines = findings.lines, columns[number].isUnmet else { return 0 }
        let first = lines.firstRows[index]
        columns[number].isUnmet = first < 0
        let late = first < 0 ? findings.rows : first
        columns[number].lateRows += late
        return late
    }

    /// Adds the keys of a part, those without a column of the plan too.
    mutating func merge(
        _ lines: LineFindings, rows: Int, _ plan: ScanPlan, linesBefore: Int
    ) {
        for (column, first) in zip(plan.columns, lines.firstRows) where first >= 0 {
            columns[column.number].isInFile = true
        }
        let known = columns.count
        for number in 0..<known where !isPlanned(number) {
            count(rows, missing: rows, number)
        }
        let met = plan.columns.count { columns[$0.number].isInFile }
        var refused = RefusedKeys(keptMax: columnsMax - met)
        for extra in lines.extras {
            guard let number = number(of: extra, linesBefore: linesBefore, &refused) else {
                continue
            }
            if number < known {
                columns[number].missing -= extra.filled
            } else {
                let later = rows - extra.firstRow
                columns[number].lateRows = fileRows - later
                count(later, missing: later - extra.filled, number)
            }
        }
        guard refused.total > 0 else { return }
        let first = refused.first.map { place, name in
            Violation.Occurrence(
                place: Place(file: path, line: place.line, column: place.column),
                value: shownName(name), message: Self.tooManyColumns)
        }
        log.add(
            Violation(
                rule: .tooManyColumns, column: nil, total: refused.total, occurrences: first,
                hint: Rule.tooManyColumns.hint))
    }

    private mutating func count(_ rows: Int, missing: Int, _ number: Int) {
        cells += rows
        columns[number].cells += rows
        columns[number].missing += missing
    }

    /// The column of a key; nil when it has none, because there are too many or it is too long.
    private mutating func number(
        of extra: ExtraKey, linesBefore: Int, _ refused: inout RefusedKeys
    ) -> Int? {
        if let known = fileKeys[extra.name] { return known }
        let name = String(decoding: extra.name, as: UTF8.self)
        let places = extra.places.map {
            ExtraKey.Place(line: $0.line + linesBefore + 1, column: $0.column)
        }
        if extra.isTooLong || columns.count >= columnsMax {
            // Because a file with a new key on every line must not fill the memory.
            let isKept = !extra.isTooLong && fileKeys.count < refused.keptMax
            refused.add(name, isKept ? [places[0]] : places, isKept ? 1 : extra.total)
            if isKept { fileKeys[extra.name] = .some(nil) }
            return nil
        }
        let number = column(name, line: places[0].line, place: places[0].column)
        fileKeys[extra.name] = .some(number)
        return number
    }
}

/// Keys that get no column, in the order of the file.
private struct RefusedKeys {
    /// How many keys may be remembered.
    let keptMax: Int
    private(set) var total = 0
    private var places: [(place: ExtraKey.Place, name: String)] = []

    var first: [(place: ExtraKey.Place, name: String)] {
        let sorted = places.sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        return Array(sorted.prefix(Violation.occurrencesMax))
    }

    init(keptMax: Int) { self.keptMax = keptMax }

    mutating func add(_ name: String, _ found: [ExtraKey.Place], _ count: Int) {
        total += count
        places += found.map { ($0, name) }
    }
}
