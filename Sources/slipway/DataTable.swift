import Domain
import Validation

/// What is wrong with the data of some datasets, as a table: the worst first.
struct DataTable {
    private struct Row {
        var severity: Violation.Severity
        var cells: [String]
    }

    private var rows: [Row] = []
    private let placesMax = 3
    private let valueMax = 24

    /// Adds what is wrong with a dataset, and what is tolerated there.
    mutating func add(_ report: ValidationReport, of manifest: DatasetManifest) {
        rows += report.violations.map(row)
        rows += report.outcomes.compactMap { row($0, manifest) }
    }

    /// Empty: nothing is wrong.
    var text: String {
        guard !rows.isEmpty else { return "" }
        var table = Table(
            "SEVERITY", "CHECK", "COLUMN", "COUNT", "SHARE", "WHERE", "VALUE", "WHAT")
        for severity in Violation.Severity.allCases {
            for row in rows where row.severity == severity {
                let cells = row.cells.map { oneLine($0, charactersMax: 400) }
                table.add(
                    severity.rawValue, cells[0], cells[1], cells[2], cells[3], cells[4], cells[5],
                    cells[6])
            }
        }
        return table.text
    }

    private func row(_ violation: Violation) -> Row {
        let first = violation.occurrences.first
        // Because what a file was found to be is said in the sentence.
        let value = violation.of == nil || first?.value == "" ? nil : first?.value
        return Row(
            severity: violation.severity,
            cells: [
                violation.rule.rawValue, violation.column ?? "–", String(violation.total),
                violation.share.map(percentText) ?? "–",
                places(violation.occurrences, of: violation.total) ?? "–",
                value.map { cut($0) } ?? "–",
                (first?.message ?? "") + " (\(violation.hint))",
            ])
    }

    private func row(_ outcome: CheckOutcome, _ manifest: DatasetManifest) -> Row? {
        guard let severity = outcome.severity, let said = outcome.diagnostic(in: manifest) else {
            return nil
        }
        let isShare = DataCheck.Name(rawValue: outcome.check)?.isOfShare ?? false
        return Row(
            severity: severity == .fail ? .fail : .warn,
            cells: [
                outcome.check, outcome.column ?? "–",
                (outcome.details["surplus"] ?? outcome.details["count"]).map { String(Int($0)) }
                    ?? "–",
                isShare ? outcome.value.map(percentText) ?? "–" : "–",
                places(outcome.places ?? [], of: Int(outcome.details["count"] ?? 0))
                    ?? "\(said.place)",
                isShare ? "–" : outcome.valueText ?? "–",
                "\(outcome.fact) (\(outcome.hint))",
            ])
    }

    /// `data/a.csv:3:1, 9:1, data/b.csv:2:1 …`; nil: there are none.
    private func places(_ occurrences: [Violation.Occurrence], of total: Int) -> String? {
        guard !occurrences.isEmpty else { return nil }
        var file = ""
        let shown = occurrences.prefix(placesMax).map { occurrence in
            let place = occurrence.place
            defer { file = place.file }
            guard place.file == file, let line = place.line else { return place.description }
            return place.column.map { "\(line):\($0)" } ?? "\(line)"
        }
        let more = total > shown.count ? " …" : ""
        return shown.joined(separator: ", ") + more
    }

    private func cut(_ value: String) -> String {
        value.count > valueMax ? "\(value.prefix(valueMax - 1))…" : value
    }
}

extension DataCheck.Name {
    /// Whether its value is a share of cells or rows.
    fileprivate var isOfShare: Bool {
        switch self {
        case .missingRatio, .almostConstant, .outliersTukey, .outliersRobustZ, .outliersZ,
            .outliersRare, .labelMissing, .labelNoise, .privateData, .nearDuplicates,
            .conflictingLabels,
            .duplicateRows, .splitOverlap, .keyOverlap, .timeLeakage, .mixedTypes,
            .encodingDamage, .rowCountChange, .byteCountChange, .missingChange, .newCategory,
            .datasetDrift:
            true
        default: false
        }
    }
}
