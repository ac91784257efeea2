package import Domain
import FoundationEssentials

/// How validation reads, and how much it remembers.
package struct ValidationOptions: Sendable {
    /// How many bytes are read at once.
    package var chunkBytes: Int
    /// How many parts of a file are checked at the same time.
    package var workersMax: Int
    /// How much text a compressed file may hold.
    package var unpackLimits = UnpackLimits()
    /// How large the table of keys may become in bytes; half as much again is needed as it grows,
    /// and as much for keys on their way to the disk.
    package var keyBytesMax: Int
    /// Where keys go that do not fit.
    package var spillFolder: String
    /// Those that `foreign_keys:` and `checks:` may name.
    package var datasets: [DatasetName: DatasetManifest]
    /// Where the files of those lie that are not below the same root.
    package var elsewhere: [DatasetName: DataPlace] = [:]
    /// Where the files of prepared datasets lie; nil: below the same root as all others.
    package var preparedRoot: String?
    /// What was read of datasets that others are compared with, for all passes of a run; nil: it
    /// is forgotten, and they are read again for each that needs them.
    package var shelf: KeyShelf?
    /// Where what was found in files is kept; nil: nowhere, and all are read.
    package var parts: PartStore?
    /// Hears how far the reading is; nil: nobody waits for it.
    package var progress: ReadingProgress?

    package init(
        chunkBytes: Int = 1 << 20, workersMax: Int = 2, keyBytesMax: Int = 32 << 20,
        spillFolder: String = FileManager.default.temporaryDirectory.path,
        datasets: [DatasetName: DatasetManifest] = [:], shelf: KeyShelf? = nil
    ) {
        self.chunkBytes = chunkBytes
        self.workersMax = workersMax
        self.keyBytesMax = keyBytesMax
        self.spillFolder = spillFolder
        self.datasets = datasets
        self.shelf = shelf
    }

    /// The size of the reads within what cells can be packed in.
    var chunkCapacity: Int { Swift.min(Swift.max(1, chunkBytes), 1 << 28) }
}

/// Where the files of a dataset lie.
package struct DataPlace: Hashable, Sendable {
    /// The folder that the manifest's paths are relative to.
    package var root: String
    /// The same where the dataset is prepared, so that no file of a commit stands where its rows
    /// are looked for.
    package var prepared: String

    package init(root: String, prepared: String) {
        self.root = root
        self.prepared = prepared
    }
}

/// Checks a dataset against its manifest, in one pass over each file.
///
/// `root` is the folder that the manifest's paths are relative to. Everything that is wrong with
/// the data is a violation in the report; what keeps the data from being read is an error. Memory
/// does not grow with the files: keys that do not fit are written to the disk. A dataset that the
/// manifest's keys or checks name is read first, unless the shelf has what is needed of it.
/// What DVC keeps is compared with DVC's MD5; of a folder, every file in it is a file of the
/// dataset.
@concurrent
package func validate(
    _ manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> ValidationReport {
    try await validate(manifest, root: root, options: options, sink: NoSink()).report
}

/// As above; the records of CSV files go to a sink beside the checks.
@concurrent
func validate<Sink: TableSink>(
    _ manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions(),
    sink: Sink
) async throws(ValidationError) -> (report: ValidationReport, sink: Sink) {
    let found = try await read(manifest, root: root, options: options, sink: sink)
    return (found.report, found.sink)
}

/// As above, with what the checks that compare rows are decided from.
@concurrent
func read<Sink: TableSink>(
    _ manifest: DatasetManifest, root: String, options: ValidationOptions,
    countsDuplicates: Bool = false, sink: Sink
) async throws(ValidationError) -> DatasetReading<Sink> {
    // Because behind a loss each file is looked at, and only what is damaged is read and kept anew.
    for _ in 0..<2 {
        do throws(ValidationError) {
            return try await readOnce(manifest, root, options, countsDuplicates, sink)
        } catch {
            guard case .partsLost = error else { throw error }
        }
    }
    var options = options
    options.parts = nil
    return try await readOnce(manifest, root, options, countsDuplicates, sink)
}

@concurrent
private func readOnce<Sink: TableSink>(
    _ manifest: DatasetManifest, _ root: String, _ options: ValidationOptions,
    _ countsDuplicates: Bool, _ sink: Sink
) async throws(ValidationError) -> DatasetReading<Sink> {
    let hood = Neighbourhood(manifest, among: options.datasets, shelf: options.shelf)
    for other in hood.unread {
        let place = options.elsewhere[other.name]
        var options = options
        if let place { options.preparedRoot = place.prepared }
        let pass = try DatasetPass(
            other, root: place?.root ?? root, options: options, sink: NoSink(),
            keys: hood.plan(of: other))
        hood.put(try await pass.keysAlone())
    }
    let pass = try DatasetPass(
        manifest, root: root, options: options, sink: sink,
        keys: hood.plan(countsDuplicates: countsDuplicates))
    return try await pass.whole(hood)
}
