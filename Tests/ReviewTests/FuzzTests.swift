import Domain
import TestKit
import Testing

@testable import Review

/// Mutated real objects: nothing crashes, nothing that was changed counts, and whatever counts for
/// us counts for ssh-keygen. Failures name their seed; `fuzz` says how to run longer.
@Suite struct FuzzTests {
    let scratch: Scratch
    let message = Array("bytes to sign\n".utf8)

    init() throws { scratch = try Scratch() }

    private static let kinds = [
        "ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072", "certificate",
    ]

    /// Makes `key` of a kind and returns its line in allowed_signers and the name to sign by.
    private func signer(_ kind: String) throws -> (line: String, name: String) {
        guard kind == "certificate" else {
            return ("ada@example.org \(try scratch.key("key", kind))\n", "key")
        }
        let authority = try scratch.key("ca")
        _ = try scratch.key("key")
        _ = try scratch.certificate(
            "key", by: "ca", options: "-V 20260101000000:20270101000000 -O verify-required -z 7")
        return ("* cert-authority \(authority)\n", "key-cert.pub")
    }

    @Test(arguments: kinds)
    func `no mutated tag object counts`(kind: String) throws {
        let (line, name) = try signer(kind == "certificate" ? "ed25519" : kind)
        let text = approvalMessage(comment: "Looks good.", evidence: evidence)
        let commit = String(repeating: "1", count: 40)
        let body = Array(
            """
            object \(commit)\ntype commit\ntag \(approveName)
            tagger Ada <ada@example.org> 1780185600 +0000\n\n\(text)
            """.utf8)
        let raw = body + (try scratch.signature(of: body, by: name))
        let trust = Trust(signers: AllowedSigners.parsing(line).value)
        func verdict(_ raw: [UInt8]) -> ApprovalCheck {
            check(
                tag: "refs/tags/\(approveName)", raw: raw, objectID: .zero, trust: trust, at: june)
        }
        guard case .approval = verdict(raw) else {
            Issue.record("\(verdict(raw))")
            return
        }
        let original = try SSHSignature(armoured: try TagObject(raw: raw).signature)
        try fuzz(rounds: 1500) { seed, random in
            let mutant = random.mutate(raw)
            guard case .approval = verdict(mutant) else { return }
            // Base64 may be broken into other lines, and the last newline may be missing.
            let tag = try TagObject(raw: mutant)
            let signature = try SSHSignature(armoured: tag.signature)
            #expect(tag.signedBytes == body, "seed \(seed)")
            #expect(signature.signature == original.signature, "seed \(seed)")
        }
    }

    @Test(arguments: kinds)
    func `no mutated signature verifies`(kind: String) throws {
        let (line, name) = try signer(kind)
        let armoured = try scratch.signature(of: message, by: name)
        let blob = try unarmoured(armoured)
        try SSHSignature(blob: blob).verify(message: message)
        try scratch.write("message", message)
        try scratch.write("signers", line.utf8)
        try fuzz(rounds: 600) { seed, random in
            let mutant = random.mutate(blob)
            // Because what cannot be read is refused as it should be.
            let parsed = try? SSHSignature(blob: mutant)
            let counts = (try? parsed?.verify(message: message)) != nil
            #expect(!counts || mutant == blob, "seed \(seed)")
            guard seed % 40 == 0 else { return }
            try scratch.write("mutant", armour(mutant))
            let theirs = try scratch.status(
                "ssh-keygen -Y verify -f signers -I ada@example.org -n git -s mutant "
                    + "-O verify-time=20260601000000Z < message")
            #expect(theirs != 0 || mutant == blob, "seed \(seed): only ssh-keygen takes it")
        }
    }

    @Test(arguments: SecurityKey.Kind.allCases)
    func `no mutated signature of a security key verifies`(kind: SecurityKey.Kind) throws {
        let key = try SecurityKey(kind, in: scratch)
        let blob = try unarmoured(try key.signature(of: message, flags: 1))
        try SSHSignature(blob: blob).verify(message: message)
        try fuzz(rounds: 600) { seed, random in
            let mutant = random.mutate(blob)
            // Because what cannot be read is refused as it should be.
            let parsed = try? SSHSignature(blob: mutant)
            let counts = (try? parsed?.verify(message: message)) != nil
            #expect(!counts || mutant == blob, "seed \(seed)")
        }
    }

    @Test(arguments: ["ed25519", "ecdsa -b 256", "rsa -b 3072"])
    func `no mutated certificate is one of its authority`(kind: String) throws {
        _ = try scratch.key("ca", kind)
        _ = try scratch.key("key")
        let certificate = try wireBytes(of: try scratch.certificate("key", by: "ca"))
        try SSHCertificate(blob: certificate).verifyAuthority()
        try fuzz(rounds: 1500) { seed, random in
            let mutant = random.mutate(certificate)
            // Because what cannot be read is refused as it should be.
            guard let parsed = try? SSHCertificate(blob: mutant),
                (try? parsed.verifyAuthority()) != nil
            else { return }
            #expect(mutant == certificate, "seed \(seed)")
        }
    }

    @Test func `a mutated line allows nothing that ssh-keygen refuses`() throws {
        let key = try scratch.key("key")
        try scratch.write("message", message)
        try scratch.write("signature", try scratch.signature(of: message, by: "key"))
        let signature = try SSHSignature(armoured: try scratch.read("signature"))
        let lines = [
            "ada@example.org namespaces=\"git,file\" \(key) laptop",
            "ada@example.org,root valid-after=\"20260101Z\",valid-before=\"20270101Z\" \(key)",
            "\"ada@example.org\" namespaces=\"g*\",valid-before=\"202701010000Z\" \(key)",
        ]
        try fuzz(rounds: 900) { seed, random in
            let line = Array(lines[Int(seed % 3)].utf8)
            let options = line.count - key.utf8.count
            // Mostly names and options: any change of the key is another key.
            let mutant =
                seed % 4 == 0
                ? random.mutate(line)
                : random.mutate(Array(line.prefix(options))) + line.suffix(key.utf8.count)
            let parsed = AllowedSigners.parsing(String(decoding: mutant, as: UTF8.self))
            let lineCount = mutant.split(separator: 10, omittingEmptySubsequences: false).count
            #expect(parsed.value.lines.count + parsed.diagnostics.count <= lineCount)
            guard
                case .allowed = parsed.value.standing(
                    of: signature.key, as: "ada@example.org", at: june)
            else { return }
            // ssh-keygen stops at the first bad line, and we go on.
            guard seed % 3 == 0 || mutant.contains(10) == false, parsed.diagnostics.isEmpty
            else { return }
            try scratch.write("signers", mutant)
            let theirs = try scratch.status(
                "ssh-keygen -Y verify -f signers -I ada@example.org -n git -s signature "
                    + "-O verify-time=20260601000000Z < message")
            #expect(theirs == 0, "seed \(seed): \(String(decoding: mutant, as: UTF8.self))")
        }
    }

    @Test func `a mutated list revokes no less than ssh-keygen says`() throws {
        let key = try scratch.key("key")
        _ = try scratch.key("ca")
        let certificate = try SSHCertificate(
            blob: try wireBytes(of: try scratch.certificate("key", by: "ca")))
        let specification = """
            serial: 1-3
            serial: 7
            serial: 9
            serial: 1000-2000
            id: key of bob
            sha256: \(try scratch.key("other"))
            sha1: \(try scratch.key("third"))
            \(try scratch.key("fourth"))
            """
        try scratch.write("specification", (specification + "\n").utf8)
        try scratch.run("ssh-keygen -q -k -f whole -s ca.pub specification")
        let list = try scratch.read("whole")
        #expect(RevokedKeys.parsing(bytes: list).value.reason(certificate.key, certificate) != nil)
        let plain = try SSHPublicKey(blob: try wireBytes(of: key))
        try fuzz(rounds: 1500) { seed, random in
            let mutant = random.mutate(list)
            let revoked = RevokedKeys.parsing(bytes: mutant, file: "list").value
            if revoked.unreadable != nil { #expect(revoked.contains(plain)) }
            let ours = revoked.reason(certificate.key, certificate) != nil
            guard !ours, seed % 4 == 0 else { return }
            // Because its first bytes are gone it is read as a list of lines, with complaints.
            guard mutant.starts(with: RevocationList.magic) else { return }
            try scratch.write("list", mutant)
            let theirs = try scratch.status("ssh-keygen -Q -f list key-cert.pub")
            #expect(theirs == 0, "seed \(seed)")
        }
    }

    @Test func `mutated words of gpg are never better than what it said`() throws {
        let fingerprint = String(repeating: "A1", count: 20)
        let status = """
            [GNUPG:] NEWSIG ada@example.org
            [GNUPG:] KEY_CONSIDERED \(fingerprint) 0
            [GNUPG:] BADSIG \(fingerprint.suffix(16)) Ada <ada@example.org>
            [GNUPG:] VALIDSIG \(fingerprint) 2026-05-31 1780185600 0 4 0 22 8 00 \(fingerprint)
            """
        try fuzz(rounds: 3000) { seed, random in
            let text = String(decoding: random.mutate(Array(status.utf8)), as: UTF8.self)
            // Because what cannot be read is refused as it should be.
            guard let result = try? GPGResult(statusLines: text) else { return }
            #expect(result.verdict != .good, "seed \(seed)")
        }
    }
}
