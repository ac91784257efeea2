import Domain

/// Reads a `datasets/<name>.croissant.json`: one table of a dataset as Croissant describes it.
///
/// Source: MLCommons, "Croissant Format Specification" 1.0. `distribution` has the files, and
/// `recordSet` tables whose fields name columns of files. What Slipway has no word for is an error
/// where the table would be another without it, and otherwise a warning.
func decodeCroissant(
    _ bytes: [UInt8], file: String, name: DatasetName
) -> Parsed<DatasetDraft> {
    // Because YAML, which all but contains JSON, has no tabs between tokens; no JSON text has any.
    let text = bytes.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }
    let document = YAMLDocument(text, file: file)
    guard let root = document.root, document.diagnostics.isEmpty else {
        let empty = Diagnostic(at: Place(file: file, line: 1, column: 1), "the file is empty")
        return Parsed(
            draft: nil,
            diagnostics: document.diagnostics.isEmpty ? [empty] : document.diagnostics.inOrder())
    }
    var decoder = CroissantDecoder(file: file, name: name)
    let draft = decoder.decode(root)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : draft, diagnostics: all)
}

/// What is read of one file; every mistake is reported at its place.
struct CroissantDecoder {
    let file: String
    let name: DatasetName
    private(set) var diagnostics: [Diagnostic] = []
    /// By their `@id`, with where it stands.
    private var objects: [String: YAMLNode] = [:]

    init(file: String, name: DatasetName) {
        self.file = file
        self.name = name
    }

    mutating func decode(_ root: YAMLNode) -> DatasetDraft? {
        guard isCroissant(root) else { return nil }
        for object in all(root["distribution"]) {
            guard let id = object["@id"]?.label ?? object["name"]?.label else {
                report(object, "a file of `distribution` has no `@id`")
                continue
            }
            objects[id] = object
        }
        if let live = root["isLiveDataset"], live.flag == true {
            report(
                live, "the files of a live dataset change without a new digest",
                hint: "pin a snapshot: a file with `sha256` for each FileObject")
        }
        var draft = DatasetDraft(
            manifest: DatasetManifest(
                name: name, path: file, description: root["description"]?.text ?? "", files: [],
                format: .csv))
        draft.manifest.owner = all(root["creator"]).first?["name"]?.text ?? ""
        draft.manifest.tags = all(root["keywords"]).compactMap(\.label)
        var ids: [String] = []
        if let table = table(root) {
            ids = readFields(table, into: &draft.manifest)
            draft.manifest.columnMatch = .subset
        } else if !diagnostics.hasErrors {
            ids = all(root["distribution"]).compactMap { ($0["@id"] ?? $0["name"])?.label }
        }
        guard !diagnostics.hasErrors else { return nil }
        guard !ids.isEmpty else {
            report(root, "`distribution` names no file")
            return nil
        }
        for id in ids { readFile(id, into: &draft) }
        return draft
    }

    private mutating func isCroissant(_ root: YAMLNode) -> Bool {
        let types = all(root["@type"]).compactMap(\.text)
        guard types.contains(where: { ["sc:Dataset", "Dataset"].contains($0) }) else {
            report(
                root["@type"] ?? root, "`@type` must be `sc:Dataset`",
                hint: "a Croissant file of version 1 is read here")
            return false
        }
        let versions = all(root["conformsTo"] ?? root["dct:conformsTo"])
            .compactMap { $0.text ?? $0["@id"]?.text }
        guard versions.contains(where: { $0.contains("mlcommons.org/croissant/1.") }) else {
            report(
                root["conformsTo"] ?? root,
                "`conformsTo` must be `http://mlcommons.org/croissant/1.0`")
            return false
        }
        return true
    }

    /// The one record set that is a table of files; nil: there is none, or too many.
    private mutating func table(_ root: YAMLNode) -> YAMLNode? {
        let tables = all(root["recordSet"]).filter { set in
            let types = all(set["dataType"]).compactMap(\.text)
            return set["data"] == nil
                && !types.contains { $0.hasSuffix("Enumeration") || $0.hasSuffix("Split") }
        }
        if tables.count > 1 {
            let names = tables.prefix(8).map { "`\(quoted(id($0)))`" }.joined(separator: ", ")
            report(
                tables[1], "the file has \(tables.count) record sets, and a dataset is one table",
                hint: "leave one in the file, and make a file for each: \(names)")
        }
        return tables.count == 1 ? tables[0] : nil
    }

    // MARK: Files

    private mutating func readFile(_ id: String, into draft: inout DatasetDraft) {
        guard let object = objects[id] else { return }
        if let archive = object["containedIn"] {
            return report(
                archive, "`\(quoted(id))` is in an archive or a repository, which is not read",
                hint: "name files that lie there by themselves, each with `sha256`")
        }
        if all(object["@type"]).contains(where: { $0.text?.hasSuffix("FileSet") == true }) {
            return report(
                object, "the file set `\(quoted(id))` has no digest, so it is not read",
                hint: "name each file as a FileObject with `sha256`")
        }
        guard let address = object["contentUrl"], let written = address.text else {
            return report(object, "`\(quoted(id))` has no `contentUrl`")
        }
        guard let digestNode = object["sha256"] else {
            return report(
                object["md5"] ?? object, "`\(quoted(id))` has no `sha256`",
                hint: "the digest that the file must have; `md5` alone is not enough")
        }
        guard let digest = Digest(digestNode.source.lowercased()) else {
            return report(digestNode, "`sha256` must be 64 hexadecimal digits")
        }
        guard let path = path(of: object, id, written, address) else { return }
        var url: String?
        if written.contains("://") {
            url = written
            if let fault = ObjectAddress.secretFault("contentUrl", written) {
                report(address, fault.what, hint: fault.hint)
            } else if let problem = ObjectAddress.problem(written) {
                report(address, "`contentUrl: \(quoted(written))` \(problem)")
            }
            draft.urlPlaces[path] = address.place(in: file)
        }
        readFormat(object, path, into: &draft)
        draft.manifest.files.append(
            DatasetFile(
                path: path, sha256: digest, digestPlace: digestNode.place(in: file), url: url))
    }

    /// What is written is relative to the file; what is elsewhere lies in a folder of its own.
    private mutating func path(
        of object: YAMLNode, _ id: String, _ written: String, _ address: YAMLNode
    ) -> String? {
        if written.contains("://") {
            let name = (object["name"]?.text ?? id).split(separator: "/").last.map(String.init)
            if let name, let path = repositoryPath(name, from: "data/\(self.name)") { return path }
        } else if let path = repositoryPath(written, from: "datasets"), FilePattern(path) == nil {
            return path
        }
        report(address, "`contentUrl: \(quoted(written))` is no path in the repository")
        return nil
    }

    private mutating func readFormat(
        _ object: YAMLNode, _ path: String, into draft: inout DatasetDraft
    ) {
        let node = object["encodingFormat"]
        let type = node?.text ?? ""
        let format = Self.formats[type] ?? datasetFormat(of: path)
        guard let format else {
            return report(
                node ?? object, "files of `encodingFormat: \(quoted(type))` are not read",
                hint: "those that are: " + Self.formats.keys.sorted().joined(separator: ", "))
        }
        if let known = draft.format, known != format {
            return report(
                node ?? object,
                "the file is \(format.rawValue), others of the table are \(known.rawValue)")
        }
        draft.format = format
        guard type == "text/tab-separated-values" || isTabbed(path) else { return }
        draft.manifest.dialect.delimiter = "\t"
        draft.hasDelimiter = true
    }

    private static let formats: [String: DatasetManifest.Format] = [
        "text/csv": .csv, "text/tab-separated-values": .csv, "application/jsonlines": .jsonl,
        "application/x-ndjson": .jsonl, "application/x-parquet": .parquet,
        "application/vnd.apache.parquet": .parquet, "application/vnd.apache.arrow.file": .arrow,
        "application/vnd.apache.arrow.stream": .arrow, "text/plain": .text,
    ]

    // MARK: Words

    /// A list, or the one thing that stands in its place.
    func all(_ node: YAMLNode?) -> [YAMLNode] {
        guard let node else { return [] }
        if case .list(let items) = node.value { return items }
        return [node]
    }

    func id(_ node: YAMLNode) -> String {
        (node["@id"] ?? node["name"])?.label ?? ""
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }

    mutating func warn(_ node: YAMLNode, _ message: String) {
        diagnostics.append(Diagnostic(.warning, at: node.place(in: file), message))
    }
}
