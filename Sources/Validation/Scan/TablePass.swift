import Domain

/// Reads one file of cells or of JSON lines: its digests in the order of the bytes, its records in
/// parts that are checked at the same time.
///
/// Where a record begins behind a cut cannot be known from there, because a line feed may stand
/// inside quotes. Each part guesses that it begins behind its first likely line feed, and checks
/// its records from there. When the part before it is done, the record that crosses the cut is
/// read; if it ends where the guess was, the guess was right, and otherwise the part is checked
/// again from the right place. (Counting the quotes of all parts first would need another pass over
/// the bytes, and be wrong behind any stray quote.) So the result does not depend on the cuts.
/// In JSON lines a record begins behind every line feed, and no guess is wrong.
struct TablePass<Sink: TableSink> {
    private(set) var check: DatasetCheck
    private(set) var sink: Sink
    private let options: ValidationOptions
    private let path: String
    private let dialect: Dialect
    /// nil: the header is not read yet.
    private var plan: ScanPlan?
    /// The bytes behind the last record, and what stands before them in the file.
    private var carry: [UInt8] = []
    private var bytesBefore = 0
    private var linesBefore = 0
    /// A record was too long, and the line feed behind it is not found yet.
    private var isSkipping = false
    /// The header has more cells, or bytes, than can be read; the digest is all that is left to
    /// take.
    private var isLost = false
    private var isMarkRead = false
    /// How many bytes were not enough for the header the last time.
    private var triedBytes = 0
    private var spare: [ChunkBytes] = []
    private static var headBytes: Int { 1 << 20 }
    private static var chunkBytesLeast: Int { 64 << 10 }
    /// Because the records behind the header are checked before those of other parts.
    private static var headerBytes: Int { 16 << 10 }
    private static var chunksLeast: Int { 12 }
    /// So many keys become columns, however rare they are; more only when one line of so many has
    /// them.
    private static var sureKeys: Int { 128 }
    private static var linesPerKeyMax: Int { 1000 }
    /// Over how many columns the bytes of a part of JSON lines are spread at most: sinks remember
    /// something of each cell of a part, and a line of three bytes has all columns.
    private static var partBytesByColumns: Int { 24 << 20 }

    init(_ check: DatasetCheck, sink: Sink, options: ValidationOptions, path: String) {
        self.check = check
        self.sink = sink
        dialect = Dialect(check.manifest.dialect)
        self.options = options
        self.path = path
    }

    /// Reads the whole text of a file.
    mutating func read(_ source: inout TextSource) async throws(ValidationError) {
        let head = try source.head()
        let plain = [dialect.delimiter, dialect.quote]
        if let found = ForeignFile(ofText: head, check.manifest.dialect.encoding, plain: plain) {
            return check.isForeign(found)
        }
        while plan == nil {
            guard let chunk = try next(&source) else { return await finish(isCut: source.isCut) }
            await settle(chunk)
        }
        try await withTaskGroup(of: Part<Sink>.self) { group in
            await readParts(&source, &group)
        }.get()
        await finish(isCut: source.isCut)
    }

    private mutating func readParts(
        _ source: inout TextSource, _ group: inout TaskGroup<Part<Sink>>
    ) async -> Result<Void, ValidationError> {
        var early: [Int: Part<Sink>] = [:]
        var (begun, settled, isAtEnd) = (0, 0, false)
        // Two for each worker, so that none waits while this one reads and hashes.
        let aheadMax = Swift.max(1, options.workersMax) * 2
        while !isAtEnd || settled < begun {
            while !isAtEnd, begun - settled < aheadMax, let plan {
                do throws(ValidationError) {
                    guard let chunk = try next(&source) else {
                        isAtEnd = true
                        break
                    }
                    let (number, part) = (begun, sink.part())
                    group.addTask { Part.check(number, chunk, plan, part) }
                    begun += 1
                } catch {
                    return .failure(error)
                }
            }
            guard let part = await group.next() else { break }
            early[part.number] = part
            while let part = early.removeValue(forKey: settled) {
                await settle(part)
                settled += 1
            }
        }
        return .success(())
    }

    /// The next bytes of the text; nil at its end.
    private mutating func next(
        _ source: inout TextSource
    ) throws(ValidationError) -> ChunkBytes? {
        guard !Task.isCancelled else { throw .cancelled }
        // Because of a small file all workers must have their part.
        let part = Swift.max(Self.chunkBytesLeast, source.sizeBytes / Self.chunksLeast)
        var capacity = Swift.min(options.chunkCapacity, part)
        if plan == nil, !isOfLines { capacity = Swift.min(capacity, Self.headerBytes) }
        if let width = plan?.width, isOfLines {
            capacity = Swift.min(capacity, Self.partBytesByColumns / Swift.max(1, width))
        }
        let old = spare.popLast().flatMap { $0.capacity <= capacity ? $0 : nil }
        var chunk = old ?? ChunkBytes(capacity: capacity)
        return try chunk.fill(from: &source) > 0 ? chunk : nil
    }

    // MARK: Parts, in the order of the file

    private mutating func settle(_ chunk: ChunkBytes) async {
        guard !isLost, let first = skipped(chunk) else { return spare.append(chunk) }
        carry += chunk[first..<chunk.count]
        await readHeader(isEnd: false)
    }

    private mutating func settle(_ part: consuming Part<Sink>) async {
        let chunk = part.chunk
        if isSkipping {
            guard let first = skipped(chunk) else { return spare.append(chunk) }
            if part.start == first {
                await take(part.findings, chunk, from: first)
            } else {
                await scan(chunk, from: first)
            }
        } else if let start = part.start {
            let head = ChunkBytes(carry, chunk[0..<start])
            await scan(head)
            if carry.isEmpty {
                await take(part.findings, chunk, from: start)
            } else {
                await scan(ChunkBytes(carry, chunk[start..<chunk.count]))
            }
        } else {
            carry += chunk[0..<chunk.count]
            if carry.count > RecordSplitter.recordBytesMax { await scan(ChunkBytes(carry, [])) }
        }
        spare.append(chunk)
    }

    /// Where the next record begins in a chunk; nil when it is not in it.
    private mutating func skipped(_ chunk: ChunkBytes) -> Int? {
        guard isSkipping else { return 0 }
        guard let end = chunk.lineFeed(from: 0) else {
            bytesBefore += chunk.count
            return nil
        }
        isSkipping = false
        linesBefore += 1
        bytesBefore += end + 1
        return end + 1
    }

    /// Checks bytes of which a record begins at `start`, and keeps what is behind the last one.
    private mutating func scan(
        _ chunk: ChunkBytes, from start: Int = 0, isEnd: Bool = false
    ) async {
        guard let plan else { return }
        let found = ChunkChecker.run(chunk, from: start, isEnd: isEnd, plan, sink: sink.part())
        await take(found, chunk, from: start)
    }

    private mutating func take(
        _ findings: ChunkFindings<Sink>?, _ chunk: ChunkBytes, from start: Int
    ) async {
        guard let findings else { return }
        check.merge(
            findings, plan, linesBefore: linesBefore, bytesBefore: bytesBefore - start)
        await sink.merge(findings.sink, linesBefore: linesBefore)
        options.progress?.add(rows: findings.rows)
        linesBefore += findings.end.lines
        bytesBefore += findings.end.consumed - start
        isSkipping = findings.end.isSkipping
        carry = Array(chunk[findings.end.consumed..<chunk.count])
    }

    /// - Parameter isCut: what is behind the last record is not all of one.
    private mutating func finish(isCut: Bool) async {
        guard !isSkipping, !isLost else { return }
        if isCut {
            if plan == nil, isOfLines { await readKeys(isEnd: false, isLast: true) }
            return
        }
        if plan == nil { await readHeader(isEnd: true) }
        if !carry.isEmpty { await scan(ChunkBytes(carry, []), isEnd: true) }
    }

    // MARK: The header

    /// Reads the header if it is whole, and the records that are there behind it.
    private mutating func readHeader(isEnd: Bool) async {
        if isOfLines { return await readKeys(isEnd: isEnd, isLast: isEnd) }
        guard readMark(isEnd: isEnd) else { return }
        // Because a long header would be looked at from its beginning with every chunk.
        let isEnough = carry.count > RecordSplitter.recordBytesMax || carry.count >= triedBytes * 2
        guard isEnd || isEnough else { return }
        triedBytes = carry.count
        let chunk = ChunkBytes(carry, [])
        var checker = ChunkChecker(
            ScanPlan(width: 0, columns: [], missing: TextSet([])), sink: NoSink())
        let header = unsafe chunk.storage.withUnsafeBufferPointer { storage -> Header? in
            guard let bytes = storage.baseAddress else { return nil }
            // In bounds: as in `ChunkChecker.run`.
            let batch = unsafe RowBatch(width: 0, bytes: bytes, byteCount: chunk.count)
            var splitter = RecordSplitter(batch, from: 0, isEnd: isEnd, dialect: dialect)
            let record = splitter.record(into: &checker)
            checker.findings.end = splitter.end
            return record.map { record in
                let names = record.cells.prefix(ScanPlan.widthMax + 1).map { cell in
                    batch.withBytes { unescaped($0, cell, quote: dialect.quote) }
                }
                return Header(names: names, line: record.line)
            }
        }
        let findings = checker.findings
        if let fault = findings.faults[.recordSize]?.first.first {
            (isLost, carry) = (true, [])
            return check.headerIsTooLong(line: linesBefore + fault.line + 1)
        }
        // What was found before a header that is not whole will be found again.
        guard header != nil || findings.end.isSkipping || isEnd else { return }
        check.merge(findings, nil, linesBefore: linesBefore, bytesBefore: bytesBefore)
        if let header {
            let line = linesBefore + header.line + 1
            plan = check.readHeader(header.names, line: line, dialect)
            isLost = plan == nil
            if let plan { sink.begin(file: check.fileNumber, path: path, plan: plan) }
        }
        linesBefore += findings.end.lines
        bytesBefore += findings.end.consumed
        isSkipping = findings.end.isSkipping
        carry = Array(chunk[findings.end.consumed..<chunk.count])
        if plan != nil, !carry.isEmpty, !isEnd { await scan(ChunkBytes(carry, [])) }
    }

    // MARK: The keys of JSON lines

    private var isOfLines: Bool { check.manifest.format == .jsonl }

    /// Finds the columns if there is enough of the file, and reads the lines that are there.
    private mutating func readKeys(isEnd: Bool, isLast: Bool) async {
        guard readMark(isEnd: isLast) else { return }
        var keys: [[UInt8]] = []
        if check.findsColumns {
            guard let end = headEnd(isLast: isLast) else { return }
            keys = firstKeys(ChunkBytes(Array(carry[..<end]), []), isEnd: isEnd)
        }
        let plan = check.planLines(keys)
        self.plan = plan
        sink.begin(file: check.fileNumber, path: path, plan: plan)
        if !carry.isEmpty, !isEnd { await scan(ChunkBytes(carry, [])) }
    }

    /// Behind the last line of the first MiB, or behind the first line if that is longer: as much
    /// of a file as tells its columns. nil: it is not all there.
    private func headEnd(isLast: Bool) -> Int? {
        if isLast, carry.count <= Self.headBytes { return carry.count }
        guard carry.count >= Self.headBytes else { return nil }
        let lineFeed = UInt8(ascii: "\n")
        if let last = carry[..<Self.headBytes].lastIndex(of: lineFeed) { return last + 1 }
        if let first = carry[Self.headBytes...].firstIndex(of: lineFeed) { return first + 1 }
        // A line that is too long for a record tells nothing.
        return isLast || carry.count > RecordSplitter.recordBytesMax ? 0 : nil
    }

    private func firstKeys(_ head: ChunkBytes, isEnd: Bool) -> [[UInt8]] {
        let plan = ScanPlan(
            width: 0, columns: [], missing: TextSet([]), keys: ObjectKeys([], hasPaths: false))
        let found = ChunkChecker.run(head, isEnd: isEnd, plan, sink: NoSink())
        let keys = found.lines?.extras.filter { !$0.isTooLong } ?? []
        // Because every line costs something for each column, whether it has the key or not.
        return keys.enumerated().filter { index, key in
            index < Self.sureKeys || key.total * Self.linesPerKeyMax >= found.rows
        }.map(\.element.name)
    }

    /// Passes over a byte order mark; false while there are too few bytes to tell.
    private mutating func readMark(isEnd: Bool) -> Bool {
        guard !isMarkRead else { return true }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if !isEnd, carry.count < mark.count, mark.starts(with: carry) { return false }
        isMarkRead = true
        if carry.starts(with: mark) {
            carry.removeFirst(mark.count)
            bytesBefore += mark.count
        }
        return true
    }
}

/// The first record of a file, and its line in the bytes it was read from, counted from 0.
private struct Header {
    var names: [[UInt8]]
    var line: Int
}

/// A part of a file, checked from where a record probably begins.
struct Part<Sink: Sendable>: Sendable {
    var number: Int
    var chunk: ChunkBytes
    /// nil: there is no line feed in the part.
    var start: Int?
    var findings: ChunkFindings<Sink>?
}

extension Part where Sink: TableSink {
    static func check(_ number: Int, _ chunk: ChunkBytes, _ plan: ScanPlan, _ sink: Sink) -> Self {
        guard let start = likelyStart(chunk, plan) else {
            return Part(number: number, chunk: chunk, start: nil, findings: nil)
        }
        let findings = ChunkChecker.run(chunk, from: start, plan, sink: sink)
        return Part(number: number, chunk: chunk, start: start, findings: findings)
    }

    /// Behind the first line feed that a record of the right width follows, of the first few; or
    /// behind the first.
    private static func likelyStart(_ chunk: ChunkBytes, _ plan: ScanPlan) -> Int? {
        guard let first = chunk.lineFeed(from: 0) else { return nil }
        if plan.keys != nil { return first + 1 }
        var start = first + 1
        for _ in 0..<16 {
            guard let width = width(chunk, from: start, plan.dialect) else { break }
            if width == plan.width { return start }
            guard let next = chunk.lineFeed(from: start) else { break }
            start = next + 1
        }
        return first + 1
    }

    /// How many cells a record has that begins there; nil when it does not end within 64 KiB.
    private static func width(_ chunk: ChunkBytes, from start: Int, _ dialect: Dialect) -> Int? {
        var (cells, isQuoted) = (1, false)
        for byte in chunk[start..<Swift.min(chunk.count, start + 65_536)] {
            if byte == dialect.quote {
                isQuoted.toggle()
            } else if !isQuoted, byte == dialect.delimiter {
                cells += 1
            } else if !isQuoted, byte == UInt8(ascii: "\n") {
                return cells
            }
        }
        return nil
    }
}
