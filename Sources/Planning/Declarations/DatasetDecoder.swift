import Domain

/// Reads a `datasets/<name>.yaml`; `schema` is what the file says that its `schema:` names.
func decodeDataset(
    _ bytes: [UInt8], file: String, name: DatasetName, schema: Parsed<TableSchema>? = nil
) -> Parsed<DatasetDraft> {
    let (root, found) = readTable(bytes, file: file, kind: .dataset)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = DatasetDecoder(
        file: file, source: bytes, schemaFile: schema, diagnostics: found)
    if schema == nil, let mention = decoder.schemaMention(root), !decoder.diagnostics.hasErrors {
        let manifest = DatasetManifest(name: name, path: file, files: [], format: .csv)
        var draft = DatasetDraft(manifest: manifest)
        draft.schema = mention
        return Parsed(draft: draft, diagnostics: decoder.diagnostics.inOrder())
    }
    let draft = decoder.decode(root, name: name)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : draft, diagnostics: all)
}

/// Reads what a manifest says by itself; every mistake is reported at its place.
struct DatasetDecoder {
    let file: String
    /// The bytes of the file.
    let source: [UInt8]
    /// What the file says that `schema:` names; nil: it is not read, or `schema:` names none.
    var schemaFile: Parsed<TableSchema>?
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
        let schema = readSchema(root)
        draft.manifest.columns = columns(root, schema)
        draft.manifest.unit = root["unit"]?.text.flatMap(DatasetManifest.Unit.init) ?? .line
        let first = draft.manifest.files.first.flatMap { datasetFormat(of: $0.path) }
        draft.manifest.format = draft.format ?? first ?? draft.manifest.format
        let known = draft.manifest.knownColumns
        // Those that are wrong too, so that nobody says that they are not there.
        let names = Set(
            known.map(\.name)
                + (root["columns"]?.items.compactMap { $0["name"]?.label } ?? [])
                + (schema?.names ?? []))
        draft.manifest.label = root["label"]?.label
        if let node = root["label"], let label = node.label {
            refuseUnknown([label], node, names)
        }
        draft.manifest.dialect = dialect(root["dialect"])
        draft.hasDelimiter = root["dialect"]?["delimiter"] != nil
        draft.manifest.columnMatch =
            root["checks"]?["columns"]?["match"]?.text
            .flatMap(DatasetManifest.ColumnMatch.init(rawValue:)) ?? schema?.match?.value ?? .exact
        let fit = CheckFit(
            draft.manifest, hasLabel: root["label"] != nil, isWhole: names.count == known.count)
        draft.manifest.checks = checks(root["checks"], names, fit)
        draft.formatKeys = formatKeys(root)
        draft.manifest.rules = rules(root["rules"])
        // Because of a column that is wrong itself nothing is known, and of those of a dataset that
        // this one is made of not yet.
        let isMade = root["from"] != nil && known.isEmpty
        checkRules(draft.manifest, isWhole: names.count == known.count && !isMade)
        boundPatterns(draft.manifest)
        draft.manifest.keys = keys(root, names)
        if let schema {
            join(schema, root, into: &draft.manifest)
            let own = Set(root["columns"]?.items.compactMap { $0["name"]?.label } ?? [])
            draft.manifest.schemaFields = Set(schema.names).subtracting(own)
        }
        draft.manifest.served = served(root, draft.manifest.checks.named, names)
        readPreparation(root, into: &draft)
        if root["files"] != nil, draft.mentions.isEmpty, draft.origin == .listed {
            guard let format = format(root, draft.manifest.files) else { return nil }
            draft.manifest.format = format
        }
        return draft
    }

    private func formatKeys(_ root: YAMLNode) -> [FormatKey] {
        let dialect = root["dialect"]
        let keys: [(String, YAMLNode?, [DatasetManifest.Format])] = [
            ("unit", root["unit"], [.text]),
            ("dialect.delimiter", dialect?["delimiter"], [.csv]),
            ("dialect.quote", dialect?["quote"], [.csv]),
            ("dialect.encoding", dialect?["encoding"], [.csv, .jsonl, .text]),
        ]
        return keys.compactMap { name, node, formats in
            node.map { FormatKey(name: name, place: $0.place(in: file), formats: formats) }
        }
    }

    private mutating func format(
        _ root: YAMLNode, _ files: [DatasetFile]
    ) -> DatasetManifest.Format? {
        if let text = root["format"]?.text { return DatasetManifest.Format(rawValue: text) }
        guard let first = files.first else { return nil }
        if let format = datasetFormat(of: first.path) { return format }
        report(
            root, "`format` is missing, and `\(quoted(first.path))` does not tell it",
            hint: "add `format:` with one of \(formatNames)")
        return nil
    }

    mutating func checkOrder(_ node: YAMLNode, least: Double?, most: Double?) {
        guard let least, let most, least > most else { return }
        report(node["max"] ?? node, "`max` is below `min`")
    }

    private mutating func checks(
        _ node: YAMLNode?, _ columns: Set<String>, _ fit: CheckFit
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
        checks.columnCount = columnCount(node["column_count"])
        checks.rowCountSeverity = node["row_count"]?.severity ?? .fail
        checks.columnsSeverity = node["columns"]?.severity ?? .fail
        if let missing = node["missing_share"] {
            checks.missingRowsMax = missing["max_rows"]?.integer
            checks.missingShareSeverity = missing.severity ?? .fail
            judgeLimits(
                missing, share: "max", lets: checks.missingShareMax.map { $0 > 0 },
                checks.missingRowsMax)
        }
        refuseEmpty(node, "column_count", "min", "max")
        refuseEmpty(node, "missing_share", "max", "max_rows")
        if let older = node["missing_share"], node["missing_ratio"] != nil {
            let limits = [
                checks.missingShareMax.map { "max: \(shortest($0))" },
                checks.missingRowsMax.map { "max_rows: \($0)" },
                "severity: \(checks.missingShareSeverity.rawValue)",
            ]
            let words = limits.compactMap(\.self).joined(separator: ", ")
            report(
                older, "`missing_share` and `missing_ratio` say the same",
                hint: "keep missing_ratio: {\(words)}")
        }
        checks.named = namedChecks(node, columns, fit)
        return checks
    }

    /// Reports a check that is named and says nothing; other mistakes in it are said elsewhere.
    private mutating func refuseEmpty(
        _ checks: YAMLNode, _ name: String, _ first: String, _ second: String
    ) {
        guard let entry = checks.entry(name) else { return }
        let place: Place
        switch entry.value.value {
        case .null: place = entry.place(in: file)
        case .table(let entries) where entries.allSatisfy { $0.key == "severity" }:
            place = entry.value.place(in: file)
        default: return
        }
        diagnostics.append(
            Diagnostic(at: place, "`\(name)` says neither `\(first)` nor `\(second)`"))
    }

    private mutating func columnCount(_ node: YAMLNode?) -> ColumnCount? {
        guard let node else { return nil }
        checkOrder(node, least: node["min"]?.number, most: node["max"]?.number)
        return ColumnCount(
            min: node["min"]?.integer, max: node["max"]?.integer,
            severity: node["severity"]?.text.flatMap(CheckSeverity.init) ?? .fail)
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}
