import Domain
import Testing

@testable import Review

@Suite struct ApprovalCheckTests {
    let scratch: Scratch
    let key: String

    init() throws {
        scratch = try Scratch()
        key = try scratch.key("key")
        try scratch.repository(key: "key")
    }

    private func trust(_ signers: String? = nil) -> Trust {
        Trust(signers: AllowedSigners.parsing(signers ?? "ada@example.org \(key)\n").value)
    }

    private func tag(
        _ name: String = approveName, message: String? = nil, options: String = "-s",
        date: String = "2026-05-31T00:00:00Z"
    ) throws {
        let text = message ?? approvalMessage(comment: "Looks good.", evidence: evidence)
        try scratch.write("text", text.utf8)
        try scratch.run(
            "cd repo; GIT_COMMITTER_DATE=\(date) git tag -f \(options) "
                + "--cleanup=verbatim -F ../text '\(name)' HEAD")
    }

    private func checked(
        _ name: String = approveName, as published: String? = nil, trust some: Trust? = nil,
        known: Digest? = evidence
    ) throws -> ApprovalCheck {
        let object = try scratch.object(name)
        return check(
            tag: "refs/tags/\(published ?? name)", raw: object.raw, objectID: object.id,
            trust: some ?? trust(), at: june, knownEvidence: known)
    }

    private func expectRefusal(
        _ check: ApprovalCheck, because part: String, mend: String = "git tag -s",
        line: Int = #line
    ) {
        guard case .refused(let reason, let hint) = check else {
            Issue.record("line \(line): not refused: \(check)")
            return
        }
        #expect(reason.contains(part), "line \(line): \(reason)")
        #expect(hint.contains(mend), "line \(line): \(hint)")
    }

    @Test func `a signed tag with its evidence is an approval`() throws {
        try tag()
        let object = try scratch.object(approveName)
        guard case .approval(let approval) = try checked() else {
            Issue.record("\(try checked())")
            return
        }
        #expect(approval.kind == .approve)
        #expect(approval.model.text == "digits")
        #expect(approval.evidenceLine == evidence && approval.evidence == EvidenceID(evidence))
        #expect(approval.reviewer.text == "ada@example.org")
        #expect(approval.keyFingerprint.hasPrefix("SHA256:"))
        #expect(approval.comment == "Looks good.")
        #expect(approval.tagObject == object.id)
        #expect(String(decoding: object.raw, as: UTF8.self).hasPrefix("object \(approval.target)"))
    }

    @Test func `a signed rejection is one`() throws {
        let name = "reject/digits/5f5f5f5f5f5f5f5f/ada@example.org"
        try tag(name)
        guard case .approval(let approval) = try checked(name) else {
            Issue.record("\(try checked(name))")
            return
        }
        #expect(approval.kind == .reject)
    }

    @Test func `other tags are no approvals`() throws {
        try tag("digits@v1.0.0")
        #expect(try checked("digits@v1.0.0") == .notAnApproval)
        expectRefusal(
            try checked("digits@v1.0.0", as: "approve/x"), because: "approve/<model>",
            mend: "git push --delete")
    }

    @Test func `a signed tag under another name is refused`() throws {
        try tag()
        let other = "approve/digits/5f5f5f5f5f5f5f5f/bob@example.org"
        expectRefusal(try checked(as: other), because: "pushed as \"\(other)\"")
        expectRefusal(
            try checked(as: approveName.replacing("approve", with: "reject")),
            because: "pushed as")
    }

    @Test func `a lightweight or an unsigned tag is refused`() throws {
        try scratch.run("cd repo; git tag \(approveName) HEAD")
        expectRefusal(try checked(), because: "lightweight", mend: "slipway approve digits")
        try tag(options: "-a")
        expectRefusal(try checked(), because: "not signed", mend: "slipway approve digits")
    }

    @Test func `a missing evidence line is named in full`() throws {
        try tag(message: "Looks good.\n")
        let line = "Evidence: \(evidence)"
        expectRefusal(try checked(), because: line, mend: "-m '\(line)' \(approveName)")
        expectRefusal(try checked(known: nil), because: "no `Evidence:`", mend: "slipway approve")
        try tag(message: "Looks good.\n\(line)\n")
        expectRefusal(try checked(), because: "last paragraph")
        try tag(message: "\(line)\n\nLooks good.\n")
        expectRefusal(try checked(), because: "last paragraph")
        try tag(message: "\(line)\n\(line)\n")
        expectRefusal(try checked(), because: "more than one")
        try tag(message: "Evidence: 5f5f5f5f5f5f5f5f\n")
        expectRefusal(try checked(), because: "64 lower-case")
        try tag(message: "Evidence: \(String(repeating: "6", count: 64))\n")
        expectRefusal(try checked(), because: "begins with 6666")
    }

    @Test func `an expired key is refused though a back-dated tag pleases git`() throws {
        let signers = "ada@example.org valid-before=\"20250101Z\" \(key)\n"
        try tag(date: "2024-06-01T00:00:00Z")
        try scratch.write("signers", signers.utf8)
        try scratch.run(
            "cd repo; git -c gpg.ssh.allowedSignersFile=../signers verify-tag \(approveName)")
        expectRefusal(
            try checked(trust: trust(signers)), because: "valid until 2025-01-01T00:00:00Z",
            mend: "user.signingkey")
    }

    @Test func `identity is the key's principal, named without a wildcard`() throws {
        try tag()
        let other = try scratch.key("other")
        expectRefusal(
            try checked(trust: trust("ada@example.org \(other)\n")), because: "not in the trusted",
            mend: "allowed_signers")
        expectRefusal(
            try checked(trust: trust("bob@example.org \(key)\n")), because: "bob@example.org",
            mend: "/bob@example.org")
        expectRefusal(
            try checked(trust: trust("*@example.org \(key)\n")), because: "wildcard",
            mend: "allowed_signers")
        expectRefusal(
            try checked(trust: trust("ada@example.org namespaces=\"file\" \(key)\n")),
            because: "does not let", mend: "namespaces")
        let revoked = Trust(
            signers: trust().signers, revoked: RevokedKeys.parsing("\(key)\n").value)
        expectRefusal(try checked(trust: revoked), because: "revoked", mend: "user.signingkey")
    }

    @Test func `a changed or oversized object is refused`() throws {
        try tag()
        let object = try scratch.object(approveName)
        let text = String(decoding: object.raw, as: UTF8.self)
        func verdict(_ raw: some Sequence<UInt8>) -> ApprovalCheck {
            check(
                tag: "refs/tags/\(approveName)", raw: Array(raw), objectID: object.id,
                trust: trust(), at: june)
        }
        expectRefusal(
            verdict(text.replacing("Looks", with: "Locks").utf8), because: "does not belong",
            mend: "slipway approve")
        expectRefusal(
            verdict(text.replacing("type commit", with: "type tree").utf8),
            because: "points at a \"tree\"", mend: "slipway approve")
        let huge = text.replacing("Looks", with: String(repeating: "x", count: 65_536))
        expectRefusal(verdict(huge.utf8), because: "at most 65536", mend: "slipway approve")
        expectRefusal(
            verdict(Array(text.utf8) + Array(text.utf8)), because: "one signature", mend: "slipway")
        expectRefusal(
            verdict(
                text.replacing("BEGIN SSH SIGNATURE-----\n", with: "BEGIN PGP SIGNATURE-----\n\n")
                    .replacing("END SSH", with: "END PGP").utf8),
            because: "no GPG key is trusted", mend: "gpg.format ssh")
    }

    @Test func `what is pasted from a hint runs nothing of the tag's name`() throws {
        let name = "approve/digits/5f5f5f5f5f5f5f5f/$(id)'x"
        try scratch.run("cd repo; git tag \"approve/digits/5f5f5f5f5f5f5f5f/\\$(id)'x\" HEAD")
        let commit = Array("tree 1\n".utf8)
        let verdict = check(
            tag: "refs/tags/\(name)", raw: commit, objectID: .zero, trust: trust(), at: june)
        expectRefusal(
            verdict, because: "lightweight",
            mend: "'refs/tags/approve/digits/5f5f5f5f5f5f5f5f/$(id)'\\''x'")
    }
}
