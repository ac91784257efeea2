import Crypto
import Domain
import FoundationEssentials
import Host

/// Reads one file of a dataset for its digests and its records.
struct FilePass<Sink: Sendable>: Sendable {
    let folder: RootFolder
    let options: ValidationOptions
    /// nil: nothing is kept.
    var keeper: PartKeeper?
}

extension FilePass where Sink: TableSink {
    /// - Parameters:
    ///   - check: of the file, which was begun.
    ///   - sink: of the file.
    ///   - context: what it is read with.
    ///   - workers: how many parts of it are checked at the same time.
    func read(
        _ work: FileWork, _ check: DatasetCheck, _ sink: consuming Sink, _ context: FileContext,
        workers: Int
    ) async throws(ValidationError) -> FileFindings<Sink> {
        let path = work.member.path
        switch folder.open(path) {
        case .failure(.unreadable(let code)): throw .unreadable(path, code: code)
        case .failure(let fault):
            return FileFindings(check: check, sink: sink, found: nil, fault: fault)
        case .success(let descriptor):
            let reader = FileReader(descriptor: descriptor, progress: options.progress)
            let opened = reader.stamp
            let part = keeper?.part(work, context, reader)
            if let part,
                let known = try keeper?.recall(part, reader, check, sink, path: path)
            {
                if let found = known.found {
                    options.progress?.know(found, check.manifest, rows: known.check.fileRows)
                }
                return known
            }
            options.progress?.addFile()
            var reading = try await records(reader, work, check, sink, workers)
            reading.found?.add(folder.change(of: path, since: opened))
            if let part {
                reading.kept = keeper?.keep(part, reading, stamp: folder.stamp(path))
            }
            return reading
        }
    }

    private func records(
        _ reader: consuming FileReader, _ work: FileWork, _ check: DatasetCheck,
        _ sink: consuming Sink, _ workers: Int
    ) async throws(ValidationError) -> FileFindings<Sink> {
        var options = options
        options.workersMax = workers
        if check.manifest.format.isTyped {
            return try await rowGroups(reader, work, check, sink, options)
        }
        let path = work.member.path
        return try await text(
            RawFile(reader, path: path, pin: work.pin), path, check, sink, options)
    }

    private func text(
        _ file: consuming RawFile, _ path: String, _ check: DatasetCheck, _ sink: consuming Sink,
        _ options: ValidationOptions
    ) async throws(ValidationError) -> FileFindings<Sink> {
        let compression = Compression(path: path)
        let unpacker = try compression.map { kind throws(ValidationError) in
            try Unpacker(kind, path: path, limits: options.unpackLimits)
        }
        let manifest = check.manifest
        var source = try TextSource(file, unpacker: unpacker, encoding: manifest.dialect.encoding)
        if manifest.format == .text {
            var pass = LinePass(check, sink: sink, options: options, path: path)
            try await pass.read(&source)
            return FileFindings(check: pass.check, sink: pass.sink, found: try source.finish())
        }
        var pass = TablePass(check, sink: sink, options: options, path: path)
        try await pass.read(&source)
        return FileFindings(check: pass.check, sink: pass.sink, found: try source.finish())
    }

    private func rowGroups(
        _ reader: consuming FileReader, _ work: FileWork, _ check: DatasetCheck,
        _ sink: consuming Sink, _ options: ValidationOptions
    ) async throws(ValidationError) -> FileFindings<Sink> {
        var pass = TypedPass(
            check, sink: sink, digests: FileDigests(work.pin), options: options,
            path: work.member.path)
        let found = try await pass.read(reader)
        return FileFindings(check: pass.check, sink: pass.sink, found: found)
    }
}

/// What was read of a file.
struct FileFindings<Sink: Sendable>: Sendable {
    var check: DatasetCheck
    var sink: Sink
    /// nil: it could not be opened.
    var found: FoundFile?
    var fault: OpenFault?
    /// nil: it is not kept.
    var kept: KeptFile?
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
struct FoundFile: Equatable, Sendable {
    var sha256: Domain.Digest
    /// As DVC counts it; nil: DVC does not keep the file.
    var md5: String?
    var bytes: Int
    /// Why its text is doubtful.
    var faults: [SourceFault] = []

    /// Adds what happened to the file while it was read, unless the reading met it.
    mutating func add(_ change: SourceFault?) {
        guard let change, !faults.contains(where: { $0.rule == change.rule }) else { return }
        faults.append(change)
    }
}
