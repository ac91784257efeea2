import Domain
import Testing

@testable import Review

@Suite struct SignatureTests {
    let scratch: Scratch
    let message = Array("bytes to sign\n".utf8)

    init() throws { scratch = try Scratch() }

    /// Both verdicts about the files `message`, `signature` and `signers`; they must agree.
    private func verdict(as principal: String = "ada@example.org") throws -> Bool {
        let theirs = try scratch.status(
            "ssh-keygen -Y verify -f signers -I '\(principal)' -n git -s signature "
                + "-O verify-time=20260601000000Z < message")
        let ours = try ourVerdict(as: principal)
        #expect(ours == (theirs == 0))
        return ours
    }

    private func ourVerdict(as principal: String) throws -> Bool {
        let text = String(decoding: try scratch.read("signers"), as: UTF8.self)
        let signers = AllowedSigners.parsing(text).value
        guard let signature = try? SSHSignature(armoured: try scratch.read("signature")),
            (try? signature.verify(message: try scratch.read("message"))) != nil
        else { return false }
        let standing = signers.standing(of: signature.key, as: principal, at: june)
        if case .allowed = standing { return true }
        return false
    }

    private func sign(_ key: String, namespace: String = "git", options: String = "") throws {
        try scratch.write("message", message)
        try scratch.run(
            "ssh-keygen -q -Y sign -f \(key) -n \(namespace) \(options) < message > signature")
    }

    private func signers(_ text: String) throws { try scratch.write("signers", text.utf8) }

    @Test(arguments: ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "rsa -b 3072"])
    func `our verdict is that of ssh-keygen for every kind of key`(kind: String) throws {
        let key = try scratch.key("key", kind)
        let other = try scratch.key("other")
        try sign("key")
        try signers("# people\nada@example.org \(key) a comment\n")
        #expect(try verdict())
        #expect(try !verdict(as: "bob@example.org"))
        try signers("ada@example.org \(other)\n")
        #expect(try !verdict())

        for (options, isAllowed) in [
            ("valid-after=\"20260601Z\"", true), ("valid-after=\"20260601000001Z\"", false),
            ("valid-before=\"20260601Z\"", true), ("valid-before=\"202605312359Z\"", false),
            ("valid-after=\"20250101Z\",valid-before=\"20270101Z\"", true),
            ("namespaces=\"file,git\"", true), ("namespaces=\"file\"", false),
            ("NAMESPACES=\"g*\"", true), ("namespaces=\"*,!git\"", false),
            ("cert-authority", false),
        ] {
            try signers("ada@example.org \(options) \(key)\n")
            #expect(try verdict() == isAllowed, "\(options)")
        }

        try signers("ada@example.org \(key)\n")
        try scratch.write("message", message + [33])
        #expect(try !verdict())
        try sign("key", namespace: "file")
        #expect(try !verdict())
        try sign("key", options: "-O hashalg=sha256")
        #expect(try verdict())
    }

    @Test func `an RSA key of 2048 bits is refused though ssh-keygen takes it`() throws {
        let key = try scratch.key("key", "rsa -b 2048")
        try sign("key")
        #expect(throws: ReviewError.keyTooShort(bits: 2048)) {
            try SSHSignature(armoured: try scratch.read("signature"))
        }
        let parsed = AllowedSigners.parsing("ada@example.org \(key)\n", file: "signers")
        #expect(parsed.value.lines.isEmpty)
        #expect(parsed.diagnostics.map(\.place.line) == [1])
    }

    @Test func `the fingerprint is the one that ssh-keygen prints`() throws {
        let key = try scratch.key("key")
        try scratch.run("ssh-keygen -l -f key.pub | cut -d' ' -f2 > fingerprint")
        let line = try #require(AllowedSigners.parsing("ada \(key)").value.lines.first)
        #expect(Array((line.key.fingerprint + "\n").utf8) == (try scratch.read("fingerprint")))
    }

    @Test(arguments: [(UInt8(1), true), (5, true), (0, false), (4, false)])
    func `a security key counts only when it was touched`(flags: UInt8, counts: Bool) throws {
        try scratch.write("message", message)
        try scratch.run(
            """
            openssl genpkey -algorithm ed25519 -out sk.pem
            openssl pkey -in sk.pem -pubout -outform DER | tail -c 32 > point
            openssl dgst -sha512 -binary message > hash; printf ssh: > application
            openssl dgst -sha256 -binary application > signed
            """)
        var toSign = SSHWriter()
        toSign.raw(Array("SSHSIG".utf8))
        for part in ["git", "", "sha512"] { toSign.string(Array(part.utf8)) }
        toSign.string(try scratch.read("hash"))
        try scratch.write("blob", toSign.bytes)
        try scratch.write("counted", [flags, 0, 0, 1, 2])
        try scratch.run(
            """
            openssl dgst -sha256 -binary blob > blob.hash; cat counted blob.hash >> signed
            openssl pkeyutl -sign -rawin -inkey sk.pem -in signed -out sk.signature
            """)
        let key = try securityKey(point: try scratch.read("point"))
        try scratch.write(
            "armoured", try signatureBlob(key: key, bytes: try scratch.read("sk.signature"), flags))
        try scratch.write("key", key)
        try scratch.run(
            """
            (echo '-----BEGIN SSH SIGNATURE-----'; base64 -w 70 armoured
            echo '-----END SSH SIGNATURE-----') > signature
            echo "ada@example.org sk-ssh-ed25519@openssh.com $(base64 -w 0 key)" > signers
            """)
        #expect(try ourVerdict(as: "ada@example.org") == counts)
        let parsed = try SSHSignature(armoured: try scratch.read("signature"))
        #expect(parsed.presence?.counter == 0x102)
        if counts { #expect(try verdict()) }
    }

    private func securityKey(point: [UInt8]) throws -> [UInt8] {
        var writer = SSHWriter()
        writer.string(Array("sk-ssh-ed25519@openssh.com".utf8))
        writer.string(point)
        writer.string(Array("ssh:".utf8))
        return writer.bytes
    }

    private func signatureBlob(
        key: [UInt8], bytes: [UInt8], _ flags: UInt8
    ) throws -> [UInt8] {
        var inner = SSHWriter()
        inner.string(Array("sk-ssh-ed25519@openssh.com".utf8))
        inner.string(bytes)
        inner.raw([flags, 0, 0, 1, 2])
        var writer = SSHWriter()
        writer.raw(Array("SSHSIG".utf8) + [0, 0, 0, 1])
        writer.string(key)
        for part in ["git", "", "sha512"] { writer.string(Array(part.utf8)) }
        writer.string(inner.bytes)
        return writer.bytes
    }
}
