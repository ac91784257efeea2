import Domain

/// Reads one text file, of which every line is a row, in parts that are checked at the same time.
struct LinePass<Sink: TableSink> {
    /// Rows that are taken at once, at most.
    private static var rowsMax: Int { 8192 }

    private(set) var check: DatasetCheck
    private(set) var sink: Sink
    private let options: ValidationOptions
    private let path: String
    /// What stands behind the last line feed.
    private var carry: [UInt8] = []
    /// A line was too long, and the line feed behind it is not found yet.
    private var isSkipping = false
    private var isBegun = false
    private var rowsDone = 0

    init(_ check: DatasetCheck, sink: Sink, options: ValidationOptions, path: String) {
        self.check = check
        self.sink = sink
        self.options = options
        self.path = path
    }

    /// Reads the whole text of a file.
    mutating func read(_ source: inout TextSource) async throws(ValidationError) {
        let plan = check.readSchema(check.manifest.fixedColumns)
        sink.begin(file: check.fileNumber, path: path, plan: plan.scan)
        try await withTaskGroup(of: TypedPart<Sink>.self) { group in
            await readParts(&source, plan, &group)
        }.get()
    }

    private mutating func readParts(
        _ source: inout TextSource, _ plan: TypedPlan, _ group: inout TaskGroup<TypedPart<Sink>>
    ) async -> Result<Void, ValidationError> {
        var early: [Int: TypedPart<Sink>] = [:]
        var (begun, settled, isAtEnd) = (0, 0, false)
        var block = [UInt8](repeating: 0, count: options.chunkCapacity)
        let aheadMax = max(1, options.workersMax) + 1
        while !isAtEnd || settled < begun {
            while !isAtEnd, begun - settled < aheadMax {
                guard !Task.isCancelled else { return .failure(.cancelled) }
                do throws(ValidationError) {
                    let count = try source.read(into: &block, at: 0, atMost: block.count)
                    isAtEnd = count == 0
                    for lines in take(block[..<count], isAtEnd: isAtEnd) {
                        let (number, part) = (begun, sink.part())
                        group.addTask { Self.check(number, lines, plan, part) }
                        begun += 1
                    }
                } catch {
                    return .failure(error)
                }
            }
            guard settled < begun, let part = await group.next() else { continue }
            early[part.number] = part
            while let part = early.removeValue(forKey: settled) {
                check.merge(part.findings, plan.scan, linesBefore: rowsDone, bytesBefore: 0)
                await sink.merge(part.findings.sink, linesBefore: rowsDone)
                rowsDone += part.rows
                options.progress?.add(rows: part.rows)
                settled += 1
            }
        }
        return .success(())
    }

    /// Some lines behind each other, without their ends.
    private struct Lines: Sendable {
        var texts = PackedBytes()
        /// Of lines that are too long, their places; they have no text.
        var tooLong: [Int] = []
    }

    /// The lines that end in a block.
    private mutating func take(_ block: ArraySlice<UInt8>, isAtEnd: Bool) -> [Lines] {
        var parts: [Lines] = []
        var lines = Lines()
        var rest = block
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            add(rest[..<end], to: &lines)
            rest = rest[(end + 1)...]
            if lines.texts.count == Self.rowsMax {
                parts.append(lines)
                lines = Lines()
            }
        }
        if !isSkipping { carry += rest }
        if carry.count > RecordSplitter.recordBytesMax {
            isSkipping = true
            carry = []
        }
        // Because a line without an end is one only if there is something in it.
        if isAtEnd, isSkipping || !carry.isEmpty { add([], to: &lines) }
        if lines.texts.count > 0 { parts.append(lines) }
        return parts
    }

    private mutating func add(_ end: ArraySlice<UInt8>, to lines: inout Lines) {
        if isSkipping || carry.count + end.count > RecordSplitter.recordBytesMax {
            lines.tooLong.append(lines.texts.count)
            lines.texts.append([UInt8]())
        } else {
            carry += end
            if carry.last == UInt8(ascii: "\r") { carry.removeLast() }
            if !isBegun, carry.starts(with: TextCounts.mark) { carry.removeFirst(3) }
            lines.texts.append(carry)
        }
        isBegun = true
        isSkipping = false
        carry.removeAll(keepingCapacity: true)
    }

    private static func check(
        _ number: Int, _ lines: Lines, _ plan: TypedPlan, _ sink: Sink
    ) -> TypedPart<Sink> {
        let rows = lines.texts.count
        var (lengths, words): ([UInt64], [UInt64]) = ([], [])
        for index in 0..<rows {
            let counts = TextCounts(lines.texts.bytes[lines.texts.range(index)])
            lengths.append(UInt64(counts.characters))
            words.append(UInt64(counts.words))
        }
        let columns = [CellRun.Values.bytes(lines.texts), .words(lengths), .words(words)].map {
            let run = CellRun(count: rows, isThere: nil, values: $0)
            return [CellSlice(run: run, cells: 0..<rows, firstValue: 0)]
        }
        var part = TypedPart.check(number, columns, rows: rows, plan, sink)
        for line in lines.tooLong {
            let fault = ScanFault(
                kind: .recordTooLong(maxBytes: RecordSplitter.recordBytesMax), line: line,
                column: 1)
            part.findings.faults[fault.rule, default: Tally()].add(
                Finding(line: line, column: 1, what: .fault(fault)))
        }
        return part
    }
}
