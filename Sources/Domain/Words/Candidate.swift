/// What a commit says a model is: everything that follows from reading it, nothing from running it.
package struct Candidate: Hashable, Codable, Sendable {
    package var model: ModelName
    package var fingerprint: Fingerprint
    /// The environment that the commit wants it served in.
    package var environment: EnvironmentName
    package var bump: VersionBump

    package init(
        model: ModelName, fingerprint: Fingerprint, environment: EnvironmentName,
        bump: VersionBump = .minor
    ) {
        self.model = model
        self.fingerprint = fingerprint
        self.environment = environment
        self.bump = bump
    }
}
