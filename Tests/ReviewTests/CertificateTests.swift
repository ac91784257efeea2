import Domain
import Testing

@testable import Review

@Suite struct CertificateTests {
    let scratch: Scratch
    let authority: String
    let message = Array("bytes to sign\n".utf8)

    init() throws {
        scratch = try Scratch()
        authority = try scratch.key("ca")
        _ = try scratch.key("key")
    }

    /// Both verdicts on a signature by `key-cert.pub`, at 2026-06-01.
    private func verdicts(
        signers: String, as principal: String = "ada@example.org"
    ) throws -> (ours: Bool, theirs: Bool) {
        try scratch.write("message", message)
        try scratch.write("signature", try scratch.signature(of: message, by: "key-cert.pub"))
        try scratch.write("signers", signers.utf8)
        let status = try scratch.status(
            "ssh-keygen -Y verify -f signers -I '\(principal)' -n git -s signature "
                + "-O verify-time=20260601000000Z < message")
        let signature = try SSHSignature(armoured: try scratch.read("signature"))
        try signature.verify(message: message)
        let standing = AllowedSigners.parsing(signers).value.standing(
            of: try #require(signature.certificate), as: principal, at: june)
        if case .allowed = standing { return (true, status == 0) }
        return (false, status == 0)
    }

    @Test(arguments: [
        ("ada@example.org", "", "ada@example.org", true),
        ("ada@example.org,root", "", "ada@example.org", true),
        ("bob@example.org", "", "ada@example.org", false), ("", "", "ada@example.org", false),
        ("*", "", "ada@example.org", false), ("ada@example.org", "", "*@example.org", true),
        ("ada@example.org", "", "*@elsewhere.org", false),
        ("ada@example.org", "-h", "ada@example.org", false),
        ("ada@example.org", "-V 20240101000000:20250101000000", "ada@example.org", false),
        ("ada@example.org", "-V 20270101000000:20280101000000", "ada@example.org", false),
        ("ada@example.org", "-V 20260601000000:20280101000000", "ada@example.org", true),
        ("ada@example.org", "-V 20260101000000:20260601000000", "ada@example.org", false),
        ("ada@example.org", "-V always:forever", "ada@example.org", true),
        ("ada@example.org", "-O no-touch-required", "ada@example.org", true),
    ])
    func `certificates are judged as ssh-keygen judges them`(
        names: String, options: String, line: String, counts: Bool
    ) throws {
        let options = options.isEmpty ? "-V always:forever" : options
        _ = try scratch.certificate("key", by: "ca", names: names, options: options)
        let found = try verdicts(signers: "\(line) cert-authority \(authority)\n")
        #expect(found.ours == counts && found.theirs == counts, "\(found)")
    }

    @Test func `the line of the authority limits its certificates`() throws {
        _ = try scratch.certificate("key", by: "ca")
        let other = try scratch.key("other")
        for (line, counts) in [
            ("* cert-authority,namespaces=\"git\" \(authority)", true),
            ("* cert-authority,namespaces=\"file\" \(authority)", false),
            ("* cert-authority,valid-before=\"20250101Z\" \(authority)", false),
            ("* cert-authority,valid-after=\"20270101Z\" \(authority)", false),
            ("* cert-authority \(other)", false), ("ada@example.org \(authority)", false),
            ("ada@example.org \(try scratch.key("key-of-ada"))", false),
        ] {
            let found = try verdicts(signers: line + "\n")
            #expect(found.ours == counts && found.theirs == counts, "\(line): \(found)")
        }
    }

    @Test(arguments: ["force-command=/bin/true", "source-address=10.0.0.0/8", "critical:new=x"])
    func `a critical option is refused though ssh-keygen takes it`(option: String) throws {
        _ = try scratch.certificate(
            "key", by: "ca", options: "-V always:forever -O \(option)")
        let found = try verdicts(signers: "* cert-authority \(authority)\n")
        #expect(!found.ours && found.theirs)
    }

    @Test(arguments: [
        "ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072",
    ])
    func `every kind of key is certified by every kind`(kind: String) throws {
        try scratch.run("rm -f key key.pub ca ca.pub")
        _ = try scratch.key("key", kind)
        for other in ["ed25519", "ecdsa -b 521", "rsa -b 3072"] {
            try scratch.run("rm -f ca ca.pub")
            let line = "* cert-authority \(try scratch.key("ca", other))\n"
            _ = try scratch.certificate("key", by: "ca")
            let found = try verdicts(signers: line)
            #expect(found.ours && found.theirs, "\(other)")
        }
    }

    @Test func `an authority of 2048 bits or with SHA-1 is refused`() throws {
        _ = try scratch.key("short", "rsa -b 2048")
        let short = try scratch.certificate("key", by: "short")
        #expect(throws: ReviewError.keyTooShort(bits: 2048)) {
            try SSHCertificate(blob: try wireBytes(of: short))
        }
        _ = try scratch.key("old", "rsa -b 3072")
        let old = try scratch.certificate("key", by: "old", options: "-t ssh-rsa")
        #expect(throws: ReviewError.signatureKindWrong(key: "ssh-rsa", signature: "ssh-rsa")) {
            try SSHCertificate(blob: try wireBytes(of: old)).verifyAuthority()
        }
    }

    @Test(arguments: SecurityKey.Kind.allCases)
    func `a certified security key shows what it was asked`(kind: SecurityKey.Kind) throws {
        let key = try SecurityKey(kind, in: scratch)
        try scratch.write("sk.pub", key.line.utf8)
        let line = try scratch.certificate(
            "sk", by: "ca", options: "-V always:forever -O verify-required")
        let signers = AllowedSigners.parsing("* cert-authority \(authority)").value
        for (flags, counts) in [(UInt8(1), false), (5, true)] {
            let signature = try SSHSignature(
                armoured: try key.signature(
                    of: message, flags: flags, signer: try wireBytes(of: line)))
            try signature.verify(message: message)
            #expect(signature.key.blob == key.blob && signature.key.isHardwareKey)
            let standing = signers.standing(
                of: try #require(signature.certificate), as: "ada@example.org", at: june,
                isUserVerified: signature.isUserVerified)
            #expect(
                standing == (counts ? .allowed(line: 1) : .certificate(line: 1, .userNotVerified)))
        }
        let untouched = try SSHSignature(
            armoured: try key.signature(of: message, flags: 4, signer: try wireBytes(of: line)))
        #expect(throws: ReviewError.touchMissing) { try untouched.verify(message: message) }
    }

    @Test func `a certificate is no authority, and no other byte may change`() throws {
        let line = try scratch.certificate("key", by: "ca")
        let certificate = try wireBytes(of: line)
        let parsed = try SSHCertificate(blob: certificate)
        #expect(parsed.serial == 7 && parsed.keyID == Array("key of ada".utf8))
        #expect(parsed.authority.blob == (try wireBytes(of: authority)))
        try parsed.verifyAuthority()
        let nested = try replacingAuthority(in: certificate, by: certificate)
        #expect(throws: ReviewError.certificate("ssh-ed25519-cert-v01@openssh.com")) {
            try SSHCertificate(blob: nested)
        }
        let stolen = try replacingAuthority(
            in: certificate, by: try wireBytes(of: try scratch.key("other")))
        #expect(throws: ReviewError.certificateSignatureWrong) {
            try SSHCertificate(blob: stolen).verifyAuthority()
        }
        #expect(AllowedSigners.parsing("* cert-authority \(line)").value.lines.isEmpty)
    }

    /// The key of the authority is the string before the last.
    private func replacingAuthority(in blob: [UInt8], by other: [UInt8]) throws -> [UInt8] {
        var signature = SSHWriter()
        var reader = SSHReader(blob)
        var start = 0
        let own = try SSHCertificate(blob: blob).authority.blob
        while !blob[start...].dropFirst(4).starts(with: own) { start += 1 }
        _ = try reader.bytes(start, "start")
        _ = try reader.string("authority")
        signature.raw(Array(blob[..<start]))
        signature.string(other)
        signature.string(try reader.string("signature"))
        return signature.bytes
    }

    @Test func `whoever has names in a certificate is one person under all of them`() throws {
        let key = AllowedSigners.parsing("ada@home \(try blobLine("key"))").value.lines[0].key
        let signers = AllowedSigners.parsing("ada@home,root \(try blobLine("key"))\n").value
        let trust = Trust(signers: signers)
        let names = ["ada@example.org", "ada@work"].map { Principal($0) }
        #expect(
            trust.aliases(of: names, key: key.blob)
                == Set(names + [Principal("ada@home"), Principal("root")]))
    }

    private func blobLine(_ name: String) throws -> String {
        try scratch.text("\(name).pub").split(separator: "\n").joined()
    }
}
