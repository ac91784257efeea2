import Domain

/// Checks the records of a part of a file.
struct ChunkChecker<Sink: TableSink>: RecordTaker {
    let plan: ScanPlan
    var findings: ChunkFindings<Sink>
    let wantsNumbers: Bool
    private let wantsHashes: Bool
    /// By column, for cells that the automaton of its pattern cannot decide.
    private var walks: [PatternWalk?]

    init(_ plan: ScanPlan, sink: Sink) {
        self.plan = plan
        findings = ChunkFindings(
            columns: [ColumnFindings](repeating: ColumnFindings(), count: plan.columns.count),
            sink: sink)
        walks = [PatternWalk?](repeating: nil, count: plan.columns.count)
        wantsNumbers = sink.wantsNumbers
        wantsHashes = sink.wantsHashes
    }

    /// Splits and checks bytes from `start`, where a record begins.
    static func run(
        _ chunk: ChunkBytes, from start: Int = 0, isEnd: Bool = false, _ plan: ScanPlan, sink: Sink
    ) -> ChunkFindings<Sink> {
        var checker = ChunkChecker(plan, sink: sink)
        let end = unsafe chunk.storage.withUnsafeBufferPointer { storage -> SplitEnd in
            guard let bytes = storage.baseAddress else {
                return SplitEnd(consumed: 0, lines: 0, isSkipping: false)
            }
            // In bounds: the storage has a block of room behind `count` bytes, and lives on until
            // this closure ends; batch and splitter do not leave it.
            let batch = unsafe RowBatch(
                width: plan.width, bytes: bytes, byteCount: chunk.count,
                isOfLines: plan.keys != nil, storage: chunk.storage, formed: plan.formed)
            batch.hasNumbers = checker.wantsNumbers
            if let keys = plan.keys {
                var splitter = LineSplitter(
                    batch, from: start, isEnd: isEnd, keys: keys, missing: plan.missing)
                splitter.split(into: &checker)
                checker.findings.lines = splitter.findings
                return splitter.end
            }
            var splitter = RecordSplitter(batch, from: start, isEnd: isEnd, dialect: plan.dialect)
            splitter.split(into: &checker)
            return splitter.end
        }
        checker.findings.end = end
        return checker.findings
    }

    // MARK: Records

    mutating func fault(_ fault: ScanFault) { self.fault(fault, times: 1) }

    mutating func fault(_ fault: ScanFault, times: Int) {
        findings.faults[fault.rule, default: Tally()].add(
            Finding(line: fault.line, column: fault.column, what: .fault(fault)), times: times)
    }

    mutating func irregular(cells: Int, line: Int) {
        let expected = plan.width
        findings.rows += 1
        findings.faults[.raggedRow, default: Tally()].add(
            Finding(
                line: line, column: Swift.min(cells, expected) + 1,
                what: .ragged(cells: cells, expected: expected)))
    }

    mutating func take(_ batch: RowBatch) {
        findings.rows += batch.rows
        for index in plan.columns.indices { check(batch, index, plan.columns[index]) }
        if wantsHashes { hash(batch) }
        findings.sink.take(batch)
    }

    private mutating func check(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        findings.columns[index].cells += batch.rows
        switch column.source {
        case .text where column.slot != nil: checkForms(batch, index, column)
        case .text where batch.isOfLines: checkMembers(batch, index, column)
        case .text: checkTexts(batch, index, column)
        case .typed: checkTyped(batch, index, column)
        case .refused: return refuse(batch, index, column)
        }
        if column.rules.hasValueRules { checkValues(batch, index, column) }
    }

    private mutating func checkTexts(
        _ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column
    ) {
        switch column.rules.kind {
        case .integer:
            let (least, most) = column.rules.integers
            unsafe checkTypes(batch, index, column) { text, length, number in
                guard length <= 17, let value = unsafe plainInteger(text, length),
                    value >= least, value <= most
                else { return false }
                number = Double(value)
                return true
            }
        case .number:
            let (least, most) = column.rules.numbers
            unsafe checkTypes(batch, index, column) { text, length, number in
                guard length <= 17, let value = unsafe plainNumber(text, length), value >= least,
                    value <= most
                else { return false }
                number = value
                return true
            }
        case .string:
            unsafe checkTypes(batch, index, column) { _, length, _ in length < 1 << 30 }
        case .boolean:
            let yes: UInt64 = 0x65_7572_74
            let no: UInt64 = 0x65_736C_6166
            unsafe checkTypes(batch, index, column) { text, length, _ in
                let bytes = unsafe word(text)
                return length == 4 && prefix(bytes, 4) == yes
                    || length == 5 && prefix(bytes, 5) == no
            }
        case .date:
            let (least, most) = column.rules.days
            unsafe checkTypes(batch, index, column) { text, length, number in
                guard unsafe length == 10 && isPlainDate(text) else { return false }
                let day = unsafe dayKey(text)
                number = unsafe Double(plainDaySeconds(text))
                return day >= least && day <= most
            }
        case .datetime:
            let isBounded = column.rules.moments != nil
            unsafe checkTypes(batch, index, column) { text, length, number in
                guard unsafe !isBounded && isPlainDateTime(text, length) else { return false }
                number = unsafe Double(plainSeconds(text))
                return true
            }
        case .array, .object:
            // Because a column of lists that nobody declares is known to hold them.
            let isKnown = column.rules.declaration == nil
            unsafe checkTypes(batch, index, column) { _, length, _ in
                isKnown && length < 1 << 30
            }
        case .any: unsafe checkTypes(batch, index, column) { _, length, _ in length < 1 << 30 }
        }
    }

    // MARK: Cells

    /// Decides the state of each cell of a column; `accepts` knows the plain forms, and what it
    /// refuses is judged exactly.
    ///
    /// - Parameter isText: of values of JSON, whether those are accepted that are strings or all
    ///   others; nil for cells, which are neither.
    @inline(__always)
    mutating func checkTypes(
        _ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column, isText: Bool? = nil,
        accepts: (UnsafePointer<UInt8>, Int, inout Double) -> Bool
    ) {
        // In bounds: the place is below the batch's width, and rows below its `rowsMax`.
        let cells = unsafe batch.cells + column.place * batch.rowsMax
        let states = unsafe batch.states + column.place * batch.rowsMax
        let numbers = unsafe batch.numbers + column.place * batch.rowsMax
        // Because of values of JSON only strings can be listed in `missing_values:`.
        let mayPass = isText != false && column.mayPass
        let mayBeWord = !batch.isOfLines && !column.rules.isRequired
        var missing = 0
        for row in 0..<batch.rows {
            let cell = unsafe cells[row]
            let length = cell.plainLength
            if length == 0, !column.rules.isRequired {
                unsafe states[row] = .missing
                missing += 1
                continue
            }
            let text = unsafe batch.bytes + cell.start
            var value = 0.0
            let isOfKind = isText == nil || cell.isQuoted == isText
            if unsafe length > 0 && isOfKind && accepts(text, length, &value)
                && (!mayPass || !column.missing.contains(text, length))
            {
                unsafe states[row] = .valid
                if wantsNumbers { unsafe numbers[row] = value }
            } else if mayBeWord, !cell.isEscaped,
                unsafe column.missing.contains(text, length)
            {
                unsafe states[row] = .missing
                missing += 1
            } else if isText != nil, !column.rules.isRequired, !cell.isQuoted,
                unsafe text[0] == UInt8(ascii: "n")
            {
                // Of JSON, the only value that begins so is null.
                unsafe states[row] = .missing
                missing += 1
            } else {
                unsafe states[row] = judge(batch, row, index, column)
            }
        }
        findings.columns[index].missing += missing
    }

    @inline(never)
    mutating func judge(
        _ batch: RowBatch, _ row: Int, _ index: Int, _ column: ScanPlan.Column
    ) -> CellState {
        let cell = batch.cell(row, column.place)
        if cell.isEscaped {
            let text = batch.text(row, column.place, quote: plan.dialect.quote)
            return judge(text.span, text.indices, batch, row, index, column)
        }
        return batch.withBytes { judge($0, cell.range, batch, row, index, column) }
    }

    func isMissing(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ kind: CellKind, _ column: ScanPlan.Column
    ) -> Bool {
        switch kind {
        case .null, .absent: true
        case .number, .boolean, .container: false
        case .text, .string: range.isEmpty || column.missing.contains(bytes, range)
        }
    }

    mutating func judge(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ batch: RowBatch, _ row: Int, _ index: Int,
        _ column: ScanPlan.Column
    ) -> CellState {
        let kind = batch.kind(row, column.place)
        if isMissing(bytes, range, kind, column) {
            findings.columns[index].missing += 1
            if column.rules.isRequired {
                findings.columns[index].add(
                    .required,
                    Finding(
                        line: batch.line(row), column: batch.placeColumn(row, column.place),
                        what: .cell(
                            value: column.rules.shown(bytes, range),
                            message: "`\(column.rules.name)` is required and missing")))
            }
            return .missing
        }
        var number = 0.0
        if let fault = column.rules.typeFault(bytes, range, kind, &number) {
            add(fault, bytes, range, kind, batch, row, index, column)
            // Because a number out of its range is one all the same, and statistics must show it.
            guard fault.isOfRange else { return .wrong }
        }
        if wantsNumbers {
            // In bounds: as in `checkTypes`.
            unsafe batch.numbers[column.place * batch.rowsMax + row] = number
        }
        return .valid
    }

    mutating func add(
        _ fault: ColumnRules.Fault, _ bytes: Span<UInt8>, _ range: Range<Int>,
        _ kind: CellKind, _ batch: RowBatch, _ row: Int, _ index: Int, _ column: ScanPlan.Column
    ) {
        func finding() -> Finding {
            let text = column.rules.shown(bytes, range)
            return Finding(
                line: batch.line(row), column: batch.placeColumn(row, column.place),
                what: .cell(value: text, message: fault.message(text, kind, column.rules)))
        }
        findings.columns[index].add(fault.rule, finding())
    }

    // MARK: Values

    private mutating func checkValues(_ batch: RowBatch, _ index: Int, _ column: ScanPlan.Column) {
        for row in 0..<batch.rows where batch.state(row, column.place) == .valid {
            let cell = batch.cell(row, column.place)
            if cell.isEscaped {
                let text = batch.text(row, column.place, quote: plan.dialect.quote)
                checkValue(text.span, text.indices, batch, row, index, column)
                continue
            }
            // In bounds: a cell is a range of the chunk, behind which there is room.
            guard unsafe !column.rules.accepts(batch.bytes + cell.start, cell.length) else {
                continue
            }
            batch.withBytes { checkValue($0, cell.range, batch, row, index, column) }
        }
    }

    @inline(never)
    private mutating func checkValue(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ batch: RowBatch, _ row: Int, _ index: Int,
        _ column: ScanPlan.Column
    ) {
        guard let fault = column.rules.valueFault(bytes, range, &walks[index]) else { return }
        guard column.slot != nil else {
            return add(fault, bytes, range, .text, batch, row, index, column)
        }
        // As the file has it.
        let written = batch.writtenText(row, column.place, quote: plan.dialect.quote)
        add(fault, written.span, written.indices, .text, batch, row, index, column)
    }
}
