import Domain

/// Which data was classified in the commit whose policy is trusted, so that nobody gets round the
/// policy by taking a classification away.
///
/// What was classified later, and is no more, is not known here.
package struct ApprovedClassification: Sendable {
    private var byName: [DatasetName: [ColumnDeclaration]] = [:]
    private var byDigest: [Digest: [ColumnDeclaration]] = [:]
    private var byPath: [(holds: @Sendable (String) -> Bool, columns: [ColumnDeclaration])] = []

    package init() {}

    package init(_ plan: RepositoryPlan) {
        for (name, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            let columns = manifest.classifiedColumns
            guard !columns.isEmpty else { continue }
            byName[name] = columns
            for file in manifest.rawFiles {
                byDigest[file.sha256, default: []] += columns
                byPath.append((file.holds, columns))
            }
        }
    }

    /// What the model uses and its commit does not classify any more.
    func uses(of plan: ModelPlan) -> [ClassifiedUse] {
        guard !byName.isEmpty else { return [] }
        var uses: [ClassifiedUse] = []
        for (role, manifest) in plan.datasets.sorted(by: { $0.key < $1.key }) {
            var columns: [ColumnDeclaration] = []
            for column in found(manifest) where !columns.contains(column) {
                guard manifest.mayHold(column), !manifest.classifies(column) else { continue }
                columns.append(column)
            }
            guard !columns.isEmpty else { continue }
            let place = plan.datasetPlaces[role] ?? Place(file: manifest.path)
            uses.append(
                ClassifiedUse(
                    place: place, holder: manifest.name.text, columns: columns, isDropped: true))
        }
        let told = Set(plan.classifiedUses.map(\.holder))
        for file in plan.code where !told.contains(file.path) {
            let columns = columns(at: file.path)
            guard !columns.isEmpty else { continue }
            uses.append(
                ClassifiedUse(
                    place: Place(file: "\(plan.declaration.folder)/model.yaml", line: 1, column: 1),
                    holder: file.path, columns: columns, isDropped: true))
        }
        return uses
    }

    private func found(_ manifest: DatasetManifest) -> [ColumnDeclaration] {
        let names = [manifest.name, manifest.rawManifest.name] + manifest.preparedChain.map(\.name)
        let files = manifest.rawFiles
        return names.flatMap { byName[$0, default: []] }
            + files.flatMap { byDigest[$0.sha256, default: []] + columns(at: $0.path) }
    }

    private func columns(at path: String) -> [ColumnDeclaration] {
        byPath.filter { $0.holds(path) }.flatMap(\.columns)
    }
}

extension DatasetManifest {
    /// Files that have another column than those that are declared do not pass.
    fileprivate func mayHold(_ column: ColumnDeclaration) -> Bool {
        columns.isEmpty || columnMatch.allowsOthers || columns.contains { $0.name == column.name }
    }

    fileprivate func classifies(_ column: ColumnDeclaration) -> Bool {
        classifiedColumns.contains {
            $0.name == column.name && $0.classification == column.classification
        }
    }
}
