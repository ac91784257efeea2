import Domain

extension TableSchemaDecoder {
    /// The types of the standard that are columns here.
    private static let types: [String: ColumnDeclaration.Kind] = [
        "string": .string, "number": .number, "integer": .integer, "boolean": .boolean,
        "date": .date, "datetime": .datetime, "time": .string, "year": .integer,
        "yearmonth": .string, "any": .any,
        "array": .array, "object": .object,
    ]
    private static let laterTypes: Set<String> = [
        "list", "duration", "geopoint", "geojson",
    ]
    private static let properties = [
        "name", "type", "format", "constraints", "missingValues", "categories",
        "categoriesOrdered", "title", "description", "example", "examples", "rdfType",
    ]
    /// Of some types alone.
    private static let notations: [String: [String]] = [
        "number": ["decimalChar", "groupChar", "bareNumber"],
        "integer": ["groupChar", "bareNumber"], "boolean": ["trueValues", "falseValues"],
    ]
    private static let constraints = [
        "required", "unique", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "pattern", "enum",
    ]

    mutating func readFields(_ fields: YAMLNode, into schema: inout TableSchema) {
        for item in fields.items {
            guard let name = item["name"]?.label else {
                report(
                    item["name"] ?? item, "a field needs a `name`",
                    hint: "{name: id, type: integer}")
                continue
            }
            if schema.names.contains(name) {
                report(item["name"] ?? item, "the field `\(quoted(name))` is declared twice")
            }
            schema.names.append(name)
            if let column = field(item, name) { schema.columns.append(column) }
        }
    }

    private mutating func field(_ item: YAMLNode, _ name: String) -> ColumnDeclaration? {
        // Because a format is one of texts, as every field was of version 1 that says no type.
        let said = item["type"]?.text ?? (item["format"] == nil ? "any" : "string")
        guard let type = Self.types[said] else {
            let node = item["type"] ?? item
            if Self.laterTypes.contains(said) {
                report(
                    node, "fields of type `\(said)` are not yet supported",
                    hint: "`any` takes the cells as texts")
            } else {
                let meant = nearest(to: said, among: Self.types.keys.sorted())
                report(
                    node,
                    "there is no type `\(quoted(said))`"
                        + (meant.map { "; did you mean `\($0)`?" } ?? ""))
            }
            return nil
        }
        if let node = item["type"], node.text == nil {
            report(node, "`type` must be a text, found \(node.found)")
            return nil
        }
        warnOfUnknown(
            item, among: Self.properties + (Self.notations[said] ?? []),
            "a field of type `\(said)`", meant: TableSchemaSynonyms.field)
        var words = ColumnWords(name: name, type: type, node: item, in: .tableSchema)
        readNotation(item, said, into: &words)
        readConstraints(item, said, into: &words)
        if let node = item["missingValues"], let texts = missingValues(node) {
            words.say(.missingValues, list(texts, at: node))
        }
        var reader = ColumnReader(file: file, source: source)
        var column = reader.read(words)
        add(reader.diagnostics)
        if said == "time", column.format == nil { column.format = .time }
        if let pattern = Self.pattern(of: said) { column.pattern = pattern }
        return column
    }

    /// What a cell of a type matches that is a text or a number here.
    private static func pattern(of type: String) -> String? {
        switch type {
        case "year": "-?[1-9][0-9]{3,}"
        case "yearmonth": "-?[0-9]{4,}-(0[1-9]|1[0-2])"
        default: nil
        }
    }

    // MARK: Notation

    private mutating func readNotation(
        _ item: YAMLNode, _ type: String, into words: inout ColumnWords
    ) {
        if let node = item["format"], node.text == nil {
            report(node, "`format` must be a text, found \(node.found)")
        } else if let node = item["format"], let text = node.text {
            var format = node
            // As version 0 wrote patterns.
            if text.hasPrefix("fmt:") { format.value = .text(String(text.dropFirst(4))) }
            switch (type, format.text ?? "") {
            case ("string", "binary"):
                report(node, "`format: binary` is not yet supported")
            case ("time", "default"), (_, "default"), ("any", _), ("year", _), ("yearmonth", _):
                break
            case ("time", let text) where !text.utf8.contains(UInt8(ascii: "%")):
                report(
                    node, "`format: \(quoted(text))` leaves open how a time is written",
                    hint: "%H:%M")
            default: words.say(.format, format)
            }
        }
        let keys: [ColumnWords.Key] = [
            .decimalChar, .groupChar, .bareNumber, .trueValues, .falseValues,
        ]
        for key in keys {
            let name = words.called(key)
            guard Self.notations[type]?.contains(name) == true, let node = item[name] else {
                continue
            }
            if let lack = lack(of: key, node) {
                report(node, "`\(name)` must be \(lack), found \(node.found)")
            } else {
                words.say(key, node)
            }
        }
        guard type == "boolean" else { return }
        for (key, defaults) in [
            (ColumnWords.Key.trueValues, CellNotation.tableSchemaTrue),
            (.falseValues, CellNotation.tableSchemaFalse),
        ] where words[key] == nil {
            words.say(key, list(defaults, at: item))
        }
    }

    /// What a value should be that is of another kind; nil: it is right.
    private func lack(of key: ColumnWords.Key, _ node: YAMLNode) -> String? {
        switch key {
        case .decimalChar, .groupChar: node.text == nil ? "a text" : nil
        case .bareNumber: node.flag == nil ? "true or false" : nil
        default:
            node.items.isEmpty || node.items.contains { $0.label == nil }
                ? "a list of texts, at least one" : nil
        }
    }

    private func list(_ texts: [String], at node: YAMLNode) -> YAMLNode {
        var list = node
        list.value = .list(
            texts.map { text in
                var item = node
                (item.value, item.source) = (.text(text), text)
                return item
            })
        return list
    }

    // MARK: Constraints

    private mutating func readConstraints(
        _ item: YAMLNode, _ type: String, into words: inout ColumnWords
    ) {
        if let node = item["categories"] { readCategories(node, type, into: &words) }
        guard let node = item["constraints"] else { return }
        guard case .table = node.value else {
            return report(node, "`constraints` must be a mapping, found \(node.found)")
        }
        warnOfUnknown(
            node, among: Self.constraints, "`constraints`", meant: TableSchemaSynonyms.constraints)
        for name in ["required", "unique"] {
            guard let flag = node[name], flag.flag == nil else { continue }
            report(flag, "`\(name)` must be true or false, found \(flag.found)")
        }
        words.required = node["required"]?.flag ?? false
        words.unique = node["unique"]?.flag ?? false
        for key in ColumnWords.Key.allCases where key.isBound {
            let name = words.called(key)
            guard let bound = node[name] else { continue }
            if type == "time" || type == "yearmonth" {
                report(bound, "`\(name)` of a field of type `\(type)` is not yet supported")
            } else {
                words.say(key, bound)
            }
        }
        readLengths(node, into: &words)
        readTexts(node, type, into: &words)
    }

    private mutating func readLengths(_ node: YAMLNode, into words: inout ColumnWords) {
        for key in [ColumnWords.Key.minLength, .maxLength] {
            let name = words.called(key)
            guard let length = node[name] else { continue }
            if let count = length.integer, count >= 0 {
                words.say(key, length)
            } else {
                report(length, "`\(name)` must be a whole number of at least 0")
            }
        }
    }

    private mutating func readTexts(
        _ node: YAMLNode, _ type: String, into words: inout ColumnWords
    ) {
        if let pattern = node["pattern"] {
            if type != "string" && type != "any" {
                report(pattern, "`pattern` needs a field of type `string`")
            } else if pattern.text == nil {
                report(pattern, "`pattern` must be a text, found \(pattern.found)")
            } else {
                words.say(.pattern, pattern)
            }
        }
        if let values = node["enum"] {
            if values.items.isEmpty {
                report(values, "`enum` must be a list of at least one, found \(values.found)")
            }
            words.say(.values, values)
        }
    }

    private mutating func readCategories(
        _ node: YAMLNode, _ type: String, into words: inout ColumnWords
    ) {
        guard type == "string" || type == "integer", !node.items.isEmpty else {
            return report(
                node, "`categories` must be a list, of a field of type `string` or `integer`")
        }
        var list = node
        list.value = .list(
            node.items.compactMap { item in
                guard let value = item.entries.isEmpty ? item : item["value"] else {
                    report(item, "an item of `categories` needs a `value`")
                    return nil
                }
                return value
            })
        words.say(.values, list, called: "categories")
    }
}

extension CellNotation {
    /// What booleans of a Table Schema are that says nothing else.
    static let tableSchemaTrue = ["true", "True", "TRUE", "1"]
    static let tableSchemaFalse = ["false", "False", "FALSE", "0"]
}
