import Domain

/// Which files of a commit hold classified cells, by whichever manifest says so.
///
/// A second manifest over the same file hides nothing, and neither does a model that takes the file
/// as one of its own.
struct ClassifiedFiles: Hashable, Sendable {
    /// A column, and the dataset whose manifest classifies it.
    struct Column: Hashable, Sendable {
        var dataset: DatasetName
        var declaration: ColumnDeclaration
    }

    /// Of files that the commit holds, whatever their paths are.
    private var byBlob: [ObjectID: [Column]] = [:]
    /// Of files that lie elsewhere, by what manifests say that their digests are.
    private var byDigest: [Digest: [Column]] = [:]

    init() {}

    init(_ datasets: [DatasetName: PlannedDataset], _ tree: Tree) {
        for (name, planned) in datasets.sorted(by: { $0.key < $1.key }) {
            let columns = planned.manifest.classifiedColumns.map {
                Column(dataset: name, declaration: $0)
            }
            guard !columns.isEmpty else { continue }
            for file in planned.manifest.rawFiles {
                byDigest[file.sha256, default: []] += columns
                for held in tree.files(of: file) { byBlob[held.blob, default: []] += columns }
            }
        }
    }

    var isEmpty: Bool { byBlob.isEmpty && byDigest.isEmpty }

    /// What the files of a dataset hold beyond what its own manifest says.
    func columns(of manifest: DatasetManifest, _ tree: Tree) -> [Column] {
        guard !isEmpty else { return [] }
        let own = manifest.classifiedColumns
        var found: [Column] = []
        for file in manifest.rawFiles {
            let blobs = tree.files(of: file).map(\.blob)
            for column in byDigest[file.sha256, default: []] + blobs.flatMap(columns)
            where !found.contains(column)
                && !own.contains(where: {
                    $0.name == column.declaration.name
                        && $0.classification == column.declaration.classification
                })
            {
                found.append(column)
            }
        }
        return found
    }

    /// What a file of the commit holds.
    func columns(of blob: ObjectID) -> [Column] { byBlob[blob, default: []] }
}

extension Tree {
    /// What the commit holds of a dataset's file or folder.
    func files(of file: DatasetFile) -> [TreeFile] {
        if let found = self.file(at: file.path) { return [found] }
        guard let folder = file.folder else { return [] }
        let holds = file.holds
        return files(below: folder).filter { holds($0.path) }
    }
}
