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
        let report = finish()
        hood.put(SharedKeys(manifest, report, tally))
        return DatasetReading(
            report: report, sink: sink, measurements: measurements, duplicates: tally.records)
    }

    /// Reads everything for what others need of its keys.
    consuming func keysAlone() async throws(ValidationError) -> SharedKeys {
        for file in manifest.files { try await read(file) }
        let tally = try tally()
        return SharedKeys(manifest, finish(), tally)
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

    /// Reads a file of the manifest, or every file of a folder of it.
    private mutating func read(_ file: DatasetFile) async throws(ValidationError) {
        if let pin = file.pin, pin.isFolder { return try await readFolder(file, pin) }
        guard let found = try await scan(file.path, of: file) else { return }
        check.compare(file, found)
        check.compareRows(file, check.fileRows)
    }

    /// What was found, once every file was read.
    private mutating func finish() -> ValidationReport {
        if manifest.files.isEmpty, manifest.followed != nil { check.isUnpinned() }
        check.finish()
        return ValidationReport(
            dataset: manifest.name, files: files, violations: check.violations,
            cells: check.cells
        ).adding(rules?.violations ?? [])
    }

    /// The files of a folder are those of the dataset, in the order of their paths' bytes.
    private mutating func readFolder(
        _ file: DatasetFile, _ pin: DVCPin
    ) async throws(ValidationError) {
        let path: String
        switch folder.resolve(file.path) {
        case .failure(.unreadable(let code)): throw .unreadable(file.path, code: code)
        case .failure(let fault): return check.isMissing(file.path, file.digestPlace, fault)
        case .success(let found): path = found
        }
        var list: [(path: String, md5: String)] = []
        var (rows, bytes, isWhole) = (0, 0, true)
        for member in try members(of: path, file.path) {
            let found = try await scan("\(file.path)/\(member)", of: file)
            isWhole = isWhole && found != nil
            rows += found == nil ? 0 : check.fileRows
            bytes += found?.bytes ?? 0
            list.append((member, found?.md5 ?? ""))
        }
        if list.isEmpty {
            check.isEmpty(file)
        } else if isWhole {
            check.compareFolder(
                file, pin, md5: DVCHash.ofFolder(list), filesCount: list.count, bytes: bytes)
        }
        check.compareRows(file, rows)
    }

    private func members(
        of path: String, _ name: String
    ) throws(ValidationError) -> [String] {
        do throws(HostError) {
            return try walk(path).filter { $0.kind == .file || $0.kind == .link }.map(\.path)
        } catch {
            throw .unlisted(name, reason: error.failure.what)
        }
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
            files.append(CheckedFile(path: path, sha256: nil, rows: 0, bytes: 0))
            return nil
        case .success(let descriptor):
            let reader = FileReader(descriptor: descriptor, progress: options.progress)
            let found =
                if manifest.format.knowsTypes {
                    try await rowGroups(reader, path, file.pin)
                } else {
                    try await read(RawFile(reader, path: path, pin: file.pin), path)
                }
            check.report(found.faults)
            check.end(bytes: found.bytes, at: file.digestPlace)
            files.append(
                CheckedFile(
                    path: path, sha256: found.sha256, rows: check.fileRows, bytes: found.bytes))
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
        try await table(&source, path)
        return try source.finish()
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
