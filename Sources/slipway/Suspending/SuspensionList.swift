import Domain

/// The `suspend:` list of a `slipway.yaml`, edited line by line: every other byte stays.
///
/// It knows the list in the form that people write, a line or more for each item:
///
///     suspend:
///       - {model: digits, reason: "new labels", by: "ada@example.org"}
struct SuspensionList {
    /// Each with what ends it.
    private var lines: [String]
    /// The line of `suspend:`; nil: there is none.
    private var key: Int?
    /// The lines of each item, in their order.
    private(set) var items: [Range<Int>] = []
    private var indent = "  "

    /// Why the list cannot be edited.
    enum Trouble: Error {
        /// It stands on one line, in brackets.
        case inBrackets(line: Int)
    }

    init(_ text: String) throws(Trouble) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
        // Because what stands behind the last newline is a line only when there is something.
        if let last = lines.popLast(), last != "\n" { lines.append(String(last.dropLast())) }
        key = lines.firstIndex { $0.hasPrefix("suspend:") }
        guard let key else { return }
        let value = Self.value(lines[key].dropFirst("suspend:".count))
        guard value.isEmpty || value == "[]" || value == "~" || value == "null" else {
            throw .inBrackets(line: key + 1)
        }
        findItems(after: key)
    }

    var text: String { lines.joined() }

    mutating func add(_ suspension: Suspension) {
        let item = "\(indent)- \(flow(suspension))\n"
        guard let key else {
            endLastLine()
            self.key = lines.count
            lines += ["suspend:\n", item]
            items = [(lines.count - 1)..<lines.count]
            return
        }
        if items.isEmpty { lines[key] = "suspend:\(comment(lines[key]))\n" }
        let place = items.last?.upperBound ?? key + 1
        if place == lines.count { endLastLine() }
        lines.insert(item, at: place)
        items.append(place..<(place + 1))
    }

    private mutating func endLastLine() {
        if let last = lines.last, !last.hasSuffix("\n") { lines[lines.count - 1] += "\n" }
    }

    /// Takes out the items at these positions, and the key with the last of them.
    mutating func remove(_ positions: Set<Int>) {
        guard !positions.isEmpty else { return }
        for position in positions.sorted(by: >) { lines.removeSubrange(items[position]) }
        let isLast = positions.count == items.count
        items = []
        guard let key else { return }
        if isLast {
            lines.remove(at: key)
            self.key = nil
        } else {
            findItems(after: key)
        }
    }

    private mutating func findItems(after key: Int) {
        var start: Int?
        var end = key + 1
        for index in (key + 1)..<max(key + 1, lines.count) {
            let line = lines[index]
            let body = line.drop { $0 == " " }
            let depth = line.count - body.count
            if Self.value(body).isEmpty { continue }
            let isItem = body.hasPrefix("- ") || Self.value(body) == "-"
            if isItem, start == nil || depth <= indent.count {
                if let start {
                    items.append(start..<end)
                } else {
                    indent = String(line.prefix(depth))
                }
                guard depth == indent.count else {
                    start = nil
                    break
                }
                start = index
            } else if start == nil || depth <= indent.count {
                break
            }
            end = index + 1
        }
        if let start { items.append(start..<end) }
    }

    /// A line without comment and white space, as far as these lines need it.
    private static func value(_ text: Substring) -> String {
        let body = text.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
        return body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The comment of a line with the space before it; empty: it has none.
    private func comment(_ line: String) -> String {
        guard let start = line.firstIndex(of: "#") else { return "" }
        return " " + line[start...].filter { !$0.isNewline }
    }
}

/// The item as a YAML flow mapping; texts are in double quotes, as JSON writes them.
private func flow(_ suspension: Suspension) -> String {
    var members: [String] = []
    if let model = suspension.model { members.append("model: \(model)") }
    if let environment = suspension.environment { members.append("environment: \(environment)") }
    members.append("reason: \(quoted(suspension.reason))")
    members.append("by: \(quoted(suspension.by))")
    if let until = suspension.until { members.append("until: \(quoted(until.description))") }
    return "{\(members.joined(separator: ", "))}"
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: result += " "
        default:
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
