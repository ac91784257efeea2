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
/// instead of being cached wrongly. Data that the model's own is only compared with lies apart,
/// where no step looks for it.
struct RunCheckout: Sendable {
    let workshop: Workshop
    let order: RunOrder
    let folder: RunFolder

    /// Makes the checkout unless an earlier life of the run has made it.
    ///
    /// While data is fetched `progress` says how much is here, and `stage` afterwards.
    func ensure(_ progress: RunProgress, _ stage: String) async throws -> String {
        let place = folder.data
        if exists(place.root) { return place.root }
        var paths = Set(order.plan.code.map(\.path))
        if let requirements = order.plan.requirements { paths.insert(requirements.path) }
        try await make(place, Array(order.plan.datasets.values), paths, progress, stage)
        return place.root
    }

    /// Where a dataset lies that the plan reads, once it does.
    func place(
        of dataset: DatasetName, _ progress: RunProgress, _ stage: String
    ) async throws -> DataPlace {
        if order.plan.datasets.values.contains(where: { $0.name == dataset }) {
            _ = try await ensure(progress, stage)
            return folder.data
        }
        let place = DataPlace(
            root: "\(folder.references)/files", prepared: "\(folder.references)/prepared")
        if exists(place.root) { return place }
        let own = Set(order.plan.datasets.values.map(\.name))
        let others = order.plan.references.filter { !own.contains($0.key) }
        try await make(place, Array(others.values), [], progress, stage)
        return place
    }

    /// Takes away what only the checks have read.
    func removeReferences() throws { try removeTree(folder.references) }

    private func make(
        _ place: DataPlace, _ datasets: [DatasetManifest], _ code: Set<String>,
        _ progress: RunProgress, _ stage: String
    ) async throws {
        let partial = "\(place.root).partial"
        try removeTree(partial)
        try makeFolder(partial)
        let files = datasets.flatMap(\.rawFiles)
        var paths = code
        for file in files where file.url == nil {
            guard let pattern = file.pattern else {
                paths.insert(file.path)
                continue
            }
            let entries = try await workshop.repository.entries(
                of: order.commit, under: pattern.folder)
            paths.formUnion(entries.map(\.path).filter(pattern.matches))
        }
        _ = try await workshop.repository.checkout(
            order.commit, into: partial, only: paths.sorted())
        // Because a model may be nothing but its model.yaml, and its steps run in its folder.
        try makeFolder("\(partial)/\(order.plan.declaration.folder)")
        let outside = Set(files.filter { $0.url != nil }).sorted { $0.path < $1.path }
        if !outside.isEmpty {
            try await layOut(outside, in: partial, progress)
            await progress.stage(stage)
        }
        let made = Set(datasets.filter { $0.preparation != nil }).sorted { $0.name < $1.name }
        let preparing = DataPreparing(
            checkout: self, place: DataPlace(root: partial, prepared: place.prepared))
        for manifest in made {
            await progress.stage("preparing \(manifest.name)")
            _ = try await preparing.lay(manifest)
        }
        if !made.isEmpty { await progress.stage(stage) }
        try renamePath(partial, to: place.root)
    }

    // MARK: Prepared data

    /// How a dataset of the model was prepared, what it is made of first; the checkout must have
    /// been made. What is gone from the artifacts is made again.
    func lineage(of manifest: DatasetManifest) async throws -> [PreparationReport] {
        var found: [PreparationReport] = []
        let preparing = DataPreparing(checkout: self, place: folder.data)
        for made in manifest.preparedChain {
            if let known = try await preparing.known(made) {
                found.append(known)
            } else {
                found.append(try await preparing.lay(made))
            }
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
