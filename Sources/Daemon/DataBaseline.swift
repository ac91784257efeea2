import Domain
import Planning
import Registry
import Validation

/// What a dataset of a candidate is compared with: the same one of the version that is live.
struct DataBaseline {
    private enum Source {
        /// No check asks for it.
        case unasked
        case none(String)
        case unknown(String)
        /// What is live was made of the very same data.
        case same
        case profile(Digest)
    }

    private let source: Source
    private let store: ArtifactStore

    init(
        _ manifest: DatasetManifest, _ plan: ModelPlan, _ live: Release?, _ store: ArtifactStore
    ) throws {
        self.store = store
        guard manifest.comparesWithLive else {
            source = .unasked
            return
        }
        guard let live else {
            source = .none("nothing is live in \(plan.candidate.environment) yet")
            return
        }
        guard let earlier = live.datasets[manifest.name] else {
            source = .none("\(live.version), which is live, was made without it")
            return
        }
        guard earlier != plan.datasetDigests[manifest.name] else {
            source = .same
            return
        }
        if let digest = try KeptProfiles(store).record(of: earlier) {
            source = .profile(digest)
        } else {
            source = .unknown("no profile of \(live.version)'s data is kept")
        }
    }

    /// Differs whenever a verdict may.
    var key: String {
        switch source {
        case .unasked: "unasked"
        case .none(let why): "none: \(why)"
        case .unknown(let why): "unknown: \(why)"
        case .same: "same"
        case .profile(let digest): digest.hex
        }
    }

    /// Reads what is compared with.
    /// - Parameter current: the profile of the candidate's data.
    func load(_ current: DatasetProfile?) throws -> CheckBaseline {
        switch source {
        case .unasked: return .none("no check asks for it")
        case .none(let why): return .none(why)
        case .unknown(let why): return .unknown(why)
        case .same: return current.map { .profile($0) } ?? .unknown("there is no profile")
        case .profile(let digest):
            let bytes = try store.read(digest)
            // Because one of another version of Slipway means that nothing can be compared.
            guard let profile = try? DatasetProfile(canonicalJSON: bytes) else {
                return .unknown("the profile kept of what is live cannot be read")
            }
            return .profile(profile)
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
