import Crypto
import Domain
import Testing

@testable import Review

private let staging = EnvironmentName(checked: "staging")

/// Everything that a policy can say.
private let whole = ReviewPolicy(
    base: ReviewDeclaration(
        approvals: 2, exclude: [.author], from: ["ml": 1], hardwareKey: true, codeOwners: true,
        evidenceMaxAgeSeconds: 3600, approvalsExpireSeconds: 60,
        soak: .init(environment: staging, seconds: 30)),
    roles: ["ml": ["ada \"a\\b\"", "role:ops"], "ops": ["é\n\u{1}"]],
    owners: ["@org/ml": ["role:ml"]],
    rules: [
        .init(
            models: ["fraud-*"], environments: ["production"], paths: ["models/**"],
            requires: ReviewDeclaration(approvals: 3, exclude: [.lastPusher, .committer])),
        .init(requires: ReviewDeclaration()),
    ],
    freezes: [.init(from: june, until: june.advanced(bySeconds: 60), reason: "year's end")])

private let wholeText =
    #"{"approvals_expire":60,"code_owners":true,"evidence_max_age":3600,"#
    + #""freezes":[{"from":"2026-06-01T00:00:00Z","reason":"year's end","#
    + #""until":"2026-06-01T00:01:00Z"}],"from":{"ml":1},"hardware_key":true,"#
    + #""owners":{"@org/ml":["role:ml"]},"#
    + #""roles":{"ml":["ada \"a\\b\"","role:ops"],"ops":["é\n\u0001"]},"#
    + #""rules":[{"approvals":3,"environments":["production"],"#
    + #""exclude":["committer","last-pusher"],"models":["fraud-*"],"paths":["models/**"]},{}],"#
    + #""soak":{"environment":"staging","for":30}}"#

private func sha(_ lines: String...) -> Domain.Digest {
    Domain.Digest(bytes: SHA256.hash(data: Array(lines.map { $0 + "\n" }.joined().utf8)))
}

struct PolicyDigestTests {
    private let rule = ReviewRule(approvals: 1, exclude: [.committer])

    @Test func `the digest is that of the documented lines`() {
        #expect(whole.canonicalText == wholeText)
        let owners = CodeOwnersText(
            file: ".github/CODEOWNERS", text: "# c\n * @a \n\n/docs/ @b\r\n")
        #expect(
            policyDigest(
                signers: "ada k\n", revoked: "x", gpgSigners: "g h", rule: rule, policy: whole,
                codeOwners: owners)
                == sha(
                    "slipway policy 1", "approvals 2", "exclude author,committer", "signer ada k",
                    "revoked x", "gpg g h", "review " + wholeText,
                    "codeowners-file .github/CODEOWNERS", "codeowners * @a",
                    "codeowners /docs/ @b"))
    }

    @Test func `a policy of approvals and exclude has the digest of its rule`() {
        let base = ReviewDeclaration(approvals: 3, exclude: [.author])
        let files = PolicyFiles(
            policy: ReviewPolicy(base: base), signers: "ada k\n",
            codeOwners: CodeOwnersText(file: "CODEOWNERS", text: "* @a"))
        let digest = TrustedPolicy(rule: rule, files: files).digest
        #expect(
            digest
                == policyDigest(
                    signers: "ada k\n",
                    rule: ReviewRule(approvals: 3, exclude: [.author, .committer])))
        #expect(
            digest
                == sha(
                    "slipway policy 1", "approvals 3", "exclude author,committer", "signer ada k"))
    }

    @Test func `every key of the policy is in the digest`() {
        let plain = ReviewPolicy()
        let changes: [(inout ReviewPolicy) -> Void] = [
            { $0.base.approvals = 9 }, { $0.base.exclude = [.lastPusher] },
            { $0.base.from = ["ml": 1] }, { $0.base.hardwareKey = true },
            { $0.base.codeOwners = true }, { $0.base.evidenceMaxAgeSeconds = 1 },
            { $0.base.approvalsExpireSeconds = 1 },
            { $0.base.soak = .init(environment: staging, seconds: 1) },
            { $0.roles = ["ml": ["a"]] }, { $0.roles = ["ml": ["a", "b"]] },
            { $0.roles = ["ml": ["a b"]] }, { $0.owners = ["ml": ["a"]] },
            { $0.rules = [.init(requires: ReviewDeclaration())] },
            { $0.rules = [.init(models: ["a"], requires: ReviewDeclaration())] },
            { $0.rules = [.init(environments: ["a"], requires: ReviewDeclaration())] },
            { $0.rules = [.init(paths: ["a"], requires: ReviewDeclaration())] },
            { $0.rules = [.init(requires: ReviewDeclaration(approvals: 1))] },
            { $0.rules = [.init(requires: ReviewDeclaration(exclude: [.author]))] },
            { $0.freezes = [.init(from: june, until: june, reason: "")] },
            { $0.freezes = [.init(from: june, until: june, environments: ["a"], reason: "")] },
            { $0.data = [.init(allow: [])] }, { $0.data = [.init(allow: [.pii])] },
            { $0.data = [.init(models: ["a"], allow: [.pii])] },
        ]
        var digests = Set([policyDigest(signers: "", rule: rule, policy: plain)])
        for change in changes {
            var policy = plain
            change(&policy)
            digests.insert(policyDigest(signers: "", rule: rule, policy: policy))
        }
        #expect(digests.count == changes.count + 1)
    }
}

struct PolicyChangesTests {
    private func trusted(
        _ policy: ReviewPolicy, signers: String = "", revoked: String = "", gpg: String = "",
        owners: String? = nil
    ) -> TrustedPolicy {
        TrustedPolicy(
            rule: ReviewRule(approvals: 1, exclude: [.author]),
            files: PolicyFiles(
                policy: policy, signers: signers, revoked: Array(revoked.utf8), gpgSigners: gpg,
                codeOwners: owners.map { CodeOwnersText(file: "CODEOWNERS", text: $0) }))
    }

    @Test func `what makes it weaker stands first, each in a sentence`() {
        let old = ReviewPolicy(
            base: ReviewDeclaration(
                approvals: 2, exclude: [.author, .committer], from: ["ml": 1],
                evidenceMaxAgeSeconds: 86_400, soak: .init(environment: staging, seconds: 3600)),
            roles: ["ml": ["ada", "bob"]],
            rules: [
                .init(models: ["fraud-*"], requires: ReviewDeclaration(approvals: 3)),
                .init(paths: ["a"], requires: ReviewDeclaration()),
            ])
        let new = ReviewPolicy(
            base: ReviewDeclaration(
                approvals: 1, exclude: [.lastPusher], from: ["ml": 2], hardwareKey: true,
                approvalsExpireSeconds: 60),
            roles: ["ml": ["ada", "carol"]], owners: ["@x": ["role:ml"]],
            rules: [
                .init(models: ["fraud-*"], requires: ReviewDeclaration(approvals: 2)),
                .init(environments: ["production"], requires: ReviewDeclaration()),
            ],
            freezes: [.init(from: june, until: june.advanced(bySeconds: 60), reason: "rest")])
        #expect(
            policyChanges(from: trusted(old), to: trusted(new)) == [
                "weaker: approvals 2 → 1", "weaker: committer is not excluded any more",
                "weaker: evidence_max_age 1d → none", "weaker: soak in staging 1h → none",
                "weaker: rule for models \"fraud-*\": approvals 3 → 2",
                "weaker: rule for paths \"a\" removed", "weaker: role \"ml\": \"carol\" added",
                "weaker: owner \"@x\": \"role:ml\" added", "stricter: last-pusher is excluded",
                "stricter: from ml 1 → 2", "stricter: hardware_key false → true",
                "stricter: approvals_expire none → 1m",
                "stricter: rule for environments \"production\" added",
                "stricter: freeze from 2026-06-01T00:00:00Z until 2026-06-01T00:01:00Z (\"rest\") "
                    + "added", "stricter: role \"ml\": \"bob\" removed",
            ])
        #expect(policyChanges(from: trusted(old), to: trusted(old)).isEmpty)
    }

    @Test func `keys that come, go and change are named with their owners`() throws {
        let scratch = try Scratch()
        let ada = try scratch.key("ada")
        let bob = try scratch.key("bob")
        let print = { (key: String) in
            try SSHPublicKey(blob: try wireBytes(of: key)).fingerprint
        }
        func changes(_ old: String, _ new: String, revoked: [String] = ["", ""]) -> [String] {
            policyChanges(
                from: trusted(ReviewPolicy(), signers: old, revoked: revoked[0]),
                to: trusted(ReviewPolicy(), signers: new, revoked: revoked[1]))
        }
        let line = "ada@example.org \(ada)\n"
        let key = try "key of \"ada@example.org\" (\(print(ada)))"
        #expect(
            changes(line, "# c\n" + line + "bob \(bob)\n") == [
                "weaker: key of \"bob\" (\(try print(bob))) added"
            ])
        #expect(changes(line, "") == ["stricter: \(key) removed"])
        let short = "ada@example.org valid-before=\"20270101Z\" \(ada)\n"
        #expect(changes(line, short) == ["stricter: \(key) has another line"])
        #expect(changes(short, line).first == "weaker: \(key) has another line")
        let authority = "ada@example.org cert-authority \(ada)\n"
        #expect(changes(line, authority).first?.hasPrefix("weaker: authority of") ?? false)
        #expect(
            changes(line, line, revoked: [bob, ""]) == [
                "weaker: key \(try print(bob)) is not revoked any more"
            ])
        #expect(
            changes(line, line, revoked: ["", bob]) == [
                "stricter: key \(try print(bob)) is revoked"
            ])
        let fingerprint = String(repeating: "A1", count: 20)
        #expect(
            policyChanges(
                from: trusted(ReviewPolicy()),
                to: trusted(ReviewPolicy(), gpg: "ada \(fingerprint)")) == [
                    "weaker: GPG key of \"ada\" (\(fingerprint)) added"
                ])
    }

    @Test func `lines of CODEOWNERS count once they are asked for`() {
        let asking = ReviewPolicy(base: ReviewDeclaration(codeOwners: true))
        let old = "* @a\n/b @b\n"
        #expect(
            policyChanges(
                from: trusted(asking, owners: old), to: trusted(asking, owners: "/b @b\n* @c\n"))
                == ["weaker: CODEOWNERS: \"* @a\" removed", "weaker: CODEOWNERS: \"* @c\" added"])
        #expect(
            policyChanges(
                from: trusted(asking, owners: old), to: trusted(asking, owners: "/b @b\n* @a\n"))
                == ["weaker: CODEOWNERS: lines in another order"])
        let silent = ReviewPolicy()
        #expect(
            policyChanges(from: trusted(silent, owners: old), to: trusted(silent)).isEmpty)
    }

    @Test func `of very many changes the rest is counted`() {
        let roles = Dictionary(uniqueKeysWithValues: (0..<500).map { ("r\($0)", ["ada"]) })
        let said = policyChanges(
            from: trusted(ReviewPolicy()), to: trusted(ReviewPolicy(roles: roles)))
        #expect(said.count == 201)
        #expect(said.last == "weaker: and 300 more differences, 300 of which make it weaker")
    }

    @Test func `more data that models may use makes it weaker`() {
        func said(_ old: [ReviewPolicy.DataRule], _ new: [ReviewPolicy.DataRule]) -> [String] {
            var (before, after) = (ReviewPolicy(), ReviewPolicy())
            before.data = old
            after.data = new
            return policyChanges(from: trusted(before), to: trusted(after))
        }
        let none = [ReviewPolicy.DataRule(allow: [])]
        #expect(
            said([], none) == ["stricter: models may use classified data only as `data` lists it"])
        #expect(said(none, []) == ["weaker: models may use all data, classified or not"])
        #expect(
            said(none, [.init(allow: [.confidential]), .init(models: ["b", "a*"], allow: [.pii])])
                == [
                    "weaker: every model may use confidential data",
                    "weaker: models \"a*\", \"b\" may use pii data",
                ])
        #expect(
            said([.init(allow: [.pii])], none)
                == ["stricter: every model may not use pii data any more"])
    }

    /// Changed digests come with a sentence, so that nobody approves what was not shown.
    @Test func `a policy that differs says so`() {
        let changes: [(inout ReviewPolicy) -> Void] = [
            { $0.base.approvals = 9 }, { $0.base.exclude = [.lastPusher] },
            { $0.base.from = ["ml": 1] }, { $0.base.hardwareKey = true },
            { $0.base.codeOwners = true }, { $0.base.evidenceMaxAgeSeconds = 1 },
            { $0.base.approvalsExpireSeconds = 1 },
            { $0.base.soak = .init(environment: staging, seconds: 1) },
            { $0.roles["x"] = ["a"] }, { $0.owners["y"] = ["a"] }, { $0.roles = [:] },
            { $0.rules.removeLast() }, { $0.rules[0].paths = ["b"] },
            { $0.rules.append(.init(paths: ["z"], requires: ReviewDeclaration())) },
            { $0.freezes[0].reason = "" }, { $0.freezes = [] }, { $0.rules.reverse() },
            { $0.rules.append($0.rules[0]) }, { $0.roles["ml"]?.reverse() },
        ]
        for (index, change) in changes.enumerated() {
            var policy = whole
            change(&policy)
            let said = policyChanges(from: trusted(whole), to: trusted(policy))
            #expect(policy == whole || !said.isEmpty, "change \(index)")
        }
    }
}
