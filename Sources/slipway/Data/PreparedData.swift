import Domain
import Host
import Synchronization
import Validation

/// A dataset as it was found, with what its named checks came to.
struct CheckedData: Sendable {
    var report: ValidationReport
    /// nil: it has too many columns.
    var profile: DatasetProfile?
    /// What was not carried out, and why.
    var notes: [String]
}

/// Datasets that a command prepares, in a folder that goes with it.
final class PreparedData: Sendable {
    private struct State {
        var folder: String?
        var reports: [DatasetName: PreparationReport] = [:]
    }

    private let state = Mutex(State())

    deinit {
        guard let folder = state.withLock({ $0.folder }) else { return }
        // Because nobody can be told any more, and the folder is below the temporary one.
        try? removeTree(folder)
    }

    /// Where the files are; nil: nothing was prepared.
    var folder: String? { state.withLock { $0.folder } }

    /// What a dataset was made of, what it is made of first; nil: nothing was prepared.
    func lineage(of manifest: DatasetManifest) -> [PreparationReport]? {
        let chain = manifest.preparedChain
        guard !chain.isEmpty else { return nil }
        return state.withLock { state in chain.compactMap { state.reports[$0.name] } }
    }

    /// As `lay`, for a command that can do nothing without the rows.
    func require(_ manifest: DatasetManifest, root: String) async throws -> PreparationReport {
        do {
            return try await lay(manifest, root: root)
        } catch let error as PreparationError {
            throw Stop(.wrong, error.failure)
        }
    }

    /// Prepares a dataset, and before it what it is prepared from, each once.
    func lay(_ manifest: DatasetManifest, root: String) async throws -> PreparationReport {
        let folder = try ownFolder()
        var last: PreparationReport?
        for made in manifest.preparedChain {
            if let known = state.withLock({ $0.reports[made.name] }) {
                last = known
                continue
            }
            let path = "\(folder)/\(made.files[0].folder ?? made.files[0].path)"
            try makeFolder(parentFolder(path))
            // Because of one that failed a part may be there.
            try removeTree(path)
            var options = ValidationOptions(spillFolder: folder)
            options.preparedRoot = folder
            let report = try await Validation.prepare(
                made, root: root, to: path,
                options: PreparationOptions(
                    validation: options, environments: Self.environments))
            state.withLock { $0.reports[made.name] = report }
            last = report
        }
        guard let last else { preconditionFailure("`\(manifest.name)` is not prepared") }
        return last
    }

    /// The content of any dataset.
    ///
    /// - Parameters:
    ///   - datasets: those that it may be compared with; with one whose rows are not here, or
    ///     cannot be prepared, it is not.
    ///   - seeksPrivate: whether cells are looked at for private data.
    func content(
        of manifest: DatasetManifest, root: String, rowsMax: Int = 4_000_000,
        comparing columns: ComparedColumns? = nil,
        among datasets: [DatasetName: DatasetManifest] = [:], seeksPrivate: Bool = false
    ) async throws -> DatasetContent {
        let read = try await reading(manifest, root, datasets) { there, options in
            try await readContent(
                of: there, root: root, rowsMax: rowsMax, comparing: columns,
                seeksPrivate: seeksPrivate, options: options)
        }
        var content = read.found
        content.notCompared = read.absent
        return content
    }

    /// A dataset with what its named checks come to, but for those that need another version.
    ///
    /// - Parameters:
    ///   - datasets: as for `content`.
    ///   - moment: the time of the last commit; nil: there is none.
    func checked(
        _ manifest: DatasetManifest, root: String, among datasets: [DatasetName: DatasetManifest],
        at moment: Instant?
    ) async throws -> CheckedData {
        let own = manifest.withoutBaselines
        let (found, absent) = try await reading(own, root, datasets) { there, options in
            let counts = there.checks.named.contains { $0.name == .duplicateRows }
            let examined = try await Validation.examine(
                there, root: root,
                options: there.profileOptions(countsDuplicates: counts, validation: options))
            let report = examined.judged(
                by: there, against: .none("no other version is read here"), at: moment)
            return (report: report, profile: examined.profile)
        }
        return CheckedData(
            report: found.report, profile: found.profile,
            notes: manifest.notes(notComparedWith: Set(absent))
                + manifest.notes(on: found.report))
    }

    /// Reads a dataset, prepared before if it is to be, and held against those that are there.
    private func reading<Found: Sendable>(
        _ manifest: DatasetManifest, _ root: String, _ datasets: [DatasetName: DatasetManifest],
        _ read: @Sendable (DatasetManifest, ValidationOptions) async throws -> Found
    ) async throws -> (found: Found, absent: [DatasetName]) {
        let line = ReadingLine([manifest.rawManifest], root: root)
        return try await line.around { [self] in
            if manifest.preparation != nil { _ = try await require(manifest, root: root) }
            let named = manifest.rowNeighbours
            let others = try await neighbours(named, datasets, root)
            let absent = named.subtracting(others.keys)
            var options = ValidationOptions(datasets: others)
            options.preparedRoot = folder
            options.progress = line.progress
            return (try await read(manifest.apart(from: absent), options), absent.sorted())
        }
    }

    /// The datasets that are there; the rows of those that are prepared are made.
    private func neighbours(
        _ names: Set<DatasetName>, _ datasets: [DatasetName: DatasetManifest], _ root: String
    ) async throws -> [DatasetName: DatasetManifest] {
        var found: [DatasetName: DatasetManifest] = [:]
        for name in names.sorted() {
            guard let other = datasets[name], other.isThere(in: root) else { continue }
            if other.preparation != nil {
                do {
                    _ = try await lay(other, root: root)
                } catch is PreparationError {
                    continue
                }
            }
            found[name] = other
        }
        return found
    }

    /// Where Python environments are kept that preparing needs; nil: they go with the command.
    private static var environments: String? {
        cacheFolder.map { "\($0)/slipway/environments" }
    }

    private func ownFolder() throws -> String {
        if let folder { return folder }
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let made = try temporaryFolder(in: parent, prefix: "slipway-prepared")
        state.withLock { $0.folder = made }
        return made
    }
}

extension DatasetManifest {
    /// What is said of named checks that were not carried out.
    fileprivate func notes(on report: ValidationReport) -> [String] {
        var left: [String] = []
        for check in baselineChecks.map(\.name.rawValue) where !left.contains(check) {
            left.append(check)
        }
        let versions = "checks that compare versions are those of `slipway check`"
        let alone = report.outcomes.filter { $0.verdict == .notCompared }
        return
            (left.isEmpty
            ? [] : ["note: \(left.joined(separator: ", ")) not carried out: \(versions)"])
            + alone.map { "note: \($0.title) not carried out: \($0.sentence)" }
    }

    /// The other datasets that its rows are held against.
    fileprivate var rowNeighbours: Set<DatasetName> {
        let named = keys.foreign.compactMap(\.dataset) + checks.named.compactMap(\.dataset)
        return Set(named).subtracting([name])
    }
}
