package import Domain

/// What a finished step produced; kept beside the artifacts, so that the journal can be lost.
package struct StepRecord: Hashable, Codable, Sendable {
    package var fingerprint: Fingerprint
    package var model: ModelName
    package var step: StepName
    /// The folder that the step wrote, as `putFolder` stored it.
    package var output: Digest
    /// Every file of it, by its path.
    package var files: [String: Digest]
    package var finishedAt: Instant
    /// How long the successful attempt took.
    package var seconds: Double
    /// What a loose requirements file resolved to, one requirement a line; nil: no environment.
    package var resolvedRequirements: String?

    package init(
        fingerprint: Fingerprint, model: ModelName, step: StepName, output: Digest,
        files: [String: Digest], finishedAt: Instant, seconds: Double,
        resolvedRequirements: String? = nil
    ) {
        self.fingerprint = fingerprint
        self.model = model
        self.step = step
        self.output = output
        self.files = files
        self.finishedAt = finishedAt
        self.seconds = seconds
        self.resolvedRequirements = resolvedRequirements
    }
}
