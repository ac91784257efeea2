package import Domain

/// How a dataset is profiled.
package struct ProfileOptions: Sendable {
    /// How its files are read.
    package var validation: ValidationOptions
    /// The column that is to be predicted; nil: there is none.
    package var label: String?
    /// Columns of which no text is kept, hashes alone.
    package var privateColumns: Set<String>
    /// Equal rows are counted: 24 bytes of each row go to the spill folder.
    package var countsDuplicates: Bool

    package init(
        validation: ValidationOptions = ValidationOptions(), label: String? = nil,
        privateColumns: Set<String> = [], countsDuplicates: Bool = true
    ) {
        self.validation = validation
        self.label = label
        self.privateColumns = privateColumns
        self.countsDuplicates = countsDuplicates
    }
}

/// Checks a dataset and profiles it, reading each file once.
///
/// Duplicates are nil when they were not to be counted. Of JSON lines without declared columns the
/// profile has those of the first MiB; of a dataset with more than 500 columns there is none.
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
    let settings = ProfileSink.Settings(
        label: options.label, privateColumns: options.privateColumns,
        exactColumns: manifest.exactColumns, workersMax: options.validation.workersMax)
    let sinks = PairSink(ProfileSink(settings), TallySinks(manifest))
    let found = try await read(
        manifest, root: root, options: options.validation,
        countsDuplicates: options.countsDuplicates, sink: sinks)
    let duplicates = found.duplicates.map { found in
        DuplicateCounts(
            rows: found.rows, distinct: found.rows - found.surplus, groups: found.groups,
            involved: found.involved)
    }
    var measurements = found.measurements
    measurements.found += found.sink.second.measurements
    var profile: DatasetProfile?
    if let statistics = found.sink.first.finish(rows: found.report.rows) {
        let made = await DatasetProfile.make(statistics, duplicates: duplicates)
        measurements.found += statistics.measurements(for: manifest.checks.named, made)
        profile = made.described(by: manifest, found.report.files)
    }
    return Examination(report: found.report, profile: profile, measurements: measurements)
}
