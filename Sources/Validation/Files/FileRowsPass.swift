import Domain

/// One of the files that an entry of `files:` stands for.
struct Member: Sendable {
    var path: String
    /// The folder that it is in; nil: it is in none of the dataset's.
    var label: String?

    /// - Parameter folder: of the entry; nil: it is one file.
    init(path: String, below folder: String?) {
        self.path = path
        guard let folder else { return }
        let names = path.dropFirst(folder.utf8.count + 1).split(separator: "/")
        label = names.dropLast().last.map(String.init)
    }
}

/// Reads files of which each is a row, several at the same time, and puts the rows together in the
/// order of the files.
struct FileRowsPass<Sink: TableSink> {
    private(set) var check: DatasetCheck
    private(set) var sink: Sink
    private let reading: FileReading
    private let folder: RootFolder
    private let workersMax: Int
    private let progress: ReadingProgress?
    private var plan: TypedPlan?

    init(
        _ check: DatasetCheck, sink: Sink, options: ValidationOptions, folder: RootFolder
    ) {
        self.check = check
        self.sink = sink
        self.folder = folder
        reading = FileReading(manifest: check.manifest, limits: options.unpackLimits)
        workersMax = max(1, options.workersMax)
        progress = options.progress
    }

    /// How many files are read ahead. Of texts few, because each waits whole, and may have 32 MiB.
    private var aheadMax: Int {
        check.manifest.format == .images ? workersMax * 2 : min(workersMax * 2, 4)
    }

    private struct Done: Sendable {
        var number: Int
        var row: Result<FileRow, ValidationError>
        /// The file cannot be opened.
        var fault: OpenFault?
    }

    /// Reads the files, and gives each as it was found; nil: it could not be opened.
    mutating func read(
        _ members: [Member], of file: DatasetFile, _ found: (Member, FoundFile?, Int) -> Void
    ) async throws(ValidationError) {
        try await withTaskGroup(of: Done.self) { group in
            await read(members, of: file, found, &group)
        }.get()
    }

    private mutating func read(
        _ members: [Member], of file: DatasetFile, _ found: (Member, FoundFile?, Int) -> Void,
        _ group: inout TaskGroup<Done>
    ) async -> Result<Void, ValidationError> {
        var early: [Int: Done] = [:]
        var (begun, settled) = (0, 0)
        while settled < members.count {
            while begun < members.count, begun - settled < aheadMax {
                guard !Task.isCancelled else { return .failure(.cancelled) }
                let (number, member, pin) = (begun, members[begun], file.pin)
                group.addTask { [reading, folder, progress] in
                    Self.read(number, member, pin, reading, folder, progress)
                }
                begun += 1
            }
            guard let done = await group.next() else { break }
            early[done.number] = done
            while let done = early.removeValue(forKey: settled) {
                let member = members[settled]
                check.begin(member.path)
                if let fault = done.fault {
                    check.isMissing(member.path, file.digestPlace, fault)
                    found(member, nil, 0)
                } else {
                    switch done.row {
                    case .failure(let error): return .failure(error)
                    case .success(let row):
                        await settle(row, file)
                        found(member, row.found, check.fileRows)
                    }
                }
                settled += 1
            }
        }
        return .success(())
    }

    private static func read(
        _ number: Int, _ member: Member, _ pin: DVCPin?, _ reading: FileReading,
        _ folder: RootFolder, _ progress: ReadingProgress?
    ) -> Done {
        let nothing = Result<FileRow, ValidationError>.failure(.cancelled)
        switch folder.open(member.path) {
        case .failure(.unreadable(let code)):
            return Done(number: number, row: .failure(.unreadable(member.path, code: code)))
        case .failure(let fault): return Done(number: number, row: nothing, fault: fault)
        case .success(let descriptor):
            do throws(ValidationError) {
                let reader = FileReader(descriptor: descriptor, progress: progress)
                let opened = reader.stamp
                var row = try reading.row(
                    reader, path: member.path, label: member.label, pin: pin)
                row.found.add(folder.change(of: member.path, since: opened))
                return Done(number: number, row: .success(row))
            } catch {
                return Done(number: number, row: .failure(error))
            }
        }
    }

    private mutating func settle(_ row: FileRow, _ file: DatasetFile) async {
        // Because all files have the same columns, what is wrong with those is said once.
        let plan = self.plan ?? check.readSchema(check.manifest.fixedColumns)
        self.plan = plan
        for fault in row.faults {
            check.log.add(
                fault.rule, at: Place(file: check.path), hint: fault.hint, fault.message)
        }
        sink.begin(file: check.fileNumber, path: check.path, plan: plan.scan)
        let found = CellTable(row.columns, rows: 1, plan).check(plan.scan, sink: sink.part())
        check.merge(found, plan.scan, linesBefore: 0, bytesBefore: 0)
        await sink.merge(found.sink, linesBefore: 0)
        progress?.add(rows: 1)
        check.report(row.found.faults)
        check.end(bytes: row.found.bytes, at: file.digestPlace)
    }
}
