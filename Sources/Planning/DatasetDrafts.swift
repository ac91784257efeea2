import Domain

/// A manifest, with what files of DVC or of pins must still say.
struct DatasetDraft: Hashable, Sendable {
    /// What tells the files.
    enum Origin: Hashable, Sendable {
        case listed
        /// The `.dvc` file of the same name; the place is that of the manifest.
        case sibling(Place)
        /// The file of pins; the place is that of `source`.
        case followed(Place)
        /// Another dataset, from which it is prepared.
        case prepared
        /// There is nothing but the `.dvc` file.
        case undeclared
    }

    /// Without those files that are pinned elsewhere.
    var manifest: DatasetManifest
    var origin = Origin.listed
    var mentions: [PinMention] = []
    /// Where `url` of a file stands, by the file's path.
    var urlPlaces: [String: Place] = [:]
    /// nil: what the files are called tells it.
    var format: DatasetManifest.Format?
    /// The manifest says what stands between cells.
    var hasDelimiter = false
    /// The file that has the schema; then nothing else is read of the manifest yet.
    var schema: SchemaMention?
    /// Where keys stand that mean something in some formats only.
    var formatKeys: [FormatKey] = []
}

/// A key of a manifest that means something in some formats only.
struct FormatKey: Hashable, Sendable {
    /// `unit`, `dialect.delimiter`
    var name: String
    var place: Place
    var formats: [DatasetManifest.Format]

    /// What is wrong with it in a manifest of this format.
    func fault(_ format: DatasetManifest.Format) -> Diagnostic? {
        guard !formats.contains(format) else { return nil }
        let names = formats.map { "`format: \($0.rawValue)`" }.sorted().joined(separator: " or ")
        return Diagnostic(at: place, "`\(name)` needs \(names)")
    }
}

/// Something in a manifest that a file of DVC says: what one file is, or what all of them are.
struct PinMention: Hashable, Sendable {
    /// The `.dvc` file or `dvc.lock`.
    var source: String
    /// Where it is named.
    var place: Place
    /// The file that is looked for in it; nil: everything that it names.
    var path: String?
    var rows: Int?
    var rowsPlace: Place?
    var sizeBytes: Int?
    /// How many files of the manifest stand before it.
    var index: Int
}

/// What each dataset's own file says, with the `.dvc` file that says the rest.
struct DatasetDrafts {
    private(set) var all: [(name: DatasetName, file: TreeFile, draft: Parsed<DatasetDraft>)] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// The files of schemas that some manifest names.
    private(set) var schemaPaths: Set<String> = []

    /// - Parameter tree: nil while the files of schemas are not read.
    init(_ found: DeclarationFiles, _ decoded: DecodedFiles, _ tree: Tree? = nil) {
        var siblings: [String: [TreeFile]] = [:]
        for file in found.siblings {
            siblings[pinnedName(file.path) ?? "", default: []].append(file)
        }
        var used: Set<String> = []
        for (name, file) in found.datasets {
            guard case .dataset(var parsed) = decoded[file] else { continue }
            if let tree, let mention = parsed.draft?.schema {
                schemaPaths.insert(mention.path)
                parsed = Self.complete(parsed, mention, name, decoded, tree)
            }
            if let draft = parsed.draft, case .sibling(let place) = draft.origin {
                parsed = Self.join(parsed, at: place, siblings[name.text] ?? [])
            }
            used.formUnion(parsed.draft?.mentions.map(\.source) ?? [])
            all.append((name, file, parsed))
        }
        // What a broken manifest would have read is not known.
        let broken = Set(all.filter { $0.draft.draft == nil }.map(\.name))
        let names = Set(found.datasets.map(\.name))
        for (text, files) in siblings.sorted(by: { $0.key < $1.key }) {
            if let name = DatasetName(text), broken.contains(name) { continue }
            addUndeclared(text, files.filter { !used.contains($0.path) }, names)
        }
        let followed = Set(all.filter { $0.draft.draft?.manifest.followed != nil }.map(\.name.text))
        for file in found.pinFiles {
            guard let name = PinFile.dataset(at: file.path), !followed.contains(name) else {
                continue
            }
            diagnostics.append(
                unread(file, hint: "only a manifest with `follow: true` of that name reads it"))
        }
    }

    /// Every file that must be read to complete the drafts, and is there.
    func sources(_ tree: Tree) -> [TreeFile] {
        all.flatMap { name, _, parsed -> [TreeFile] in
            guard let draft = parsed.draft else { return [] }
            var files = draft.mentions.compactMap { tree.file(at: $0.source) }
            files += [draft.schema.flatMap { tree.file(at: $0.path) }].compactMap(\.self)
            files += files.compactMap { DVCConfig.file(for: $0.path, in: tree) }
            if draft.manifest.followed != nil, let pins = tree.file(at: PinFile.path(of: name)) {
                files.append(pins)
            }
            return files
        }
    }

    /// Reads a manifest anew, with the schema that it names.
    private static func complete(
        _ parsed: Parsed<DatasetDraft>, _ mention: SchemaMention, _ name: DatasetName,
        _ decoded: DecodedFiles, _ tree: Tree
    ) -> Parsed<DatasetDraft> {
        guard let file = tree.file(at: mention.path),
            case .schema(let schema) = decoded[pins: file]
        else {
            let missing = Diagnostic(
                at: mention.place, "`\(quoted(mention.path))` is not there",
                hint: "commit it: git add \(quoted(mention.path))")
            return Parsed(draft: nil, diagnostics: parsed.diagnostics + [missing])
        }
        var read = decodeDataset(
            mention.manifest, file: mention.place.file, name: name, schema: schema)
        read.draft?.schema = mention
        read.diagnostics = (schema.diagnostics + read.diagnostics).inOrder()
        if schema.diagnostics.hasErrors { read.draft = nil }
        return read
    }

    /// A `.dvc` file without a manifest is a dataset, unless another dataset names it.
    private mutating func addUndeclared(
        _ text: String, _ files: [TreeFile], _ names: Set<DatasetName>
    ) {
        guard let file = files.first else { return }
        guard let name = DatasetName(text) else {
            diagnostics += files.map {
                unread($0, hint: "`\(quoted(text))` is no name of a dataset: \(nameRule)")
            }
            return
        }
        guard !names.contains(name) else {
            diagnostics += files.map {
                unread($0, hint: "the files of datasets/\(name).yaml do not come from it")
            }
            return
        }
        let manifest = DatasetManifest(name: name, path: file.path, files: [], format: .csv)
        var draft = DatasetDraft(manifest: manifest, origin: .undeclared)
        let place = Place(file: file.path, line: 1, column: 1)
        draft.mentions = [PinMention(source: file.path, place: place, index: 0)]
        all.append((name, file, Parsed(draft: draft, diagnostics: Self.twice(files))))
    }

    private static func join(
        _ parsed: Parsed<DatasetDraft>, at place: Place, _ siblings: [TreeFile]
    ) -> Parsed<DatasetDraft> {
        guard var draft = parsed.draft else { return parsed }
        guard let source = siblings.first else {
            let missing = Diagnostic(
                at: place, "`files` is missing",
                hint: "name the files of the dataset, or add datasets/\(draft.manifest.name).dvc")
            return Parsed(draft: nil, diagnostics: parsed.diagnostics + [missing])
        }
        draft.mentions = [PinMention(source: source.path, place: place, index: 0)]
        return Parsed(draft: draft, diagnostics: parsed.diagnostics + twice(siblings))
    }

    private static func twice(_ siblings: [TreeFile]) -> [Diagnostic] {
        siblings.dropFirst().map {
            Diagnostic(
                at: Place(file: $0.path), "`\(siblings[0].path)` declares the same dataset",
                hint: "keep one of them")
        }
    }

    private func unread(_ file: TreeFile, hint: String) -> Diagnostic {
        Diagnostic(.warning, at: Place(file: file.path), "this file is not read", hint: hint)
    }
}
