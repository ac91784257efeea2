import Domain

/// Reads one file that knows its types: its digests first, then its rows in parts that are checked
/// at the same time.
///
/// The columns are found by the end of most such files, so they are read twice; a file that was
/// written to between is an error, because the digest would not be that of the rows.
struct TypedPass<Sink: TableSink> {
    /// Of the cells of a part, about.
    private static var partBytesMax: Int { 8 << 20 }
    /// Of the cells of all parts that are being checked, about; one alone may have more.
    private static var aheadBytesMax: Int { 64 << 20 }

    private(set) var check: DatasetCheck
    private(set) var sink: Sink
    private var digests: FileDigests
    private let options: ValidationOptions
    private let path: String
    private let codecs: PageCodecs
    private var rowsDone = 0

    init(
        _ check: DatasetCheck, sink: Sink, digests: FileDigests, options: ValidationOptions,
        path: String, codecs: PageCodecs = .system
    ) {
        self.check = check
        self.sink = sink
        self.digests = digests
        self.options = options
        self.path = path
        self.codecs = codecs
    }

    /// Reads the whole file.
    mutating func read(_ reader: consuming FileReader) async throws(ValidationError) -> FoundFile {
        let stamp = reader.stamp
        try await takeDigests(reader)
        let found = digests.finish()
        guard found.bytes > 0 else { return found }
        let file = BinaryFile(reader, sizeBytes: found.bytes, limits: options.unpackLimits)
        do throws(TypedStop) {
            try await readRows(file)
        } catch {
            switch error {
            case .stage(let error): throw error
            case .fault(let fault):
                if case .unreadable(let code) = fault.kind { throw .unreadable(path, code: code) }
                if case .cancelled = fault.kind { throw .cancelled }
                check.isIncomplete = true
                let place = Place(file: path)
                let format = check.manifest.format
                check.log.add(
                    format == .arrow ? .arrow : .parquet, at: place, hint: fault.hint(format),
                    fault.message + Self.kind(of: file, fault))
            }
        }
        guard file.reader.stamp == stamp, !file.reader.hasMore(behind: found.bytes) else {
            throw .changed(path)
        }
        return found
    }

    /// Says of a file that is another what it is, where that can be told.
    private static func kind(of file: borrowing BinaryFile, _ fault: BinaryFault) -> String {
        guard case .foreign = fault.kind else { return "" }
        // Because a file that cannot be read any more is said to be changed.
        let head = try? file.bytes(0..<Swift.min(file.sizeBytes, ForeignFile.headBytes), room: 0)
        return head.flatMap { ForeignFile(signature: $0[...]) }.map { "; it is \($0.name)" } ?? ""
    }

    /// The end is where it was when the file was opened, because a file that somebody goes on
    /// writing might have none.
    private mutating func takeDigests(
        _ reader: borrowing FileReader
    ) async throws(ValidationError) {
        var block = [UInt8](repeating: 0, count: options.chunkCapacity)
        var left = reader.sizeBytes
        while left > 0 {
            guard !Task.isCancelled else { throw .cancelled }
            let count = reader.read(into: &block, at: 0, atMost: min(block.count, left))
            guard count >= 0 else {
                throw .unreadable(path, code: Int32(truncatingIfNeeded: -count))
            }
            if count == 0 { return }
            left -= count
            digests.update(block[0..<count])
            await Task.yield()
        }
    }

    private mutating func readRows(
        _ file: borrowing BinaryFile
    ) async throws(TypedStop) {
        // Because the closures must not hold on to what is being changed.
        let codecs = codecs
        // Because with one worker other files are read at the same time.
        let heldBytesMax =
            ParquetLimits.heldBytesMax / (options.workersMax > 1 ? 1 : filesAtOnceMax)
        if check.manifest.format == .arrow {
            return try await readRows(file) { (file) throws(BinaryFault) in
                try ArrowRows(file)
            }
        }
        try await readRows(file) { (file) throws(BinaryFault) in
            try ParquetRows(ParquetFooter(file), codecs, heldBytesMax: heldBytesMax)
        }
    }

    private mutating func readRows<Rows: TypedRows>(
        _ file: borrowing BinaryFile, _ open: (borrowing BinaryFile) throws(BinaryFault) -> Rows
    ) async throws(TypedStop) {
        let rows: Rows
        do throws(BinaryFault) {
            rows = try open(file)
        } catch {
            throw .fault(error)
        }
        guard rows.columns.count <= columnsMax else {
            throw .fault(
                BinaryFault(
                    kind: .tooLarge("\(rows.columns.count) columns"), offset: rows.schemaOffset))
        }
        let plan = check.readSchema(rows.columns)
        sink.begin(file: check.fileNumber, path: path, plan: plan.scan)
        try await withTaskGroup(of: TypedPart<Sink>.self) { group in
            await readParts(file, rows, plan, &group)
        }.get()
    }

    private mutating func readParts(
        _ file: borrowing BinaryFile, _ source: some TypedRows, _ plan: TypedPlan,
        _ group: inout TaskGroup<TypedPart<Sink>>
    ) async -> Result<Void, TypedStop> {
        var source = source
        var early: [Int: TypedPart<Sink>] = [:]
        var ahead = PartSizes()
        var (begun, settled) = (0, 0)
        var end: Result<Void, TypedStop>?
        // The texts of the parts that were settled are as many as may be.
        var isSpent = false
        let wanted = max(1, options.chunkCapacity / (8 * plan.columns.count))
        // One for each worker and one more, so that none waits while this one reads.
        let aheadMax = max(1, options.workersMax) + 1
        while end == nil || settled < begun {
            while end == nil, begun - settled < aheadMax, ahead.bytes < Self.aheadBytesMax {
                if Task.isCancelled {
                    end = .failure(.stage(.cancelled))
                    break
                }
                do throws(BinaryFault) {
                    guard
                        let (rows, columns) = try source.next(
                            wanted, bytesMax: Self.partBytesMax, from: file)
                    else {
                        end = .success(())
                        break
                    }
                    let (number, part) = (begun, sink.part())
                    ahead.add(number, columns)
                    group.addTask { TypedPart.check(number, columns, rows: rows, plan, part) }
                    begun += 1
                } catch {
                    end = .failure(.fault(error))
                }
            }
            guard settled < begun, let part = await group.next() else { continue }
            early[part.number] = part
            while let part = early.removeValue(forKey: settled) {
                settled += 1
                ahead.remove(part.number)
                guard !isSpent else { continue }
                await settle(part, plan)
                do throws(BinaryFault) {
                    // Because a long cell in a dictionary costs a file next to nothing for each
                    // row.
                    try file.budget.spend(part.bytes, of: .texts, at: 0)
                } catch {
                    isSpent = true
                    end = .failure(.fault(error))
                }
            }
        }
        return end ?? .success(())
    }

    private mutating func settle(_ part: TypedPart<Sink>, _ plan: TypedPlan) async {
        // The schema stands on the first line.
        let linesBefore = 1 + rowsDone
        check.merge(part.findings, plan.scan, linesBefore: linesBefore, bytesBefore: 0)
        await sink.merge(part.findings.sink, linesBefore: linesBefore)
        options.progress?.add(rows: part.rows)
        rowsDone += part.rows
    }
}

/// About how many bytes of cells the parts have that are being checked.
private struct PartSizes {
    private(set) var bytes = 0
    private var parts: [Int: Int] = [:]

    mutating func add(_ number: Int, _ columns: [[CellSlice]]) {
        let size = columns.reduce(0) { $1.reduce($0) { $0 + $1.sizeBytes } }
        parts[number] = size
        bytes += size
    }

    mutating func remove(_ number: Int) { bytes -= parts.removeValue(forKey: number) ?? 0 }
}

/// Why the rows of a file are not read to the end.
private enum TypedStop: Error {
    case fault(BinaryFault)
    case stage(ValidationError)
}

/// Rows of a file, checked.
struct TypedPart<Sink: Sendable>: Sendable {
    var number: Int
    var rows: Int
    /// Of its cells as texts.
    var bytes: Int
    var findings: ChunkFindings<Sink>
}

extension TypedPart where Sink: TableSink {
    static func check(
        _ number: Int, _ columns: [[CellSlice]], rows: Int, _ plan: TypedPlan, _ sink: Sink
    ) -> Self {
        let table = CellTable(columns, rows: rows, plan)
        let bytes = table.bytes
        return TypedPart(
            number: number, rows: rows, bytes: bytes, findings: table.check(plan.scan, sink: sink))
    }
}
