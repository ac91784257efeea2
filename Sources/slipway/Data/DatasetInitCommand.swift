import ArgumentParser
import Domain
import Host
import Planning
import Validation

struct DatasetInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a manifest with a schema inferred from every row.",
        discussion: """
            Reads the files whole and writes datasets/NAME.yaml: digests, rows, and of each column \
            its type and whether a cell may be missing. What else must hold, such as ranges, only \
            you know: the remarks behind the columns say what is there now.

            What separates cells (comma, semicolon, tab, bar) and the encoding (UTF-8, UTF-16, \
            windows-1252, ISO 8859-1, Shift JIS) are found; other encodings you name with \
            --encoding (windows-1251, koi8-r, gb18030 …). Objects of JSON lines become columns \
            of their keys: address.city.

            Where rows are broken, by cells that are too many or too few, quotes that are not \
            closed or bytes that are no text, or a header is, the manifest is written all the \
            same, the first places are named, and the command ends with 1, as a check would.

            A folder, or a pattern in quotes, is one entry with one digest. Files called .csv, \
            .tsv, .jsonl, .parquet, .arrow or .txt, with .gz or .zst behind what is text, and \
            pictures are known; --format says what others are.

            A file may be an address, https://, http:// or s3://. It is read once and not kept; \
            the manifest has its `url`, and below `data/NAME/` the path that it is laid out at. \
            Of an object store AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and \
            AWS_SECRET_ACCESS_KEY say how it is asked.

            Example:
              slipway dataset init data/sales.csv --label churned
              slipway dataset init data/part-*.csv --name sales
              slipway dataset init 'data/part-*.csv' --name sales
              slipway dataset init data/images/ --label label
              slipway dataset init https://data.example.org/sales.parquet
            """)

    @Argument(help: "Files, folders or patterns, below the repository's folder; or addresses.")
    var files: [String]

    @Option(help: "What the dataset is called; by default what the first file is called.")
    var name: String?

    @Option(help: "The column that is to be predicted.")
    var label: String?

    @Option(name: .customLong("format"), help: "How the files are written.")
    var kind: String?

    @Option(help: "How characters are written as bytes; by default it is found.")
    var encoding: String?

    @OptionGroup var format: JSONOption

    struct Written: Codable {
        var path: String
        var rows: Int
        var columns: [String: String]
        /// What the data breaks of the manifest.
        var problems: [Diagnostic]
    }

    func run() async throws {
        // Because what a file's own folder is in may be somebody else's, behind a link.
        let tree = try await WorkingTree(at: ".")
        guard files.contains(where: RemoteFiles.isAddress) else {
            let entries = try files.map { try relative($0, to: tree.root) }
            let dataset = try datasetName(entries[0].name)
            try refuseKnown(dataset, tree)
            let draft = Draft(
                name: dataset, files: entries.map { ($0.path, nil) },
                format: try format(of: entries.flatMap(\.files)), encoding: try knownEncoding())
            return try await write(draft, reading: tree.root, tree)
        }
        guard files.allSatisfy(RemoteFiles.isAddress) else {
            throw Stop(
                .usage, "a dataset has files of the repository, or files of elsewhere",
                hint: "make two datasets, or name the others in the manifest with `url:`")
        }
        let names = try files.map(RemoteFiles.name)
        let dataset = try datasetName(names[0])
        try refuseKnown(dataset, tree)
        let kind = try format(of: names)
        let encoding = try knownEncoding()
        let remote = try await RemoteFiles(files, of: dataset)
        do {
            for (path, _) in remote.urls where exists("\(tree.root)/\(path)") {
                throw Stop(
                    .refused, "there is something else where the file is laid out", at: path,
                    hint: "slipway dataset init \(path) makes a manifest of what is there")
            }
            let draft = Draft(
                name: dataset, files: remote.urls.map { ($0.path, $0.url) }, format: kind,
                encoding: encoding)
            try await write(draft, reading: remote.root, tree)
        } catch {
            try remote.remove()
            throw error
        }
        try remote.remove()
    }

    private func refuseKnown(_ dataset: DatasetName, _ tree: WorkingTree) throws {
        let path = "datasets/\(dataset).yaml"
        guard exists("\(tree.root)/\(path)") else { return }
        throw Stop(
            .refused, "there is a manifest already", at: path,
            hint: "slipway dataset update \(dataset) moves it to the files' new content")
    }

    /// - Parameter root: below which the draft's files are.
    private func write(_ draft: Draft, reading root: String, _ tree: WorkingTree) async throws {
        let path = draft.manifest.path
        let schema = try await draft.infer(root: root)
        if let label, !schema.columns.contains(where: { $0.name == label }) {
            let names = schema.columns.prefix(20).map(\.name).joined(separator: ", ")
            throw Stop(
                .wrong, "there is no column `\(oneLine(label, charactersMax: 60))`",
                at: draft.manifest.files[0].path,
                hint:
                    "the columns are \(names)"
            )
        }
        let content = try await draft.content(schema, root: root)
        let text = draft.text(schema, content, label: label)
        try makeFolder("\(tree.root)/datasets")
        try writeFileAtomically("\(tree.root)/\(path)", Array(text.utf8))
        try await tell(path, schema, content)
    }

    private func tell(
        _ path: String, _ schema: InferredSchema, _ content: DatasetContent
    ) async throws {
        // Because a draft has no digests yet.
        let problems = content.report.violations.filter { $0.rule != .digest }
            .flatMap(\.diagnostics)
        let columns = schema.columns.map { ($0.name, $0.type.rawValue) }
        if format.json {
            let written = Written(
                path: path, rows: schema.rows,
                columns: Dictionary(columns, uniquingKeysWith: { first, _ in first }),
                problems: problems)
            await Console.put(bytes: try compactJSON(written))
        } else {
            await Console.put(path)
        }
        await Console.say(written(schema.dialect))
        await Console.say(hidden(content.privateLooking))
        await Console.say(problems.map(line).joined(separator: "\n"))
        if !format.json {
            await Console.say(
                """
                \(count(schema.rows, "row")), \(count(schema.columns.count, "column"))
                next: say in it what must hold (docs/checks.md), then slipway check
                """)
        }
        guard !problems.contains(where: { $0.severity == .error }) else {
            throw Stop(
                .wrong, "the manifest is written, and a check of its data fails", at: path,
                hint: "mend the data, then slipway dataset update")
        }
    }

    /// What people should know of a guess; empty: there was none.
    private func written(_ dialect: TableDialect) -> String {
        guard dialect.encoding != .utf8, encoding == nil else { return "" }
        return "the text is not UTF-8 and was read as \(dialect.encoding.rawValue): look at it "
            + "once, with slipway data show; if it is another, name it with --encoding"
    }

    /// What people should know of remarks without cells; empty: there are none.
    private func hidden(_ columns: [String]) -> String {
        guard !columns.isEmpty else { return "" }
        let names = columns.prefix(5).map { "`\(oneLine($0, charactersMax: 60))`" }
        let more = columns.count > 5 ? " and \(columns.count - 5) more" : ""
        return "note: \(names.joined(separator: ", "))\(more) may hold private data, so "
            + "remarks show no cells of it; if so, declare `classification: pii`"
    }

    /// What an argument stands for.
    private struct Entry {
        /// As in the manifest.
        var path: String
        /// What a dataset of it would be called.
        var name: String
        /// The files that are there.
        var files: [String]
    }

    private func relative(_ file: String, to root: String) throws -> Entry {
        let pattern = FilePattern(file)
        var absolute = absolutePath(file)
        if let pattern, !exists(absolute) { absolute = absolutePath(pattern.folder) }
        let real = try canonicalPath(root)
        guard let inside = exists(absolute) ? try canonicalPath(absolute) : nil else {
            throw Stop(.notFound, "there is no such file", at: file)
        }
        guard inside.hasPrefix(real + "/") else {
            throw Stop(
                .wrong, "the file is outside the repository", at: file,
                hint: "copy it below \(root), or name where it is with `url:` in a manifest")
        }
        let path = String(inside.dropFirst(real.count + 1))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard isFolder(inside) else { return Entry(path: path, name: name, files: [path]) }
        let rest = pattern.map { file.dropFirst($0.folder.utf8.count) } ?? "/**"
        let whole = path + rest
        let files = try walk(inside).filter { $0.kind != .folder }.map { "\(path)/\($0.path)" }
            .filter { FilePattern(whole)?.matches($0) ?? false }
        guard !files.isEmpty else {
            throw Stop(.notFound, "there is no such file", at: file)
        }
        return Entry(path: whole, name: name, files: files)
    }

    private func knownEncoding() throws(Stop) -> TableDialect.Encoding {
        guard let encoding else { return .utf8 }
        guard let known = TableDialect.Encoding(named: encoding) else {
            throw Stop(
                .wrong, "there is no encoding `\(oneLine(encoding))`",
                hint: TableDialect.Encoding.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return known
    }

    private func format(of files: [String]) throws -> DatasetManifest.Format {
        if let kind {
            guard let format = DatasetManifest.Format(rawValue: kind) else {
                throw Stop(
                    .wrong, "there is no format `\(oneLine(kind))`",
                    hint: DatasetManifest.Format.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return format
        }
        let kinds = Set(files.map(datasetFormat))
        guard kinds.count == 1, let found = kinds.first, let format = found else {
            let odd = files.first { datasetFormat(of: $0) == nil } ?? files[0]
            throw Stop(
                .wrong, "what the files are called does not tell one format", at: odd,
                hint: "say it with --format, or name files of one kind")
        }
        return format
    }

    private func datasetName(_ path: String) throws -> DatasetName {
        if let name {
            guard let dataset = DatasetName(name) else {
                throw Stop(.wrong, "`\(oneLine(name))` is no name of a dataset", hint: nameRule)
            }
            return dataset
        }
        let stem = path.split(separator: ".").first.map(String.init) ?? path
        let text = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        guard let dataset = DatasetName(String(text)) else {
            throw Stop(
                .wrong, "what the file is called is no name of a dataset", at: path,
                hint: "slipway dataset init \(path) --name NAME")
        }
        return dataset
    }
}

/// A manifest before it is written.
private struct Draft {
    var manifest: DatasetManifest

    init(
        name: DatasetName, files: [(path: String, url: String?)], format: DatasetManifest.Format,
        encoding: TableDialect.Encoding
    ) {
        let nothing = Digest(checked: String(repeating: "0", count: 64))
        let path = "datasets/\(name).yaml"
        manifest = DatasetManifest(
            name: name, path: path,
            files: files.map {
                DatasetFile(
                    path: $0.path, sha256: nothing, digestPlace: Place(file: path), url: $0.url)
            }, format: format)
        if files.first.map({ isTabbed($0.path) }) == true { manifest.dialect.delimiter = "\t" }
        manifest.dialect.encoding = encoding
    }

    func infer(root: String) async throws -> InferredSchema {
        let schema = try await readSchema(of: manifest, root: root)
        let names = manifest.files.map(\.path).joined(separator: ", ")
        if let problem = schema.report.unread {
            let isInManifest = problem.place.file == manifest.path
            throw Stop(
                .wrong, problem.message, at: isInManifest ? names : "\(problem.place)",
                hint: isInManifest ? nil : problem.hint)
        }
        if let twice = schema.report.repeatedFile {
            throw Stop(.wrong, twice.message, at: names, hint: twice.hint)
        }
        guard schema.rows > 0 || !schema.columns.isEmpty else {
            throw Stop(.wrong, "there is nothing to read in the file", at: names)
        }
        return schema
    }

    /// What there is under the schema that is to be written.
    func content(_ schema: InferredSchema, root: String) async throws -> DatasetContent {
        var declared = manifest
        declared.dialect = schema.dialect
        declared.columns = schema.columns.map {
            ColumnDeclaration(name: $0.name, type: $0.type, place: Place(file: manifest.path))
        }
        declared.checks.missingValues = schema.missingWords
        return try await PreparedData().content(
            of: declared, root: root, rowsMax: 0, seeksPrivate: true)
    }

    func text(_ schema: InferredSchema, _ content: DatasetContent, label: String?) -> String {
        let profile = content.guardedProfile
        return manifestText(
            files: schema.report.pairs(of: manifest.files).map { file, found in
                (file.path, file.url, found.sha256 ?? file.sha256, found.rows)
            },
            format: manifest.format, dialect: schema.dialect,
            columns: schema.columns.filter(isWorthSaying).map { column in
                WrittenColumn(
                    name: column.name, type: column.type,
                    isRequired: column.missing == 0 && !column.isEmpty,
                    remark: profile?.column(column.name)?.remark ?? "")
            },
            label: label, missingWords: schema.missingWords,
            remark: rowsRemark(schema.rows, areTyped: content.report.typesHold))
    }

    /// Of pictures every path and digest is another.
    private func isWorthSaying(_ column: InferredColumn) -> Bool {
        manifest.format != .images || !["path", "bytes", "sha256"].contains(column.name)
    }
}
