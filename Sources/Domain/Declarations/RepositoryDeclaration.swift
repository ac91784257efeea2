/// What `slipway.yaml` says about the repository as a whole.
package struct RepositoryDeclaration: Hashable, Codable, Sendable {
    package var branch: String
    /// Patterns of branches (`feature/*`) and full refs (`refs/pull/*/head`) that are taken up to
    /// the gate and never further.
    package var previews: [String]
    package var review: ReviewPolicy
    /// What is to rest, and why.
    package var suspensions: [Suspension]
    /// Where artifacts are kept, relative to the daemon's state folder.
    package var artifactsFolder: String
    /// The `allowed_signers` file in the repository; counts only once trusted.
    package var signers: String
    /// The file of revoked keys in the repository; counts only once trusted.
    package var revoked: String

    package init(
        branch: String = "main", previews: [String] = [], review: ReviewPolicy = ReviewPolicy(),
        suspensions: [Suspension] = [], artifactsFolder: String = "artifacts",
        signers: String = ".slipway/allowed_signers", revoked: String = ".slipway/revoked_keys"
    ) {
        self.branch = branch
        self.previews = previews
        self.review = review
        self.suspensions = suspensions
        self.artifactsFolder = artifactsFolder
        self.signers = signers
        self.revoked = revoked
    }
}

/// Something that rests until it is resumed: a model, an environment, or with neither everything.
package struct Suspension: Hashable, Codable, Sendable {
    package var model: ModelName?
    package var environment: EnvironmentName?
    package var reason: String
    /// Who wrote it, as they call themselves.
    package var by: String
    /// nil: until it is taken away.
    package var until: Instant?

    package init(
        model: ModelName? = nil, environment: EnvironmentName? = nil, reason: String, by: String,
        until: Instant? = nil
    ) {
        self.model = model
        self.environment = environment
        self.reason = reason
        self.by = by
        self.until = until
    }

    /// Whether it holds at `moment` for a model that would go to `environment`.
    package func covers(
        _ model: ModelName, _ environment: EnvironmentName?, at moment: Instant
    ) -> Bool {
        if let until, until <= moment { return false }
        if let own = self.model, own != model { return false }
        if let own = self.environment, own != environment { return false }
        return true
    }

    /// One line for people: `suspended by ada until 2026-12-01T00:00:00Z: new labels`.
    package var sentence: String {
        let end = until.map { " until \($0)" } ?? ""
        return "suspended by \(by)\(end): \(reason)"
    }
}
