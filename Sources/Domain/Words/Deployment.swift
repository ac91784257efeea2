/// What one environment should serve of one model: the file `models/<model>.json` on the branch
/// `slipway/<environment>`, as pretty-printed JSON with sorted keys.
package struct Deployment: Hashable, Codable, Sendable {
    package var model: ModelName
    package var version: SemanticVersion
    package var candidate: Fingerprint
    /// The folder artifact that becomes `SLIPWAY_MODEL`.
    package var artifact: Digest
    /// The number in the assignment tag `<model>#<environment>#<number>`.
    package var number: Int
    /// The commit on the watched branch that caused it.
    package var commit: CommitID
    package var serving: ServingSettings

    package init(
        model: ModelName, version: SemanticVersion, candidate: Fingerprint, artifact: Digest,
        number: Int, commit: CommitID, serving: ServingSettings
    ) {
        self.model = model
        self.version = version
        self.candidate = candidate
        self.artifact = artifact
        self.number = number
        self.commit = commit
        self.serving = serving
    }
}

/// How a version is served: the part of the deployment that is not part of the candidate.
package struct ServingSettings: Hashable, Codable, Sendable {
    package var runtime: ServingDeclaration.Runtime
    /// The body of one predict request, `{"instances": […]}`; nil: no warm-up.
    package var warmup: JSONValue?
    package var startTimeoutSeconds: Int
    /// The digest of the requirements file's bytes in the artifact store; nil: no environment.
    package var requirements: Digest?

    package init(
        runtime: ServingDeclaration.Runtime, warmup: JSONValue?, startTimeoutSeconds: Int,
        requirements: Digest?
    ) {
        self.runtime = runtime
        self.warmup = warmup
        self.startTimeoutSeconds = startTimeoutSeconds
        self.requirements = requirements
    }
}

/// What an environment reports about one model: what it really serves.
package struct LiveModel: Hashable, Codable, Sendable {
    package enum Health: String, Codable, Sendable { case starting, serving, failing }

    package var model: ModelName
    /// The version that answers traffic now; nil: none does.
    package var version: SemanticVersion?
    /// The number of the deployment that is being answered; nil with `version`.
    package var number: Int?
    package var health: Health
    /// Versions that are loaded and would answer at once, without `version`.
    package var resident: [SemanticVersion]
    /// Why the desired version does not serve; nil when it does.
    package var problem: Failure?
    package var requests: Int
    package var failedRequests: Int

    package init(
        model: ModelName, version: SemanticVersion?, number: Int?, health: Health,
        resident: [SemanticVersion], problem: Failure?, requests: Int, failedRequests: Int
    ) {
        self.model = model
        self.version = version
        self.number = number
        self.health = health
        self.resident = resident
        self.problem = problem
        self.requests = requests
        self.failedRequests = failedRequests
    }
}
