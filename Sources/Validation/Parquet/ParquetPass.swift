import Domain

/// Reads one Parquet file: its digests first, then its rows in parts that are checked at the same
/// time.
///
/// The columns are found by the end of the file, so it is read twice; a file that was written to
/// between is an error, because the digest would not be that of the rows.
struct ParquetPass<Sink: TableSink> {
    /// Of the cells of a part, about.
    private static var partBytesMax: Int { 8 << 20 }

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
        let file = ParquetFile(reader, sizeBytes: found.bytes)
        do throws(ParquetStop) {
            try await readRows(file)
        } catch {
            switch error {
            case .stage(let error): throw error
            case .fault(let fault):
                if case .unreadable(let code) = fault.kind { throw .unreadable(path, code: code) }
                check.isIncomplete = true
                let place = Place(file: path)
                check.log.add(.parquet, at: place, hint: fault.hint, fault.message)
            }
        }
        guard file.reader.stamp == stamp else { throw .changed(path) }
        return found
    }

    private mutating func takeDigests(
        _ reader: borrowing FileReader
    ) async throws(ValidationError) {
        var block = [UInt8](repeating: 0, count: options.chunkCapacity)
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            let count = reader.read(into: &block, at: 0, atMost: block.count)
            guard count >= 0 else {
                throw .unreadable(path, code: Int32(truncatingIfNeeded: -count))
            }
            if count == 0 { return }
            digests.update(block[0..<count])
            await Task.yield()
        }
    }

    private mutating func readRows(
        _ file: borrowing ParquetFile
    ) async throws(ParquetStop) {
        let rows: ParquetRows
        do throws(ParquetFault) {
            rows = try ParquetRows(ParquetFooter(file), codecs)
        } catch {
            throw .fault(error)
        }
        guard rows.footer.leaves.count <= columnsMax else {
            throw .fault(
                ParquetFault(
                    kind: .tooLarge("\(rows.footer.leaves.count) columns"),
                    offset: rows.footer.start))
        }
        let plan = check.readSchema(rows.footer.leaves)
        sink.begin(file: check.paths.count - 1, path: path, plan: plan.scan)
        try await withTaskGroup(of: ParquetPart<Sink>.self) { group in
            await readParts(file, rows, plan, &group)
        }.get()
    }

    private mutating func readParts(
        _ file: borrowing ParquetFile, _ source: ParquetRows, _ plan: ParquetPlan,
        _ group: inout TaskGroup<ParquetPart<Sink>>
    ) async -> Result<Void, ParquetStop> {
        var source = source
        var early: [Int: ParquetPart<Sink>] = [:]
        var (begun, settled) = (0, 0)
        var end: Result<Void, ParquetStop>?
        let wanted = max(1, options.chunkCapacity / (8 * plan.leaves.count))
        // One for each worker and one more, so that none waits while this one reads.
        let aheadMax = max(1, options.workersMax) + 1
        while end == nil || settled < begun {
            while end == nil, begun - settled < aheadMax {
                if Task.isCancelled {
                    end = .failure(.stage(.cancelled))
                    break
                }
                do throws(ParquetFault) {
                    guard
                        let (rows, columns) = try source.next(
                            wanted, bytesMax: Self.partBytesMax, from: file)
                    else {
                        end = .success(())
                        break
                    }
                    let (number, part) = (begun, sink.part())
                    group.addTask { ParquetPart.check(number, columns, rows: rows, plan, part) }
                    begun += 1
                } catch {
                    end = .failure(.fault(error))
                }
            }
            guard settled < begun, let part = await group.next() else { continue }
            early[part.number] = part
            while let part = early.removeValue(forKey: settled) {
                settle(part, plan)
                settled += 1
            }
        }
        return end ?? .success(())
    }

    private mutating func settle(_ part: ParquetPart<Sink>, _ plan: ParquetPlan) {
        // The schema stands on the first line.
        let linesBefore = 1 + rowsDone
        check.merge(part.findings, plan.scan, linesBefore: linesBefore, bytesBefore: 0)
        sink.merge(part.findings.sink, linesBefore: linesBefore)
        rowsDone += part.rows
    }
}

/// Why the rows of a file are not read to the end.
private enum ParquetStop: Error {
    case fault(ParquetFault)
    case stage(ValidationError)
}

/// Rows of a file, checked.
struct ParquetPart<Sink: TableSink>: Sendable {
    var number: Int
    var rows: Int
    var findings: ChunkFindings<Sink>

    static func check(
        _ number: Int, _ columns: [[CellSlice]], rows: Int, _ plan: ParquetPlan, _ sink: Sink
    ) -> Self {
        let table = CellTable(columns, rows: rows, plan)
        return ParquetPart(number: number, rows: rows, findings: table.check(plan.scan, sink: sink))
    }
}
