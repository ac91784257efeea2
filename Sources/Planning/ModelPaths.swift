package import Domain

/// The files of the repository that shape or touch one model.
package struct ModelPaths: Hashable, Sendable {
    /// Everything in it counts, except its README and what `ignore:` names.
    package let folder: String
    /// Files and folders that count whole, in the order of their bytes.
    package let others: [String]
    let ignore: [PathPattern]

    init(folder: String, others: [String] = [], ignore: [String] = []) {
        self.folder = folder
        let always = ["\(folder)/model.yaml"]
        self.others = Set(always + others).sorted(by: isBefore)
        self.ignore = ignore.map(PathPattern.init)
    }

    /// Whether a change of the file at `path` touches the model.
    package func contains(_ path: String) -> Bool {
        others.contains { path == $0 || inside($0, path) != nil } || folderContains(path)
    }

    /// The files and folders at or below which everything is that counts.
    package var roots: [String] { [folder] + others }

    /// Whether the file is in the model's folder and neither its README nor ignored.
    func folderContains(_ path: String) -> Bool {
        guard let rest = inside(folder, path) else { return false }
        return !isReadme(rest) && !ignore.contains { $0.matches(rest) }
    }

    /// The files that shape the model: those of the folder that count, without `model.yaml`, and
    /// all that `includes` name.
    func code(in tree: Tree, includes: [String]) -> [TreeFile] {
        var files = tree.files(below: folder).filter { counts($0.path) }
        for include in includes {
            if let file = tree.file(at: include) { files.append(file) }
            files += tree.files(below: include)
        }
        guard !includes.isEmpty else { return files }
        files.removeAll { inside(folder, $0.path) != nil && !counts($0.path) }
        files.sort { isBefore($0.path, $1.path) }
        var unique: [TreeFile] = []
        for file in files where unique.last?.path.utf8.elementsEqual(file.path.utf8) != true {
            unique.append(file)
        }
        return unique
    }

    private func counts(_ path: String) -> Bool {
        folderContains(path) && path != "\(folder)/model.yaml"
    }
}

/// `README` or `README.…` in any case, directly in the model's folder.
private func isReadme(_ path: String) -> Bool {
    let name = path.lowercased()
    return name == "readme" || (name.hasPrefix("readme.") && !name.utf8.contains(0x2F))
}

/// Finds the models that a path touches without asking each of them.
struct InputIndex: Sendable {
    private(set) var inputs: [ModelName: ModelPaths] = [:]
    private var byFolder: [String: ModelName] = [:]
    private var byPath: [String: Set<ModelName>] = [:]

    /// Replaces what is known of a model; nil forgets it.
    mutating func set(_ model: ModelName, _ paths: ModelPaths?) {
        guard inputs[model] != paths else { return }
        if let old = inputs.removeValue(forKey: model) {
            byFolder[old.folder] = nil
            for path in old.others {
                byPath[path]?.remove(model)
                if byPath[path]?.isEmpty == true { byPath[path] = nil }
            }
        }
        guard let paths else { return }
        inputs[model] = paths
        byFolder[paths.folder] = model
        for path in paths.others { byPath[path, default: []].insert(model) }
    }

    /// Adds the models that a change of the file at `path` touches.
    func collect(_ path: String, into touched: inout Set<ModelName>) {
        var prefix = path[...]
        while true {
            let part = String(prefix)
            if let models = byPath[part] { touched.formUnion(models) }
            if let model = byFolder[part], inputs[model]?.folderContains(path) == true {
                touched.insert(model)
            }
            guard let slash = prefix.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
            prefix = prefix[..<slash]
        }
    }
}

/// Returns the models that a change of these files touches at all, removed and broken ones too.
///
/// `old` is the plan before the change; nil when there is none. `slipway.yaml` touches all.
package func touchedModels(
    changedPaths: [String], old: RepositoryPlan?, new: RepositoryPlan
) -> Set<ModelName> {
    guard !changedPaths.contains(repositoryFile) else {
        return new.modelNames.union(old?.modelNames ?? [])
    }
    var touched: Set<ModelName> = []
    for path in changedPaths {
        old?.index.collect(path, into: &touched)
        new.index.collect(path, into: &touched)
    }
    return touched
}

/// The file at the root that makes a repository one of Slipway's.
package let repositoryFile = "slipway.yaml"
