import Domain
import Planning
import Validation

/// All that a dataset is compared with, before and after it is read.
struct DataBaselines {
    var live: DataBaseline
    /// Versions of the model that its checks name.
    var versions: [SemanticVersion: DataBaseline]

    /// Differs whenever a verdict may; other datasets that are compared with are known by the
    /// fingerprint of the manifest that names them.
    var key: String {
        let named = versions.sorted { $0.key < $1.key }.map { " \($0.key) \($0.value.key)" }
        return live.key + named.joined()
    }
}

extension DataGate {
    func baselines(of manifest: DatasetManifest) throws -> DataBaselines {
        let order = run.order
        let kept = KeptProfiles(store, order.validations)
        var found = DataBaselines(
            live: try DataBaseline(manifest, order.plan, live: order.baseline, kept),
            versions: [:])
        for case .version(let version) in manifest.namedBaselines {
            found.versions[version] = try DataBaseline(
                manifest, order.plan, version: version, among: order.releases, kept)
        }
        return found
    }

    /// Everything that the manifest names to be compared with in place of what is live.
    /// - Parameter current: the profile of the candidate's data.
    func compared(
        _ manifest: DatasetManifest, _ baselines: DataBaselines, _ current: DatasetProfile?
    ) async throws -> OtherBaselines {
        var others = OtherBaselines()
        for (version, baseline) in baselines.versions {
            others.named[.version(version)] = try baseline.load(current)
        }
        for case .dataset(let name) in manifest.namedBaselines {
            let other = try reference(name)
            let bare = other.profiled
            others.named[.dataset(name)] = try await examination(of: bare, isCompared: true)
                .baseline(
                    ComparedData(name: name.text, digest: Planning.digest(of: other)), by: bare)
        }
        if let served = manifest.served {
            let log = try reference(served.dataset)
            let bare = manifest.served(by: log)
            others.served = try await examination(of: bare, isCompared: true).baseline(
                ComparedData(name: served.dataset.text, digest: Planning.digest(of: log)), by: bare,
                mayLackColumns: true)
        }
        return others
    }

    private func reference(_ name: DatasetName) throws -> DatasetManifest {
        if let found = run.order.plan.readDatasets[name] { return found }
        // Because a manifest that names one which is not there is refused by the plan.
        throw Failure(
            "dataset `\(name)` is not in the plan",
            hint: "this is a bug in Slipway; report it")
    }
}
