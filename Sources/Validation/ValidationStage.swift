package import Domain

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
/// What DVC keeps is compared with DVC's MD5; of a folder, every file in it is a file of the
/// dataset.
@concurrent
package func validate(
    _ manifest: DatasetManifest, root: String, options: ValidationOptions = ValidationOptions()
) async throws(ValidationError) -> ValidationReport {
    var pass = try DatasetPass(manifest, root: root, options: options)
    for file in manifest.files { try await pass.read(file) }
    return pass.finish()
}
