import Domain

/// What a file says that is no declaration and tells what the files or columns of datasets are.
enum PinSource: Sendable {
    case outputs(Parsed<[DVCOutput]>)
    case config(Parsed<DVCConfig>)
    /// `isCanonical`: it is as the bot writes it, so that the lines of its files are known.
    case pins(PinFile, isCanonical: Bool)
    case brokenPins(PinFileFault)
    case schema(Parsed<TableSchema>)

    /// Decodes such a file; the path tells its kind.
    init(_ bytes: [UInt8], _ source: TreeFile) {
        let file = source.path
        let isLink = source.isLink
        if DVCConfig.isPath(file) {
            self = .config(DVCConfig.parse(bytes, file: file))
        } else if PinFile.dataset(at: file) != nil {
            do throws(PinFileFault) {
                let pins = try PinFile(decoding: bytes)
                self = .pins(pins, isCanonical: pins.encoded == bytes)
            } catch {
                self = .brokenPins(error)
            }
        } else if isDVCFile(file) {
            self = .outputs(isLink ? source.broken(bytes) : decodeDVC(bytes, file: file))
        } else {
            self = .schema(isLink ? source.broken(bytes) : decodeSchema(bytes, file: file))
        }
    }
}

extension DVCConfig {
    /// The config that DVC would read for a `.dvc` file or a `dvc.lock`; nil: there is none.
    static func file(for source: String, in tree: Tree) -> TreeFile? {
        for path in paths(for: source) {
            if let file = tree.file(at: path) { return file }
        }
        return nil
    }
}

/// Paths of files that a commit may or may not hold, so that another file there, or one less,
/// changes what is known of a dataset.
struct PinnedPaths: Sendable {
    private var paths: Set<String> = []
    private var parents: Set<String> = []

    mutating func insert(_ added: [String]) {
        for path in added {
            paths.insert(path)
            parents.formUnion(ancestors(of: path))
        }
    }

    /// Whether a file at `path` would be one of them, below one of them, or above one.
    func isTouched(by path: String) -> Bool {
        guard !paths.isEmpty else { return false }
        return paths.contains(path) || parents.contains(path)
            || ancestors(of: path).contains(where: paths.contains)
    }
}

/// The folders that a path is in, the nearest first.
func ancestors(of path: String) -> [String] {
    var found: [String] = []
    var rest = path[...]
    while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
        rest = rest[..<slash]
        found.append(String(rest))
    }
    return found
}
