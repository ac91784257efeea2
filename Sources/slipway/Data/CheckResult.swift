import Domain
import Validation

/// One thing that a check found or did not find, as code hosts and CI systems want it.
struct CheckResult: Sendable {
    enum State: Sendable { case passed, warning, error }

    /// As in reports: `required`, `psi`; `declaration` for what is wrong in a YAML file.
    var rule: String
    /// The dataset; nil: it is about the repository.
    var dataset: DatasetName?
    var column: String?
    /// What tells it from others of its rule and column; nil: it is the only one.
    var part: String?
    var state: State
    var place: Place?
    var message: String
    var hint: String?
}

extension Findings {
    /// Everything that was checked, in the order of the report.
    var results: [CheckResult] {
        var results = outsideTable.map { diagnostic in
            CheckResult(
                rule: "declaration", state: diagnostic.severity == .error ? .error : .warning,
                place: diagnostic.place, message: diagnostic.message, hint: diagnostic.hint)
        }
        for report in data { results += self.results(report) }
        return results
    }

    private func results(_ report: ValidationReport) -> [CheckResult] {
        var results: [CheckResult] = []
        for violation in report.violations {
            for diagnostic in violation.diagnostics {
                results.append(
                    CheckResult(
                        rule: violation.rule.rawValue, dataset: report.dataset,
                        column: violation.column,
                        state: diagnostic.severity == .error ? .error : .warning,
                        place: diagnostic.place, message: diagnostic.message,
                        hint: diagnostic.hint))
            }
        }
        let manifest = manifest(of: report.dataset)
        let named = manifest?.checks.named ?? []
        let numbers = Dictionary(grouping: report.outcomes) { [$0.check, $0.column] }
            .mapValues { Set($0.map(\.number)) }
        for outcome in report.outcomes {
            let found = manifest.flatMap { outcome.diagnostic(in: $0) }
            let isOneOfSeveral = numbers[[outcome.check, outcome.column]]?.count ?? 0 > 1
            var parts = [outcome.kind?.rawValue].compactMap(\.self)
            if isOneOfSeveral, named.indices.contains(outcome.number) {
                let place = named[outcome.number].place
                parts.append("\(place.line ?? 0):\(place.column ?? 0)")
            }
            let state: CheckResult.State =
                switch outcome.severity {
                case .fail?: .error
                case .warn?: .warning
                case nil: .passed
                }
            results.append(
                CheckResult(
                    rule: outcome.check, dataset: report.dataset, column: outcome.column,
                    part: parts.isEmpty ? nil : parts.joined(separator: ", "), state: state,
                    place: found?.place, message: outcome.sentence,
                    hint: found?.hint))
            guard let found else { continue }
            for worst in (outcome.places ?? []).prefix(Violation.occurrencesMax) {
                results.append(
                    CheckResult(
                        rule: outcome.check, dataset: report.dataset, column: outcome.column,
                        part: "\(worst.place)", state: state, place: worst.place,
                        message: worst.message, hint: found.hint))
            }
        }
        if results.isEmpty {
            results.append(
                CheckResult(
                    rule: "data", dataset: report.dataset, state: .passed,
                    message: "\(count(report.rows, "row")), as declared"))
        }
        return results
    }
}
