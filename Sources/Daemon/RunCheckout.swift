import Domain
import Git
import Host
import Planning
import Registry
import Validation

/// The files of the run's commit that the run declares: code, requirements, data; and the data
/// that lies outside git.
///
/// Nothing else of the repository is there, so a step that reads an undeclared file fails at once
/// instead of being cached wrongly.
struct RunCheckout: Sendable {
    let workshop: Workshop
    let order: RunOrder
    let folder: String

    /// Makes the checkout unless an earlier life of the run has made it.
    ///
    /// While data is fetched `progress` says how much is here, and `stage` afterwards.
    func ensure(_ progress: RunProgress, _ stage: String) async throws -> String {
        if exists(folder) { return folder }
        let partial = "\(folder).partial"
        try removeTree(partial)
        try makeFolder(partial)
        var paths = Set(order.plan.code.map(\.path))
        let data = order.plan.readDatasets.values.flatMap(\.rawFiles)
        for file in data where file.url == nil {
            guard let pattern = file.pattern else {
                paths.insert(file.path)
                continue
            }
            let entries = try await workshop.repository.entries(
                of: order.commit, under: pattern.folder)
            paths.formUnion(entries.map(\.path).filter(pattern.matches))
        }
        if let requirements = order.plan.requirements { paths.insert(requirements.path) }
        _ = try await workshop.repository.checkout(
            order.commit, into: partial, only: paths.sorted())
        // Because a model may be nothing but its model.yaml, and its steps run in its folder.
        try makeFolder("\(partial)/\(order.plan.declaration.folder)")
        let outside = Set(data.filter { $0.url != nil }).sorted { $0.path < $1.path }
        if !outside.isEmpty {
            try await layOut(outside, in: partial, progress)
            await progress.stage(stage)
        }
        if order.plan.readDatasets.values.contains(where: { $0.preparation != nil }) {
            try await prepare(in: partial, progress)
            await progress.stage(stage)
        }
        try renamePath(partial, to: folder)
        return folder
    }

    // MARK: Prepared data

    private func prepare(in root: String, _ progress: RunProgress) async throws {
        let preparing = DataPreparing(checkout: self, root: root)
        for (_, manifest) in order.plan.readDatasets.sorted(by: { $0.key < $1.key })
        where manifest.preparation != nil {
            await progress.stage("preparing \(manifest.name)")
            _ = try await preparing.lay(manifest)
        }
    }

    /// How a dataset was prepared, what it is made of first; the checkout must have been made.
    func lineage(of manifest: DatasetManifest) async throws -> [PreparationReport] {
        var found: [PreparationReport] = []
        let preparing = DataPreparing(checkout: self, root: folder)
        for made in manifest.preparedChain {
            guard let report = try await preparing.known(made) else {
                throw Failure(
                    "what dataset `\(made.name)` was prepared to is gone from the artifacts",
                    .retry(afterSeconds: 30))
            }
            found.append(report)
        }
        return found
    }

    /// The dataset's files as the commit itself has them, because what changed there while the
    /// manifest did not is other data.
    func held(_ manifest: DatasetManifest) async throws -> [TreeFile] {
        var found: [TreeFile] = []
        for file in manifest.rawFiles {
            let folder = file.folder ?? folderOf(file.path)
            let entries = try await workshop.repository.entries(of: order.commit, under: folder)
            let holds = file.holds
            found += entries.filter { holds($0.path) }.map(TreeFile.init)
        }
        return found
    }

    private func folderOf(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private func layOut(
        _ files: [DatasetFile], in root: String, _ progress: RunProgress
    ) async throws {
        let pieces = try await workshop.data.fetch(files) { done, total in
            await progress.stage("fetching \(min(done + 1, total)) of \(total)")
        }
        // Because two datasets may share a file.
        for piece in Set(pieces) {
            guard !exists("\(root)/\(piece.path)") else {
                throw Failure(
                    "there is something else at `\(piece.path)`, where data is laid out",
                    hint: "give one another path", .wait(for: "a commit"))
            }
            try workshop.store.place(piece.digest, at: "\(root)/\(piece.path)")
        }
    }
}
