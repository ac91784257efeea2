import Domain

/// The predicate test-result v0.1: what the gate found, rule by rule.
///
/// Source: in-toto/attestation, `spec/predicates/test-result.md`. A rule for which there was not
/// enough evidence has failed; one that did not apply is left out. The numbers are in the report, a
/// byproduct of the build.
package struct EvaluationResult: Hashable, Encodable, Sendable {
    package static let type = "https://in-toto.io/attestation/test-result/v0.1"

    package enum Result: String, Hashable, Codable, Sendable {
        case passed = "PASSED"
        case failed = "FAILED"
    }

    package var result: Result
    package var configuration: [ResourceDescriptor]
    package var passedTests: [String]
    package var warnedTests: [String]
    package var failedTests: [String]
}

extension VersionFacts {
    /// What the gate found.
    package var evaluationStatement: Statement<EvaluationResult> {
        let verdict = judgement.verdict
        func names(_ outcomes: RuleVerdict.Outcome...) -> [String] {
            verdict.rules.filter { outcomes.contains($0.outcome) }.map(\.rule)
        }
        let result = EvaluationResult(
            result: verdict.outcome == .passed ? .passed : .failed,
            configuration: [
                ResourceDescriptor(
                    name: "promotion rules", uri: file("models/\(model)/model.yaml"),
                    digest: ["gitCommit": release.commit.hex])
            ],
            passedTests: names(.passed), warnedTests: [],
            failedTests: names(.failed, .notEnoughEvidence))
        return Statement(
            subject: subject, predicateType: EvaluationResult.type, predicate: result)
    }
}
