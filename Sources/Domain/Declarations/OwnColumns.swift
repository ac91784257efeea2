/// What a dataset has beside what its manifest declares: pictures and texts have columns of their
/// own.
extension DatasetManifest {
    /// The columns that every file has, whatever is declared, in their order; none where the files
    /// themselves tell.
    package var ownColumns: [(name: String, type: ColumnDeclaration.Kind)] {
        switch format {
        case .csv, .jsonl, .parquet, .arrow: []
        case .images:
            [
                ("path", .string), ("label", .string), ("width", .integer), ("height", .integer),
                ("mode", .string), ("format", .string), ("bytes", .integer), ("sha256", .string),
            ]
        case .text:
            (unit == .file ? [("path", .string)] : [])
                + [("text", .string), ("length", .integer), ("words", .integer)]
        }
    }

    /// Every column that can be named: those that are declared, and behind them the files' own.
    /// Empty: any may be.
    package var knownColumns: [ColumnDeclaration] {
        let declared = Set(columns.map(\.name))
        return columns
            + ownColumns.filter { !declared.contains($0.name) }.map {
                ColumnDeclaration(name: $0.name, type: $0.type, place: Place(file: path))
            }
    }
}
