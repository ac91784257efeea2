import Domain
import TestKit
import Testing

@testable import Review

private let staging = EnvironmentName(checked: "staging")
private let production = EnvironmentName(checked: "production")
private let fraud = ModelName(checked: "fraud-eu")

private func person(_ name: String) -> Principal { Principal("\(name)@example.org") }

private func object(_ number: Int) -> ObjectID {
    let digits = String(number, radix: 16)
    return ObjectID(checked: String(repeating: "0", count: 40 - digits.count) + digits)
}

@Suite struct RequirementsTests {
    /// ada and root are one person; bob, carol and dan have a key each.
    let signers: String

    init() throws {
        let scratch = try Scratch()
        let lines = try ["ada", "bob", "carol", "dan"].map { name in
            let names = name == "ada" ? "ada@example.org,root@example.org" : "\(name)@example.org"
            return "\(names) \(try scratch.key(name))\n"
        }
        signers = lines.joined()
    }

    private func question(
        _ policy: ReviewPolicy = ReviewPolicy(), rule: ReviewRule = ReviewRule(),
        codeOwners: String? = nil
    ) -> ReviewQuestion {
        let files = PolicyFiles(
            policy: policy, signers: signers,
            codeOwners: codeOwners.map { CodeOwnersText(file: ".github/CODEOWNERS", text: $0) })
        return ReviewQuestion(
            model: fraud, environment: production,
            trusted: TrustedPolicy(rule: rule, files: files), now: june)
    }

    private func tag(_ number: Int, _ age: Int, hardware: Bool = false) -> ReviewQuestion.Tag {
        let seen = SeenTag(
            tag: object(number), ref: "", kind: number % 5 == 0 ? .reject : .approve,
            evidence: nil, principal: person("bob"))
        return ReviewQuestion.Tag(
            tag: seen, firstSeen: june.advanced(bySeconds: Double(-age)), isHardware: hardware)
    }

    @Test func `without a policy the floor of the daemon is all`() {
        var asked = question(rule: ReviewRule(approvals: 2, exclude: [.author]))
        asked.people = [CommitPeople(author: "ADA@example.org", committer: "bob@example.org")]
        let found = requirements(for: asked)
        #expect(
            found.policy
                == Seen.Policy(
                    digest: asked.trusted.digest, approvals: 2,
                    excluded: [person("ada"), person("root"), Principal("ADA@example.org")]))
        #expect(found.changesAt == nil && found.diagnostics.isEmpty && found.unmapped.isEmpty)
    }

    @Test func `a role brings everybody in it, with all their names`() {
        let policy = ReviewPolicy(
            base: ReviewDeclaration(from: ["ops": 2, "ml": 1]),
            roles: [
                "ml": ["ada@example.org"], "ops": ["carol@example.org", "role:ml", "role:ops"],
            ])
        let groups = requirements(for: question(policy)).policy.groups
        #expect(groups.map(\.name) == ["ml", "ops"])
        #expect(groups[0].members == [person("ada"), person("root")])
        #expect(groups[1].members == [person("ada"), person("root"), person("carol")])
        let needed = requirements(for: question(policy)).policy
        #expect(needed.lacking([person("root")]) == ["1 of 2 from ops"])
        #expect(needed.lacking([person("root"), person("carol")]) == [])
    }

    @Test func `a commit asks for more, and never says who is in a role`() {
        var asked = question(ReviewPolicy(roles: ["ml": ["bob@example.org"]]))
        asked.own = ReviewPolicy(
            base: ReviewDeclaration(from: ["ml": 1, "new": 1]),
            roles: ["ml": ["dan@example.org"], "new": ["dan@example.org"]])
        let found = requirements(for: asked)
        #expect(found.policy.groups.map(\.members) == [[person("bob")], []])
        #expect(found.diagnostics.map(\.message) == ["the role \"new\" is not trusted yet"])
    }

    @Test func `a rule holds for what it matches, and every rule for a change of policy`() {
        let rule = ReviewPolicy.Rule(
            models: ["fraud-*"], environments: ["prod*"], paths: ["models/fraud/**"],
            requires: ReviewDeclaration(approvals: 3))
        var asked = question(ReviewPolicy(rules: [rule]))
        func approvals() -> Int { requirements(for: asked).policy.approvals }
        #expect(approvals() == 1)
        asked.changedPaths = ["README.md", "models/fraud/a/b.py"]
        #expect(approvals() == 3)
        asked.environment = staging
        #expect(approvals() == 1)
        asked.environment = nil
        #expect(approvals() == 3)
        asked.model = ModelName(checked: "digits")
        #expect(approvals() == 1)
        asked.model = .policy
        asked.changedPaths = []
        #expect(approvals() == 3)
    }

    @Test func `a pattern that cannot be read holds for everything`() {
        let rule = ReviewPolicy.Rule(paths: ["a[b]"], requires: ReviewDeclaration(approvals: 3))
        #expect(requirements(for: question(ReviewPolicy(rules: [rule]))).policy.approvals == 3)
    }

    @Test func `owners of changed files are asked, through the owners of the policy`() {
        let policy = ReviewPolicy(
            base: ReviewDeclaration(codeOwners: true), roles: ["ml": ["ada@example.org"]],
            owners: ["@Org/ML": ["role:ml", "bob@example.org"]])
        let text = """
            * carol@example.org
            /models/ @org/ml
            /data/ @ghost eve@example.org
            /docs/
            """
        var asked = question(policy, codeOwners: text)
        asked.changedPaths = ["docs/a"]
        #expect(requirements(for: asked).policy.groups.isEmpty)
        asked.changedPaths = ["README", "models/x", "models/y", "docs/a"]
        var found = requirements(for: asked)
        #expect(found.policy.groups.map(\.name) == ["owners of *", "owners of /models/"])
        #expect(
            found.policy.groups.map(\.members) == [
                [person("carol")], [person("ada"), person("root"), person("bob")],
            ])
        asked.changedPaths = ["data/x"]
        found = requirements(for: asked)
        #expect(found.policy.groups.map(\.members) == [[]])
        #expect(
            found.policy.lackingGroups([person("ada")]) == [
                "0 of 1 from owners of /data/: nobody stands behind @ghost, eve@example.org"
            ])
        #expect(
            found.diagnostics.map(\.message) == [
                "nobody is behind the owner \"@ghost\"",
                "nobody is behind the owner \"eve@example.org\"",
            ])
        #expect(found.diagnostics.first?.place.line == 3)
        #expect(!found.policy.lacking([person("ada"), person("bob")]).isEmpty)
    }

    @Test func `owners that are asked for without a file can be met by nobody`() {
        let policy = ReviewPolicy(base: ReviewDeclaration(codeOwners: true))
        let found = requirements(for: question(policy))
        #expect(found.policy.groups.map(\.members) == [[]] && found.diagnostics.count == 1)
    }

    @Test func `approvals expire, and keys without hardware do not count`() {
        var asked = question(
            ReviewPolicy(
                base: ReviewDeclaration(hardwareKey: true, approvalsExpireSeconds: 3600)))
        asked.tags = [
            tag(1, 10, hardware: true), tag(2, 3600, hardware: true), tag(3, 10), tag(4, 3601),
            tag(5, 9000),
        ]
        let found = requirements(for: asked)
        #expect(
            found.policy.ignored == [
                object(2): "it expired at 2026-06-01T00:00:00Z, 1h after its first sight",
                object(3): "its key is not in hardware",
                object(4): "its key is not in hardware; it expired at 2026-05-31T23:59:59Z, 1h "
                    + "after its first sight",
            ])
        #expect(found.changesAt == june.advanced(bySeconds: 3590))
    }

    @Test func `a freeze holds from its first second to its last`() {
        let freeze = ReviewPolicy.Freeze(
            from: june, until: june.advanced(bySeconds: 60), environments: ["production"],
            reason: "year's end")
        var asked = question(ReviewPolicy(freezes: [freeze]))
        func blocked(_ seconds: Double) -> Seen.Blocked? {
            asked.now = june.advanced(bySeconds: seconds)
            return requirements(for: asked).policy.blocked
        }
        #expect(blocked(-1) == nil && blocked(60) == nil)
        #expect(
            blocked(0)
                == Seen.Blocked(
                    reason: "frozen until 2026-06-01T00:01:00Z: year's end", until: freeze.until))
        #expect(blocked(59) != nil)
        asked.now = june.advanced(bySeconds: -1)
        #expect(requirements(for: asked).changesAt == june)
        asked.environment = staging
        #expect(blocked(0) == nil)
    }

    @Test func `a candidate soaks before it goes on`() {
        let soak = ReviewDeclaration.Soak(environment: staging, seconds: 86_400)
        var asked = question(ReviewPolicy(base: ReviewDeclaration(soak: soak)))
        func blocked() -> Seen.Blocked? { requirements(for: asked).policy.blocked }
        #expect(
            blocked()
                == Seen.Blocked(
                    reason: "1d in staging come first, and it is not assigned there", until: nil))
        asked.soakedSince = [staging: june]
        #expect(blocked()?.until == june.advanced(bySeconds: 86_400))
        asked.now = june.advanced(bySeconds: 86_400)
        #expect(blocked() == nil)
        asked.soakedSince = [:]
        asked.environment = staging
        #expect(blocked() == nil)
    }

    @Test func `old evidence waits for new evidence, whatever else has an end`() {
        let end = june.advanced(bySeconds: 60)
        var asked = question(
            ReviewPolicy(
                base: ReviewDeclaration(evidenceMaxAgeSeconds: 3600),
                freezes: [ReviewPolicy.Freeze(from: june, until: end, reason: "rest")]))
        asked.evidenceSince = june.advanced(bySeconds: -3599)
        #expect(requirements(for: asked).policy.blocked?.until == end)
        #expect(requirements(for: asked).changesAt == june.advanced(bySeconds: 1))
        asked.evidenceSince = june.advanced(bySeconds: -3600)
        let blocked = requirements(for: asked).policy.blocked
        #expect(blocked?.until == nil)
        #expect(
            blocked?.reason == "frozen until \(end): rest; the evidence of 2026-05-31T23:00:00Z is "
                + "older than 1h")
    }

    @Test func `the last pusher is excluded by address or by the forge's name`() {
        let policy = ReviewPolicy(
            base: ReviewDeclaration(exclude: [.lastPusher]),
            owners: ["@Adalove": ["ada@example.org"]])
        var asked = question(policy, rule: ReviewRule(approvals: 1, exclude: []))
        #expect(requirements(for: asked).policy.blocked != nil)
        asked.pushers = ["adalove", "bob@example.org", "stranger"]
        let found = requirements(for: asked)
        #expect(found.policy.blocked == nil)
        #expect(
            found.policy.excluded.isSuperset(of: [
                person("ada"), person("root"), person("bob"),
            ]))
        #expect(!found.policy.excluded.contains(person("carol")))
        #expect(found.unmapped == ["stranger"])
        // A server's name for somebody stands for the address that begins with it, and a name
        // that is only a part of it does not.
        asked.pushers = ["Bob", "car"]
        let named = requirements(for: asked)
        #expect(named.policy.excluded.contains(person("bob")))
        #expect(!named.policy.excluded.contains(person("carol")))
        #expect(named.unmapped == ["car"])
    }

    // MARK: Tightening

    private func declaration(_ random: inout Seeded) -> ReviewDeclaration {
        func maybe<Value>(_ value: Value) -> Value? {
            Bool.random(using: &random) ? value : nil
        }
        var declaration = ReviewDeclaration(
            approvals: maybe(Int.random(in: 1...4, using: &random)),
            exclude: maybe(
                Set(ReviewDeclaration.Excluded.allCases.shuffled(using: &random).prefix(2))),
            hardwareKey: Int.random(in: 0..<4, using: &random) == 0,
            codeOwners: Int.random(in: 0..<3, using: &random) == 0,
            evidenceMaxAgeSeconds: maybe(Int.random(in: 1...200, using: &random)),
            approvalsExpireSeconds: maybe(Int.random(in: 1...200, using: &random)))
        for role in ["ml", "ops", "none"] where Int.random(in: 0..<4, using: &random) == 0 {
            declaration.from[role] = Int.random(in: 1...2, using: &random)
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            declaration.soak = .init(
                environment: [staging, production].randomElement(using: &random) ?? staging,
                seconds: Int.random(in: 1...200, using: &random))
        }
        return declaration
    }

    private func policy(_ random: inout Seeded) -> ReviewPolicy {
        var policy = ReviewPolicy(
            base: declaration(&random),
            roles: ["ml": ["ada@example.org", "bob@example.org"], "ops": ["role:ml", "dan"]],
            owners: ["@ml": ["role:ml"]])
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            policy.rules.append(rule(&random))
        }
        if Bool.random(using: &random) { policy.freezes.append(freeze(&random)) }
        return policy
    }

    private func rule(_ random: inout Seeded) -> ReviewPolicy.Rule {
        ReviewPolicy.Rule(
            models: [[], ["fraud-*"], ["digits"]].randomElement(using: &random) ?? [],
            environments: [[], ["production"], ["st*"]].randomElement(using: &random) ?? [],
            paths: [[], ["models/**"], ["data/", "[x"]].randomElement(using: &random) ?? [],
            requires: declaration(&random))
    }

    private func freeze(_ random: inout Seeded) -> ReviewPolicy.Freeze {
        let from = june.advanced(bySeconds: Double(Int.random(in: -100...50, using: &random)))
        let seconds = Double(Int.random(in: 1...150, using: &random))
        return ReviewPolicy.Freeze(
            from: from, until: from.advanced(bySeconds: seconds),
            environments: [[], ["production"], ["x"]].randomElement(using: &random) ?? [],
            reason: "rest")
    }

    private func randomQuestion(_ random: inout Seeded) -> ReviewQuestion {
        var asked = question(
            policy(&random), rule: ReviewRule(approvals: 1, exclude: []),
            codeOwners: Bool.random(using: &random) ? "* @ml\n/data/ carol@example.org\n" : nil)
        asked.environment = [production, staging, nil].randomElement(using: &random) ?? nil
        asked.changedPaths =
            [["models/a"], ["data/b", "x"], []].randomElement(using: &random) ?? []
        asked.people = [
            CommitPeople(
                author: "ada@example.org", committer: "bob@example.org",
                coAuthors: ["eve@example.org"])
        ]
        asked.pushers = Bool.random(using: &random) ? ["carol@example.org"] : []
        asked.evidenceSince = june.advanced(bySeconds: -90)
        asked.tags = (1...6).map { tag($0, $0 * 30, hardware: $0 % 2 == 0) }
        if Bool.random(using: &random) {
            asked.soakedSince = [staging: june.advanced(bySeconds: -50)]
        }
        return asked
    }

    /// Whether `strict` lets nothing pass that `loose` holds back.
    private func isAtLeast(_ strict: Seen.Policy, _ loose: Seen.Policy) -> Bool {
        let people = ["ada", "bob", "carol", "dan"].map(person)
        for bits in 0..<16 {
            let some = Set(people.indices.filter { bits >> $0 & 1 == 1 }.map { people[$0] })
            if strict.lacking(some).isEmpty, !loose.lacking(some).isEmpty { return false }
        }
        let isLater: Bool
        switch (strict.blocked, loose.blocked) {
        case (_, nil): isLater = true
        case (nil, _?): isLater = false
        case (let strict?, let loose?):
            isLater = strict.until == nil || loose.until.map { $0 <= strict.until ?? $0 } ?? false
        }
        return isLater && strict.approvals >= loose.approvals
            && strict.excluded.isSuperset(of: loose.excluded)
            && Set(strict.ignored.keys).isSuperset(of: loose.ignored.keys)
    }

    @Test func `whatever a commit declares, it never loosens`() throws {
        try fuzz(rounds: 400) { seed, random in
            let bare = randomQuestion(&random)
            var asked = bare
            asked.own = policy(&random)
            asked.declared = declaration(&random)
            let loose = requirements(for: bare)
            let strict = requirements(for: asked)
            #expect(isAtLeast(strict.policy, loose.policy), "seed \(seed)")
            var more = asked
            more.own.rules.append(rule(&random))
            more.own.freezes.append(freeze(&random))
            #expect(
                isAtLeast(requirements(for: more).policy, strict.policy), "seed \(seed), more")
        }
    }

    @Test func `the answer changes by time only when it says so`() throws {
        try fuzz(rounds: 300) { seed, random in
            var asked = randomQuestion(&random)
            let first = requirements(for: asked)
            let end = first.changesAt ?? june.advanced(bySeconds: 100_000)
            asked.now = Instant(milliseconds: end.milliseconds - 1)
            #expect(requirements(for: asked).policy == first.policy, "seed \(seed)")
            guard let changesAt = first.changesAt else { return }
            #expect(changesAt > june, "seed \(seed)")
        }
    }
}
