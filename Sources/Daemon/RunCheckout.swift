import Domain
import Git
import Host
import Planning

/// The files of the run's commit that the run declares: code, requirements, data.
///
/// Nothing else of the repository is there, so a step that reads an undeclared file fails at once
/// instead of being cached wrongly.
struct RunCheckout: Sendable {
    let workshop: Workshop
    let order: RunOrder
    let folder: String

    /// Makes the checkout unless an earlier life of the run has made it.
    func ensure() async throws -> String {
        if exists(folder) { return folder }
        let partial = "\(folder).partial"
        try removeTree(partial)
        try makeFolder(partial)
        var paths = Set(order.plan.code.map(\.path))
        paths.formUnion(order.plan.datasets.values.flatMap { $0.files.map(\.path) })
        if let requirements = order.plan.requirements { paths.insert(requirements.path) }
        _ = try await workshop.repository.checkout(
            order.commit, into: partial, only: paths.sorted())
        // Because a model may be nothing but its model.yaml, and its steps run in its folder.
        try makeFolder("\(partial)/\(order.plan.declaration.folder)")
        try renamePath(partial, to: folder)
        return folder
    }
}
