import Domain

extension DatasetDecoder {
    /// The columns of a manifest: those of its schema with what `columns:` adds, or those of
    /// `columns:`.
    mutating func columns(_ root: YAMLNode, _ schema: TableSchema?) -> [ColumnDeclaration] {
        var columns: [ColumnDeclaration] = []
        var names: Set<String> = []
        for item in root["columns"]?.items ?? [] {
            guard let name = item["name"]?.label else { continue }
            if !names.insert(name).inserted {
                report(item["name"] ?? item, "the column `\(quoted(name))` is declared twice")
            }
            guard let type = item["type"]?.text.flatMap(ColumnDeclaration.Kind.init(rawValue:))
            else { continue }
            let own = column(item, name, type)
            guard let schema else {
                columns.append(own)
                continue
            }
            add(own, item, to: schema, &columns)
        }
        guard let schema else { return columns }
        let added = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
        return schema.columns.map { added[$0.name] ?? $0 }
    }

    private mutating func column(
        _ item: YAMLNode, _ name: String, _ type: ColumnDeclaration.Kind
    ) -> ColumnDeclaration {
        var words = ColumnWords(name: name, type: type, node: item, in: .manifest)
        words.required = item["required"]?.flag ?? false
        words.unique = item["unique"]?.flag ?? false
        for key in ColumnWords.Key.allCases {
            // Because a bound that is no scalar was reported by its shape.
            words.say(key, item[key.rawValue].flatMap { key.isBound && $0.label == nil ? nil : $0 })
        }
        var reader = ColumnReader(file: file, source: source)
        var column = reader.read(words)
        diagnostics += reader.diagnostics
        column.classification =
            item["classification"]?.text.flatMap(ColumnDeclaration.Classification.init)
        column.strictness = strictness(item)
        return column
    }

    // MARK: Beside a schema

    /// Puts what `columns:` says of a column together with what the schema says.
    private mutating func add(
        _ own: ColumnDeclaration, _ item: YAMLNode, to schema: TableSchema,
        _ columns: inout [ColumnDeclaration]
    ) {
        guard let declared = schema.columns.first(where: { $0.name == own.name }) else {
            // Because a field that is wrong itself is said once.
            guard !schema.names.contains(own.name) else { return }
            return report(
                item, "the schema has no field `\(quoted(own.name))`", hint: "see \(schema.place)")
        }
        let join = ColumnJoin(own, item, onto: declared)
        columns.append(join.column)
        for key in join.differing {
            report(
                item[key] ?? item["exclusive_\(key)"] ?? item,
                "`\(key)` of `\(quoted(own.name))` is not what the schema says",
                hint: "keep one of the two; the schema says it at \(declared.place)")
        }
    }
}
