import Domain
import FoundationEssentials
import Testing

@testable import Review

/// Whether the real gpg is there; without it these tests are skipped, and say so.
private let hasGPG =
    ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/gpg")
    }

@Suite(.enabled(if: hasGPG, "gpg is not installed"))
struct GPGTests {
    let keyring: Keyring
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        keyring = Keyring(scratch: scratch)
        try scratch.run(
            "mkdir -m 700 gpg; git init -q repo; cd repo; git commit -q --allow-empty -m first")
    }

    private func tag(by fingerprint: String, options: String = "") throws {
        try scratch.write(
            "text", approvalMessage(comment: "Looks good.", evidence: evidence).utf8)
        try scratch.run(
            "cd repo; git \(options) -c user.signingkey=\(fingerprint) tag -f -s "
                + "--cleanup=verbatim -F ../text '\(approveName)' HEAD")
    }

    private func checked(_ signers: String, raw other: [UInt8]? = nil) throws -> ApprovalCheck {
        let object = try scratch.object(approveName)
        return try check(
            tag: "refs/tags/\(approveName)", raw: other ?? object.raw, objectID: object.id,
            trust: Trust(signers: AllowedSigners(), gpg: GPGSigners.parsing(signers).value),
            at: june, knownEvidence: evidence, verifyGPG: keyring.verify)
    }

    private func refusal(_ check: ApprovalCheck) -> String {
        if case .refused(let reason, _) = check { reason } else { "not refused: \(check)" }
    }

    @Test(arguments: ["ed25519 sign", "rsa3072 sign", "nistp256 sign"])
    func `a tag by a trusted GPG key is an approval`(kind: String) throws {
        let fingerprint = try keyring.key(kind)
        try tag(by: fingerprint)
        let verdict = try checked("ada@example.org \(fingerprint.lowercased())\n")
        guard case .approval(let approval) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(approval.keyFingerprint == "gpg:\(fingerprint)")
        #expect(approval.reviewer.text == "ada@example.org" && !approval.isHardwareKey)
        #expect(try scratch.status("cd repo; git verify-tag '\(approveName)'") == 0)

        #expect(refusal(try checked("")).contains("not in the trusted gpg_signers"))
        let bob = try checked("bob@example.org \(fingerprint)\n")
        #expect(refusal(bob).contains("belongs to \"bob@example.org\""))
        let object = try scratch.object(approveName)
        let alone = check(
            tag: "refs/tags/\(approveName)", raw: object.raw, objectID: object.id,
            trust: Trust(signers: AllowedSigners()), at: june)
        #expect(refusal(alone).contains("no GPG key is trusted"))
    }

    @Test func `a signing subkey speaks for its primary key`() throws {
        let fingerprint = try keyring.key("ed25519 cert")
        try scratch.run(
            "gpg --batch --passphrase '' --quick-add-key \(fingerprint) ed25519 sign never")
        try tag(by: fingerprint)
        guard case .approval(let approval) = try checked("ada@example.org \(fingerprint)\n") else {
            Issue.record("\(try checked("ada@example.org \(fingerprint)\n"))")
            return
        }
        #expect(approval.keyFingerprint == "gpg:\(fingerprint)")
        #expect(approval.aliases == [Principal("ada@example.org")])
    }

    @Test func `expired, revoked, missing and weak keys are refused`() throws {
        let old = try keyring.key(
            "ed25519 sign", options: "--faked-system-time 20240101T000000", life: "1y")
        try tag(by: old, options: "-c gpg.program=\(try keyring.program("20240601T000000"))")
        #expect(refusal(try checked("ada@example.org \(old)\n")) == "the GPG key has expired")

        let gone = try keyring.key("ed25519 sign")
        try tag(by: gone)
        try scratch.run(
            """
            sed 's/^:---/---/' gpg/openpgp-revocs.d/\(gone).rev > gone
            gpg --batch --import gone
            """)
        #expect(refusal(try checked("ada@example.org \(gone)\n")) == "the GPG key is revoked")

        let weak = try keyring.key("dsa2048 sign")
        try tag(by: weak)
        #expect(refusal(try checked("ada@example.org \(weak)\n")).contains("key algorithm 17"))

        let lost = try keyring.key("ed25519 sign")
        try tag(by: lost, options: "-c gpg.program=\(try keyring.program(digest: "SHA1"))")
        #expect(refusal(try checked("ada@example.org \(lost)\n")).contains("hash 2"))
        try tag(by: lost)
        try scratch.run("gpg --batch --yes --delete-secret-and-public-key \(lost)")
        #expect(refusal(try checked("ada@example.org \(lost)\n")).contains("has no key"))
    }

    @Test func `changed bytes and a second signature are refused`() throws {
        let fingerprint = try keyring.key("ed25519 sign")
        try tag(by: fingerprint)
        let raw = try scratch.object(approveName).raw
        let text = String(decoding: raw, as: UTF8.self)
        let signers = "ada@example.org \(fingerprint)\n"
        let changed = Array(text.replacing("Looks", with: "Locks").utf8)
        #expect(refusal(try checked(signers, raw: changed)).contains("does not belong"))
        let tag = try TagObject(raw: raw)
        let twice = raw + tag.signature
        #expect(refusal(try checked(signers, raw: twice)).contains("more than one"))
        for rest in [" ", "x\n", "\n\n"] {
            #expect(refusal(try checked(signers, raw: raw + Array(rest.utf8))).contains("block"))
        }
        try scratch.write("signed", tag.signedBytes)
        try scratch.run(
            "gpg --batch -u \(fingerprint) --textmode --armor -o as-text --detach-sign signed")
        let asText = tag.signedBytes + (try scratch.read("as-text"))
        #expect(refusal(try checked(signers, raw: asText)).contains("bytes as they are"))
    }

    @Test func `what gpg said about one tag does not count for another`() throws {
        let fingerprint = try keyring.key("ed25519 sign")
        try tag(by: fingerprint)
        let object = try scratch.object(approveName)
        let question = try #require(GPGQuestion(tag: object.raw))
        let answer = GPGAnswer(
            to: question, try keyring.verify(question.signature, question.signed))
        let other = Array(
            String(decoding: object.raw, as: UTF8.self).replacing("Looks", with: "Locks").utf8)
        let trust = Trust(
            signers: AllowedSigners(),
            gpg: GPGSigners.parsing("ada@example.org \(fingerprint)").value)
        let verdict = check(
            tag: "refs/tags/\(approveName)", raw: other, objectID: object.id, trust: trust,
            at: june, gpg: answer)
        #expect(refusal(verdict).contains("another tag"))
    }
}

/// A keyring of its own for one test; its agent stops with it.
final class Keyring: Sendable {
    let scratch: Scratch

    init(scratch: Scratch) { self.scratch = scratch }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        _ = try? scratch.status("gpgconf --kill all")
    }

    /// Makes a key and returns its fingerprint.
    func key(_ kind: String, options: String = "", life: String = "never") throws -> String {
        try scratch.run(
            """
            gpg \(options) --batch --passphrase '' --status-fd 3 \
                --quick-gen-key "ada $$ <ada@example.org>" \(kind) \(life) 3> made
            sed -n 's/^.GNUPG:. KEY_CREATED . //p' made > made.id
            """)
        return try scratch.text("made.id").split(separator: "\n").joined()
    }

    /// A program that signs at another time or with another hash; returns its path.
    func program(_ time: String? = nil, digest: String? = nil) throws -> String {
        let options =
            (time.map { ["--faked-system-time", $0] } ?? [])
            + (digest.map { ["--digest-algo", $0] } ?? [])
        let words = options.joined(separator: " ")
        // By a process of its own: what another test starts meanwhile would hold the file open
        // for writing, and nobody may run it then.
        try scratch.write("other-gpg.text", "#!/bin/sh\nexec gpg \(words) \"$@\"\n".utf8)
        try scratch.run("cat other-gpg.text > other-gpg; chmod +x other-gpg")
        return "\(scratch.folder)/other-gpg"
    }

    /// Asks gpg, as the daemon would.
    func verify(_ signature: [UInt8], _ signed: [UInt8]) throws -> GPGResult {
        try scratch.write("to-verify.sig", signature)
        try scratch.write("to-verify", signed)
        _ = try scratch.status(
            "gpg --batch --no-auto-key-retrieve --status-fd 3 "
                + "--verify to-verify.sig to-verify 3> verdict")
        return try GPGResult(statusLines: try scratch.text("verdict"))
    }
}

@Suite struct GPGStatusTests {
    let fingerprint = String(repeating: "A1", count: 20)

    private func status(_ lines: String...) -> String {
        lines.map { "[GNUPG:] \($0)\n" }.joined()
    }

    private var valid: String {
        "VALIDSIG \(fingerprint) 2026-05-31 1780185600 0 4 0 22 8 00 \(fingerprint)"
    }

    @Test func `one verdict about one signature is read`() throws {
        let id = fingerprint.suffix(16)
        let result = try GPGResult(
            statusLines: "gpg: noise\n"
                + status("NEWSIG", "GOODSIG \(id) Ada", valid, "TRUST_UNDEFINED 0 pgp"))
        #expect(result.verdict == .good && result.primaryFingerprint == fingerprint)
        #expect(result.hashAlgorithm == 8 && result.keyAlgorithm == 22)
        #expect(result.trust == .undefined && result.signatureClass == 0)
        let ada = Principal("ada")
        #expect(
            gpgStanding(result: result, trusted: [fingerprint: ada])
                == .allowed(ada, fingerprint: fingerprint))
        var never = result
        never.trust = .never
        #expect(gpgStanding(result: never, trusted: [fingerprint: ada]) == .neverTrusted)
        var weak = result
        weak.hashAlgorithm = 2
        #expect(gpgStanding(result: weak, trusted: [fingerprint: ada]) == .tooWeak("hash 2"))
    }

    @Test func `anything but one clear verdict is an error or no good`() throws {
        let id = String(fingerprint.suffix(16))
        let good = "GOODSIG \(id) Ada"
        for lines in [
            "", status(good), status(valid), "GOODSIG \(id) Ada\n\(valid)\n",
            status(good, valid, good, valid), status(good, "BADSIG \(id) Ada", valid),
            status("NEWSIG", good, valid, "NEWSIG"), status(good, "VALIDSIG \(fingerprint)"),
            status("GOODSIG 0000000000000000 Eve", valid),
        ] {
            #expect(throws: ReviewError.self, "\(lines)") { try GPGResult(statusLines: lines) }
        }
        for word in ["EXPSIG", "EXPKEYSIG", "REVKEYSIG", "BADSIG", "ERRSIG"] {
            let result = try GPGResult(statusLines: status("\(word) \(id) Ada", valid))
            let standing = gpgStanding(result: result, trusted: [fingerprint: Principal("ada")])
            #expect(standing == .notGood(result.verdict), "\(word)")
        }
    }

    @Test func `lines that do not name one person and one key are set aside`() {
        let other = String(repeating: "b2", count: 20)
        let text = """
            # people
            ada@example.org \(fingerprint)
            *@example.org \(other)
            bob@example.org \(fingerprint)
            bob@example.org \(fingerprint.dropLast())
            bob@example.org
            a,b \(other)
            \u{430}da@example.org \(other)
            bob@example.org \(other)\r
            """
        let parsed = GPGSigners.parsing(text, file: "gpg_signers")
        #expect(parsed.diagnostics.map(\.place.line) == [3, 4, 5, 6, 7, 8])
        #expect(
            parsed.value.principals == [
                fingerprint: Principal("ada@example.org"),
                other.uppercased(): Principal("bob@example.org"),
            ])
    }
}
