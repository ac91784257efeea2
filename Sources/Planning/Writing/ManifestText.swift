package import Domain

/// A column of a manifest that is being written, with a remark about what its cells are.
package struct WrittenColumn: Hashable, Sendable {
    package var name: String
    package var type: ColumnDeclaration.Kind
    package var isRequired: Bool
    /// One line; empty: there is nothing to say.
    package var remark: String

    package init(
        name: String, type: ColumnDeclaration.Kind, isRequired: Bool, remark: String = ""
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.remark = remark
    }
}

/// Returns the text of a new `datasets/<name>.yaml`.
///
/// It declares what holds for the data as it is and is easily read: types, which columns have no
/// missing cell, how many rows there are, and how the files are written if not as usual. What the
/// data should be beyond that only people know.
package func manifestText(
    files: [(path: String, url: String?, sha256: Digest, rows: Int)],
    format: DatasetManifest.Format, dialect: TableDialect = TableDialect(),
    columns: [WrittenColumn], label: String?, missingWords: [String], remark: String
) -> String {
    var lines = remark.split(separator: "\n").map { "# \(oneLine(String($0)))" }
    lines.append("files:")
    for file in files {
        // As people write a folder.
        let path = file.path.hasSuffix("/**") ? String(file.path.dropLast(2)) : file.path
        lines.append("  - path: \(yamlScalar(path))")
        if let url = file.url { lines.append("    url: \(yamlScalar(url))") }
        lines.append("    sha256: \(file.sha256)")
        lines.append("    rows: \(file.rows)")
    }
    lines.append("format: \(format.rawValue)")
    let usual = files.first.map { isTabbed($0.path) } == true ? "\t" : ","
    var said: [String] = []
    if dialect.delimiter != usual { said.append("delimiter: \(yamlScalar(dialect.delimiter))") }
    if dialect.encoding != .utf8 { said.append("encoding: \(dialect.encoding.rawValue)") }
    if !said.isEmpty { lines.append("dialect: {\(said.joined(separator: ", "))}") }
    if let label { lines.append("label: \(yamlScalar(label))") }
    if !columns.isEmpty { lines.append("columns:") }
    for column in columns {
        var line = "  - {name: \(yamlScalar(column.name)), type: \(column.type.rawValue)"
        if column.isRequired { line += ", required: true" }
        line += "}"
        if !column.remark.isEmpty { line += "  # \(oneLine(column.remark, charactersMax: 120))" }
        lines.append(line)
    }
    let words = missingWords.map { yamlScalar($0) }.joined(separator: ", ")
    if !missingWords.isEmpty { lines += ["checks:", "  missing_values: [\(words)]"] }
    return lines.joined(separator: "\n") + "\n"
}

/// A text as YAML 1.2 and 1.1 both read it: plain where it cannot be taken for anything else,
/// otherwise in double quotes.
package func yamlScalar(_ text: String) -> String {
    let isPlain =
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    let first = text.utf8.first ?? 0
    let startsWithLetter = first | 0x20 >= UInt8(ascii: "a") && first | 0x20 <= UInt8(ascii: "z")
    if isPlain, startsWithLetter, !yamlWords.contains(text.lowercased()) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\t": quoted += "\\t"
        default:
            if scalar.isUnprintable {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
    }
    return quoted + "\""
}

/// What some reader of YAML takes for something else than text.
private let yamlWords: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "inf", "nan",
]

/// A change of one scalar of a file.
package struct ScalarEdit: Hashable, Sendable {
    /// Where it stands: line and column from 1, columns counted in Unicode scalar values.
    package var place: Place
    package var old: String
    package var new: String

    package init(at place: Place, from old: String, to new: String) {
        self.place = place
        self.old = old
        self.new = new
    }
}

/// Returns the text with scalars replaced and everything else as it was; nil when one of them is
/// not where it is said to be.
package func edited(_ text: String, _ edits: [ScalarEdit]) -> String? {
    // Scalars, because a carriage return and a line feed are one character.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { Array($0) }
    for edit in edits.sorted(by: {
        ($1.place.line ?? 0, $1.place.column ?? 0) < ($0.place.line ?? 0, $0.place.column ?? 0)
    }) {
        let old = Array(edit.old.unicodeScalars)
        guard let line = edit.place.line, let column = edit.place.column,
            lines.indices.contains(line - 1), column >= 1
        else { return nil }
        var start = column - 1
        let found = lines[line - 1]
        // Digests may stand in quotes.
        if start < found.count, found[start] == "\"" || found[start] == "'" { start += 1 }
        guard start + old.count <= found.count, Array(found[start..<start + old.count]) == old
        else {
            return nil
        }
        lines[line - 1].replaceSubrange(start..<start + old.count, with: edit.new.unicodeScalars)
    }
    var result = String.UnicodeScalarView()
    for (index, line) in lines.enumerated() {
        if index > 0 { result.append("\n") }
        result.append(contentsOf: line)
    }
    return String(result)
}
