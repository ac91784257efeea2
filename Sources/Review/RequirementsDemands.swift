package import Domain

/// What several rules ask for together: the strictest of each.
///
/// `add` is the only way to change it, and it never asks for less than before.
package struct ReviewDemands: Hashable, Sendable {
    package private(set) var approvals = 0
    package private(set) var exclude: Set<ReviewDeclaration.Excluded> = []
    /// Role to the number of its members that must be among those who approve.
    package private(set) var from: [String: Int] = [:]
    package private(set) var hardwareKey = false
    package private(set) var codeOwners = false
    package private(set) var evidenceMaxAgeSeconds: Int?
    package private(set) var approvalsExpireSeconds: Int?
    /// Environment to the seconds for which the candidate must have been assigned there.
    package private(set) var soaks: [EnvironmentName: Int] = [:]

    /// The floor of the daemon's own config.
    package init(_ rule: ReviewRule) {
        approvals = rule.approvals
        exclude = rule.exclude
    }

    /// Asks for what a declaration asks for too.
    package mutating func add(_ declaration: ReviewDeclaration) {
        approvals = max(approvals, declaration.approvals ?? 0)
        exclude.formUnion(declaration.exclude ?? [])
        from.merge(declaration.from, uniquingKeysWith: max)
        hardwareKey = hardwareKey || declaration.hardwareKey
        codeOwners = codeOwners || declaration.codeOwners
        evidenceMaxAgeSeconds = least(evidenceMaxAgeSeconds, declaration.evidenceMaxAgeSeconds)
        approvalsExpireSeconds = least(approvalsExpireSeconds, declaration.approvalsExpireSeconds)
        if let soak = declaration.soak {
            soaks[soak.environment] = max(soaks[soak.environment] ?? 0, soak.seconds)
        }
    }

    /// Asks for what a policy asks for about a model, an environment and changed paths.
    mutating func add(_ policy: ReviewPolicy, about question: ReviewQuestion) {
        add(policy.base)
        for rule in policy.rules where rule.concerns(question) { add(rule.requires) }
    }

    private func least(_ one: Int?, _ other: Int?) -> Int? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}

extension ReviewPolicy.Rule {
    /// A change of policy concerns every rule, because it could do away with any of them.
    fileprivate func concerns(_ question: ReviewQuestion) -> Bool {
        guard question.model != .policy else { return true }
        return anyMatches(models, question.model.text)
            && anyMatches(environments, question.environment?.text) && touches(question)
    }

    private func touches(_ question: ReviewQuestion) -> Bool {
        guard !paths.isEmpty else { return true }
        return paths.contains { text in
            // Because a pattern that cannot be read must not be a rule that never holds.
            guard let pattern = try? CodeOwnersPattern(github: text) else { return true }
            return question.changedPaths.contains(where: pattern.matches)
        }
    }
}

extension ReviewPolicy.Freeze {
    func concerns(_ environment: EnvironmentName?) -> Bool {
        anyMatches(environments, environment?.text)
    }
}

/// No patterns match everything; what is not known could be anything.
private func anyMatches(_ patterns: [String], _ name: String?) -> Bool {
    guard let name, !patterns.isEmpty else { return true }
    return patterns.contains { CodeOwnersPattern(name: $0).matches(name) }
}
