import Domain

/// One decoded file.
///
/// Indirect, so that thousands of them are copied as pointers.
indirect enum CachedDeclaration: Sendable {
    case repository(Parsed<RepositoryDeclaration>)
    case model(Parsed<ModelDraft>)
    case dataset(Parsed<DatasetDraft>)
    case environment(Parsed<EnvironmentDeclaration>)

    /// Decodes a declaration; the path tells its kind.
    init(_ bytes: [UInt8], _ file: TreeFile) {
        let path = file.path
        let isLink = file.isLink
        if path == repositoryFile {
            self = .repository(isLink ? file.broken(bytes) : decodeRepository(bytes, file: path))
        } else if let name = declaredName(path, in: "datasets").flatMap(DatasetName.init) {
            self = .dataset(
                isLink ? file.broken(bytes) : decodeDataset(bytes, file: path, name: name))
        } else if let name = croissantName(path).flatMap(DatasetName.init) {
            self = .dataset(
                isLink ? file.broken(bytes) : decodeCroissant(bytes, file: path, name: name))
        } else if let name = declaredName(path, in: "environments").flatMap(EnvironmentName.init) {
            self = .environment(
                isLink ? file.broken(bytes) : decodeEnvironment(bytes, file: path, name: name))
        } else {
            self = .model(isLink ? file.broken(bytes) : decodeModel(bytes, file: path))
        }
    }
}

/// Decodes files, some at a time where there are many.
func decode(
    _ files: [(file: TreeFile, bytes: [UInt8])]
) async -> [(TreeFile, CachedDeclaration)] {
    let partSize = 64
    guard files.count > partSize else {
        return files.map { ($0.file, CachedDeclaration($0.bytes, $0.file)) }
    }
    return await withTaskGroup(of: [(TreeFile, CachedDeclaration)].self) { group in
        for start in stride(from: 0, to: files.count, by: partSize) {
            let part = files[start..<min(start + partSize, files.count)]
            group.addTask { part.map { ($0.file, CachedDeclaration($0.bytes, $0.file)) } }
        }
        return await group.reduce(into: []) { $0 += $1 }
    }
}

/// Decoded files by path and content.
///
/// Warm-up files and those that tell what a dataset's files are stand apart, because what names
/// them may name a declaration.
struct DecodedFiles: Sendable {
    private struct Key: Hashable, Sendable {
        var path: String
        var blob: ObjectID
        /// Because a link and a file of the same bytes say different things.
        var isLink: Bool

        init(_ file: TreeFile) {
            (path, blob, isLink) = (file.path, file.blob, file.isLink)
        }
    }

    private var files: [Key: CachedDeclaration] = [:]
    private var warmups: [Key: Parsed<JSONValue>] = [:]
    private var pins: [Key: PinSource] = [:]

    var count: Int { files.count + warmups.count + pins.count }

    subscript(file: TreeFile) -> CachedDeclaration? {
        get { files[Key(file)] }
        set { files[Key(file)] = newValue }
    }

    /// Forgets what a file at this path and of this content holds.
    mutating func forget(_ file: TreeFile) {
        let key = Key(file)
        files[key] = nil
        warmups[key] = nil
        pins[key] = nil
    }

    func hasSameFiles(as other: DecodedFiles) -> Bool {
        files.keys == other.files.keys && warmups.keys == other.warmups.keys
            && pins.keys == other.pins.keys
    }

    /// What a file of DVC, or of pins, says.
    subscript(pins file: TreeFile) -> PinSource? {
        get { pins[Key(file)] }
        set { pins[Key(file)] = newValue }
    }

    subscript(warmup file: TreeFile) -> Parsed<JSONValue>? {
        get { warmups[Key(file)] }
        set { warmups[Key(file)] = newValue }
    }
}

/// The decoded files of the last two plans that needed different ones.
///
/// So it is bounded by what two commits hold, and a planner that is asked about two commits in
/// turn still reads nothing twice.
struct DeclarationCache: Sendable {
    private var young = DecodedFiles()
    private var old = DecodedFiles()

    var count: Int { young.count + old.count }

    subscript(file: TreeFile) -> CachedDeclaration? { young[file] ?? old[file] }

    subscript(warmup file: TreeFile) -> Parsed<JSONValue>? {
        young[warmup: file] ?? old[warmup: file]
    }

    subscript(pins file: TreeFile) -> PinSource? {
        young[pins: file] ?? old[pins: file]
    }

    /// Keeps the files of a plan and forgets those of the plan before the last.
    mutating func keep(_ files: DecodedFiles) {
        if !files.hasSameFiles(as: young) { old = young }
        young = files
    }
}
