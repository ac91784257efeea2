package import Domain

/// Everything that decides who must approve a candidate, or a change of policy, at one moment.
package struct ReviewQuestion: Sendable {
    /// An approval or rejection with what is known from its first sight.
    package struct Tag: Hashable, Sendable {
        package var tag: SeenTag
        package var firstSeen: Instant
        /// The key cannot leave its hardware, which was touched.
        package var isHardware: Bool

        package init(tag: SeenTag, firstSeen: Instant, isHardware: Bool) {
            self.tag = tag
            self.firstSeen = firstSeen
            self.isHardware = isHardware
        }
    }

    /// `ModelName.policy`: a change of policy, which every rule concerns.
    package var model: ModelName
    /// Where the release would go; nil: it could be anywhere.
    package var environment: EnvironmentName?
    /// Files that differ from what is assigned, from the root of the repository.
    package var changedPaths: [String] = []
    package var trusted: TrustedPolicy
    /// The policy of the commit itself: what it asks for counts too, whom it names does not.
    package var own = ReviewPolicy()
    /// `review:` of the commit's `model.yaml`.
    package var declared = ReviewDeclaration()
    /// Everybody behind the commits that are to be released.
    package var people: [CommitPeople] = []
    /// Who pushed them, as the server's hook said; empty: nobody said.
    package var pushers: [String] = []
    package var now: Instant
    /// When the evidence was made; nil: there is none.
    package var evidenceSince: Instant?
    package var tags: [Tag] = []
    /// Since when without a break the candidate is assigned, by environment.
    package var soakedSince: [EnvironmentName: Instant] = [:]

    package init(
        model: ModelName, environment: EnvironmentName?, trusted: TrustedPolicy, now: Instant
    ) {
        self.model = model
        self.environment = environment
        self.trusted = trusted
        self.now = now
    }
}

/// Who must say yes, and why it has to wait.
package struct Requirements: Hashable, Sendable {
    package var policy: Seen.Policy
    /// What all rules ask for together.
    package var demands: ReviewDemands
    /// Addresses and names of people behind the changes that no principal has, sorted.
    package var unmapped: [String]
    /// Roles and owners with nobody behind them.
    package var diagnostics: [Diagnostic]
    /// The next moment at which the answer changes by time alone; nil: none.
    package var changesAt: Instant?
    /// That nobody said who pushed, although it matters; a part of what blocks.
    package var unknownPusher: Seen.Blocked?
}

/// Returns what is needed for a release: the floor of the daemon's config, tightened by the trusted
/// policy, by the commit's own and by the model's declaration, in which no step can loosen.
package func requirements(for question: ReviewQuestion) -> Requirements {
    var demands = ReviewDemands(question.trusted.rule)
    demands.add(question.trusted.policy, about: question)
    demands.add(question.own, about: question)
    demands.add(question.declared)
    let makers = makers(question, demands)
    let (groups, diagnostics) = groups(question, demands)
    var clock = ReviewClock(question, demands)
    let ignored = clock.ignoredTags()
    let blocked = clock.blocked()
    return Requirements(
        policy: Seen.Policy(
            digest: question.trusted.digest, approvals: demands.approvals,
            excluded: makers.excluded, groups: groups, ignored: ignored, blocked: blocked),
        demands: demands, unmapped: makers.unmapped, diagnostics: diagnostics,
        changesAt: clock.changesAt, unknownPusher: clock.unknownPusher())
}

/// A pusher is an address; or a name, behind which stands whom `review.owners` gives it with an
/// `@` before it, and every principal whose address begins with it. Too many rather than too few.
private func makers(
    _ question: ReviewQuestion, _ demands: ReviewDemands
) -> (excluded: Set<Principal>, unmapped: [String]) {
    let trust = question.trusted.trust
    var (excluded, unmapped) = exclusions(
        of: question.people, rule: ReviewRule(exclude: demands.exclude), trust: trust)
    guard demands.exclude.contains(.lastPusher) else { return (excluded, unmapped) }
    let book = OwnerBook(question.trusted.policy, trust)
    for pusher in question.pushers {
        let owned = book.people(behind: "@" + pusher)
        let namesakes = addresses(of: pusher, trust)
        let direct = exclusions(
            of: ([pusher] + namesakes).map { CommitPeople(author: $0, committer: "") },
            rule: ReviewRule(exclude: [.author]), trust: trust)
        excluded.formUnion(direct.excluded.union(owned))
        if owned.isEmpty, namesakes.isEmpty { unmapped += direct.unmapped }
    }
    return (excluded, Set(unmapped).sorted())
}

/// The principals whose address begins with the name and an `@`.
private func addresses(of name: String, _ trust: Trust) -> [String] {
    guard !name.contains("@") else { return [] }
    let start = name.lowercased() + "@"
    return (trust.signers.principals + trust.gpg.principals.values).map(\.text)
        .filter { $0.lowercased().hasPrefix(start) }
}

/// A role that is not trusted has nobody in it: who is in it is never for the commit to say.
private func groups(
    _ question: ReviewQuestion, _ demands: ReviewDemands
) -> (groups: [Seen.Group], diagnostics: [Diagnostic]) {
    let trusted = question.trusted
    let book = OwnerBook(trusted.policy, trusted.trust)
    var groups: [Seen.Group] = []
    var diagnostics: [Diagnostic] = []
    for (role, count) in demands.from.sorted(by: { $0.key < $1.key }) {
        let members = book.people(in: role)
        groups.append(Seen.Group(name: role, members: members ?? [], approvals: count))
        guard members == nil else { continue }
        diagnostics.append(
            Diagnostic(
                at: Place(file: "slipway.yaml"), "the role \(quoted(role)) is not trusted yet",
                hint: "declare it under review: roles: and have the change of policy approved"))
    }
    guard demands.codeOwners else { return (groups, diagnostics) }
    guard let owners = trusted.codeOwners else {
        groups.append(Seen.Group(name: "code owners", members: [], approvals: 1))
        diagnostics.append(
            Diagnostic(
                at: Place(file: "slipway.yaml"),
                "`code_owners` is asked for, and no CODEOWNERS file is trusted",
                hint: "add " + CodeOwners.locations.joined(separator: ", or ")))
        return (groups, diagnostics)
    }
    let owned = owners.groups(
        for: question.changedPaths, policy: trusted.policy, trust: trusted.trust)
    return (groups + owned.groups, diagnostics + owned.diagnostics)
}
