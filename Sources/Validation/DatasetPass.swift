import Crypto
import Domain
import FoundationEssentials
import Host

/// Reads the files of a dataset, each once, for its digests and its records.
struct DatasetPass<Sink: TableSink> {
    private let folder: RootFolder
    private let manifest: DatasetManifest
    private let options: ValidationOptions
    private var check: DatasetCheck
    private var files: [CheckedFile] = []
    private var sink: Sink
    private var keys: KeySink?
    private var rules: RuleSink?
    /// Of the last table.
    private var head: TableHead?

    init(
        _ manifest: DatasetManifest, root: String, options: ValidationOptions, sink: Sink,
        keys: KeyPlan = KeyPlan()
    ) throws(ValidationError) {
        folder = try RootFolder(
            manifest.preparation == nil ? root : options.preparedRoot ?? root)
        check = try DatasetCheck(manifest)
        check.wantedColumns += keys.columns
        if !keys.isEmpty {
            self.keys = KeySink(
                keys, bytesMax: options.keyBytesMax, folder: options.spillFolder)
        }
        self.manifest = manifest
        self.options = options
        self.sink = sink
    }

    /// Reads everything, and compares its keys with those of others.
    consuming func whole(
        _ hood: Neighbourhood
    ) async throws(ValidationError) -> DatasetReading<Sink> {
        rules = try RuleSink.of(manifest)
        for file in manifest.files { try await read(file) }
        let tally = try tally()
        let rows = check.rows
        let findings = KeyFindings(
            hood: hood, tally: tally, paths: check.paths, rows: rows,
            own: SharedKeys(manifest, rows: rows, paths: check.paths, tally, problem: nil),
            bytesMax: options.keyBytesMax)
        let measurements: Measurements
        do throws(SpillFault) {
            try findings.report(to: &check.log)
            measurements = try findings.measurements()
        } catch {
            throw .noRoom(options.spillFolder, code: error.code)
        }
        let paths = check.paths
        let report = finish()
        hood.put(SharedKeys(manifest, report, paths: paths, tally))
        return DatasetReading(
            report: report, sink: sink, measurements: measurements, duplicates: tally.records)
    }

    /// Reads everything for what others need of its keys.
    consuming func keysAlone() async throws(ValidationError) -> SharedKeys {
        for file in manifest.files { try await read(file) }
        let tally = try tally()
        let paths = check.paths
        return SharedKeys(manifest, finish(), paths: paths, tally)
    }

    /// Reads everything for its rows; of lines also the keys that were met too late to be columns.
    consuming func rowsAlone() async throws(ValidationError) -> (
        report: ValidationReport, sink: Sink, lateColumns: [String]
    ) {
        for file in manifest.files { try await read(file) }
        let report = finish()
        guard manifest.format == .jsonl, manifest.columns.isEmpty else { return (report, sink, []) }
        return (report, sink, check.columns.filter { !$0.isPlanned }.map(\.name))
    }

    /// Nothing where no keys were wanted.
    private mutating func tally() throws(ValidationError) -> KeyTally {
        do throws(SpillFault) {
            if var tally = try keys?.finish() {
                let late = check.columns.filter { $0.declaration == nil }.map(\.name)
                    .first { !tally.columns.contains($0) }
                tally.lateColumn = manifest.columns.isEmpty ? late : nil
                return tally
            }
        } catch {
            throw .noRoom(options.spillFolder, code: error.code)
        }
        return KeyTally(KeyPlan(), bytesMax: options.keyBytesMax, folder: options.spillFolder)
    }

    /// Reads a file of the manifest, or every file that an entry stands for.
    private mutating func read(_ file: DatasetFile) async throws(ValidationError) {
        if file.folder != nil { return try await readMany(file) }
        let member = Member(path: file.path, below: nil)
        let found = try await read([member], of: file)
        guard let one = found.first?.found else { return }
        check.compare(file, one)
        check.compareSize(file, one.bytes)
        check.compareRows(file, found[0].rows)
    }

    /// What was found, once every file was read.
    private mutating func finish() -> ValidationReport {
        if manifest.files.isEmpty, manifest.followed != nil { check.isUnpinned() }
        check.finish()
        return ValidationReport(
            dataset: manifest.name, files: files, violations: check.violations.map { located($0) },
            cells: check.cells
        ).adding((rules?.violations ?? []).map { located($0) })
    }

    /// With how to make the file that its places are in, if nobody has it.
    private func located(_ violation: Violation) -> Violation {
        guard manifest.preparation != nil,
            violation.occurrences.contains(where: { occurrence in
                manifest.files.contains { $0.path == occurrence.place.file }
            })
        else { return violation }
        var violation = violation
        violation.hint +=
            "; `slipway dataset prepare \(manifest.name) --output FILE` writes the rows"
        return violation
    }

    /// The files of a folder or a pattern are those of the dataset, in the order of their paths'
    /// bytes.
    private mutating func readMany(_ file: DatasetFile) async throws(ValidationError) {
        guard let members = try members(of: file) else { return }
        let found = try await read(members, of: file)
        let whole = found.compactMap(\.found)
        let (bytes, rows) = (whole.reduce(0) { $0 + $1.bytes }, found.reduce(0) { $0 + $1.rows })
        let isWhole = whole.count == found.count && !found.isEmpty
        if found.isEmpty { check.isEmpty(file) }
        if let pin = file.pin {
            if isWhole {
                let list = found.map {
                    (String($0.member.path.dropFirst(file.path.count + 1)), $0.found?.md5 ?? "")
                }
                check.compareFolder(
                    file, pin, md5: DVCHash.ofFolder(list), filesCount: list.count, bytes: bytes)
            }
        } else {
            let digest =
                isWhole
                ? FileList.digest(zip(found, whole).map { ($0.member.path, $1.sha256) }) : nil
            if let digest { check.compare(file, digest, filesCount: found.count) }
            files.append(
                CheckedFile(path: file.path, sha256: digest, rows: rows, bytes: bytes))
        }
        check.compareSize(file, bytes)
        check.compareRows(file, rows)
    }

    /// nil: there is no such folder, and the report says so.
    private mutating func members(of file: DatasetFile) throws(ValidationError) -> [Member]? {
        guard let below = file.folder else { return nil }
        let path: String
        switch folder.resolve(below) {
        case .failure(.unreadable(let code)): throw .unreadable(below, code: code)
        case .failure(let fault):
            check.isMissing(below, file.digestPlace, fault)
            if file.pin == nil {
                files.append(CheckedFile(path: file.path, sha256: nil, rows: 0, bytes: 0))
            }
            return nil
        case .success(let found): path = found
        }
        let entries: [FileEntry]
        do throws(HostError) {
            entries = try walk(path).filter { $0.kind == .file || $0.kind == .link }
        } catch {
            throw .unlisted(below, reason: error.failure.what)
        }
        let holds = file.holds
        return entries.map { "\(below)/\($0.path)" }.filter(holds)
            .map { Member(path: $0, below: below) }
    }

    /// A file that was read; nil: it could not be opened.
    private typealias Reading = (member: Member, found: FoundFile?, rows: Int)

    private mutating func read(
        _ members: [Member], of file: DatasetFile
    ) async throws(ValidationError) -> [Reading] {
        var found: [Reading] = []
        if manifest.isOfFiles {
            found = try await rowsOfFiles(members, file)
        } else {
            var rest = members[...]
            while let member = rest.popFirst() {
                let one = try await scan(member.path, of: file)
                found.append((member, one, one == nil ? 0 : check.fileRows))
                if let head, !rest.isEmpty, options.workersMax > 1 {
                    let many = try await shards(rest, file, head)
                    found += many
                    rest = rest.dropFirst(many.count)
                }
            }
        }
        // Because a pattern may stand for more files than a report can name.
        guard file.pattern == nil else { return found }
        files += found.map { member, found, rows in
            CheckedFile(
                path: member.path, sha256: found?.sha256, rows: rows, bytes: found?.bytes ?? 0)
        }
        return found
    }

    /// Those of the next tables that are small and have the same header.
    private mutating func shards(
        _ members: ArraySlice<Member>, _ file: DatasetFile, _ head: TableHead
    ) async throws(ValidationError) -> [Reading] {
        let sinks = PairSink(sink, PairSink(keys, rules))
        // Because what has two owners would be copied as soon as it grows.
        (sink, keys) = (sink.part(), nil)
        var pass = ShardPass(check, sink: sinks, head: head, options: options, folder: folder)
        var found: [Reading] = []
        try await pass.read(members, of: file) { found.append(($0, $1, $2)) }
        check = pass.check
        sink = pass.sink.first
        keys = pass.sink.second.first
        rules = pass.sink.second.second
        return found
    }

    private mutating func rowsOfFiles(
        _ members: [Member], _ file: DatasetFile
    ) async throws(ValidationError) -> [Reading] {
        let sinks = PairSink(sink, PairSink(keys, rules))
        // Because what has two owners would be copied as soon as it grows.
        (sink, keys) = (sink.part(), nil)
        var pass = FileRowsPass(check, sink: sinks, options: options, folder: folder)
        var found: [Reading] = []
        try await pass.read(members, of: file) { found.append(($0, $1, $2)) }
        check = pass.check
        sink = pass.sink.first
        keys = pass.sink.second.first
        rules = pass.sink.second.second
        return found
    }

    /// Reads one file; nil: it cannot be opened, and the report says why.
    private mutating func scan(
        _ path: String, of file: DatasetFile
    ) async throws(ValidationError) -> FoundFile? {
        check.begin(path)
        switch folder.open(path) {
        case .failure(.unreadable(let code)): throw .unreadable(path, code: code)
        case .failure(let fault):
            check.isMissing(path, file.digestPlace, fault)
            return nil
        case .success(let descriptor):
            let reader = FileReader(descriptor: descriptor, progress: options.progress)
            let found =
                if manifest.format.isTyped {
                    try await rowGroups(reader, path, file.pin)
                } else {
                    try await read(RawFile(reader, path: path, pin: file.pin), path)
                }
            check.report(found.faults)
            check.end(bytes: found.bytes, at: file.digestPlace)
            return found
        }
    }

    private mutating func read(
        _ file: consuming RawFile, _ path: String
    ) async throws(ValidationError) -> FoundFile {
        let compression = Compression(path: path)
        let unpacker = try compression.map { kind throws(ValidationError) in
            try Unpacker(kind, path: path, limits: options.unpackLimits)
        }
        var source = TextSource(file, unpacker: unpacker, encoding: manifest.dialect.encoding)
        if manifest.format == .text {
            try await lines(&source, path)
        } else {
            try await table(&source, path)
        }
        return try source.finish()
    }

    private mutating func lines(
        _ source: inout TextSource, _ path: String
    ) async throws(ValidationError) {
        let sinks = PairSink(sink, PairSink(keys, rules))
        // Because what has two owners would be copied as soon as it grows.
        (sink, keys) = (sink.part(), nil)
        var pass = LinePass(check, sink: sinks, options: options, path: path)
        try await pass.read(&source)
        check = pass.check
        sink = pass.sink.first
        keys = pass.sink.second.first
        rules = pass.sink.second.second
    }

    private mutating func table(
        _ source: inout TextSource, _ path: String
    ) async throws(ValidationError) {
        let sinks = PairSink(sink, PairSink(keys, rules))
        // Because what has two owners would be copied as soon as it grows.
        (sink, keys) = (sink.part(), nil)
        var pass = TablePass(check, sink: sinks, options: options, path: path)
        try await pass.read(&source)
        check = pass.check
        head = pass.head
        sink = pass.sink.first
        keys = pass.sink.second.first
        rules = pass.sink.second.second
    }

    private mutating func rowGroups(
        _ reader: consuming FileReader, _ path: String, _ pin: DVCPin?
    ) async throws(ValidationError) -> FoundFile {
        let sinks = PairSink(sink, PairSink(keys, rules))
        // Because what has two owners would be copied as soon as it grows.
        (sink, keys) = (sink.part(), nil)
        var pass = TypedPass(
            check, sink: sinks, digests: FileDigests(pin), options: options, path: path)
        let found = try await pass.read(reader)
        check = pass.check
        sink = pass.sink.first
        keys = pass.sink.second.first
        rules = pass.sink.second.second
        return found
    }
}

/// The digests of a file, taken as it is read.
struct FileDigests {
    private var sha256 = SHA256()
    private var pinned: DVCHash?
    private var bytes = 0

    init(_ pin: DVCPin?) {
        pinned = pin.map { DVCHash(isOfLines: $0.isOfLines) }
    }

    mutating func update(_ part: ArraySlice<UInt8>) {
        sha256.update(data: part)
        pinned?.update(part)
        bytes += part.count
    }

    mutating func finish() -> FoundFile {
        FoundFile(
            sha256: Domain.Digest(bytes: sha256.finalize()), md5: pinned?.finish(), bytes: bytes)
    }
}

/// What a file was found to be.
struct FoundFile {
    var sha256: Domain.Digest
    /// As DVC counts it; nil: DVC does not keep the file.
    var md5: String?
    var bytes: Int
    /// Why its text is doubtful.
    var faults: [SourceFault] = []
}
