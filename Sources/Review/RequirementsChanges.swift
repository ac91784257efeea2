import Domain

/// Says in a sentence each how one policy differs from another, what makes it weaker first.
///
/// A sentence begins with `weaker: `, `stricter: ` or `other: `. What cannot be compared counts as
/// weaker, so that nobody approves it unseen. Of more than 200 sentences the rest is counted.
package func policyChanges(from old: TrustedPolicy, to new: TrustedPolicy) -> [String] {
    var comparison = PolicyComparison()
    comparison.compareBase(old, new)
    comparison.compareRules(old.policy.rules, new.policy.rules)
    comparison.compareFreezes(old.policy.freezes, new.policy.freezes)
    comparison.compareData(old.policy.data, new.policy.data)
    comparison.compareMembers("role", old.policy.roles, new.policy.roles)
    comparison.compareMembers("owner", old.policy.owners, new.policy.owners)
    comparison.compareSigners(old.trust.signers, new.trust.signers)
    comparison.compareRevoked(old.trust.revoked, new.trust.revoked)
    comparison.compareGPG(old.trust.gpg, new.trust.gpg)
    comparison.compareGPGKeys(old.gpgKeys, new.gpgKeys)
    if old.policy.asksCodeOwners || new.policy.asksCodeOwners {
        comparison.compareCodeOwners(old, new)
    }
    let sentences = comparison.sentences
    guard sentences.isEmpty, old.digest != new.digest else { return sentences }
    return ["other: the same rules are written in another way"]
}

/// Collects differences by what they do; those about keys stand in `RequirementsChanges+Keys`.
struct PolicyComparison {
    var weaker: [String] = []
    var stricter: [String] = []
    var other: [String] = []

    private static let sentencesMax = 200

    var sentences: [String] {
        let all =
            weaker.map { "weaker: \($0)" } + stricter.map { "stricter: \($0)" }
            + other.map { "other: \($0)" }
        guard all.count > Self.sentencesMax else { return all }
        let hidden = all.dropFirst(Self.sentencesMax)
        let loose = hidden.filter { $0.hasPrefix("weaker: ") }.count
        let mark = loose > 0 ? "weaker: " : "other: "
        return all.prefix(Self.sentencesMax) + [
            "\(mark)and \(hidden.count) more differences, \(loose) of which make it weaker"
        ]
    }

    mutating func add(_ sentence: String, isWeaker: Bool) {
        if isWeaker { weaker.append(sentence) } else { stricter.append(sentence) }
    }

    /// The floor counts on both sides, because no policy goes below it.
    mutating func compareBase(_ old: TrustedPolicy, _ new: TrustedPolicy) {
        var before = ReviewDemands(old.rule)
        before.add(old.policy.base)
        var after = ReviewDemands(new.rule)
        after.add(new.policy.base)
        compare("", before, after)
    }

    /// Rules with the same patterns are one rule, wherever they stand.
    mutating func compareRules(_ old: [ReviewPolicy.Rule], _ new: [ReviewPolicy.Rule]) {
        let before = demands(old)
        let after = demands(new)
        for scope in Set(before.keys).union(after.keys).sorted() {
            switch (before[scope], after[scope]) {
            case (let left?, let right?): compare("rule for \(scope): ", left, right)
            case (nil, _?): stricter.append("rule for \(scope) added")
            case (_?, nil): weaker.append("rule for \(scope) removed")
            case (nil, nil): break
            }
        }
    }

    private func demands(_ rules: [ReviewPolicy.Rule]) -> [String: ReviewDemands] {
        var found: [String: ReviewDemands] = [:]
        for rule in rules {
            let none = ReviewDemands(ReviewRule(approvals: 0, exclude: []))
            found[scope(rule), default: none].add(rule.requires)
        }
        return found
    }

    private func scope(_ rule: ReviewPolicy.Rule) -> String {
        let parts = [
            ("models", rule.models), ("environments", rule.environments), ("paths", rule.paths),
        ]
        let named = parts.filter { !$0.1.isEmpty }.map { name, patterns in
            "\(name) \(patterns.sorted().map(quoted).joined(separator: ", "))"
        }
        return named.isEmpty ? "everything" : named.joined(separator: ", ")
    }

    private mutating func compare(
        _ subject: String, _ old: ReviewDemands, _ new: ReviewDemands
    ) {
        compare(subject + "approvals", old.approvals, new.approvals)
        for name in old.exclude.subtracting(new.exclude).map(\.rawValue).sorted() {
            weaker.append("\(subject)\(name) is not excluded any more")
        }
        for name in new.exclude.subtracting(old.exclude).map(\.rawValue).sorted() {
            stricter.append("\(subject)\(name) is excluded")
        }
        for role in Set(old.from.keys).union(new.from.keys).sorted() {
            compare("\(subject)from \(role)", old.from[role] ?? 0, new.from[role] ?? 0)
        }
        compare("\(subject)hardware_key", old.hardwareKey, new.hardwareKey)
        compare("\(subject)code_owners", old.codeOwners, new.codeOwners)
        compareLimit(
            "\(subject)evidence_max_age", old.evidenceMaxAgeSeconds, new.evidenceMaxAgeSeconds)
        compareLimit(
            "\(subject)approvals_expire", old.approvalsExpireSeconds, new.approvalsExpireSeconds)
        for place in Set(old.soaks.keys).union(new.soaks.keys).sorted() {
            let (before, after) = (old.soaks[place] ?? 0, new.soaks[place] ?? 0)
            guard before != after else { continue }
            let change =
                "\(before > 0 ? inWords(before) : "none") → "
                + (after > 0 ? inWords(after) : "none")
            add("\(subject)soak in \(place) \(change)", isWeaker: after < before)
        }
    }

    private mutating func compare(_ subject: String, _ old: Int, _ new: Int) {
        if old != new { add("\(subject) \(old) → \(new)", isWeaker: new < old) }
    }

    private mutating func compare(_ subject: String, _ old: Bool, _ new: Bool) {
        if old != new { add("\(subject) \(old) → \(new)", isWeaker: old) }
    }

    private mutating func compareLimit(_ subject: String, _ old: Int?, _ new: Int?) {
        guard old != new else { return }
        let change = "\(old.map(inWords) ?? "none") → \(new.map(inWords) ?? "none")"
        add("\(subject) \(change)", isWeaker: new ?? .max > old ?? .max)
    }

    mutating func compareFreezes(_ old: [ReviewPolicy.Freeze], _ new: [ReviewPolicy.Freeze]) {
        for freeze in old where !new.contains(freeze) { weaker.append("\(words(freeze)) removed") }
        for freeze in new where !old.contains(freeze) { stricter.append("\(words(freeze)) added") }
    }

    private func words(_ freeze: ReviewPolicy.Freeze) -> String {
        let places = freeze.environments.map(quoted).joined(separator: ", ")
        return "freeze from \(freeze.from) until \(freeze.until)"
            + (places.isEmpty ? "" : " of \(places)") + " (\(quoted(freeze.reason)))"
    }

    /// More data that models may use is weaker.
    mutating func compareData(_ old: [ReviewPolicy.DataRule], _ new: [ReviewPolicy.DataRule]) {
        guard old.isEmpty == new.isEmpty else {
            return add(
                new.isEmpty
                    ? "models may use all data, classified or not"
                    : "models may use classified data only as `data` lists it",
                isWeaker: new.isEmpty)
        }
        let before = allowed(old)
        let after = allowed(new)
        for scope in Set(before.keys).union(after.keys).sorted() {
            let (had, has) = (before[scope] ?? [], after[scope] ?? [])
            for name in has.subtracting(had).map(\.rawValue).sorted() {
                weaker.append("\(scope) may use \(name) data")
            }
            for name in had.subtracting(has).map(\.rawValue).sorted() {
                stricter.append("\(scope) may not use \(name) data any more")
            }
        }
    }

    private func allowed(
        _ rules: [ReviewPolicy.DataRule]
    ) -> [String: Set<ColumnDeclaration.Classification>] {
        var found: [String: Set<ColumnDeclaration.Classification>] = [:]
        for rule in rules {
            let scope =
                rule.models.isEmpty
                ? "every model"
                : "models \(rule.models.sorted().map(quoted).joined(separator: ", "))"
            found[scope, default: []].formUnion(rule.allow)
        }
        return found
    }

    /// More people behind a role or an owner is weaker: more can speak for it.
    mutating func compareMembers(
        _ kind: String, _ old: [String: [String]], _ new: [String: [String]]
    ) {
        for name in Set(old.keys).union(new.keys).sorted() {
            let before = Set(old[name] ?? [])
            let after = Set(new[name] ?? [])
            for member in after.subtracting(before).sorted() {
                weaker.append("\(kind) \(quoted(name)): \(quoted(member)) added")
            }
            for member in before.subtracting(after).sorted() {
                stricter.append("\(kind) \(quoted(name)): \(quoted(member)) removed")
            }
        }
    }

    /// Because the last line that matches decides, no line by itself is weaker or stricter.
    mutating func compareCodeOwners(_ old: TrustedPolicy, _ new: TrustedPolicy) {
        let (before, after) = (old.codeOwners?.file ?? "none", new.codeOwners?.file ?? "none")
        if before != after { weaker.append("CODEOWNERS file \(before) → \(after)") }
        guard old.codeOwnersLines != new.codeOwnersLines else { return }
        let lost = surplus(of: old.codeOwnersLines, over: new.codeOwnersLines)
        let gained = surplus(of: new.codeOwnersLines, over: old.codeOwnersLines)
        weaker += lost.map { "CODEOWNERS: \(quoted($0)) removed" }
        weaker += gained.map { "CODEOWNERS: \(quoted($0)) added" }
        if lost.isEmpty && gained.isEmpty { weaker.append("CODEOWNERS: lines in another order") }
    }

    /// The lines of one list that the other has not, or not as often.
    private func surplus(of lines: [String], over others: [String]) -> [String] {
        var counts = Dictionary(others.map { ($0, 1) }, uniquingKeysWith: +)
        return lines.filter { line in
            counts[line, default: 0] -= 1
            return counts[line, default: 0] < 0
        }
    }
}
