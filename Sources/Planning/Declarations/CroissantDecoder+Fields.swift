import Domain

extension CroissantDecoder {
    /// Reads the fields of a table as columns; returns the `@id`s of its files, each once.
    mutating func readFields(_ table: YAMLNode, into manifest: inout DatasetManifest) -> [String] {
        var files: [String] = []
        var names: [String: String] = [:]
        for field in all(table["field"]) {
            guard let source = source(of: field) else { continue }
            if files.isEmpty { files = source.files }
            guard source.files == files else {
                report(
                    field, "the field is of other files than those before it",
                    hint: "a dataset is one table: make a file for each table")
                continue
            }
            if let node = field["subField"] ?? (field["repeated"]?.flag == true ? field : nil) {
                report(
                    node,
                    "the field `\(quoted(id(field)))` is nested or repeated, which no "
                        + "type of a column is")
                continue
            }
            guard let type = type(of: field, isChanged: source.isChanged) else { continue }
            names[id(field)] = source.column
            if manifest.columns.contains(where: { $0.name == source.column }) {
                report(field, "two fields are of the column `\(quoted(source.column))`")
                continue
            }
            manifest.columns.append(
                ColumnDeclaration(
                    name: source.column, type: type, place: field.place(in: file)))
        }
        for node in all(table["key"]) {
            let key = node["@id"]?.label ?? node.label ?? ""
            guard let column = names[key] else {
                report(node, "`key` names `\(quoted(key))`, which is no field of the record set")
                continue
            }
            manifest.keys.primary.append(column)
        }
        if files.isEmpty, !diagnostics.hasErrors {
            report(table, "the record set `\(quoted(id(table)))` has no field of a file")
        }
        return files
    }

    private struct Source {
        var files: [String]
        var column: String
        /// The cells are changed before they are of the field's type.
        var isChanged: Bool
    }

    private mutating func source(of field: YAMLNode) -> Source? {
        if let references = field["references"] {
            warn(references, "`references` is not checked; a manifest has `foreign_keys` for it")
        }
        guard let source = field["source"] else {
            report(field, "the field `\(quoted(id(field)))` has no `source`")
            return nil
        }
        let files = all(source["fileObject"] ?? source["fileSet"])
            .compactMap { $0["@id"]?.label ?? $0.label }
        guard !files.isEmpty else {
            report(source, "the source of the field `\(quoted(id(field)))` is no file")
            return nil
        }
        let extract = source["extract"]
        if let property = extract?["fileProperty"] {
            report(property, "properties of files (`fileProperty`) are not read")
            return nil
        }
        let transform = source["transform"]
        if let transform {
            warn(transform, "`transform` is not carried out; the column is taken as text")
        }
        let path = extract?["jsonPath"]?.text.map(Self.keys)
        let name = id(field).split(separator: "/").last.map(String.init) ?? ""
        return Source(
            files: files, column: extract?["column"]?.label ?? path ?? name,
            isChanged: transform != nil)
    }

    /// `$.a.b` as the name of a column, `a.b`.
    private static func keys(_ path: String) -> String {
        var rest = path[...]
        if rest.hasPrefix("$") { rest = rest.dropFirst() }
        if rest.hasPrefix(".") { rest = rest.dropFirst() }
        return String(rest)
    }

    /// The first of its types that columns have.
    private mutating func type(
        of field: YAMLNode, isChanged: Bool
    ) -> ColumnDeclaration.Kind? {
        let written = all(field["dataType"]).compactMap(\.text)
        for type in written {
            let name = type.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? type
            if let kind = Self.kinds[name] { return isChanged ? .string : kind }
        }
        let shown = written.first.map { "`\(quoted($0))`" } ?? "nothing"
        report(
            field["dataType"] ?? field,
            "the field `\(quoted(id(field)))` is of \(shown), which no type of a column is",
            hint: "sc:Integer, sc:Float, sc:Text, sc:Boolean, sc:Date and sc:DateTime are")
        return nil
    }

    private static let kinds: [String: ColumnDeclaration.Kind] = [
        "Integer": .integer, "Int8": .integer, "Int16": .integer, "Int32": .integer,
        "Int64": .integer, "UInt8": .integer, "UInt16": .integer, "UInt32": .integer,
        "UInt64": .integer, "Float": .number, "Number": .number, "Float16": .number,
        "Float32": .number, "Float64": .number, "Text": .string, "URL": .string, "name": .string,
        "Split": .string, "Boolean": .boolean, "Date": .date, "DateTime": .datetime,
    ]
}
