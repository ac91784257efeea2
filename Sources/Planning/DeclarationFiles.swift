import Domain

/// Which files of a tree are declarations, and which look like ones but are not read.
struct DeclarationFiles: Sendable {
    struct Model: Sendable {
        var name: ModelName
        var folder: String
        var file: TreeFile
    }

    private(set) var models: [Model] = []
    private(set) var datasets: [(name: DatasetName, file: TreeFile)] = []
    /// The `.dvc` files beside the manifests: each may be a dataset, or tell the files of one.
    private(set) var siblings: [TreeFile] = []
    /// What the bot pinned, beside the manifests.
    private(set) var pinFiles: [TreeFile] = []
    private(set) var environments: [(name: EnvironmentName, file: TreeFile)] = []
    private(set) var diagnostics: [Diagnostic] = []

    var all: [TreeFile] { models.map(\.file) + datasets.map(\.file) + environments.map(\.file) }

    init(_ tree: Tree) {
        for folder in ["models", "datasets", "environments"] {
            if let file = tree.file(at: folder), file.isLink {
                diagnostics.append(file.brokenFolder)
            }
        }
        for file in tree.files(below: "models") { addModel(file) }
        for file in tree.files(below: "datasets") {
            if pinnedName(file.path) != nil {
                siblings.append(file)
                continue
            }
            if PinFile.dataset(at: file.path) != nil {
                pinFiles.append(file)
                continue
            }
            guard let name = croissantName(file.path) ?? name(of: file, in: "datasets") else {
                continue
            }
            guard let legal = DatasetName(name) else {
                refuse(name, file, "dataset")
                continue
            }
            guard datasets.last?.name != legal else {
                diagnostics.append(
                    Diagnostic(
                        at: Place(file: file.path),
                        "`datasets/\(legal).croissant.json` declares the same dataset",
                        hint: "keep one of them"))
                continue
            }
            datasets.append((legal, file))
        }
        for file in tree.files(below: "environments") {
            guard let name = name(of: file, in: "environments") else { continue }
            guard let legal = EnvironmentName(name) else {
                refuse(name, file, "environment")
                continue
            }
            environments.append((legal, file))
        }
    }

    /// Takes up a model's file of other content; nil when no model has this path.
    mutating func replace(_ file: TreeFile) -> Model? {
        let index = firstIndex(notBefore: file.path)
        guard index < models.count, models[index].file.path.utf8.elementsEqual(file.path.utf8)
        else { return nil }
        models[index].file = file
        return models[index]
    }

    /// The model of this name.
    func model(_ name: ModelName) -> Model? {
        let index = firstIndex(notBefore: "models/\(name)/model.yaml")
        guard index < models.count, models[index].name == name else { return nil }
        return models[index]
    }

    /// The models stand in the order of their files' paths.
    private func firstIndex(notBefore path: String) -> Int {
        var low = 0
        var high = models.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(models[middle].file.path, path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func addModel(_ file: TreeFile) {
        if file.isLink, let name = inside("models", file.path), ModelName(name) != nil {
            return diagnostics.append(file.brokenFolder)
        }
        guard file.path.hasSuffix("/model.yaml") || file.path.hasSuffix("/model.yml"),
            let rest = inside("models", file.path)
        else { return }
        let parts = rest.split(separator: "/")
        guard parts.count == 2 else { return }
        guard parts[1] == "model.yaml" else {
            diagnostics.append(
                Diagnostic(
                    .warning, at: Place(file: file.path), "this file is not read",
                    hint: "name it model.yaml"))
            return
        }
        guard let name = ModelName(String(parts[0])) else {
            refuse(String(parts[0]), file, "model")
            return
        }
        models.append(Model(name: name, folder: "models/\(name)", file: file))
    }

    private mutating func name(of file: TreeFile, in folder: String) -> String? {
        if let name = declaredName(file.path, in: folder) { return name }
        let isMisnamed = [".yml", ".json"].contains { file.path.hasSuffix($0) }
        if isMisnamed, let rest = inside(folder, file.path), !rest.utf8.contains(0x2F) {
            diagnostics.append(
                Diagnostic(
                    .warning, at: Place(file: file.path), "this file is not read",
                    hint: "only \(folder)/<name>.yaml is"))
        }
        return nil
    }

    private mutating func refuse(_ name: String, _ file: TreeFile, _ kind: String) {
        let problem = isName(name) ? "is reserved" : "is not a legal name"
        diagnostics.append(
            Diagnostic(
                at: Place(file: file.path), "`\(quoted(name))` \(problem) for a \(kind)",
                hint: isName(name) ? nil : nameRule))
    }
}

/// Returns the name that `<folder>/<name>.yaml` gives; nil for any other path.
func declaredName(_ path: String, in folder: String) -> String? {
    guard path.hasSuffix(".yaml"), let rest = inside(folder, path), !rest.utf8.contains(0x2F)
    else { return nil }
    return String(rest.dropLast(5))
}

/// Returns the name that `datasets/<name>.croissant.json` gives; nil for any other path.
package func croissantName(_ path: String) -> String? {
    let ending = ".croissant.json"
    guard path.hasSuffix(ending), let rest = inside("datasets", path), !rest.utf8.contains(0x2F)
    else { return nil }
    return String(rest.dropLast(ending.utf8.count))
}

/// Everything that the files of a commit declare outside the models, decoded.
struct Declarations {
    var repository: Parsed<RepositoryDeclaration>
    var models: [DeclarationFiles.Model]
    var datasets = Declared<DatasetName, PlannedDataset>()
    /// What those of the datasets that are whole say of files.
    private(set) var classified = ClassifiedFiles()
    var environments = Declared<EnvironmentName, EnvironmentDeclaration>()
    var diagnostics: [Diagnostic]
    /// Where the files of datasets are that the commit may or may not hold.
    private(set) var pinnedPaths = PinnedPaths()

    init(
        _ root: TreeFile, _ found: DeclarationFiles, _ tree: Tree, _ decoded: DecodedFiles
    ) {
        repository = Parsed(draft: nil, diagnostics: [])
        if case .repository(let parsed) = decoded[root] { repository = parsed }
        models = found.models
        let drafts = DatasetDrafts(found, decoded, tree)
        // Because a schema beside the manifests is read, if not as one.
        diagnostics = found.diagnostics.filter { !drafts.schemaPaths.contains($0.place.file) }
        diagnostics += repository.diagnostics
        diagnostics += drafts.diagnostics
        for (name, file, draft) in drafts.all {
            var pinned = PinnedFiles(tree: tree, decoded: decoded, diagnostics: draft.diagnostics)
            let planned = draft.draft.flatMap { pinned.complete($0) }
            let parsed = Parsed(draft: planned, diagnostics: pinned.diagnostics.inOrder())
            pinnedPaths.insert(pinned.paths)
            diagnostics += parsed.diagnostics
            datasets.add(name, parsed, file)
        }
        diagnostics += datasets.prepare()
        classified = ClassifiedFiles(datasets.whole, tree)
        diagnostics += datasets.refuseDangling()
        diagnostics += datasets.splitConflicts()
        for (name, file) in found.environments {
            guard case .environment(let parsed) = decoded[file] else { continue }
            diagnostics += parsed.diagnostics
            environments.add(name, parsed, file)
        }
        diagnostics = diagnostics.inOrder()
    }
}

extension Declarations {
    /// What the commit's own `review:` says; nothing where it has errors, because then no model of
    /// the commit goes anywhere.
    var policy: ReviewPolicy {
        repository.diagnostics.hasErrors
            ? ReviewPolicy() : repository.draft?.review ?? ReviewPolicy()
    }
}

extension Declared {
    fileprivate mutating func add(_ name: Key, _ parsed: Parsed<Value>, _ file: TreeFile) {
        if let draft = parsed.draft, !parsed.diagnostics.hasErrors {
            whole[name] = draft
        } else {
            let first = parsed.diagnostics.first { $0.severity == .error }
            broken[name] = first?.place ?? Place(file: file.path)
        }
    }
}
