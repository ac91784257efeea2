import Domain
import Evaluation
import FoundationEssentials
import Host
import Planning
import Validation

/// What a check found; its JSON is what `--json` prints.
struct Findings: Codable, Sendable {
    var diagnostics: [Diagnostic]
    var models: Int
    var datasets: Int
    /// Rows of the data that was read.
    var rows = 0
    /// Files of datasets that are kept elsewhere and are not in the folder.
    var notRead: [KeptElsewhere] = []

    /// A file, or a folder of DVC, and where its bytes are.
    struct KeptElsewhere: Codable, Sendable {
        var path: String
        var url: String
    }

    init(_ plan: RepositoryPlan) {
        let rules = plan.models.values.sorted { $0.declaration.name < $1.declaration.name }
            .flatMap { planned in
                Evaluation.diagnostics(
                    for: planned.declaration.promotion, evaluation: planned.declaration.evaluation)
            }
        diagnostics = plan.allDiagnostics + rules + (ZoneDatabase()?.problems(of: plan) ?? [])
        models = plan.modelNames.count
        datasets = plan.datasets.count
    }

    /// Validates what is there of one dataset and adds what is wrong with it.
    ///
    /// What is kept elsewhere and is not in the folder is counted, not read; then nothing can be
    /// said of the dataset as a whole.
    mutating func check(_ manifest: DatasetManifest, root: String) async throws {
        var there = manifest
        there.files.removeAll { $0.url != nil && !exists("\(root)/\($0.path)") }
        if there.files.count < manifest.files.count {
            let kept = manifest.files.filter { !there.files.contains($0) }
            notRead += kept.map { KeptElsewhere(path: $0.path, url: $0.url ?? "") }
            there.checks.rowCountMin = 0
            there.checks.rowCountMax = nil
            there.checks.missingShareMax = nil
        }
        // Because of what is not pinned yet the plan says so, and a push of it must be possible.
        guard !there.files.isEmpty else { return }
        do throws(ValidationError) {
            let report = try await Validation.validate(there, root: root)
            diagnostics += report.diagnostics
            rows += report.rows
        } catch {
            let failure = error.failure
            diagnostics.append(
                Diagnostic(at: Place(file: manifest.path), failure.what, hint: failure.hint))
        }
    }

    /// Adds each data file that is declared and not there, without reading any; what is kept
    /// elsewhere need not be there.
    mutating func requireFiles(_ plan: RepositoryPlan, _ isThere: (String) -> Bool) {
        for (_, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            for file in manifest.files
            where file.url == nil && file.pin == nil && !isThere(file.path) {
                diagnostics.append(
                    Diagnostic(
                        at: file.digestPlace, "`\(file.path)` is not there",
                        hint: "add the file, or take it out of `files`"))
            }
        }
    }

    /// One line for each file that was not read; of many, the first ones.
    var notReadLines: [String] {
        let shown = notRead.prefix(notRead.count > 6 ? 5 : 6).map {
            "not read: \(oneLine($0.path)) is kept at \(oneLine($0.url))"
        }
        let more = notRead.count - shown.count
        return shown + (more > 0 ? ["not read: \(more) more files that are kept elsewhere"] : [])
    }

    var errors: Int { diagnostics.count { $0.severity == .error } }

    var summary: String {
        let warnings = diagnostics.count - errors
        let looked = "\(count(models, "model")), \(count(datasets, "dataset"))"
        let read = rows == 0 ? looked : "\(looked), \(count(rows, "row"))"
        let left = notRead.isEmpty ? "" : ", \(count(notRead.count, "file")) not read"
        let found = warnings == 0 ? "" : ", \(count(warnings, "warning"))"
        return errors == 0
            ? "ok: \(read)\(left)\(found)"
            : "\(count(errors, "error"))\(found) in \(read)\(left)"
    }
}

/// One line of JSON with sorted keys, as the API writes it.
func compactJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
}
