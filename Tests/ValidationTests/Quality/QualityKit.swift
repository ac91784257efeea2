import Domain

@testable import Validation

/// What the checks of a dataset come to, with nothing to compare with.
func outcomes(
    _ folder: Folder, _ texts: [String], _ columns: [ColumnDeclaration] = [], _ checks: [DataCheck],
    chunk: Int = 1 << 20, workers: Int = 2, format: DatasetManifest.Format = .csv
) async throws -> [CheckOutcome] {
    let files = try texts.enumerated().map { try folder.add("\($0).data", $1) }
    var manifest = manifest(files, columns, format: format)
    manifest.checks.named = checks
    let options = ValidationOptions(chunkBytes: chunk, workersMax: workers)
    let found = try await examine(
        manifest, root: folder.path, options: manifest.profileOptions(validation: options))
    return found.judged(by: manifest, against: .none("first")).outcomes
}

/// A line for each outcome.
func lines(_ outcomes: [CheckOutcome]) -> [String] {
    outcomes.map { "\($0.column ?? "-") \($0.verdict.rawValue): \($0.sentence)" }
}
