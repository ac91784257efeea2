import Domain

/// A manifest whose schema is in a file of its own, and what is needed to read it anew with that.
struct SchemaMention: Hashable, Sendable {
    /// The file of the schema.
    var path: String
    /// Where it is named.
    var place: Place
    /// The bytes of the manifest.
    var manifest: [UInt8]
}

extension DatasetDecoder {
    /// The Table Schema of a manifest; nil: it has none, or it cannot be read.
    mutating func readSchema(_ root: YAMLNode) -> TableSchema? {
        guard let node = root["schema"] else { return nil }
        if let schemaFile { return schemaFile.draft }
        guard case .table = node.value else { return nil }
        var decoder = TableSchemaDecoder(file: file, source: source)
        let schema = decoder.decode(node)
        diagnostics += decoder.diagnostics
        return schema
    }

    /// The file that `schema:` names; nil: it names none, or none that can be.
    mutating func schemaMention(_ root: YAMLNode) -> SchemaMention? {
        guard let node = root["schema"], let written = node.text else { return nil }
        guard let path = repositoryPath(written), path.hasPrefix("datasets/"),
            [".json", ".yaml", ".yml"].contains(where: path.hasSuffix)
        else {
            report(
                node, "`schema: \(quoted(written))` is no JSON or YAML file below `datasets/`",
                hint: "schema: datasets/schemas/\(file.split(separator: "/").last ?? "orders.json")"
            )
            return nil
        }
        return SchemaMention(path: path, place: node.place(in: file), manifest: source)
    }

    /// Puts what a schema says of the whole together with what the manifest says, which must not
    /// contradict it.
    mutating func join(
        _ schema: TableSchema, _ root: YAMLNode, into manifest: inout DatasetManifest
    ) {
        if let match = schema.match {
            let own = root["checks"]?["columns"]?["match"]
            contradict(own, isOther: manifest.columnMatch != match.value, "match", match.place)
        }
        if let missing = schema.missingValues {
            let own = root["checks"]?["missing_values"]
            contradict(
                own, isOther: Set(manifest.checks.missingValues) != Set(missing.value),
                "missing_values", missing.place)
            manifest.checks.missingValues = missing.value
        }
        if let primary = schema.primary {
            contradict(
                root["primary_key"], isOther: Set(manifest.keys.primary) != Set(primary.value),
                "primary_key", primary.place)
            manifest.keys.primary = primary.value
        }
        let own = Set(manifest.keys.unique.map(\.columns))
        manifest.keys.unique += schema.unique.map(\.value).filter { !own.contains($0) }
            .map { UniqueKey($0) }
        for key in schema.foreign {
            let isSaid = manifest.keys.foreign.contains {
                ($0.columns, $0.references) == (key.columns, key.references)
                    && $0.dataset == key.dataset
            }
            if !isSaid { manifest.keys.foreign.append(key) }
        }
    }

    private mutating func contradict(
        _ own: YAMLNode?, isOther: Bool, _ key: String, _ place: Place
    ) {
        guard let own, isOther else { return }
        report(
            own, "`\(key)` is not what the schema says",
            hint: "keep one of the two; the schema says it at \(place)")
    }
}

/// Reads a file that holds a Table Schema.
func decodeSchema(_ bytes: [UInt8], file: String) -> Parsed<TableSchema> {
    let document = YAMLDocument(bytes, file: file)
    guard let root = document.root, case .table = root.value else {
        let empty = Diagnostic(
            at: Place(file: file, line: 1, column: 1), "a Table Schema is a mapping with `fields`",
            hint: "fields: [{name: id, type: integer}]")
        let found = document.diagnostics.inOrder()
        return Parsed(draft: nil, diagnostics: found.isEmpty ? [empty] : found)
    }
    var decoder = TableSchemaDecoder(file: file, source: bytes)
    let schema = decoder.decode(root)
    let found = (document.diagnostics + decoder.diagnostics).inOrder()
    return Parsed(draft: schema, diagnostics: found)
}
