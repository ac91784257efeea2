package import Domain
import Host

/// How a dataset is prepared, and how much is remembered meanwhile.
package struct PreparationOptions: Sendable {
    /// How the source is read; its `spillFolder` has room for a few times the rows, and its
    /// `preparedRoot` has sources that were prepared before.
    package var validation: ValidationOptions
    /// For what one step sorts, in bytes.
    package var sortBytesMax: Int
    /// Is told what is being done, for people.
    package var progress: (@Sendable (String) -> Void)?
    /// Where Python environments are kept that pictures need.
    package var environments: String

    /// - Parameter environments: nil: they are made anew below the spill folder.
    package init(
        validation: ValidationOptions = ValidationOptions(), sortBytesMax: Int = 48 << 20,
        progress: (@Sendable (String) -> Void)? = nil, environments: String? = nil
    ) {
        self.validation = validation
        self.sortBytesMax = sortBytesMax
        self.progress = progress
        self.environments = environments ?? "\(validation.spillFolder)/environments"
    }
}

/// Carries out the steps of a manifest's `prepare:` and writes the rows to a file, or pictures to
/// a folder.
///
/// `root` is the folder that the source's paths are relative to; nothing may be at `path`, and what
/// is there after an error is to be removed. The same source and steps give the same bytes, however
/// the source is read. Memory does not grow with the rows: they wait on the disk where a step needs
/// all of them. The manifest must be one of a plan, and have a preparation.
@concurrent
package func prepare(
    _ manifest: DatasetManifest, root: String, to path: String,
    options: PreparationOptions = PreparationOptions()
) async throws(PreparationError) -> PreparationReport {
    guard let preparation = manifest.preparation, let source = preparation.sourceManifest else {
        preconditionFailure("`\(manifest.name)` is not prepared from anything")
    }
    options.progress?("reading \(source.name)")
    let rows = try await SourceRows.read(source, root: root, options: options.validation)
    if source.format == .images {
        let from = source.preparation == nil ? root : options.validation.preparedRoot ?? root
        return try await PicturePreparation(
            manifest: manifest, preparation: preparation, source: source, rows: rows,
            root: from, options: options
        ).run(to: path)
    }
    return try PreparationRun(
        manifest: manifest, preparation: preparation, source: source, rows: rows, options: options
    ).run(to: path)
}

/// The rows of the source, on the disk.
struct SourceRows: Sendable {
    var spool: RowSpool
    var columns: [String]
    /// Of each file, the column of each of its cells.
    var layouts: [Int: [Int]]
    var paths: [Int: String]
    var files: [CheckedFile]

    /// Reads all rows, and refuses data that is not what the manifest says, or cannot be read as
    /// rows. What cells must be is not asked.
    static func read(
        _ source: DatasetManifest, root: String, options: ValidationOptions
    ) async throws(PreparationError) -> SourceRows {
        let spool = try spilling { () throws(SpillFault) in try RowSpool(in: options.spillFolder) }
        let found: (report: ValidationReport, sink: PreparationSink, lateColumns: [String])
        do throws(ValidationError) {
            let pass = try DatasetPass(
                source.asRows, root: root, options: options, sink: PreparationSink(spool))
            found = try await pass.rowsAlone()
        } catch {
            throw .validation(error)
        }
        var wrong = found.report.violations.filter { $0.rule.spoilsRows }.flatMap(\.diagnostics)
        wrong += found.lateColumns.prefix(10).map { name in
            Diagnostic(
                at: Place(file: source.path),
                "the key `\(oneLine(name, charactersMax: 60))` is not among those of the first MiB",
                hint: "declare the `columns` of `\(source.name)`")
        }
        let sink = found.sink
        if source.format != .jsonl { wrong += sink.lackingColumns }
        guard wrong.isEmpty else { throw .source(source.name, wrong) }
        return SourceRows(
            spool: try spilling { () throws(SpillFault) in try sink.finish() },
            columns: sink.columns, layouts: sink.layouts, paths: sink.paths,
            files: found.report.files)
    }
}

extension PreparationSink {
    /// The columns that some tables have and others have not.
    fileprivate var lackingColumns: [Diagnostic] {
        layouts.sorted { $0.key < $1.key }.flatMap { file, layout in
            columns.indices.filter { !layout.contains($0) }.map { column in
                Diagnostic(
                    at: Place(file: paths[file] ?? "", line: 1),
                    "the column `\(oneLine(columns[column], charactersMax: 60))`, which another "
                        + "file has, is not in the file")
            }
        }
    }
}

extension DatasetManifest {
    /// The manifest with nothing that is expected of cells.
    fileprivate var asRows: DatasetManifest {
        var manifest = self
        manifest.columns =
            format == .jsonl
            ? columns.map {
                // Because no path may lead into what is taken whole.
                ColumnDeclaration(
                    name: $0.name, type: $0.type.isScalar ? .string : .any, place: $0.place)
            } : []
        manifest.checks = DatasetChecks(rowCountMin: 0, missingValues: checks.missingValues)
        manifest.rules = []
        manifest.keys = RowKeys()
        manifest.label = nil
        return manifest
    }
}

extension Rule {
    /// What keeps files from being the rows that are meant.
    fileprivate var spoilsRows: Bool {
        switch self {
        case .preparation, .unpinned, .missingFile, .outsideRoot, .notAFile, .emptyFile,
            .repeatedFile, .digest, .byteCount, .rows, .rowCount, .changedFile, .compression,
            .notText, .encoding, .nulByte, .unbalancedQuote,
            .strayQuote, .strayCarriageReturn, .recordSize, .json, .parquet, .arrow, .image,
            .raggedRow, .blankRow, .tooManyColumns, .columnCount, .missingColumn, .blankHeader,
            .duplicateColumn, .extraColumn, .columnOrder:
            true
        case .type, .required, .range, .length, .values, .pattern, .format, .unique, .primaryKey,
            .foreignKey, .rowRule, .sorted, .missingShare:
            false
        }
    }
}
