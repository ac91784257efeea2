import Domain
import Validation

/// The columns that a content has, or should have, and the types that are known of them.
struct KnownColumns {
    var names: [String]
    /// Of those that are declared, and whose cells have the type.
    var types: [String: String]

    /// nil: it could not be read, or has too many columns.
    init?(of content: DatasetContent, under manifest: DatasetManifest) {
        guard content.report.unread == nil, let columns = content.profile?.columns,
            !columns.isEmpty
        else { return nil }
        // Because a declared key is a column of lines that none of them has.
        let found = columns.filter { manifest.format != .jsonl || $0.missing < $0.rows }
        names = found.map(\.name)
        types = manifest.declaredTypes
        for broken in content.report.violations
        where broken.rule == .type && broken.severity != .tolerated {
            if let name = broken.column { types[name] = nil }
        }
    }

    /// What a manifest declares; where it lets columns come, go or move, those that were found.
    init(declaredBy manifest: DatasetManifest, beside found: KnownColumns) {
        let isFree =
            manifest.columns.isEmpty || manifest.columnMatch != .exact
            || manifest.knowsFixedColumns
        names = isFree ? found.names : manifest.columns.map(\.name)
        types = manifest.declaredTypes
    }
}

extension DatasetComparison {
    /// Says in what the columns differ, as `compare` does of declarations.
    ///
    /// - Parameter manifest: that of the later content, whose types are inferred where they are not
    ///   known.
    mutating func compareColumns(
        from old: KnownColumns, to new: KnownColumns, of manifest: DatasetManifest, root: String
    ) async throws {
        var types = new.types
        let (known, declared) = (Set(old.names), manifest.declaredTypes)
        let unknown = new.names.filter {
            types[$0] == nil && (!known.contains($0) || declared[$0] != nil)
        }
        if !unknown.isEmpty {
            let inferred = try await readSchema(of: manifest.bare, root: root).columns
            for column in inferred where unknown.contains(column.name) {
                types[column.name] = column.type.rawValue
            }
        }
        let change = SchemaChange(from: old.names, to: new.names) { name in
            guard let before = old.types[name], let now = types[name] else { return nil }
            return (before, now)
        }
        schema += change.removed.map { schemaLine("-", $0, old.types[$0]) }
        schema += change.added.map { schemaLine("+", $0, types[$0]) }
        schema += change.retyped.map { schemaLine("~", $0.column, "\($0.before) → \($0.now)") }
        // Because keys of lines have no order.
        if let moved = change.moved, manifest.format != .jsonl {
            schema.append("~ in another order from `\(oneLine(moved, charactersMax: 60))` on")
        }
    }
}

/// One difference of a column; `what` is nil where nothing is known of its type.
func schemaLine(_ sign: String, _ column: String, _ what: String?) -> String {
    "\(sign) \(oneLine(column, charactersMax: 60))" + (what.map { ": \($0)" } ?? "")
}

/// Infers a schema, with the line that says how far it is.
func readSchema(of manifest: DatasetManifest, root: String) async throws -> InferredSchema {
    let line = ReadingLine([manifest], root: root)
    return try await line.around {
        var options = ValidationOptions()
        options.progress = line.progress
        return try await inferSchema(of: manifest, root: root, options: options)
    }
}

extension DatasetManifest {
    fileprivate var declaredTypes: [String: String] {
        let types = columns.map { ($0.name, $0.type.rawValue) }
        return Dictionary(types, uniquingKeysWith: { first, _ in first })
    }

    /// How its files are written, without what must hold.
    fileprivate var bare: DatasetManifest {
        var bare = DatasetManifest(name: name, path: path, files: files, format: format)
        (bare.dialect, bare.unit) = (dialect, unit)
        return bare
    }
}
