import Domain

/// What is found in the parts of a table, put together in the order of the file.
extension DatasetCheck {
    /// Takes the header; returns what the records are to be checked for, or nil when it has more
    /// cells than a record can have.
    ///
    /// - Parameter line: counted from 1, like all places in reports.
    mutating func readHeader(
        _ names: [[UInt8]], line: Int, _ dialect: Dialect
    ) -> ScanPlan? {
        hasHeader = true
        if names.count == 1, manifest.columns.count > 1 {
            headerHint = dialect.hint(forHeader: String(decoding: names[0], as: UTF8.self))
        }
        var found: [(place: Int, number: Int, rules: ColumnRules)] = []
        for (place, name) in names.enumerated() {
            let text = String(decoding: name, as: UTF8.self)
            // Because nothing can be said of a column that has no name, declared or not.
            guard !text.allSatisfy(\.isWhitespace) else {
                hasNoName(Place(file: path, line: line, column: place + 1))
                continue
            }
            guard let number = column(text, line: line, place: place + 1) else { continue }
            found.append((place, number, columns[number].rules))
        }
        checkOrder(found.map(\.number), line: line)
        guard names.count <= ScanPlan.widthMax else { return nil }
        return ScanPlan(width: names.count, columns: found, missing: missingTexts, dialect: dialect)
    }

    private mutating func hasNoName(_ place: Place) {
        log.add(
            .blankHeader, at: place, hint: headerHint,
            "cell \(place.column ?? 1) of the header is blank, so its column has no name")
    }

    /// Adds what was found in a part.
    ///
    /// - Parameters:
    ///   - plan: what it was checked for.
    ///   - linesBefore: line feeds of the file before the part's first record.
    ///   - bytesBefore: bytes of the file before the chunk.
    mutating func merge<Sink>(
        _ findings: ChunkFindings<Sink>, _ plan: ScanPlan?, linesBefore: Int, bytesBefore: Int
    ) {
        fileRows += findings.rows
        for (rule, tally) in findings.faults {
            add(rule, nil, tally, linesBefore: linesBefore, bytesBefore: bytesBefore)
        }
        for (index, column) in (plan?.columns ?? []).enumerated() {
            let number = column.number
            let found = findings.columns[index]
            let late = lateRows(number, index, findings)
            cells += found.cells - late
            columns[number].cells += found.cells - late
            columns[number].missing += found.missing - late
            for (rule, tally) in zip(ColumnFindings.rules, found.tallies) where tally.total > 0 {
                add(
                    rule, columns[number].name, tally, linesBefore: linesBefore,
                    bytesBefore: bytesBefore)
            }
        }
        if let plan, let lines = findings.lines {
            merge(lines, rows: findings.rows, plan, linesBefore: linesBefore)
        }
    }

    private mutating func add(
        _ rule: Rule, _ column: String?, _ tally: Tally, linesBefore: Int, bytesBefore: Int
    ) {
        let encoding = manifest.dialect.encoding
        var hint: String?
        let first = tally.first.map { finding in
            let place = Place(
                file: path, line: finding.line + linesBefore + 1, column: finding.column)
            var value: String?
            let message: String
            switch finding.what {
            case .cell(let text, let sentence):
                value = text
                message = sentence
            case .ragged(let cells, let expected):
                message = "the row has \(counted(cells, "cell")), the header has \(expected)"
            case .fault(var fault):
                // Because of other encodings the offset is that of what was made of them.
                fault.offset = encoding == .utf8 ? fault.offset.map { $0 + bytesBefore } : nil
                hint = hint ?? fault.hint(encoding, manifest.format)
                message = fault.message(encoding, isUnpacked: Compression(path: path) != nil)
            }
            return Violation.Occurrence(place: place, value: value, message: message)
        }
        log.add(
            Violation(
                rule: rule, column: column, total: tally.total, occurrences: first,
                hint: hint ?? rule.hint))
    }
}
