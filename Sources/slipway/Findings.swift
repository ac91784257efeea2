import Domain
import Evaluation
import FoundationEssentials
import Planning
import Validation

/// What a check found; its JSON is what `--json` prints.
struct Findings: Codable, Sendable {
    var diagnostics: [Diagnostic]
    var models: Int
    var datasets: Int
    /// Rows of the data that was read.
    var rows = 0

    init(_ plan: RepositoryPlan) {
        let rules = plan.models.values.sorted { $0.declaration.name < $1.declaration.name }
            .flatMap { planned in
                Evaluation.diagnostics(
                    for: planned.declaration.promotion, evaluation: planned.declaration.evaluation)
            }
        diagnostics = plan.allDiagnostics + rules
        models = plan.modelNames.count
        datasets = plan.datasets.count
    }

    /// Validates one dataset and adds what is wrong with it.
    mutating func check(_ manifest: DatasetManifest, root: String) async throws {
        do throws(ValidationError) {
            let report = try await Validation.validate(manifest, root: root)
            diagnostics += report.diagnostics
            rows += report.rows
        } catch {
            let failure = error.failure
            diagnostics.append(
                Diagnostic(at: Place(file: manifest.path), failure.what, hint: failure.hint))
        }
    }

    /// Adds each data file that is declared and not there, without reading any.
    mutating func requireFiles(_ plan: RepositoryPlan, _ isThere: (String) -> Bool) {
        for (_, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            for file in manifest.files where !isThere(file.path) {
                diagnostics.append(
                    Diagnostic(
                        at: file.digestPlace, "`\(file.path)` is not there",
                        hint: "add the file, or take it out of `files`"))
            }
        }
    }

    var errors: Int { diagnostics.count { $0.severity == .error } }

    var summary: String {
        let warnings = diagnostics.count - errors
        let looked = "\(count(models, "model")), \(count(datasets, "dataset"))"
        let read = rows == 0 ? looked : "\(looked), \(count(rows, "row"))"
        let found = warnings == 0 ? "" : ", \(count(warnings, "warning"))"
        return errors == 0
            ? "ok: \(read)\(found)" : "\(count(errors, "error"))\(found) in \(read)"
    }
}

/// One line of JSON with sorted keys, as the API writes it.
func compactJSON(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
}
