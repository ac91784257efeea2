import Daemon
import Domain
import Host
import Planning
import Registry

/// Which steps of a revision are kept already; the JSON of `GET /api/v1/plan`.
struct CachedSteps: Codable, Sendable {
    var revision: String
    var models: [ModelName: [StepName: Bool]]
}

/// Where `slipway plan` learns what is cached.
enum CacheView: Sendable {
    /// The daemon knows the revision and said so.
    case daemon(CachedSteps)
    /// The artifacts are on this machine.
    case store(ArtifactStore)
    case unknown(why: String)

    /// Asks the daemon first; a commit that was not pushed is looked up in a local store.
    static func find(
        _ options: DaemonOptions, _ commit: CommitID, artifacts declaration: RepositoryDeclaration
    ) async -> CacheView {
        let folder = options.state.folder
        let artifacts = folder.artifacts(declaration)
        guard let client = await options.clientIfAny() else {
            return isFolder(artifacts)
                ? .store(ArtifactStore(folder: artifacts)) : .unknown(why: "no daemon")
        }
        do {
            let cached = try await client.get(
                CachedSteps.self, "/api/v1/plan", [("revision", commit.hex)])
            return .daemon(cached)
        } catch {
            let isOurs = ProcessAddress(file: folder.daemonAddress)?.url == client.url
            // A store of ours that is not there yet keeps nothing, which is an answer too.
            if isOurs { return .store(ArtifactStore(folder: artifacts)) }
            return .unknown(why: error.failure?.what ?? "no daemon")
        }
    }

    /// Whether a step would not run; nil: unknown.
    func isCached(_ step: StepName, of model: ModelName, _ fingerprint: Fingerprint?) -> Bool? {
        switch self {
        case .daemon(let cached): return cached.models[model]?[step]
        case .store(let store):
            guard let fingerprint else { return nil }
            // Because a record that cannot be read is one that the daemon would not use either.
            return (try? store.look(fingerprint)) != nil
        case .unknown: return nil
        }
    }
}
