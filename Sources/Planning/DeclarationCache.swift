import Domain

/// One decoded file.
enum CachedDeclaration: Sendable {
    case repository(Parsed<RepositoryDeclaration>)
    case model(Parsed<ModelDraft>)
    case dataset(Parsed<PlannedDataset>)
    case environment(Parsed<EnvironmentDeclaration>)
    case warmup(Parsed<JSONValue>)

    /// Decodes a declaration; the path tells its kind.
    init(_ bytes: [UInt8], _ file: TreeFile) {
        let path = file.path
        if path == repositoryFile {
            self = .repository(decodeRepository(bytes, file: path))
        } else if let name = declaredName(path, in: "datasets").flatMap(DatasetName.init) {
            let parsed = decodeDataset(bytes, file: path, name: name)
            let planned = parsed.draft.map {
                PlannedDataset(
                    manifest: $0, digest: digest(of: $0), validation: validationFingerprint(of: $0))
            }
            self = .dataset(Parsed(draft: planned, diagnostics: parsed.diagnostics))
        } else if let name = declaredName(path, in: "environments").flatMap(EnvironmentName.init) {
            self = .environment(decodeEnvironment(bytes, file: path, name: name))
        } else {
            self = .model(decodeModel(bytes, file: path))
        }
    }
}

/// Decoded files by path and content, in two generations so that it stays bounded.
///
/// When the young generation is full it becomes the old one and the old one is forgotten; what is
/// asked for again is young again.
struct DeclarationCache {
    private struct Key: Hashable {
        var path: String
        var blob: ObjectID
    }

    private var young: [Key: CachedDeclaration] = [:]
    private var old: [Key: CachedDeclaration] = [:]
    private let generationMax: Int

    init(generationMax: Int = 50_000) { self.generationMax = generationMax }

    subscript(file: TreeFile) -> CachedDeclaration? {
        get {
            let key = Key(path: file.path, blob: file.blob)
            return young[key] ?? old[key]
        }
        set {
            if young.count >= generationMax {
                old = young
                young = [:]
            }
            young[Key(path: file.path, blob: file.blob)] = newValue
        }
    }
}
