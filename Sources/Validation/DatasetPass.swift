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
    private(set) var sink: Sink

    init(
        _ manifest: DatasetManifest, root: String, options: ValidationOptions, sink: Sink
    ) throws(ValidationError) {
        folder = try RootFolder(root)
        check = try DatasetCheck(manifest, uniqueCellsMax: options.uniqueCellsMax)
        self.manifest = manifest
        self.options = options
        self.sink = sink
    }

    /// Reads a file of the manifest, or every file of a folder of it.
    mutating func read(_ file: DatasetFile) async throws(ValidationError) {
        if let pin = file.pin, pin.isFolder { return try await readFolder(file, pin) }
        guard let found = try await scan(file.path, of: file) else { return }
        check.compare(file, found)
        check.compareRows(file, check.fileRows)
    }

    /// What was found, once every file was read.
    mutating func finish() -> ValidationReport {
        if manifest.files.isEmpty, manifest.followed != nil { check.isUnpinned() }
        check.finish()
        return ValidationReport(
            dataset: manifest.name, files: files, violations: check.log.sorted, cells: check.cells)
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
            let reader = FileReader(descriptor: descriptor)
            let found =
                switch manifest.format {
                case .csv: try await table(reader, path, file.pin)
                case .jsonl: try await lines(reader, path, file.pin)
                }
            check.end(bytes: found.bytes, at: file.digestPlace)
            files.append(
                CheckedFile(
                    path: path, sha256: found.sha256, rows: check.fileRows, bytes: found.bytes))
            return found
        }
    }

    private mutating func table(
        _ reader: consuming FileReader, _ path: String, _ pin: DVCPin?
    ) async throws(ValidationError) -> FoundFile {
        var pass = TablePass(
            check, sink: sink, digests: FileDigests(pin), options: options, path: path)
        let found = try await pass.read(reader)
        check = pass.check
        sink = pass.sink
        return found
    }

    private mutating func lines(
        _ reader: consuming FileReader, _ path: String, _ pin: DVCPin?
    ) async throws(ValidationError) -> FoundFile {
        var scanner = JSONLScanner()
        var digests = FileDigests(pin)
        var chunk = ChunkBytes(capacity: options.chunkCapacity)
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            let count = chunk.fill(from: reader)
            guard count >= 0 else {
                throw .unreadable(path, code: Int32(truncatingIfNeeded: -count))
            }
            if count == 0 { break }
            digests.update(chunk[0..<count])
            scanner.scan(chunk[0..<count], into: &check)
            await Task.yield()
        }
        scanner.finish(into: &check)
        return digests.finish()
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
}
