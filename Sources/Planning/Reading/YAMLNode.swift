import Domain

/// One value of a YAML file with the place where it stands.
struct YAMLNode: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case text(String)
        case list([YAMLNode])
        case table([Entry])
    }

    /// One `key: value` line of a mapping.
    struct Entry: Hashable, Sendable {
        var key: String
        var line: Int
        var column: Int
        var value: YAMLNode
    }

    var value: Value
    /// A scalar as it was written, without its quotes; empty for lists and mappings.
    var source: String
    var line: Int
    var column: Int

    /// The value of `key`; nil when it is absent or null.
    subscript(key: String) -> YAMLNode? {
        guard let found = entry(key)?.value, found.value != .null else { return nil }
        return found
    }

    func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

    /// The lines of a mapping in the order of the file; none for anything else.
    var entries: [Entry] {
        guard case .table(let entries) = value else { return [] }
        return entries
    }

    /// The items of a list; none for anything else.
    var items: [YAMLNode] {
        guard case .list(let items) = value else { return [] }
        return items
    }

    var text: String? {
        guard case .text(let text) = value else { return nil }
        return text
    }

    /// Any scalar in its text form, as class labels and allowed cells are written.
    var label: String? {
        switch value {
        case .bool, .integer, .number, .text: source
        case .null, .list, .table: nil
        }
    }

    var flag: Bool? {
        guard case .bool(let flag) = value else { return nil }
        return flag
    }

    var integer: Int? {
        guard case .integer(let integer) = value else { return nil }
        return Int(exactly: integer)
    }

    /// A finite number, written with or without a point.
    var number: Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number.isFinite ? number : nil
        case .null, .bool, .text, .list, .table: nil
        }
    }

    /// Where the value stands in `file`.
    func place(in file: String) -> Place { Place(file: file, line: line, column: column) }

    /// What was found, in words, for a sentence that says what was expected.
    var found: String {
        switch value {
        case .null: "nothing"
        case .bool, .integer, .number, .text: "`\(quoted(source))`"
        case .list: "a list"
        case .table: "a mapping"
        }
    }
}

extension YAMLNode.Entry {
    /// Where the key stands in `file`.
    func place(in file: String) -> Place { Place(file: file, line: line, column: column) }
}

/// Returns foreign text fit for a message: one line, without control characters, at most 60 long.
func quoted(_ text: String) -> String {
    if text.utf8.count <= 60, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(60) {
        result.append(scalar.isUnprintable ? "·" : scalar)
    }
    return String(result) + (text.unicodeScalars.count > 60 ? "…" : "")
}
