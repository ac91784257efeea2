import Domain

/// What a Table Schema says, in the words of a manifest.
///
/// Source: datapackage.org/standard/table-schema, version 2.
struct TableSchema: Sendable {
    var columns: [ColumnDeclaration] = []
    /// Of all fields, those with mistakes too.
    var names: [String] = []
    var match: Mention<DatasetManifest.ColumnMatch>?
    /// Without the empty text; nil: nothing is said.
    var missingValues: Mention<[String]>?
    var primary: Mention<[String]>?
    var unique: [Mention<[String]>] = []
    var foreign: [ForeignKey] = []
    /// Where it begins.
    var place: Place
}

/// Reads a Table Schema; every mistake is reported at its place.
///
/// Properties that the standard does not know are allowed there, so they are warnings.
struct TableSchemaDecoder {
    let file: String
    /// The bytes of the file.
    let source: [UInt8]
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String, source: [UInt8]) {
        self.file = file
        self.source = source
    }

    private static let properties =
        ["fields", "fieldsMatch", "missingValues", "primaryKey"] + [
            "uniqueKeys", "foreignKeys",
        ]
    private static let documentation = [
        "$schema", "name", "title", "description", "homepage", "version", "created", "keywords",
        "contributors", "examples",
    ]

    mutating func decode(_ root: YAMLNode) -> TableSchema {
        var schema = TableSchema(place: root.place(in: file))
        if root["resources"] != nil, root["fields"] == nil {
            report(
                root, "this is a data package, not a Table Schema",
                hint: "write what stands under `schema` of its resource into a file of its own")
            return schema
        }
        warnOfUnknown(
            root, among: Self.properties + Self.documentation, "a Table Schema",
            meant: TableSchemaSynonyms.schema)
        guard let fields = root["fields"], !fields.items.isEmpty else {
            report(
                root["fields"] ?? root, "a Table Schema needs `fields`, a list of at least one",
                hint: "fields: [{name: id, type: integer}]")
            return schema
        }
        readFields(fields, into: &schema)
        readMatch(root, into: &schema)
        if let node = root["missingValues"] {
            schema.missingValues = missingValues(node).map {
                Mention(value: $0, place: node.place(in: file))
            }
        }
        readKeys(root, into: &schema)
        return schema
    }

    private mutating func readMatch(_ root: YAMLNode, into schema: inout TableSchema) {
        guard let node = root["fieldsMatch"] else { return }
        // Because the published profile of version 2.0 had it as a list of one.
        let text = node.text ?? (node.items.count == 1 ? node.items[0].text : nil)
        if let match = text.flatMap(DatasetManifest.ColumnMatch.init(rawValue:)) {
            schema.match = Mention(value: match, place: node.place(in: file))
        } else {
            let known = DatasetManifest.ColumnMatch.allCases.map { "`\($0.rawValue)`" }
            report(
                node,
                "`fieldsMatch` must be " + known.joined(separator: " or ")
                    + ", found \(node.found)")
        }
    }

    /// The texts that mean missing, without the empty one; nil: they are no list.
    mutating func missingValues(_ node: YAMLNode) -> [String]? {
        guard case .list(let items) = node.value else {
            report(node, "`missingValues` must be a list, found \(node.found)")
            return nil
        }
        return items.compactMap { item in
            let value = item.entries.isEmpty ? item : item["value"]
            guard let text = value?.text ?? value?.label else {
                report(
                    item, "an item of `missingValues` must be a text, or a mapping with `value`",
                    hint: "[\"\", NA] or [{value: NA, label: not asked}]")
                return nil
            }
            return text.isEmpty ? nil : text
        }
    }

    // MARK: Keys

    private mutating func readKeys(_ root: YAMLNode, into schema: inout TableSchema) {
        if let node = root["primaryKey"] {
            schema.primary = key(node, "primaryKey", schema.names)
        }
        if let node = root["uniqueKeys"] {
            if case .list = node.value {
            } else {
                report(node, "`uniqueKeys` must be a list of lists, found \(node.found)")
            }
            schema.unique = node.items.compactMap { key($0, "uniqueKeys", schema.names) }
        }
        if let node = root["foreignKeys"] {
            if case .list = node.value {
            } else {
                report(node, "`foreignKeys` must be a list, found \(node.found)")
            }
            schema.foreign = node.items.compactMap { foreignKey($0, schema.names) }
        }
    }

    /// One field, as version 1 has it, or a list of fields; `names`: those that there are, nil:
    /// any.
    private mutating func key(
        _ node: YAMLNode, _ what: String, _ names: [String]?
    ) -> Mention<[String]>? {
        let columns = node.label.map { [$0] } ?? node.items.compactMap(\.label)
        guard !columns.isEmpty, node.label != nil || columns.count == node.items.count else {
            report(
                node.items.first { $0.label == nil } ?? node,
                "`\(what)` must be the name of a field or a list of names")
            return nil
        }
        for column in columns {
            guard let names, !names.contains(column) else { continue }
            let meant = nearest(to: column, among: names)
            report(
                node.items.first { $0.label == column } ?? node,
                "there is no field `\(quoted(column))`"
                    + (meant.map { "; did you mean `\(quoted($0))`?" } ?? ""))
        }
        return Mention(value: columns, place: node.place(in: file))
    }

    private mutating func foreignKey(_ node: YAMLNode, _ names: [String]) -> ForeignKey? {
        guard let fields = node["fields"], let reference = node["reference"],
            let there = reference["fields"]
        else {
            report(
                node["fields"] == nil ? node : node["reference"] ?? node,
                "a foreign key needs `fields` and `reference` with `fields`",
                hint: "{fields: [customer], reference: {resource: customers, fields: [id]}}")
            return nil
        }
        var dataset: DatasetName?
        if let resource = reference["resource"], let text = resource.label, !text.isEmpty {
            dataset = DatasetName(text)
            if dataset == nil {
                report(
                    resource, "`\(quoted(text))` is no legal name of a dataset",
                    hint: "the name of the other table's manifest, without datasets/ and .yaml: "
                        + nameRule)
                return nil
            }
        }
        guard let columns = key(fields, "fields", names),
            let references = key(there, "reference.fields", dataset == nil ? names : nil)
        else { return nil }
        if columns.value.count != references.value.count {
            report(
                there,
                "`fields` and `reference.fields` name \(columns.value.count) and "
                    + "\(references.value.count) fields", hint: "as many, in the same order")
        }
        return ForeignKey(
            columns: columns.value, dataset: dataset, references: references.value,
            place: (reference["resource"] ?? fields).place(in: file),
            referencesPlace: references.place)
    }

    // MARK: Diagnostics

    mutating func warnOfUnknown(
        _ node: YAMLNode, among known: [String], _ what: String, meant synonyms: Synonyms
    ) {
        for entry in node.entries where !known.contains(entry.key) {
            let meant =
                synonyms.meant(by: entry.key, among: known) ?? nearest(to: entry.key, among: known)
            diagnostics.append(
                Diagnostic(
                    .warning, at: entry.place(in: file),
                    "`\(quoted(entry.key))` is no property of \(what), and says nothing"
                        + (meant.map { "; did you mean `\($0)`?" } ?? "")))
        }
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }

    mutating func add(_ found: [Diagnostic]) { diagnostics += found }
}
