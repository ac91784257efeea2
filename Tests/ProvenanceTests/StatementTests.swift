import Domain
import FoundationEssentials
import TestKit
import Testing

@testable import Provenance

private let setting = VersionFacts.Setting(
    repository: "https://git.example.org/vision/models.git", ref: "refs/heads/main",
    builder: "https://slipway.example.org", builderVersion: ["slipway": "1.2.0"],
    byproducts: [
        ResourceDescriptor(
            name: "log of train", digest: ["sha256": Scenario.digest(77).hex],
            mediaType: "text/plain")
    ])

private func facts(_ scenario: Scenario = Scenario()) throws -> VersionFacts {
    try VersionFacts(
        Scenario.model, Scenario.version, records: scenario.records.shuffled(), setting: setting)
}

private func object(_ payload: [UInt8]) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(payload))
}

extension JSONValue {
    fileprivate subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }
}

struct StatementTests {
    /// The object and its digest of `docs/formats.md`, "Evidence": an oracle that is not this code.
    @Test func `canonical JSON is that of the documentation`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/formats.md")
        let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            .split(separator: "\n").map { $0.drop { $0 == " " } }
        let line = try #require(lines.first { $0.hasPrefix(#"{"artifact":"655f88c6"#) })
        let evidence = try JSONDecoder().decode(Evidence.self, from: Data(line.utf8))
        #expect(canonicalJSON(evidence) == Array(line.utf8))
        let digest = sha256(canonicalJSON(evidence))
        #expect(lines.contains { $0.contains("`\(digest)` and the id `\(EvidenceID(digest))`") })
    }

    @Test func `what data was prepared from is among the materials`() throws {
        var scenario = Scenario()
        let dataset = DatasetName(checked: "digits-train")
        scenario.judgement.lineage = [
            DataLineage(
                dataset: dataset, source: DatasetName(checked: "digits-raw"),
                sourceFiles: [.init(path: "data/raw.csv", sha256: Scenario.digest(91))],
                steps: ["drop_missing: 9 → 8 rows"], rows: 8, sha256: Scenario.digest(92)),
            DataLineage(
                dataset: dataset, source: dataset, sourceFiles: [], steps: [], rows: 4,
                sha256: Scenario.digest(93), part: "fold-1.test"),
        ]
        let statement = try facts(scenario).buildStatement
        let made = statement.predicate.buildDefinition.resolvedDependencies.dropFirst(2)
        let place = "git+\(setting.repository)@\(Scenario.commit(2))#"
        #expect(
            Array(made) == [
                ResourceDescriptor(
                    name: "prepared rows of dataset digits-train",
                    uri: place + "datasets/digits-train.yaml",
                    digest: ["sha256": Scenario.digest(92).hex]),
                ResourceDescriptor(
                    name: "source of dataset digits-train", uri: place + "data/raw.csv",
                    digest: ["sha256": Scenario.digest(91).hex]),
                ResourceDescriptor(
                    name: "prepared rows of dataset digits-train (fold-1.test)",
                    uri: place + "datasets/digits-train.yaml",
                    digest: ["sha256": Scenario.digest(93).hex]),
            ])
    }

    @Test func `the provenance says from what the version was made`() throws {
        let statement = try facts().buildStatement
        #expect(statement.predicateType == "https://slsa.dev/provenance/v1")
        let commit = Scenario.commit(2)
        let definition = statement.predicate.buildDefinition
        #expect(
            definition.externalParameters == [
                "repository": setting.repository, "ref": "refs/heads/main",
                "path": "models/digits",
            ])
        #expect(
            definition.resolvedDependencies == [
                ResourceDescriptor(
                    uri: "git+\(setting.repository)@refs/heads/main",
                    digest: ["gitCommit": commit.hex]),
                ResourceDescriptor(
                    name: "dataset digits-train",
                    uri: "git+\(setting.repository)@\(commit)#datasets/digits-train.yaml",
                    digest: ["slipwayDatasetV1": Scenario.digest(32).hex]),
            ])
        let details = statement.predicate.runDetails
        #expect(details.builder.id == "https://slipway.example.org")
        #expect(details.metadata.startedOn == "2026-06-01T00:05:00Z")
        #expect(details.metadata.finishedOn == "2026-06-01T00:06:00Z")
        #expect(details.byproducts.last == setting.byproducts[0])
    }

    @Test func `the three statements are about the same files`() throws {
        let facts = try facts()
        let subject = [
            ResourceDescriptor(
                name: "digits@v1.1.0", digest: ["sha256": Scenario.digest(22).hex])
        ]
        #expect(facts.buildStatement.subject == subject)
        #expect(facts.evaluationStatement.subject == subject)
        #expect(facts.decisionStatement().subject == subject)
    }

    @Test func `the evaluation names every rule by what became of it`() throws {
        var scenario = Scenario()
        let rules = scenario.judgement.verdict.rules
        for (name, outcome) in [
            ("b", RuleVerdict.Outcome.failed), ("c", .notEnoughEvidence), ("d", .notApplicable),
        ] {
            var rule = rules[0]
            (rule.rule, rule.outcome) = (name, outcome)
            scenario.judgement.verdict.rules.append(rule)
        }
        let passed = try facts().evaluationStatement.predicate
        #expect(passed.result == .passed)
        #expect(passed.passedTests == ["accuracy.at_least", "recall.each_class_at_least"])
        #expect(passed.failedTests == [])
        scenario.judgement.verdict.outcome = .notEnoughEvidence
        let failed = try facts(scenario).evaluationStatement.predicate
        #expect(failed.result == .failed)
        #expect(failed.failedTests == ["b", "c"])
    }

    @Test func `the decision names policy, approvals and the other statements`() throws {
        let facts = try facts()
        let decision = facts.decisionStatement().predicate
        #expect(decision.timeVerified == "2026-06-01T00:09:00Z")
        #expect(decision.policy.digest == ["sha256": Scenario.digest(6).hex])
        #expect(decision.verificationResult == .passed)
        #expect(decision.verifiedLevels == ["SLIPWAY_APPROVED"])
        #expect(
            decision.inputAttestations.compactMap { $0.digest?["gitTag"] }
                == [Scenario.commit(101).hex, Scenario.commit(102).hex])
        let payloads = [facts.buildStatement.payload, facts.evaluationStatement.payload]
        for payload in payloads {
            let digest = ["sha256": sha256(payload).hex]
            #expect(decision.inputAttestations.contains { $0.digest == digest })
        }
        let later = facts.decisionStatement(verified: (Instant(seconds: 0), false)).predicate
        #expect(later.timeVerified == "1970-01-01T00:00:00Z")
        #expect(later.verificationResult == .failed)
        #expect(later.verifiedLevels == ["FAILED"])
    }

    @Test func `a version that was not released has no statements`() {
        #expect(throws: ProvenanceError.notReleased(Scenario.model, SemanticVersion(9, 0, 0))) {
            try VersionFacts(
                Scenario.model, SemanticVersion(9, 0, 0), records: Scenario().records,
                setting: setting)
        }
        var scenario = Scenario()
        scenario.dropped = [7]
        let id = scenario.release.evidence
        #expect(throws: ProvenanceError.evidenceMissing(id)) { try facts(scenario) }
    }

    @Test(arguments: [
        ("https://user:token@Git.Example.org/a.git", "https://git.example.org/a.git"),
        ("https://token@example.org:8443/a?key=1#x", "https://example.org:8443/a"),
        ("ssh://git:secret@Example.org:22/a b", "ssh://git@example.org:22/a%20b"),
        ("git@example.org:vision/models.git", "ssh://git@example.org/vision/models.git"),
        ("example.org:/srv/m.git", "ssh://example.org/srv/m.git"),
        ("/srv/ä/models.git", "file:///srv/%C3%A4/models.git"),
        ("file:///srv/models.git", "file:///srv/models.git"),
        ("HTTP://EXAMPLE.org", "http://example.org"), ("../models", "file:../models"),
    ])
    func `an address becomes a URI without secrets`(_ address: String, _ uri: String) {
        #expect(repositoryURI(address) == uri)
    }

    @Test func `the published schemas accept what is written, and notice what is wrong`() throws {
        let facts = try facts()
        let key = try Ed25519Signer(seed: Scenario.digest(5).bytes)
        let envelope = try Envelope(signing: facts.buildStatement.payload, sign: key.sign)
        let written: [(String, [UInt8])] = [
            ("provenanceStatement", facts.buildStatement.payload),
            ("testResultStatement", facts.evaluationStatement.payload),
            ("verificationStatement", facts.decisionStatement().payload),
            ("envelope", envelope.json),
        ]
        var documents: [Document] = []
        for (kind, bytes) in written {
            let value = try object(bytes)
            documents.append(Document(kind: kind, value: value, valid: true))
            for (path, wrong) in spoiled(value) {
                documents.append(Document(kind: kind, value: wrong, valid: false, path: path))
            }
        }
        #expect(documents.filter { !$0.valid }.count > 60)
        let answer = try python(
            "attestation_oracle.py", Data(canonicalJSON(Documents(documents: documents))))
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.contains("\(documents.count) of \(documents.count) as expected"), "\(text)")
    }
}

private struct Document: Encodable {
    var kind: String
    var value: JSONValue
    var valid: Bool
    var path = ""
}

private struct Documents: Encodable { var documents: [Document] }

/// What the published definitions let be missing.
private let optional: Set = [
    "/predicate/buildDefinition/internalParameters",
    "/predicate/buildDefinition/resolvedDependencies", "/predicate/runDetails/metadata",
    "/predicate/runDetails/byproducts", "/predicate/runDetails/builder/version",
    "/predicate/runDetails/metadata/invocationId", "/predicate/runDetails/metadata/startedOn",
    "/predicate/runDetails/metadata/finishedOn", "/predicate/passedTests",
    "/predicate/warnedTests", "/predicate/failedTests",
    "/predicate/inputAttestations", "/predicate/slsaVersion", "/predicate/policy/digest",
    "/signatures/0/keyid",
]
/// Objects whose members have no names of their own.
private let maps: Set = ["externalParameters", "internalParameters", "digest", "version"]

/// Every document that differs in one member: gone where it is required, of a wrong type, or under
/// a name that nobody knows.
private func spoiled(_ value: JSONValue, at path: String = "") -> [(String, JSONValue)] {
    switch value {
    case .object(let members):
        var found: [(String, JSONValue)] = []
        let isMap = maps.contains(path.split(separator: "/").last.map(String.init) ?? "")
        let isDescriptor = path.split(separator: "/").last.flatMap { Int($0) } != nil
        for (key, member) in members {
            let here = "\(path)/\(key)"
            if !optional.contains(here), !isMap, !isDescriptor || path == "/signatures/0" {
                found.append((here + " gone", .object(members.filter { $0.key != key })))
            }
            if !isMap {
                var renamed = members.filter { $0.key != key }
                renamed[key + "x"] = member
                found.append((here + "x", .object(renamed)))
            }
            // Because parameters may be of any type.
            if path.hasSuffix("Parameters") { continue }
            var wrong = members
            wrong[key] = .array([.array([])])
            found.append((here + " of another type", .object(wrong)))
            for (deeper, spoiledMember) in spoiled(member, at: here) {
                var changed = members
                changed[key] = spoiledMember
                found.append((deeper, .object(changed)))
            }
        }
        return found
    case .array(let items):
        guard let first = items.first else { return [] }
        return spoiled(first, at: "\(path)/0").map { ($0.0, .array([$0.1] + items.dropFirst())) }
    case .null, .bool, .integer, .number, .string: return []
    }
}
