import Domain
import Git
import Host
import Planning
import Registry

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
        let data = order.plan.readDatasets.values.flatMap(\.files)
        paths.formUnion(data.filter { $0.url == nil }.map(\.path))
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
        try renamePath(partial, to: folder)
        return folder
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
