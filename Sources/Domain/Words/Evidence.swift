/// What people approve: made once when the gate decides, kept whole in the notes.
///
/// Its id is the first 16 hex digits of the SHA-256 of its canonical JSON (`docs/formats.md`).
package struct Evidence: Hashable, Codable, Sendable {
    package var model: ModelName
    package var environment: EnvironmentName
    package var candidate: Fingerprint
    /// The digest of the artifact that would be served.
    package var artifact: Digest
    /// Dataset to digest of its pinned content.
    package var datasets: [DatasetName: Digest]
    /// Digest of the validation report's canonical JSON.
    package var validation: Digest
    /// Digest of the evaluation report's canonical JSON.
    package var evaluation: Digest
    /// The version that the candidate was compared with; nil: nothing was assigned.
    package var baseline: SemanticVersion?
    /// The number of the assignment that it would replace, so that no two states of the
    /// environment share their evidence; nil: nothing was assigned.
    package var replaces: Int?
    /// Digest of the trusted policy: signers and review rule.
    package var policy: Digest
    /// The held version that releasing this would bring back.
    package var lifts: SemanticVersion?
    /// What would run to serve it.
    package var runtime: ServingDeclaration.Runtime

    package init(
        model: ModelName, environment: EnvironmentName, candidate: Fingerprint, artifact: Digest,
        datasets: [DatasetName: Digest], validation: Digest, evaluation: Digest,
        baseline: SemanticVersion?, replaces: Int?, policy: Digest, lifts: SemanticVersion?,
        runtime: ServingDeclaration.Runtime
    ) {
        self.model = model
        self.environment = environment
        self.candidate = candidate
        self.artifact = artifact
        self.datasets = datasets
        self.validation = validation
        self.evaluation = evaluation
        self.baseline = baseline
        self.replaces = replaces
        self.policy = policy
        self.lifts = lifts
        self.runtime = runtime
    }
}
