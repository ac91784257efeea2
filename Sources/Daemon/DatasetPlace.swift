import Domain

/// What stood in the place of a dataset in the version that is compared with.
///
/// A dataset of another name escapes no comparison: where one went and one came, the one stands for
/// the other.
enum DatasetPlace: Hashable, Sendable {
    /// The dataset, under the name that it had then, with its digest.
    case made(of: DatasetName, Digest)
    /// Datasets went, and it may stand for any of them.
    case unclear
    /// Nothing did.
    case nothing

    init(_ name: DatasetName, of datasets: [DatasetName: Digest], in release: Release) {
        if let digest = release.datasets[name] {
            self = .made(of: name, digest)
            return
        }
        let gone = release.datasets.filter { datasets[$0.key] == nil }
        let come = datasets.keys.filter { release.datasets[$0] == nil }
        if let first = gone.first, gone.count == 1, come == [name] {
            self = .made(of: first.key, first.value)
        } else {
            self = gone.isEmpty ? .nothing : .unclear
        }
    }
}
