import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Planning

/// Every key that `slipway.yaml` has for people who decide.
private let policyText = """
    previews: [feature/*, refs/pull/*/head]
    revoked: .slipway/gone_keys
    review:
      approvals: 2
      exclude: [author, committer, co-authors, last-pusher]
      from: {ml: 1, ops: 1}
      hardware_key: true
      code_owners: true
      evidence_max_age: 30d
      approvals_expire: 14d
      soak: {environment: staging, for: 24h}
      roles: {ml: [ada@example.org, bob@example.org], ops: [carol@example.org, role:ml]}
      owners: {"@ada": [ada@example.org], "@org/ml-team": [role:ml]}
      rules:
        - models: [fraud-*]
          environments: [production]
          paths: ["models/fraud/**"]
          approvals: 3
          from: {ops: 1}
          hardware_key: true
      freezes:
        - from: 2026-12-20T00:00:00Z
          until: 2027-01-02T00:00:00Z
          environments: [production]
          reason: year's end
    suspend:
      - {model: digits, reason: new labels, by: ada@example.org, until: 2026-12-01T00:00:00Z}
      - {environment: production, reason: rest, by: bob}
      - {reason: everything rests, by: carol}

    """

private func read(_ text: String) -> Parsed<RepositoryDeclaration> {
    decodeRepository(Array(text.utf8), file: "slipway.yaml")
}

/// The whole example with one thing changed.
private func changed(_ old: String, _ new: String) -> Parsed<RepositoryDeclaration> {
    guard let range = policyText.firstRange(of: old) else {
        preconditionFailure("the example does not hold \(old)")
    }
    return read(policyText.replacingCharacters(range, with: new))
}

struct ReviewPolicyTests {
    @Test func `the whole policy is read`() throws {
        let parsed = read(policyText)
        #expect(parsed.diagnostics.map(\.line) == [])
        let found = try #require(parsed.draft)
        let ops = ["carol@example.org", "role:ml"]
        let rule = ReviewPolicy.Rule(
            models: ["fraud-*"], environments: ["production"], paths: ["models/fraud/**"],
            requires: ReviewDeclaration(approvals: 3, from: ["ops": 1], hardwareKey: true))
        let freeze = ReviewPolicy.Freeze(
            from: Instant(seconds: 1_797_724_800), until: Instant(seconds: 1_798_848_000),
            environments: ["production"], reason: "year's end")
        let base = ReviewDeclaration(
            approvals: 2, exclude: Set(ReviewDeclaration.Excluded.allCases),
            from: ["ml": 1, "ops": 1], hardwareKey: true, codeOwners: true,
            evidenceMaxAgeSeconds: 30 * 86_400, approvalsExpireSeconds: 14 * 86_400,
            soak: .init(environment: EnvironmentName(checked: "staging"), seconds: 86_400))
        let policy = ReviewPolicy(
            base: base, roles: ["ml": ["ada@example.org", "bob@example.org"], "ops": ops],
            owners: ["@ada": ["ada@example.org"], "@org/ml-team": ["role:ml"]],
            rules: [rule], freezes: [freeze])
        #expect(found.review == policy)
        #expect(found.previews == ["feature/*", "refs/pull/*/head"])
        #expect(found.revoked == ".slipway/gone_keys")
        #expect(found.suspensions.count == 3)
        #expect(
            found.suspensions.first
                == Suspension(
                    model: ModelName(checked: "digits"), reason: "new labels",
                    by: "ada@example.org", until: Instant(seconds: 1_796_083_200)))
        #expect(found.suspensions.last == Suspension(reason: "everything rests", by: "carol"))
    }

    @Test(arguments: [
        ("from: {ml: 1,", "from: {mll: 1,", "6:10: unknown role `mll`; did you mean `ml`?"),
        (
            "from: {ml: 1,", "from: {ml: 3,",
            "6:14: `ml` has 2 members, and 3 of them can never approve"
        ),
        ("role:ml]}", "role:sre]}", "12:76: unknown role `sre`"),
        ("[role:ml]}\n", "[role:mi]}\n", "13:56: unknown role `mi`; did you mean `ml`?"),
        (
            "ml: [ada@example.org,", "ml: [role:ops,",
            "12:11: the roles run in a circle: `ml` has `ops` has `ml`"
        ),
        (
            "roles: {ml: [ada@example.org, bob@example.org]", "roles: {ml: []",
            "12:15: `review.roles.ml` must have at least 1 item"
        ),
        ("\"@ada\":", "ada:", "13:12: `ada` is not an owner as CODEOWNERS writes them"),
        (
            "[fraud-*]", "['']",
            "15:16: `review.rules[0].models[0]` must be a text that is not empty"
        ),
        (
            "models/fraud/**", "models/[a-z]/**",
            "17:15: `models/[a-z]/**` is not a pattern of paths"
        ),
        ("hardware_key: true\n  code", "hardware_keys: true\n  code", "7:3: unknown key"),
        ("from: {ops: 1}", "from: {ops: 9}", "19:19: `ops` has 3 members, and 9"),
        ("[feature/*", "[feature//*", "1:12: `feature//*` matches no branch and no ref"),
        ("until: 2027", "until: 2025", "23:14: the freeze ends before it begins"),
        (
            "2026-12-20T00:00:00Z", "2026-12-20T00:00:00+01:00",
            "22:13: `review.freezes[0].from` must be a time in UTC such as `2026-12-20T00:00:00Z`"
        ),
        ("2026-12-20T", "2026-02-29T", "22:13: `review.freezes[0].from` must be a time in UTC"),
        ("2026-12-20T", "2026-12-20T2", "22:13: `review.freezes[0].from` must be a time in UTC"),
        ("for: 24h", "for: 1w", "11:37: `review.soak.for` must be a duration"),
        ("environment: staging, ", "", "11:9: `review.soak.environment` is missing"),
        (", by: bob", "", "28:5: `suspend[1].by` is missing"),
        ("revoked: .slipway", "revoked: ../x", "2:10: `../x/gone_keys` is not inside"),
        ("previews:", "perviews:", "1:1: unknown key `perviews`; did you mean `previews`?"),
    ])
    func `a mistake in the policy is named with its place`(
        _ old: String, _ new: String, _ says: String
    ) {
        let said = changed(old, new).diagnostics.map(\.line)
        #expect(said.contains { $0.hasPrefix("slipway.yaml:" + says) }, "\(said)")
    }

    @Test func `roles in long circles end`() {
        var roles = (0..<200).map { "    r\($0): [role:r\(($0 + 1) % 200), role:r\($0 / 2)]" }
        roles.append("    z: [role:r0]")
        let text = "review:\n  from: {z: 1}\n  roles:\n" + roles.joined(separator: "\n") + "\n"
        let said = read(text).diagnostics
        #expect(said.filter { $0.message.hasPrefix("the roles run in a circle") }.count == 200)
        #expect(said.contains { $0.message.hasPrefix("`z` has 0 members") })
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-11-21T02:24:42Z", 1_795_227_882), ("1969-12-31T23:59:59Z", -1),
            ("2100-02-29T00:00:00Z", nil), ("2026-13-01T00:00:00Z", nil),
            ("2026-12-20T24:00:00Z", nil), ("2026-12-20 00:00:00Z", nil), ("2026-12-20", nil),
            ("２026-12-20T00:00:00Z", nil),
        ] as [(String, Int64?)])
    func `a time is read or refused`(_ text: String, _ seconds: Int64?) {
        #expect(utcInstant(text) == seconds.map { Instant(seconds: $0) })
        if seconds != nil { #expect(utcInstant(text)?.description == text) }
    }

    @Test func `model.yaml takes what a rule asks for, and no roles`() async throws {
        let all = """
            review: {approvals: 2, exclude: [last-pusher], from: {ml: 1}, hardware_key: true,
              code_owners: true, evidence_max_age: 7d, approvals_expire: 90m,
              soak: {environment: production, for: 1h}}
            """
        let files = digits.replacing(
            "models/digits/model.yaml", "review: {approvals: 1}", with: all
        ).replacing(
            "slipway.yaml", "{approvals: 1,", with: "{roles: {ml: [ada@example.org]}, approvals: 1,"
        )
        let model = try await plannedDigits(files)
        #expect(
            model.declaration.review
                == ReviewDeclaration(
                    approvals: 2, exclude: [.lastPusher], from: ["ml": 1], hardwareKey: true,
                    codeOwners: true, evidenceMaxAgeSeconds: 7 * 86_400,
                    approvalsExpireSeconds: 5400,
                    soak: .init(
                        environment: EnvironmentName(checked: "production"), seconds: 3600)))
        for key in ["roles", "owners", "rules", "freezes"] {
            let plan = try await planned(
                files.replacing("models/digits/model.yaml", "from: {ml: 1}", with: "\(key): {}"))
            let said = plan.brokenModels[ModelName(checked: "digits")] ?? []
            #expect(said.contains { $0.message.hasPrefix("unknown key `\(key)`") }, "\(key)")
        }
    }

    @Test func `a role that a model names must be in slipway.yaml, whichever file changed`()
        async throws
    {
        let planner = Planner()
        let files = digits.replacing(
            "models/digits/model.yaml", "review: {approvals: 1}", with: "review: {from: {ml: 1}}")
        let lacking = try await planned(files, by: planner)
        #expect(
            lacking.diagnostics.map(\.line) == [
                "models/digits/model.yaml:15:17: unknown role `ml`"
            ])
        let whole = try await planned(
            files.replacing(
                "slipway.yaml", "{approvals: 1,", with: "{roles: {ml: [ada]}, approvals: 1,"),
            by: planner)
        #expect(whole.diagnostics.isEmpty)
        #expect(try await planned(files, by: planner).diagnostics.count == 1)
    }

    @Test func `a suspension of what is not there is warned of`() async throws {
        let plan = try await planned(
            digits.replacing(
                "slipway.yaml", "branch: main",
                with: "suspend: [{model: digts, environment: staging, reason: x, by: y}]"))
        #expect(
            plan.diagnostics.map(\.line) == [
                "slipway.yaml: `suspend[0].environment` names no environment that is there: "
                    + "`staging`",
                "slipway.yaml: `suspend[0].model` names no model that is there: `digts`; did you "
                    + "mean `digits`?",
            ])
        #expect(plan.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(!plan.repositoryIsBroken)
    }

    @Test func `a looser review stands first`() async throws {
        let path = "models/digits/model.yaml"
        let old = "review: {approvals: 1}"
        let before = try await plannedDigits(
            digits.replacing(
                path, old,
                with: "review: {approvals: 2, hardware_key: true, evidence_max_age: 30d}"))
        let after = try await plannedDigits(
            digits.replacing(
                path, old,
                with: "review: {approvals: 1, exclude: [author], evidence_max_age: 36h}"
            ).replacing(path, "C: 1.0", with: "C: 2.0"))
        #expect(
            differences(from: before, to: after).map(\.text) == [
                "review.approvals: 2 → 1 (lowered)",
                "review.hardware_key: true → none (lowered)", "parameters.C: 1.0 → 2.0",
                "review.evidence_max_age: 30d → 36h", "review.exclude: none → [author]",
            ])
    }

    @Test(.enabled(if: hasValidator, "the interpreter has no jsonschema and yaml"))
    func `the schema takes the whole policy and refuses what the decoder refuses`() throws {
        let mistakes = [
            ("approvals: 2", "approvals: 0"), ("[fraud-*]", "['']"), ("for: 24h", "for: 1w"),
            ("2026-12-20T00:00:00Z", "2026-12-20T00:00:00+01:00"), (", by: bob", ""),
            ("hardware_key: true", "hardware_key: maybe"), ("last-pusher", "pusher"),
        ]
        var texts = [(policyText, "yes")]
        for (old, new) in mistakes {
            let range = try #require(policyText.firstRange(of: old))
            texts.append((policyText.replacingCharacters(range, with: new), "no"))
        }
        let documents = texts.map { text, valid in
            ["schema": schema(for: .repository), "text": text, "valid": valid]
        }
        let input = try JSONEncoder().encode(["documents": documents])
        let output = String(decoding: try python("schema_oracle.py", input), as: UTF8.self)
        #expect(output == "ready\n\(documents.count) as expected\n")
    }
}
