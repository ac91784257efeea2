/// What must be true before a candidate may be released; what is nil or empty asks for nothing.
///
/// `review:` of a `model.yaml`, and the part of `slipway.yaml`'s that holds for everything.
package struct ReviewDeclaration: Hashable, Codable, Sendable {
    /// Whose approval of their own change does not count.
    package enum Excluded: String, Codable, Sendable, CaseIterable {
        case author, committer
        case coAuthors = "co-authors"
        case lastPusher = "last-pusher"
    }

    /// An environment in which the candidate must have been assigned for so long.
    package struct Soak: Hashable, Codable, Sendable {
        package var environment: EnvironmentName
        package var seconds: Int

        package init(environment: EnvironmentName, seconds: Int) {
            self.environment = environment
            self.seconds = seconds
        }
    }

    /// How many people must approve; nil: what the trusted rule says.
    package var approvals: Int?
    /// nil: what the trusted rule says.
    package var exclude: Set<Excluded>?
    /// Role to the number of its members that must be among those who approve.
    package var from: [String: Int]
    /// Only keys that live in hardware and ask for a touch count.
    package var hardwareKey: Bool
    /// The owners that CODEOWNERS names for the changed files must approve.
    package var codeOwners: Bool
    /// Evidence older than this cannot be released; nil: it keeps.
    package var evidenceMaxAgeSeconds: Int?
    /// An approval counts for so long after its first sight; nil: for ever.
    package var approvalsExpireSeconds: Int?
    package var soak: Soak?

    package init(
        approvals: Int? = nil, exclude: Set<Excluded>? = nil, from: [String: Int] = [:],
        hardwareKey: Bool = false, codeOwners: Bool = false, evidenceMaxAgeSeconds: Int? = nil,
        approvalsExpireSeconds: Int? = nil, soak: Soak? = nil
    ) {
        self.approvals = approvals
        self.exclude = exclude
        self.from = from
        self.hardwareKey = hardwareKey
        self.codeOwners = codeOwners
        self.evidenceMaxAgeSeconds = evidenceMaxAgeSeconds
        self.approvalsExpireSeconds = approvalsExpireSeconds
        self.soak = soak
    }
}

/// `review:` of `slipway.yaml`: who must say yes to what, and when nobody may.
package struct ReviewPolicy: Hashable, Codable, Sendable {
    /// Holds on top of `base` for what it matches; an empty list matches everything.
    package struct Rule: Hashable, Codable, Sendable {
        /// Patterns of model names with `*` and `?`.
        package var models: [String]
        /// Patterns of environment names.
        package var environments: [String]
        /// Patterns of changed paths; the rule holds when any changed path matches one.
        package var paths: [String]
        package var requires: ReviewDeclaration

        package init(
            models: [String] = [], environments: [String] = [], paths: [String] = [],
            requires: ReviewDeclaration
        ) {
            self.models = models
            self.environments = environments
            self.paths = paths
            self.requires = requires
        }
    }

    /// A time in which nothing is released.
    package struct Freeze: Hashable, Codable, Sendable {
        package var from: Instant
        package var until: Instant
        /// Patterns of environment names; empty: all.
        package var environments: [String]
        package var reason: String

        package init(
            from: Instant, until: Instant, environments: [String] = [], reason: String
        ) {
            self.from = from
            self.until = until
            self.environments = environments
            self.reason = reason
        }
    }

    /// Which classified data some models may use.
    package struct DataRule: Hashable, Codable, Sendable {
        /// Patterns of model names with `*` and `?`; empty: all.
        package var models: [String]
        package var allow: Set<ColumnDeclaration.Classification>

        package init(models: [String] = [], allow: Set<ColumnDeclaration.Classification>) {
            self.models = models
            self.allow = allow
        }
    }

    package var base: ReviewDeclaration
    /// Role to its members: principals, or names of other roles.
    package var roles: [String: [String]]
    /// Owner in CODEOWNERS (`@ada`, `@org/team`) to the principals and roles behind it.
    package var owners: [String: [String]]
    package var rules: [Rule]
    package var freezes: [Freeze]
    /// A model may use the classified data that any rule allows it; empty: all data.
    package var data: [DataRule] = []

    package init(
        base: ReviewDeclaration = ReviewDeclaration(), roles: [String: [String]] = [:],
        owners: [String: [String]] = [:], rules: [Rule] = [], freezes: [Freeze] = []
    ) {
        self.base = base
        self.roles = roles
        self.owners = owners
        self.rules = rules
        self.freezes = freezes
    }
}
