import Domain
import Testing

@testable import Provenance

/// One thing that is wrong, and the link that must break of it.
struct Forgery: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var link: VersionProof.Link.Name
    var forge: @Sendable (inout Scenario) -> Void

    init(
        _ link: VersionProof.Link.Name, _ name: String,
        _ forge: @escaping @Sendable (inout Scenario) -> Void
    ) {
        testDescription = "\(link.rawValue): \(name)"
        self.link = link
        self.forge = forge
    }
}

struct VersionProofTests {
    @Test func `a version that was approved by the rules holds`() {
        let proof = Scenario().proof
        #expect(proof.holds, "\(proof.text)")
        #expect(
            proof.links.map(\.name) == [
                .log, .tag, .release, .candidate, .evidence, .judgement, .standing, .approvals,
                .policy, .signatures, .people, .artifact,
            ])
        #expect(
            proof.text
                == "digits v1.1.0 holds: 2 of 2: ada@example.org by SHA256:key-101, "
                + "bob@example.org by SHA256:key-102; author carol@example.org excluded; "
                + "policy \(Scenario.digest(6).short)…; artifact \(Scenario.digest(22).short)… "
                + "checked")
    }

    @Test func `the caller is asked about the right approvals and the right policy`() {
        let scenario = Scenario()
        var approvals: [SeenApproval] = []
        var policies: [PolicyQuestion] = []
        _ = VersionProof(
            VersionQuestion(
                model: Scenario.model, version: Scenario.version, tag: scenario.tagFields.raw,
                records: scenario.records.shuffled(),
                approvalCheck: {
                    approvals.append($0)
                    return scenario.signatures[$0.object] ?? .missing
                },
                policyAt: {
                    policies.append($0)
                    return scenario.policy
                }))
        #expect(approvals.map(\.object) == [Scenario.commit(101), Scenario.commit(102)])
        #expect(approvals.map(\.firstSeen) == scenario.records[7...8].map(\.at))
        #expect(approvals.allSatisfy { $0.evidence == scenario.judgement.evidenceDigest })
        #expect(policies.map(\.commit) == [Scenario.commit(2)])
        #expect(policies.map(\.since) == [Scenario.commit(1)])
    }

    @Test(arguments: bot + gate + people)
    func `one forged part breaks its own link and no other`(_ forgery: Forgery) {
        var scenario = Scenario()
        forgery.forge(&scenario)
        let proof = scenario.proof
        #expect(!proof.holds)
        #expect(proof.links.filter { !$0.holds }.map(\.name) == [forgery.link], "\(proof.text)")
        #expect(proof.text.hasPrefix("digits v1.1.0 does not hold: "))
    }

    @Test(arguments: wider)
    func `a forged part breaks its own link, whatever else it breaks`(_ forgery: Forgery) {
        var scenario = Scenario()
        forgery.forge(&scenario)
        let broken = scenario.proof.links.filter { !$0.holds }.map(\.name)
        #expect(broken.contains(forgery.link), "\(scenario.proof.text)")
    }

    @Test func `every link has a forgery that breaks it`() {
        let broken = Set((Self.bot + Self.gate + Self.people).map(\.link))
        #expect(broken == Set(VersionProof.Link.Name.allCases))
    }

    @Test func `what is not checked is said`() {
        var scenario = Scenario()
        scenario.artifact = .notChecked
        scenario.log = nil
        scenario.recomputed = nil
        #expect(scenario.proof.holds)
        #expect(scenario.proof.text.hasSuffix("; artifact not checked"))
        #expect(!scenario.proof.links.contains { $0.name == .log || $0.name == .candidate })
    }

    @Test func `authors without a principal stand in the proof`() {
        var scenario = Scenario()
        scenario.changePolicy {
            $0.excluded = [:]
            $0.unmapped = ["eve@example.com"]
        }
        #expect(scenario.proof.holds)
        #expect(
            scenario.proof.summary.contains(
                "; nobody excluded; no known person: eve@example.com;"))
    }

    @Test func `a version that needed nobody holds without approvals`() {
        var scenario = Scenario()
        scenario.release.tags = []
        scenario.release.approvedBy = []
        scenario.tagFields.approvedBy = []
        scenario.changePolicy { $0.approvals = 0 }
        #expect(scenario.proof.holds, "\(scenario.proof.text)")
        #expect(scenario.proof.summary.hasPrefix("nobody had to approve; "))
    }

    @Test func `a signed tag of the bot is one more link`() {
        var scenario = Scenario()
        scenario.tagSignature = .good(
            .init(principal: Principal("bot"), keyFingerprint: "SHA256:bot"))
        scenario.tagFields.signature = "-----BEGIN SSH SIGNATURE-----\nx\n"
        #expect(scenario.proof.holds)
        #expect(scenario.proof.links.contains { $0.name == .tagSignature })
        scenario.tagSignature = .unsigned
        #expect(scenario.proof.firstBreak?.name == .tagSignature)
    }

    @Test func `what others wrote cannot move the terminal's cursor`() {
        var scenario = Scenario()
        scenario.policy = .unknown(reason: "line\u{1B}[2K\u{202E}one\ntwo", hint: "\u{7}")
        #expect(scenario.proof.text.contains("line [2Kone two"))
        #expect(!scenario.proof.text.contains("\u{7}"))
    }

    @Test func `the proof as JSON names each link`() throws {
        var scenario = Scenario()
        scenario.artifact = .missing
        let text = String(decoding: canonicalJSON(scenario.proof), as: UTF8.self)
        #expect(text.hasPrefix(#"{"holds":false,"links":[{"holds":true,"name":"log","#))
        #expect(text.contains(#""holds":false,"name":"artifact","sentence":"the artifact "#))
    }
}
