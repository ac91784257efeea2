import Domain
import Provenance
import Validation

/// What the checks of a candidate's data warn of, a line each, wherever people look: in the run's
/// events, on the review sheet, in the status.
struct DataWarnings: Sendable {
    private static let mark = "warning: "
    private static let linesMax = 30

    private let found: [(dataset: DatasetName, lines: [String])]

    init(_ reports: [ValidationReport]) {
        found = reports.map { ($0.dataset, $0.warnings) }.filter { !$0.1.isEmpty }
            .map { (dataset: $0.0, lines: $0.1) }
    }

    var isEmpty: Bool { found.isEmpty }

    // MARK: In a run's events

    /// The event that no step reports: `{"data":{"dataset":…,"warnings":[…]}}`.
    private struct Told: Encodable {
        struct Warnings: Encodable {
            var dataset: DatasetName
            var warnings: [String]
        }

        var data: Warnings
    }

    var events: [JSONValue] {
        get throws {
            try found.map { found in
                let told = Told(
                    data: .init(dataset: found.dataset, warnings: Self.bounded(found.lines)))
                return try decodeJSON(JSONValue.self, canonicalJSON(told))
            }
        }
    }

    static func isOne(_ event: JSONValue) -> Bool {
        if case .object(let keys) = event { keys["data"] != nil } else { false }
    }

    // MARK: In a decision

    /// Beside how the datasets moved; nil where there is neither.
    func added(to moved: [DataDrift]?) -> [DataDrift]? {
        guard !isEmpty else { return moved }
        var told = moved ?? []
        for (dataset, lines) in found {
            let summary =
                "passed with \(lines.count) warning\(lines.count == 1 ? "" : "s")"
            let findings = Self.bounded(lines).map { Self.mark + $0 }
            if let index = told.firstIndex(where: { $0.dataset == dataset }) {
                told[index].summary += "; \(summary)"
                told[index].findings = findings + told[index].findings
            } else {
                told.append(DataDrift(dataset: dataset, summary: summary, findings: findings))
            }
        }
        return told.sorted { $0.dataset < $1.dataset }
    }

    /// What a decision says that the data's checks warn of.
    static func diagnostics(in told: [DataDrift]) -> [Diagnostic] {
        told.flatMap { data in
            data.findings.filter { $0.hasPrefix(mark) }.map { line in
                Diagnostic(
                    .warning, at: Place(file: "dataset \(data.dataset)"),
                    String(line.dropFirst(mark.count)))
            }
        }
    }

    private static func bounded(_ lines: [String]) -> [String] {
        guard lines.count > linesMax else { return lines }
        return lines.prefix(linesMax) + ["and \(lines.count - linesMax) more"]
    }
}
