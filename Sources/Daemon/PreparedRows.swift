import Domain
import Provenance
import Validation

/// How the datasets of a run were prepared, each preparation once, what others are made of first.
struct PreparedRows: Sendable {
    private static let key = "prepared"

    let lineage: [DataLineage]

    init(_ reports: [ValidationReport]) {
        var found: [DataLineage] = []
        for made in reports.flatMap({ $0.lineage ?? [] }).map(\.remembered)
        where !found.contains(made) {
            found.append(made)
        }
        lineage = found
    }

    /// For a run's events, beside those of its steps: `{"prepared":{"dataset":…,"rows":…,…}}`.
    var events: [JSONValue] {
        get throws {
            try lineage.map { try decodeJSON(JSONValue.self, canonicalJSON([Self.key: $0])) }
        }
    }

    static func isOne(_ event: JSONValue) -> Bool {
        if case .object(let keys) = event { keys[key] != nil } else { false }
    }
}
