package import Domain

/// How validation reads, and how much it remembers.
package struct ValidationOptions: Sendable {
    /// How many bytes are read at once.
    package var chunkBytes: Int
    /// How many different cells all `unique` columns together may have; more are reported as
    /// not checked.
    package var uniqueCellsMax: Int
    /// How many parts of a file are checked at the same time.
    package var workersMax: Int

    package init(
        chunkBytes: Int = 1 << 20, uniqueCellsMax: Int = UniqueTable.cellsMax, workersMax: Int = 2
    ) {
        self.chunkBytes = chunkBytes
        self.uniqueCellsMax = uniqueCellsMax
        self.workersMax = workersMax
    }

    /// The size of the reads within what cells can be packed in.
    var chunkCapacity: Int { Swift.min(Swift.max(1, chunkBytes), 1 << 28) }
}

/// Checks a dataset against its manifest, in one pass over each file.
///
/// `root` is the folder that the manifest's paths are relative to. Everything that is wrong with
/// the data is a violation in the report; what keeps the data from being read is an error. Memory
/// does not grow with the files, except for `unique` columns, up to the bound of `UniqueTable`.
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
    var pass = try DatasetPass(manifest, root: root, options: options, sink: sink)
    for file in manifest.files { try await pass.read(file) }
    return (pass.finish(), pass.sink)
}
