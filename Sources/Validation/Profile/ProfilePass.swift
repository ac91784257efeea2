package import Domain

/// How a dataset is profiled.
package struct ProfileOptions: Sendable {
    /// How its files are read.
    package var validation: ValidationOptions
    /// The column that is to be predicted; nil: there is none.
    package var label: String?
    /// Columns of which no text is kept, hashes alone.
    package var privateColumns: Set<String>
    /// How large the table of rows may become in bytes; half as much again is needed as it grows.
    package var duplicatesBytesMax: Int
    /// Where rows are written that do not fit into the table; nil: then duplicates are not counted.
    package var spillFolder: String?

    package init(
        validation: ValidationOptions = ValidationOptions(), label: String? = nil,
        privateColumns: Set<String> = [], duplicatesBytesMax: Int = 32 << 20,
        spillFolder: String? = nil
    ) {
        self.validation = validation
        self.label = label
        self.privateColumns = privateColumns
        self.duplicatesBytesMax = duplicatesBytesMax
        self.spillFolder = spillFolder
    }

    /// Whether the rows that the manifest promises fit into the table, or onto the disk.
    func countsDuplicates(of manifest: DatasetManifest) -> Bool {
        guard spillFolder == nil else { return true }
        let rows = manifest.files.reduce(0.0) { $0 + Double($1.rows ?? 0) }
        // A table is at most three quarters full; one that was too small after all says so.
        return rows * Double(MemoryLayout<RowEntry>.stride) * 4 / 3 <= Double(duplicatesBytesMax)
    }
}

/// Checks a dataset and profiles it, reading each file once.
///
/// Duplicates are nil when there was no room to compare all rows; never a smaller number. Of JSON
/// lines without declared columns the profile has those of the first MiB; of a dataset with more
/// than 500 columns there is none.
@concurrent
package func profile(
    _ manifest: DatasetManifest, root: String, options: ProfileOptions = ProfileOptions()
) async throws(ValidationError) -> (report: ValidationReport, profile: DatasetProfile?) {
    let found = try await examine(manifest, root: root, options: options)
    return (found.report, found.profile)
}

/// As above, with everything that the checks are decided from.
@concurrent
package func examine(
    _ manifest: DatasetManifest, root: String, options: ProfileOptions
) async throws(ValidationError) -> Examination {
    let found = try await read(
        manifest, root: root, options: options.validation,
        sink: ExaminationSinks.make(manifest, options))
    let duplicates = found.sink.second.first.flatMap { duplicateCounts($0) }
    let statistics = found.sink.first.finish(rows: found.report.rows)
    var measurements = found.measurements
    if let tallies = found.sink.second.second { measurements.found += tallies.measurements }
    return Examination(
        report: found.report,
        profile: statistics.map { DatasetProfile($0, duplicates: duplicates) },
        measurements: measurements)
}

/// What hears the records beside the checks; what is not asked for is nil and costs nothing.
private enum ExaminationSinks {
    typealias Sinks = PairSink<ProfileSink, PairSink<DuplicateSink?, PrivateDataSink?>>

    static func make(_ manifest: DatasetManifest, _ options: ProfileOptions) -> Sinks {
        let settings = ProfileSink.Settings(
            label: options.label, privateColumns: options.privateColumns)
        return PairSink(
            ProfileSink(settings),
            PairSink(duplicates(manifest, options), PrivateDataSink.of(manifest)))
    }

    private static func duplicates(
        _ manifest: DatasetManifest, _ options: ProfileOptions
    ) -> DuplicateSink? {
        guard options.countsDuplicates(of: manifest) else { return nil }
        return DuplicateSink(
            DuplicateTable(
                bytesMax: options.duplicatesBytesMax, folder: options.spillFolder))
    }
}

/// nil: they could not be counted.
private func duplicateCounts(_ sink: DuplicateSink) -> DuplicateCounts? {
    var sink = sink
    // Because a number that is not known is left out, and all else in the profile stands.
    guard let found = try? sink.finish() else { return nil }
    return DuplicateCounts(
        rows: found.rows, distinct: found.rows - found.surplus, groups: found.groups,
        involved: found.involved)
}
