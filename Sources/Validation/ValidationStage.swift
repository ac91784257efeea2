import Crypto
package import Domain
import FoundationEssentials

/// How validation reads, and how much it remembers.
package struct ValidationOptions: Sendable {
    /// How many bytes are read at once.
    package var chunkBytes: Int
    /// How many different cells all `unique` columns together may have; more are reported as
    /// not checked.
    package var uniqueCellsMax: Int

    package init(
        chunkBytes: Int = 256 << 10, uniqueCellsMax: Int = UniqueTable.cellsMax
    ) {
        self.chunkBytes = chunkBytes
        self.uniqueCellsMax = uniqueCellsMax
    }
}

/// Checks a dataset against its manifest, in one pass over each file.
///
/// `root` is the folder that the manifest's paths are relative to. Everything that is wrong with
/// the data is a violation in the report; what keeps the data from being read is an error. Memory
/// does not grow with the files, except for `unique` columns, up to the bound of `UniqueTable`.
@concurrent
package func validate(
    _ manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> ValidationReport {
    let folder = try RootFolder(root)
    var check = try DatasetCheck(manifest, uniqueCellsMax: options.uniqueCellsMax)
    var files: [CheckedFile] = []
    for (number, file) in manifest.files.enumerated() {
        check.begin(file, number: number)
        switch folder.open(file.path) {
        case .failure(.unreadable(let code)): throw .unreadable(file.path, code: code)
        case .failure(let fault):
            check.isMissing(file, fault)
            files.append(CheckedFile(path: file.path, sha256: nil, rows: 0, bytes: 0))
        case .success(let descriptor):
            let reader = FileReader(descriptor: descriptor)
            let read =
                switch manifest.format {
                case .csv: try await pass(reader, CSVScanner(), &check, file, options)
                case .jsonl: try await pass(reader, JSONLScanner(), &check, file, options)
                }
            check.end(file, digest: read.digest, bytes: read.bytes)
            files.append(
                CheckedFile(
                    path: file.path, sha256: read.digest, rows: check.fileRows, bytes: read.bytes))
        }
    }
    check.finish()
    return ValidationReport(
        dataset: manifest.name, files: files, violations: check.log.sorted, cells: check.cells)
}

/// Reads a file once, for its digest and its records.
private func pass(
    _ reader: consuming FileReader, _ scanner: some RecordScanner, _ check: inout DatasetCheck,
    _ file: DatasetFile, _ options: ValidationOptions
) async throws(ValidationError) -> (digest: Domain.Digest, bytes: Int) {
    var scanner = scanner
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: Swift.max(1, options.chunkBytes))
    var bytes = 0
    while true {
        guard !Task.isCancelled else { throw .cancelled }
        let count = reader.read(into: &chunk)
        guard count >= 0 else {
            throw .unreadable(file.path, code: Int32(truncatingIfNeeded: -count))
        }
        if count == 0 { break }
        hash.update(data: chunk[..<count])
        scanner.scan(chunk[..<count], into: &check)
        bytes += count
        await Task.yield()
    }
    scanner.finish(into: &check)
    return (Domain.Digest(bytes: hash.finalize()), bytes)
}
