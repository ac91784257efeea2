import Domain

/// Reads small tables with the same header at the same time, and puts them together in the order of
/// the files.
///
/// The first table says what the header is. A file that is larger, or begins otherwise, is left to
/// be read by itself, so that the result is that of reading one after the other.
struct ShardPass<Sink: TableSink> {
    /// Larger texts are read in parts.
    private static var textBytesMax: Int { 4 << 20 }

    private(set) var check: DatasetCheck
    private(set) var sink: Sink
    private let head: TableHead
    private let options: ValidationOptions
    private let folder: RootFolder

    init(
        _ check: DatasetCheck, sink: Sink, head: TableHead, options: ValidationOptions,
        folder: RootFolder
    ) {
        self.check = check
        self.sink = sink
        self.head = head
        self.options = options
        self.folder = folder
    }

    /// One table that was read and checked; nil: it must be read by itself.
    private struct Done: Sendable {
        var number: Int
        var table: (found: FoundFile, findings: ChunkFindings<Sink>?)?
    }

    /// Reads files until one must be read by itself; gives each as it was found.
    mutating func read(
        _ members: ArraySlice<Member>, of file: DatasetFile,
        _ found: (Member, FoundFile, Int) -> Void
    ) async throws(ValidationError) {
        try await withTaskGroup(of: Done.self) { group in
            await read(members, of: file, found, &group)
        }.get()
    }

    private mutating func read(
        _ members: ArraySlice<Member>, of file: DatasetFile,
        _ found: (Member, FoundFile, Int) -> Void, _ group: inout TaskGroup<Done>
    ) async -> Result<Void, ValidationError> {
        var early: [Int: Done] = [:]
        let firstFile = check.paths.count
        var (begun, settled) = (0, 0)
        while settled < members.count {
            while begun < members.count, begun - settled < options.workersMax * 2 {
                guard !Task.isCancelled else { return .failure(.cancelled) }
                let (number, member) = (begun, members[members.startIndex + begun])
                // Because parts know the file that was begun last.
                sink.begin(file: firstFile + number, path: member.path, plan: head.plan)
                let part = sink.part()
                group.addTask { [folder, head, options] in
                    Done(
                        number: number,
                        table: Self.read(member, file.pin, folder, head, options, part))
                }
                begun += 1
            }
            guard let done = await group.next() else { break }
            early[done.number] = done
            while let done = early.removeValue(forKey: settled) {
                // What was read ahead is read again, as there may be other columns then.
                guard let table = done.table else { return .success(()) }
                let member = members[members.startIndex + settled]
                settle(table.findings, table.found, member, file)
                found(member, table.found, check.fileRows)
                settled += 1
            }
        }
        return .success(())
    }

    private static func read(
        _ member: Member, _ pin: DVCPin?, _ folder: RootFolder, _ head: TableHead,
        _ options: ValidationOptions, _ sink: Sink
    ) -> (found: FoundFile, findings: ChunkFindings<Sink>?)? {
        guard case .success(let descriptor) = folder.open(member.path) else { return nil }
        let reader = FileReader(descriptor: descriptor, progress: options.progress)
        guard reader.sizeBytes <= textBytesMax else { return nil }
        do throws(ValidationError) {
            let unpacker = try Compression(path: member.path).map { kind throws(ValidationError) in
                try Unpacker(kind, path: member.path, limits: options.unpackLimits)
            }
            var source = TextSource(
                RawFile(reader, path: member.path, pin: pin), unpacker: unpacker,
                encoding: head.encoding)
            let (first, dialect) = (try source.head(), head.plan.dialect)
            let plain = [dialect.delimiter, dialect.quote]
            guard ForeignFile(ofText: first, head.encoding, plain: plain) == nil else { return nil }
            var text: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                let count = try source.read(into: &block, at: 0, atMost: block.count)
                if count == 0 { break }
                text += block[..<count]
                guard text.count <= textBytesMax else { return nil }
            }
            guard !source.isCut, text.starts(with: head.bytes) else { return nil }
            let found = try source.finish()
            guard text.count > head.bytes.count else { return (found, nil) }
            let chunk = ChunkBytes([], text[head.bytes.count...])
            return (found, ChunkChecker.run(chunk, isEnd: true, head.plan, sink: sink))
        } catch {
            // Because reading it by itself says the same at its place.
            return nil
        }
    }

    private mutating func settle(
        _ findings: ChunkFindings<Sink>?, _ found: FoundFile, _ member: Member,
        _ file: DatasetFile
    ) {
        check.begin(member.path)
        let plan = check.readHeader(head.names, line: head.line, head.plan.dialect) ?? head.plan
        sink.begin(file: check.paths.count - 1, path: member.path, plan: plan)
        if let findings {
            check.merge(
                findings, plan, linesBefore: head.lines, bytesBefore: head.bytes.count)
            sink.merge(findings.sink, linesBefore: head.lines)
            options.progress?.add(rows: findings.rows)
        }
        check.report(found.faults)
        check.end(bytes: found.bytes, at: file.digestPlace)
    }
}

/// The header of a table, and what its records are checked for.
struct TableHead: Sendable {
    /// With a byte order mark.
    var bytes: [UInt8]
    var names: [[UInt8]]
    /// Where it stands, from 1.
    var line: Int
    /// Line feeds up to its end.
    var lines: Int
    var plan: ScanPlan
    var encoding: TableDialect.Encoding
}
