import Domain
import Provenance
import Validation

/// What the checks of a candidate's data warn of, a line each, wherever people look: in the run's
/// events, on the review sheet, in the status.
struct DataWarnings: Sendable {
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

    /// For people who decide; nil: nothing is warned of.
    var notices: [DataNotice]? {
        isEmpty
            ? nil
            : found.map { dataset, lines in
                DataNotice(
                    dataset: dataset, count: lines.count,
                    lines: Array(lines.prefix(Self.linesMax)))
            }
    }

    /// What a decision says that the data's checks warn of.
    static func diagnostics(in judgement: Judgement) -> [Diagnostic] {
        let old = DataNotice.parting(judgement.drift ?? []).notices
        return ((judgement.data ?? []) + old).flatMap { notice in
            notice.lines.map { line in
                Diagnostic(.warning, at: Place(file: "dataset \(notice.dataset)"), line)
            }
        }
    }

    private static func bounded(_ lines: [String]) -> [String] {
        guard lines.count > linesMax else { return lines }
        return lines.prefix(linesMax) + ["and \(lines.count - linesMax) more"]
    }
}
