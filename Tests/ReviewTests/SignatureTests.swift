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

    @Test(
        arguments: ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072"])
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

    @Test(arguments: SecurityKey.Kind.allCases, [UInt8(1), 5, 0, 4])
    func `a security key counts only when it was touched`(
        kind: SecurityKey.Kind, flags: UInt8
    ) throws {
        let key = try SecurityKey(kind, in: scratch)
        try scratch.write("message", message)
        try scratch.write("signature", try key.signature(of: message, flags: flags))
        try signers("ada@example.org \(key.line)\n")
        let counts = flags & 1 == 1
        #expect(try ourVerdict(as: "ada@example.org") == counts)
        let parsed = try SSHSignature(armoured: try scratch.read("signature"))
        #expect(parsed.signature.presence?.counter == 0x102)
        #expect(parsed.key.isHardwareKey)
        #expect(parsed.isUserVerified == (flags & 4 == 4))
        if counts { #expect(try verdict()) }
    }

    @Test func `a key in a file is no hardware key`() throws {
        for kind in ["ed25519", "ecdsa -b 256", "rsa -b 3072"] {
            let line = try scratch.key("plain \(kind.prefix(2))".replacing(" ", with: "-"), kind)
            let found = AllowedSigners.parsing("ada \(line)").value.lines.first
            #expect(found?.key.isHardwareKey == false)
        }
    }
}
