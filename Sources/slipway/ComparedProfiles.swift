import Domain
import Planning
import Synchronization
import Validation

/// Datasets that others of a clone are compared with as a whole, each read once.
final class ComparedProfiles: Sendable {
    private let known = Mutex<[DatasetManifest: Validation.Examination]>([:])

    /// What the checks of a manifest name to be compared with in place of what is live.
    ///
    /// Versions are known to the daemon alone.
    /// - Parameter examine: reads a dataset.
    func others(
        of manifest: DatasetManifest, among datasets: [DatasetName: DatasetManifest],
        _ examine: (DatasetManifest) async throws(ValidationError) -> Validation.Examination
    ) async throws(ValidationError) -> OtherBaselines {
        var others = OtherBaselines()
        for baseline in manifest.namedBaselines {
            switch baseline {
            case .version(let version):
                others.named[baseline] = .none(
                    "no baseline here: the daemon compares with \(version)")
            case .dataset(let name):
                guard let other = datasets[name] else { continue }
                let bare = other.profiled
                others.named[baseline] = try await examination(of: bare, examine)
                    .baseline(ComparedData(other), by: bare)
            }
        }
        if let log = manifest.served.flatMap({ datasets[$0.dataset] }) {
            let bare = manifest.served(by: log)
            others.served = try await examination(of: bare, examine)
                .baseline(ComparedData(log), by: bare, mayLackColumns: true)
        }
        return others
    }

    private func examination(
        of manifest: DatasetManifest,
        _ examine: (DatasetManifest) async throws(ValidationError) -> Validation.Examination
    ) async throws(ValidationError) -> Validation.Examination {
        if let found = known.withLock({ $0[manifest] }) { return found }
        let found = try await examine(manifest)
        known.withLock { $0[manifest] = found }
        return found
    }
}

extension ComparedData {
    fileprivate init(_ manifest: DatasetManifest) {
        self.init(name: manifest.name.text, digest: Planning.digest(of: manifest))
    }
}
