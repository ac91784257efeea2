import Domain
import Host

@testable import Validation

/// What reading a dataset gave, as bytes and values that can be compared.
struct Seen: Equatable {
    var report: ValidationReport
    var profile: [UInt8]
    var measurements: Measurements
    var duplicates: DuplicateRows?
}

/// A dataset of many files, and a place to keep what they were found to be.
final class PartDesk {
    let folder: Folder
    let kept: String
    var manifest: DatasetManifest
    private let limits: StatisticsLimits?

    init(_ manifest: DatasetManifest, in folder: Folder, limits: StatisticsLimits?) {
        self.folder = folder
        self.manifest = manifest
        self.limits = limits
        kept = "\(folder.path)/kept"
    }

    func store(bytesMax: Int = 1 << 30) throws -> PartStore {
        guard let store = PartStore(folder: kept, bytesMax: bytesMax) else {
            throw HostError.file(operation: "name", path: "/proc/self/exe", number: 2)
        }
        return store
    }

    /// - Parameter files: which of the manifest's are there; nil: all of them.
    func see(
        _ files: [Int]? = nil, workers: Int = 1, chunk: Int = 1 << 20, keyBytes: Int = 32 << 20,
        parts: PartStore? = nil, progress: ReadingProgress? = nil
    ) async throws -> Seen {
        var manifest = manifest
        if let files { manifest.files = files.map { self.manifest.files[$0] } }
        var options = ValidationOptions(
            chunkBytes: chunk, workersMax: workers, keyBytesMax: keyBytes,
            spillFolder: folder.path)
        options.parts = parts
        options.progress = progress
        let settings = ProfileSink.Settings(label: manifest.label, limits: limits)
        let found = try await read(
            manifest, root: folder.path, options: options, countsDuplicates: true,
            sink: PairSink(ProfileSink(settings), TallySinks(manifest)))
        var measurements = found.measurements
        measurements.found += found.sink.second.measurements
        let statistics = found.sink.first.finish(rows: found.report.rows)
        return Seen(
            report: found.report,
            profile: statistics.map { DatasetProfile($0).canonicalJSON } ?? [],
            measurements: measurements, duplicates: found.duplicates)
    }

    /// Which of the files were read, and which were known.
    func count(_ parts: PartStore) async throws -> (read: Int, known: Int, seen: Seen) {
        let progress = ReadingProgress(bytesTotal: 0)
        let seen = try await see(workers: 2, parts: parts, progress: progress)
        return (progress.filesRead, progress.filesKnown, seen)
    }
}

/// Splits rows at random into files, some of them without any.
func randomParts(
    _ rows: [String], head: String, _ name: (Int) -> String, in folder: Folder,
    _ random: inout SeededRandom
) throws -> [DatasetFile] {
    let count = 2 + random.below(7)
    let cuts = (1..<count).map { _ in random.below(rows.count) }.sorted()
    let edges = [0] + cuts + [rows.count]
    return try (0..<count).map { part in
        let body = rows[edges[part]..<edges[part + 1]].joined()
        return try folder.add(name(part), head + body)
    }
}
