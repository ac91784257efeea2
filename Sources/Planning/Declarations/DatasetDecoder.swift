import Domain

/// Reads a `datasets/<name>.yaml`.
func decodeDataset(
    _ bytes: [UInt8], file: String, name: DatasetName
) -> Parsed<DatasetDraft> {
    let (root, found) = readTable(bytes, file: file, kind: .dataset)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = DatasetDecoder(file: file, source: bytes, diagnostics: found)
    let draft = decoder.decode(root, name: name)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : draft, diagnostics: all)
}

/// Reads what a manifest says by itself; every mistake is reported at its place.
struct DatasetDecoder {
    let file: String
    /// The bytes of the file.
    let source: [UInt8]
    var diagnostics: [Diagnostic]

    mutating func decode(_ root: YAMLNode, name: DatasetName) -> DatasetDraft? {
        var draft = DatasetDraft(
            manifest: DatasetManifest(
                name: name, path: file, description: root["description"]?.text ?? "", files: [],
                format: .csv))
        draft.format = root["format"]?.text.flatMap(DatasetManifest.Format.init(rawValue:))
        readFiles(root, into: &draft)
        draft.manifest.owner = root["owner"]?.text ?? ""
        draft.manifest.tags = root["tags"]?.items.compactMap(\.label) ?? []
        draft.manifest.columns = columns(root["columns"])
        let names = Set(draft.manifest.columns.map(\.name))
        draft.manifest.label = root["label"]?.label
        if let node = root["label"], let label = node.label {
            refuseUnknown([label], node, names)
        }
        draft.manifest.dialect = dialect(root["dialect"])
        draft.manifest.unit = root["unit"]?.text.flatMap(DatasetManifest.Unit.init) ?? .line
        draft.hasDelimiter = root["dialect"]?["delimiter"] != nil
        draft.manifest.checks = checks(root["checks"], names)
        draft.manifest.rules = rules(root["rules"])
        checkRules(draft.manifest, root["columns"])
        draft.manifest.keys = keys(root, names)
        readPreparation(root, into: &draft)
        if root["files"] != nil, draft.mentions.isEmpty, draft.origin == .listed {
            guard let format = format(root, draft.manifest.files) else { return nil }
            draft.manifest.format = format
        }
        return draft
    }

    private mutating func format(
        _ root: YAMLNode, _ files: [DatasetFile]
    ) -> DatasetManifest.Format? {
        if let text = root["format"]?.text {
            let format = DatasetManifest.Format(rawValue: text)
            if let unit = root["unit"], format != .text {
                report(unit, "`unit` needs `format: text`")
            }
            return format
        }
        guard let first = files.first else { return nil }
        if let format = datasetFormat(of: first.path) { return format }
        report(
            root, "`format` is missing, and `\(quoted(first.path))` does not tell it",
            hint: "add `format:` with one of \(formatNames)")
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
            columns.append(column(item, name, type))
        }
        return columns
    }

    private func column(
        _ item: YAMLNode, _ name: String, _ type: ColumnDeclaration.Kind
    ) -> ColumnDeclaration {
        let above = item["exclusive_min"]?.number
        let below = item["exclusive_max"]?.number
        var column = ColumnDeclaration(
            name: name, type: type, required: item["required"]?.flag ?? false,
            unique: item["unique"]?.flag ?? false, min: above ?? item["min"]?.number,
            max: below ?? item["max"]?.number, values: item["values"]?.items.compactMap(\.label),
            pattern: item["pattern"]?.text, place: item.place(in: file))
        column.excludesMin = above != nil
        column.excludesMax = below != nil
        column.minLength = item["min_length"]?.integer
        column.maxLength = item["max_length"]?.integer
        column.format = item["format"]?.text.flatMap(ColumnDeclaration.TextFormat.init)
        column.classification =
            item["classification"]?.text.flatMap(ColumnDeclaration.Classification.init)
        column.severity = item["severity"]?.text.flatMap(CheckSeverity.init) ?? .fail
        column.mostly = item["mostly"]?.number ?? 1
        return column
    }

    private mutating func checkRange(_ column: YAMLNode, _ type: ColumnDeclaration.Kind) {
        let bounds = ["min", "max", "exclusive_min", "exclusive_max"]
        for key in bounds where type != .integer && type != .number {
            guard let node = column[key] else { continue }
            report(node, "`\(key)` needs a column of type `integer` or `number`")
        }
        for (key, other) in [("exclusive_min", "min"), ("exclusive_max", "max")] {
            guard let node = column[key], column[other] != nil else { continue }
            report(node, "`\(key)` and `\(other)` say the same thing twice", hint: "keep one")
        }
        for key in ["min_length", "max_length", "format"] where type != .string {
            guard let node = column[key] else { continue }
            report(node, "`\(key)` needs a column of type `string`")
        }
        checkOrder(column, least: column["min"]?.number, most: column["max"]?.number)
        if let least = column["min_length"]?.integer, let most = column["max_length"]?.integer,
            least > most
        {
            report(column["max_length"] ?? column, "`max_length` is below `min_length`")
        }
    }

    mutating func checkOrder(_ node: YAMLNode, least: Double?, most: Double?) {
        guard let least, let most, least > most else { return }
        report(node["max"] ?? node, "`max` is below `min`")
    }

    private mutating func checks(
        _ node: YAMLNode?, _ columns: Set<String>
    ) -> DatasetChecks {
        guard let node else { return DatasetChecks() }
        if let rows = node["row_count"] {
            checkOrder(rows, least: rows["min"]?.number, most: rows["max"]?.number)
        }
        var checks = DatasetChecks(
            rowCountMin: node["row_count"]?["min"]?.integer,
            rowCountMax: node["row_count"]?["max"]?.integer,
            missingShareMax: node["missing_share"]?["max"]?.number,
            missingValues: node["missing_values"]?.items.compactMap(\.label) ?? [])
        if let older = node["missing_share"], node["missing_ratio"] != nil {
            report(
                older, "`missing_share` and `missing_ratio` say the same",
                hint: "keep missing_ratio: {max: 0.05, severity: fail}")
        }
        checks.named = namedChecks(node, columns)
        return checks
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}
