package import Domain

/// The predicate of SLSA's verification summary v1: that people approved the version under a
/// policy, for one environment.
///
/// Source: slsa-framework/slsa, `docs/spec/v1.1/verification_summary.md`.
package struct DecisionSummary: Hashable, Encodable, Sendable {
    package static let type = "https://slsa.dev/verification_summary/v1"
    /// A level of our own: Slipway makes no claim about SLSA's build levels.
    package static let level = "SLIPWAY_APPROVED"

    package enum Result: String, Hashable, Codable, Sendable {
        case passed = "PASSED"
        case failed = "FAILED"
    }

    package struct Verifier: Hashable, Encodable, Sendable {
        package var id: String
    }

    package var verifier: Verifier
    package var timeVerified: String
    package var resourceUri: String
    package var policy: ResourceDescriptor
    package var inputAttestations: [ResourceDescriptor]
    package var verificationResult: Result
    /// `FAILED` alone when the verification failed.
    package var verifiedLevels: [String]
    package var slsaVersion: String
}

extension VersionFacts {
    /// That the version was released by its approvals, or what a later check of them came to:
    /// `verified` is when, and whether they hold.
    ///
    /// The inputs are the evidence, the approvals' tag objects and the payloads of the other two
    /// statements.
    package func decisionStatement(
        verified: (at: Instant, holds: Bool)? = nil
    ) -> Statement<DecisionSummary> {
        let holds = verified?.holds ?? true
        let tag = "refs/tags/\(model)@\(release.version)"
        let summary = DecisionSummary(
            verifier: .init(id: setting.builder),
            timeVerified: timestamp(verified?.at ?? releasedAt),
            resourceUri: "git+\(setting.repository)@\(tag)?environment=\(evidence.environment)"
                + "#models/\(model)",
            policy: ResourceDescriptor(
                uri: "urn:slipway:policy:\(evidence.policy)",
                digest: ["sha256": evidence.policy.hex]),
            inputAttestations: inputs, verificationResult: holds ? .passed : .failed,
            verifiedLevels: [holds ? DecisionSummary.level : "FAILED"], slsaVersion: "1.1")
        return Statement(
            subject: subject, predicateType: DecisionSummary.type, predicate: summary)
    }

    private var inputs: [ResourceDescriptor] {
        let evidence = ResourceDescriptor(
            uri: "urn:slipway:evidence:\(evidenceDigest)", digest: ["sha256": evidenceDigest.hex])
        let approvals = zip(release.tags, release.approvedBy).map { tag, principal in
            ResourceDescriptor(
                name: "approval by \(principal)",
                uri: "git+\(setting.repository)@\(tag)", digest: ["gitTag": tag.hex])
        }
        let statements = [buildStatement.payload, evaluationStatement.payload].map { payload in
            ResourceDescriptor(
                digest: ["sha256": sha256(payload).hex], mediaType: Envelope.statementType)
        }
        return [evidence] + approvals + statements
    }
}
