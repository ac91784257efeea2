import Domain

/// Compares a node with a shape and reports everything that does not fit.
///
/// A decoder that runs afterwards may read silently: what it cannot read has been reported.
struct ShapeChecker {
    /// More of one file would only bury the first.
    static let diagnosticsMax = 100

    let file: String
    private var found: [Diagnostic] = []
    /// Those that are only counted.
    private var more = 0

    init(file: String) { self.file = file }

    var diagnostics: [Diagnostic] {
        guard more > 0 else { return found }
        let rest = Diagnostic(at: Place(file: file), "\(more) more errors are not shown")
        return found + [rest]
    }

    private mutating func add(_ diagnostic: Diagnostic) {
        if found.count < Self.diagnosticsMax { found.append(diagnostic) } else { more += 1 }
    }

    /// `name` is the dotted path of the value: `steps.train.timeout`; empty for the whole file.
    mutating func check(_ node: YAMLNode, _ shape: Shape, as name: String) {
        switch shape {
        case .list(let item, let least):
            guard case .list(let items) = node.value else { return expect(shape, node, name) }
            if items.count < least {
                report(node, "`\(name)` must have at least \(least) item\(least == 1 ? "" : "s")")
            }
            for (index, found) in items.enumerated() {
                check(found, item, as: "\(name)[\(index)]")
            }
        case .map(let value, let names):
            guard case .table(let entries) = node.value else { return expect(shape, node, name) }
            for entry in entries {
                if names, !isName(entry.key) { refuseName(entry.key, entry.place(in: file), name) }
                check(entry.value, value, as: joined(name, entry.key))
            }
        case .table(let keys):
            guard case .table(let entries) = node.value else { return expect(shape, node, name) }
            check(entries, keys, of: node, as: name)
        case .listOrTable(let item, let keys):
            if case .table = node.value { return check(node, .table(keys), as: name) }
            guard case .list = node.value else { return expect(shape, node, name) }
            check(node, .list(item, atLeast: 1), as: name)
        case .choiceOrTable(_, let keys, _):
            guard case .table(let entries) = node.value else { return expect(shape, node, name) }
            check(entries, keys, of: node, as: name)
        case .oneOrMore(let keys):
            if case .list = node.value {
                return check(node, .list(.table(keys), atLeast: 1), as: name)
            }
            guard node.value != .null else { return check([], keys, of: node, as: name) }
            check(node, .table(keys), as: name)
        case .any:
            checkJSON(node, name)
        case .tableSchema:
            if case .table = node.value { return }
            expect(shape, node, name)
        case .bound, .text, .filled, .label, .flag, .integer, .number, .share, .duration, .instant,
            .size,
            .sha256, .path, .address, .name, .choice, .word:
            expect(shape, node, name)
        }
    }

    private mutating func check(
        _ entries: [YAMLNode.Entry], _ table: KeyTable, of node: YAMLNode, as name: String
    ) {
        for entry in entries {
            guard let key = table.key(entry.key) else {
                refuse(entry, table)
                continue
            }
            // A key without a value is a key left out, unless it must be there.
            if entry.value.value == .null, !key.isRequired, !key.shape.takesNothing { continue }
            check(entry.value, key.shape, as: joined(name, key.name))
        }
        for key in table.keys where key.isRequired && node.entry(key.name) == nil {
            report(node, "`\(joined(name, key.name))` is missing", hint: key.about)
        }
    }

    private mutating func refuse(_ entry: YAMLNode.Entry, _ table: KeyTable) {
        let place = entry.place(in: file)
        guard !laterKeys.contains(entry.key) else {
            return add(Diagnostic(at: place, "`\(entry.key)` is not yet supported"))
        }
        // Because to look for what was meant takes its time.
        guard found.count < Self.diagnosticsMax else { return more += 1 }
        add(
            unknownKey(
                entry.key, at: place, among: table.keys.map(\.name), meant: table.synonyms))
    }

    private mutating func refuseName(_ key: String, _ place: Place, _ name: String) {
        add(
            Diagnostic(
                at: place, "`\(quoted(key))` in `\(name)` is not a legal name", hint: nameRule))
    }

    private mutating func expect(_ shape: Shape, _ node: YAMLNode, _ name: String) {
        if case .choice(_, let later) = shape, let text = node.text, later.contains(text) {
            return report(node, "`\(name): \(text)` is not yet supported")
        }
        if case .choiceOrTable(_, _, let later) = shape, let text = node.text,
            later.contains(text)
        {
            return report(node, "`\(name): \(text)` is not yet supported")
        }
        guard !shape.accepts(node) else { return refuseInexact(shape, node, name) }
        let subject = name.isEmpty ? "the file" : "`\(name)`"
        let meant = shape.meant(node).map { "; did you mean `\($0)`?" } ?? ""
        report(
            node, "\(subject) must be \(shape.expected), found \(node.found)\(meant)",
            hint: shape.example)
    }

    /// Refuses an integer where a number is meant that would become a neighbour of it.
    private mutating func refuseInexact(_ shape: Shape, _ node: YAMLNode, _ name: String) {
        // Because of bounds their columns are judged, in whatever file they stand.
        guard case .number = shape, case .integer(let value) = node.value,
            let problem = inexactness(of: value, called: name)
        else { return }
        report(node, problem.message, hint: problem.hint)
    }

    private mutating func checkJSON(_ node: YAMLNode, _ name: String) {
        switch node.value {
        case .null, .bool, .integer, .text: break
        case .number(let number):
            if !number.isFinite || isInteger(node.source) {
                report(node, "`\(name)` is a number that JSON cannot hold: `\(node.source)`")
            }
        case .list(let items):
            for (index, item) in items.enumerated() { checkJSON(item, "\(name)[\(index)]") }
        case .table(let entries):
            for entry in entries { checkJSON(entry.value, joined(name, entry.key)) }
        }
    }

    private mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        add(Diagnostic(at: node.place(in: file), message, hint: hint))
    }

    private func joined(_ name: String, _ key: String) -> String {
        name.isEmpty ? quoted(key) : "\(name).\(quoted(key))"
    }
}

package let nameRule = "lower-case letters, digits and hyphens, at most 63, no hyphen at either end"

/// What is said of an integer that as a Double becomes a neighbour of it; nil: it stays what it is.
func inexactness(of value: Int64, called name: String) -> (message: String, hint: String)? {
    guard Int64(exactly: Double(value)) != value else { return nil }
    return (
        message: "`\(name)` is \(value), which 64-bit floating point cannot hold",
        hint: "of integers beyond 2^53 it holds every second, fourth, …: try one beside it"
    )
}

extension Shape {
    /// Whether a key without a value says something.
    fileprivate var takesNothing: Bool { if case .oneOrMore = self { true } else { false } }

    /// Whether a scalar fits; lists and mappings are compared by `ShapeChecker`.
    fileprivate func accepts(_ node: YAMLNode) -> Bool {
        switch self {
        case .text: node.text != nil
        case .filled: node.text.map(isFilled) ?? false
        case .label: node.label != nil
        case .flag: node.flag != nil
        case .integer(let range): node.integer.map(range.contains) ?? false
        case .number(let range): node.number.map(range.contains) ?? false
        case .share: node.number.map { $0 > 0 && $0 < 1 } ?? false
        case .duration: node.text.flatMap(durationSeconds) != nil
        case .instant: node.text.flatMap(utcInstant) != nil
        case .size: node.text.flatMap(sizeBytes) != nil
        case .sha256: Digest(node.source) != nil
        case .path: node.text.map(isRelativePath) ?? false
        case .address: node.text.map(isAddress) ?? false
        case .name: node.label.map(isName) ?? false
        case .choice(let values, _), .choiceOrTable(let values, _, _):
            node.text.map(values.contains) ?? false
        case .word(let values): node.text.map(smallLetters).map(values.contains) ?? false
        // Because which of them is known beside the type of the column.
        case .bound: node.label != nil
        case .tableSchema: node.text.map(isRelativePath) ?? false
        case .any: true
        case .list, .map, .table, .oneOrMore, .listOrTable: false
        }
    }

    /// The allowed text that was probably meant; nil where texts are free.
    fileprivate func meant(_ node: YAMLNode) -> String? {
        switch self {
        case .choice(let values, _), .choiceOrTable(let values, _, _):
            node.text.flatMap { nearest(to: $0, among: values) }
        case .word(let values):
            node.text.flatMap { nearest(to: smallLetters($0), among: values) }
        default: nil
        }
    }

    /// How to write it, where words alone would not tell.
    fileprivate var example: String? {
        if case .address = self { "HOST:PORT, for example \"127.0.0.1:8501\"" } else { nil }
    }

    /// What is expected, in words.
    fileprivate var expected: String {
        switch self {
        case .text: "a text"
        case .filled: "a text that is not empty"
        case .label: "a text or a number"
        case .flag: "true or false"
        case .integer(let range): "a whole number\(inWords(range, Int.min, Int.max))"
        case .number(let range):
            "a number\(inWords(range, -.greatestFiniteMagnitude, .greatestFiniteMagnitude))"
        case .share: "a number above 0 and below 1"
        case .duration: "a duration such as `30s`, `10m` or `2h`"
        case .instant: "a time in UTC such as `2026-12-20T00:00:00Z`"
        case .size: "a size such as `512MiB` or `2GiB`"
        case .sha256: "a SHA-256 digest of 64 lower-case hexadecimal digits"
        case .path: "a relative path"
        case .address: "an address and a port"
        case .name(let what): "the name of \(what)"
        case .choice(let values, _), .word(let values): oneOf(values)
        case .choiceOrTable(let values, let table, _):
            oneOf(values) + " or a mapping with " + oneOf(table.keys.map(\.name))
        case .list: "a list"
        case .map, .table, .oneOrMore: "a mapping"
        case .listOrTable(_, let table):
            "a list or a mapping with " + oneOf(table.keys.map(\.name))
        case .bound: "a number, a day such as `2026-01-31` or a time such as `2026-01-31T12:00:00Z`"
        case .tableSchema: "a Table Schema or the relative path of a file that holds one"
        case .any: "a value"
        }
    }
}

private func isFilled(_ text: String) -> Bool { text.contains { !$0.isWhitespace } }

private func inWords<Bound>(_ range: ClosedRange<Bound>, _ least: Bound, _ most: Bound) -> String {
    switch (range.lowerBound == least, range.upperBound == most) {
    case (true, true): ""
    case (false, true): " of at least \(range.lowerBound)"
    case (true, false): " of at most \(range.upperBound)"
    case (false, false): " from \(range.lowerBound) to \(range.upperBound)"
    }
}

private func oneOf(_ values: [String]) -> String {
    values.map { "`\($0)`" }.joined(separator: " or ")
}
