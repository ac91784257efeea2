import Domain
import Planning
import Validation

extension ColumnProfile {
    /// What stands behind a column in a manifest that is written: extremes, how many values are
    /// different, the values where they are few, what is missing; of a private column counts.
    var remark: String {
        var parts: [String] = []
        if let leastText, let greatestText, !isPrivate {
            parts.append("\(leastText) to \(greatestText)")
        }
        let error = distinct.standardError
        let spread = error > 0 ? " ±\(short(error * 100)) %" : ""
        parts.append("\(distinct.count)\(spread) different")
        if kind == .text, !isPrivate, values.isComplete, (1...6).contains(values.items.count) {
            parts.append(
                values.items.map { oneLine($0.text ?? "", charactersMax: 20) }
                    .joined(separator: ", "))
        }
        if missing > 0 { parts.append("\(missing) missing") }
        return parts.joined(separator: "; ")
    }
}

/// The first line of a manifest that is written.
///
/// - Parameter areTyped: every row has the types that the manifest says.
func rowsRemark(_ rows: Int, areTyped: Bool) -> String {
    count(rows, "row") + (areTyped ? "; the types hold for every one of them." : ".")
}

extension ValidationReport {
    /// Whether every row was read whole, and has the declared types.
    var typesHold: Bool { violations.allSatisfy { $0.rule.leavesTypes } }
}

extension Rule {
    /// Whether rows have their types all the same where it is broken.
    fileprivate var leavesTypes: Bool {
        switch self {
        case .unpinned, .repeatedFile, .digest, .byteCount, .rows, .rowCount, .blankRow,
            .tooManyColumns, .columnCount, .missingColumn, .extraColumn, .columnOrder, .required,
            .range, .length, .values, .pattern, .format, .unique, .primaryKey, .foreignKey,
            .rowRule, .sorted, .missingShare:
            true
        case .preparation, .missingFile, .outsideRoot, .notAFile, .emptyFile, .changedFile,
            .compression, .notText, .encoding, .nulByte, .unbalancedQuote, .strayQuote,
            .strayCarriageReturn, .recordSize, .json, .parquet, .arrow, .image, .raggedRow,
            .blankHeader, .duplicateColumn, .type:
            false
        }
    }
}

/// The text of a manifest with the remarks that `dataset init` writes as they are now; those that
/// people wrote, or changed, stay.
func withRemarks(
    _ text: String, of profile: DatasetProfile?, _ report: ValidationReport
) -> String {
    let named = (profile?.columns ?? []).map { (yamlScalar($0.name), $0) }
    let columns = Dictionary(named, uniquingKeysWith: { first, _ in first })
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        line -> String in
        if isRowsRemark(line) {
            return "# \(rowsRemark(report.rows, areTyped: report.typesHold))"
        }
        guard let end = line.firstRange(of: "}  # "), isRemark(line[end.upperBound...]),
            let column = columnNames(line[..<end.upperBound]).compactMap({ columns[$0] }).first
        else { return String(line) }
        return String(line[..<end.upperBound]) + oneLine(column.remark, charactersMax: 120)
    }
    return lines.joined(separator: "\n")
}

private func isRowsRemark(_ line: Substring) -> Bool {
    let number = line.dropFirst(2).prefix { $0.isASCII && $0.isNumber }
    guard let rows = Int(number) else { return false }
    return [true, false].contains { line == "# \(rowsRemark(rows, areTyped: $0))" }
}

/// Whether a remark has the number of different values as one of its parts, as only `init` says it.
private func isRemark(_ remark: Substring) -> Bool {
    remark.split(separator: "; ").prefix(2).contains { part in
        part.hasSuffix(" different") && part.first?.isNumber == true
            || part.hasPrefix("about ") && part.hasSuffix(" different")
    }
}

/// What may be the name in a line `  - {name: …, type: …}  # `, as it is written; a classification
/// may stand between the two.
private func columnNames(_ line: Substring) -> [String] {
    let start = "  - {name: "
    guard line.hasPrefix(start) else { return [] }
    let rest = line.dropFirst(start.count)
    return [", type: ", ", classification: "].compactMap { key in
        rest.firstRange(of: key).map { String(rest[..<$0.lowerBound]) }
    }
}
