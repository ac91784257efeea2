import Domain

extension ColumnRules.Fault {
    /// The rule that the fault breaks.
    var rule: Rule {
        switch self {
        case .type: .type
        case .below, .above, .early, .late: .range
        case .length: .length
        case .notAllowed: .values
        case .pattern: .pattern
        case .format: .format
        }
    }

    /// One line of fact; `text` is the cell, cut.
    func message(_ text: String, _ kind: CellKind, _ column: ColumnRules) -> String {
        switch self {
        case .type: "`\(text)`\(kind.note) is not \(column.noun)\(typeNote(text))"
        case .early(let bound):
            column.excludesMin
                ? "\(text) is not after \(bound)" : "\(text) is before the earliest, \(bound)"
        case .late(let bound):
            column.excludesMax
                ? "\(text) is not before \(bound)" : "\(text) is after the latest, \(bound)"
        case .below(let min):
            column.excludesMin
                ? "\(text) is not above \(exactText(min))"
                : "\(text) is below the minimum \(exactText(min))"
        case .above(let max):
            column.excludesMax
                ? "\(text) is not below \(exactText(max))"
                : "\(text) is above the maximum \(exactText(max))"
        case .length(let count):
            "`\(text)` has \(counted(count, "character")), \(column.lengthNote(count))"
        case .notAllowed:
            "`\(text)` is not one of \(listed(column.declaration?.values ?? []))"
        case .pattern:
            "`\(text)` does not match `\((column.declaration?.pattern ?? "").prefix(40))`"
        case .format(let format): "`\(text)` is not \(format.noun)"
        }
    }

    private func typeNote(_ text: String) -> String {
        ["nan", "na", "n/a", "null", "none"].contains(text.lowercased())
            ? "; if it means missing, list it in `missing_values:`" : ""
    }
}

extension CellKind {
    /// How a JSON value differs from its text.
    fileprivate var note: String {
        switch self {
        case .string: " (a string)"
        case .container: " (an array or object)"
        case .text, .number, .boolean, .null, .absent: ""
        }
    }
}

extension ColumnDeclaration.Kind {
    fileprivate var noun: String {
        switch self {
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .boolean: "a boolean"
        case .date: "a date (YYYY-MM-DD)"
        case .datetime: "a date and time (RFC 3339)"
        case .array: "an array of JSON"
        case .object: "an object of JSON"
        case .any: "a value"
        }
    }
}

extension ColumnDeclaration.TextFormat {
    fileprivate var noun: String {
        switch self {
        case .email: "an e-mail address"
        case .uuid: "a UUID"
        case .uri: "a URI (RFC 3986)"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .time: "a time of the day (hh:mm:ss)"
        }
    }
}

extension ColumnRules {
    /// What its cells are, with how they are written.
    fileprivate var noun: String {
        guard let notation = declaration?.notation, form != nil else { return kind.noun }
        switch kind {
        case .date: return "a date as \(notation.pattern ?? "")"
        case .datetime: return "a date and time as \(notation.pattern ?? "")"
        case .string, .array, .object, .any: return "a time of the day as \(notation.pattern ?? "")"
        case .boolean:
            return "one of \(listed(notation.trueValues + notation.falseValues))"
        case .integer, .number:
            var signs = notation.decimalChar.map { ["`\($0)` before the fraction"] } ?? []
            if let group = notation.groupChar { signs.append("`\(group)` between groups") }
            return kind.noun + (signs.isEmpty ? "" : " with " + signs.joined(separator: " and "))
        }
    }

    fileprivate func lengthNote(_ count: Int) -> String {
        guard let lengths else { return "" }
        return count < lengths.lowerBound
            ? "at least \(lengths.lowerBound) are needed"
            : "at most \(lengths.upperBound) are allowed"
    }
}

private func listed(_ values: [String]) -> String {
    let first = values.prefix(12).map { String($0.prefix(20)) }.joined(separator: ", ")
    return values.count > 12 ? "\(first) and \(values.count - 12) more" : first
}

/// A share in per cent, with two decimals.
func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
}
