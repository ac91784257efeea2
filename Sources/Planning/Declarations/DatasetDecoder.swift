import Domain

/// Reads a `datasets/<name>.yaml`.
func decodeDataset(
    _ bytes: [UInt8], file: String, name: DatasetName
) -> Parsed<DatasetManifest> {
    let (root, found) = readTable(bytes, file: file, kind: .dataset)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = DatasetDecoder(file: file, diagnostics: found)
    let manifest = decoder.decode(root, name: name)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : manifest, diagnostics: all)
}

private struct DatasetDecoder {
    let file: String
    var diagnostics: [Diagnostic]

    mutating func decode(_ root: YAMLNode, name: DatasetName) -> DatasetManifest? {
        let files = files(root["files"])
        let columns = columns(root["columns"])
        let checks = checks(root["checks"])
        guard let format = format(root, files) else { return nil }
        return DatasetManifest(
            name: name, path: file, description: root["description"]?.text ?? "", files: files,
            format: format, columns: columns, checks: checks)
    }

    private mutating func files(_ node: YAMLNode?) -> [DatasetFile] {
        var files: [DatasetFile] = []
        var paths: Set<String> = []
        for item in node?.items ?? [] {
            guard let pathNode = item["path"], let written = pathNode.text,
                let digestNode = item["sha256"], let digest = Digest(digestNode.source)
            else { continue }
            guard let path = repositoryPath(written) else {
                report(pathNode, "`\(quoted(written))` is not inside the repository")
                continue
            }
            if !paths.insert(path).inserted {
                report(pathNode, "the file `\(quoted(path))` is named twice")
            }
            let rows = item["rows"]
            files.append(
                DatasetFile(
                    path: path, sha256: digest, rows: rows?.integer,
                    digestPlace: digestNode.place(in: file), rowsPlace: rows?.place(in: file)))
        }
        return files
    }

    private mutating func format(
        _ root: YAMLNode, _ files: [DatasetFile]
    ) -> DatasetManifest.Format? {
        if let text = root["format"]?.text { return DatasetManifest.Format(rawValue: text) }
        guard let first = files.first else { return nil }
        if first.path.hasSuffix(".csv") { return .csv }
        if first.path.hasSuffix(".jsonl") || first.path.hasSuffix(".ndjson") { return .jsonl }
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

    private mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}
