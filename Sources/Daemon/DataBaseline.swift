import Domain
import Planning
import Registry
import Validation

/// What a dataset of a candidate is compared with: the same one of a version of the model.
struct DataBaseline {
    private enum Source {
        /// No check asks for it.
        case unasked
        case none(String)
        case unknown(String)
        /// The version was made of the very same data.
        case same(ComparedData)
        /// The digest of the profile that is kept.
        case profile(Digest, ComparedData)
    }

    private let source: Source
    private let kept: KeptProfiles

    /// The version that is live.
    init(
        _ manifest: DatasetManifest, _ plan: ModelPlan, live: Release?, _ kept: KeptProfiles
    ) throws {
        self.kept = kept
        guard manifest.comparesWithLive else {
            source = .unasked
            return
        }
        guard let live else {
            source = .none("nothing is live in \(plan.candidate.environment) yet")
            return
        }
        switch DatasetPlace(manifest.name, of: plan.datasetDigests, in: live) {
        case .made: source = try Self.source(manifest, plan, live, kept)
        case .nothing: source = .none("\(live.version), which is live, was made without it")
        case .unclear:
            source = .unknown(
                "\(live.version), which is live, was made of other datasets, and which of them "
                    + "stood in its place is not known")
        }
    }

    /// A version that the manifest names. Where it cannot be compared with that is not known,
    /// because somebody asked for just this one.
    init(
        _ manifest: DatasetManifest, _ plan: ModelPlan, version: SemanticVersion,
        among releases: [Release], _ kept: KeptProfiles
    ) throws {
        self.kept = kept
        guard let release = releases.first(where: { $0.version == version }) else {
            source = .unknown("\(plan.declaration.name) has no version \(version)")
            return
        }
        source = try Self.source(manifest, plan, release, kept)
    }

    private static func source(
        _ manifest: DatasetManifest, _ plan: ModelPlan, _ release: Release, _ kept: KeptProfiles
    ) throws -> Source {
        let place = DatasetPlace(manifest.name, of: plan.datasetDigests, in: release)
        guard case .made(let name, let earlier) = place else {
            return .unknown("\(release.version) was made without it")
        }
        let data = ComparedData(name: release.version.description, digest: earlier)
        if earlier == plan.datasetDigests[manifest.name] { return .same(data) }
        if let digest = try kept.profile(of: name, in: release) {
            return .profile(digest, data)
        }
        return .unknown("no profile of \(release.version)'s data is kept")
    }

    /// Differs whenever a verdict may.
    var key: String {
        switch source {
        case .unasked: "unasked"
        case .none(let why): "none: \(why)"
        case .unknown(let why): "unknown: \(why)"
        case .same(let data): "same: \(data.name)"
        case .profile(let digest, let data): "\(digest.hex) \(data.name)"
        }
    }

    /// Reads what is compared with.
    /// - Parameter current: the profile of the candidate's data.
    func load(_ current: DatasetProfile?) throws -> CheckBaseline {
        switch source {
        case .unasked: return .none("no check asks for it")
        case .none(let why): return .none(why)
        case .unknown(let why): return .unknown(why)
        case .same(let data):
            return current.map { .profile($0, of: data) } ?? .unknown("there is no profile")
        case .profile(let digest, let data):
            let bytes = try kept.store.read(digest)
            // Because one of another version of Slipway means that nothing can be compared.
            guard let profile = try? DatasetProfile(canonicalJSON: bytes) else {
                return .unknown("the profile kept of \(data.name)'s data cannot be read")
            }
            return .profile(profile, of: data)
        }
    }
}

extension Reconciler {
    /// What is assigned in the candidate's environment; nil: nothing is.
    func live(beside candidate: Candidate) -> Release? {
        let record = records[candidate.model]
        return record?.current[candidate.environment].flatMap { record?.release($0.version) }
    }
}
