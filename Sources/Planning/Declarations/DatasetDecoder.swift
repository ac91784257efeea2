import Domain

/// Reads a `datasets/<name>.yaml`.
func decodeDataset(
    _ bytes: [UInt8], file: String, name: DatasetName
) -> Parsed<DatasetDraft> {
    let (root, found) = readTable(bytes, file: file, kind: .dataset)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = DatasetDecoder(file: file, diagnostics: found)
    let draft = decoder.decode(root, name: name)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : draft, diagnostics: all)
}

/// Reads what a manifest says by itself; every mistake is reported at its place.
struct DatasetDecoder {
    let file: String
    var diagnostics: [Diagnostic]

    mutating func decode(_ root: YAMLNode, name: DatasetName) -> DatasetDraft? {
        var draft = DatasetDraft(
            manifest: DatasetManifest(
                name: name, path: file, description: root["description"]?.text ?? "", files: [],
                format: .csv))
        draft.format = root["format"]?.text.flatMap(DatasetManifest.Format.init(rawValue:))
        readFiles(root, into: &draft)
        draft.manifest.columns = columns(root["columns"])
        draft.manifest.checks = checks(root["checks"])
        if root["files"] != nil, draft.mentions.isEmpty, draft.origin == .listed {
            guard let format = format(root, draft.manifest.files) else { return nil }
            draft.manifest.format = format
        }
        return draft
    }

    private mutating func format(
        _ root: YAMLNode, _ files: [DatasetFile]
    ) -> DatasetManifest.Format? {
        if let text = root["format"]?.text { return DatasetManifest.Format(rawValue: text) }
        guard let first = files.first else { return nil }
        if let format = datasetFormat(of: first.path) { return format }
        report(
            root, "`format` is missing, and `\(quoted(first.path))` does not tell it",
            hint: "add `format: csv` or `format: jsonl`")
        return nil
    }

    private mutating func columns(_ node: YAMLNode?) -> [ColumnDeclaration] {
        var columns: [ColumnDeclaration] = []
        var names: Set<String> = []
        for item in node?.items ?? [] {
            guard let name = item["name"]?.label,
                let type = item["type"]?.text.flatMap(ColumnDeclaration.Kind.init(rawValue:))
            else { continue }
            if !names.insert(name).inserted {
                report(item, "the column `\(quoted(name))` is declared twice")
            }
            checkRange(item, type)
            columns.append(
                ColumnDeclaration(
                    name: name, type: type, required: item["required"]?.flag ?? false,
                    unique: item["unique"]?.flag ?? false, min: item["min"]?.number,
                    max: item["max"]?.number, values: item["values"]?.items.compactMap(\.label),
                    pattern: item["pattern"]?.text, place: item.place(in: file)))
        }
        return columns
    }

    private mutating func checkRange(_ column: YAMLNode, _ type: ColumnDeclaration.Kind) {
        for key in ["min", "max"] where type != .integer && type != .number {
            guard let node = column[key] else { continue }
            report(node, "`\(key)` needs a column of type `integer` or `number`")
        }
        checkOrder(column, least: column["min"]?.number, most: column["max"]?.number)
    }

    private mutating func checkOrder(_ node: YAMLNode, least: Double?, most: Double?) {
        guard let least, let most, least > most else { return }
        report(node["max"] ?? node, "`max` is below `min`")
    }

    private mutating func checks(_ node: YAMLNode?) -> DatasetChecks {
        guard let node else { return DatasetChecks() }
        if let rows = node["row_count"] {
            checkOrder(rows, least: rows["min"]?.number, most: rows["max"]?.number)
        }
        return DatasetChecks(
            rowCountMin: node["row_count"]?["min"]?.integer,
            rowCountMax: node["row_count"]?["max"]?.integer,
            missingShareMax: node["missing_share"]?["max"]?.number,
            missingValues: node["missing_values"]?.items.compactMap(\.label) ?? [])
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}
