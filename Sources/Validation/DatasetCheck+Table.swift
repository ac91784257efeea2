import Domain

/// What is found in the parts of a table, put together in the order of the file.
extension DatasetCheck {
    /// Takes the header; returns what the records are to be checked for, or nil when it has more
    /// cells than a record can have.
    ///
    /// - Parameter line: counted from 1, like all places in reports.
    mutating func readHeader(_ names: [[UInt8]], line: Int) -> ScanPlan? {
        hasHeader = true
        var found: [(place: Int, number: Int, rules: ColumnRules)] = []
        for (place, name) in names.enumerated() {
            let text = String(decoding: name, as: UTF8.self)
            guard let number = column(text, line: line, place: place + 1) else { continue }
            found.append((place, number, columns[number].rules))
        }
        guard names.count <= ScanPlan.widthMax else { return nil }
        return ScanPlan(width: names.count, columns: found, missing: missingTexts)
    }

    /// Adds what was found in a part.
    ///
    /// - Parameters:
    ///   - plan: what it was checked for.
    ///   - chunk: the bytes that the cells are ranges of.
    ///   - linesBefore: line feeds of the file before the part's first record.
    ///   - bytesBefore: bytes of the file before the chunk.
    mutating func merge<Sink>(
        _ findings: ChunkFindings<Sink>, _ plan: ScanPlan?, _ chunk: ChunkBytes, linesBefore: Int,
        bytesBefore: Int
    ) {
        fileRows += findings.rows
        for (rule, tally) in findings.faults {
            add(rule, nil, tally, linesBefore: linesBefore, bytesBefore: bytesBefore)
        }
        for (column, found) in zip(plan?.columns ?? [], findings.columns) {
            let number = column.number
            cells += found.cells
            columns[number].cells += found.cells
            columns[number].missing += found.missing
            for (rule, tally) in zip(ColumnFindings.rules, found.tallies) where tally.total > 0 {
                add(
                    rule, columns[number].name, tally, linesBefore: linesBefore,
                    bytesBefore: bytesBefore)
            }
        }
        for found in findings.uniques {
            guard let column = plan?.columns[Int(found.column)] else { continue }
            let row = RowNumber(file: paths.count - 1, line: Int(found.line) + linesBefore + 1)
            checkUnique(found.hash, column.number, row, place: column.place + 1) {
                let text = unescaped(chunk.storage.span, found.cell, quote: UInt8(ascii: "\""))
                return shownText(text.span, text.indices)
            }
        }
    }

    private mutating func add(
        _ rule: Rule, _ column: String?, _ tally: Tally, linesBefore: Int, bytesBefore: Int
    ) {
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
                message = "the row has \(cells) cells, the header has \(expected)"
            case .fault(var fault):
                fault.offset = fault.offset.map { $0 + bytesBefore }
                message = fault.message
            }
            return Violation.Occurrence(place: place, value: value, message: message)
        }
        log.add(rule, column: column, total: tally.total, first: first)
    }
}
