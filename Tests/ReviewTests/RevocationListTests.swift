import Domain
import TestKit
import Testing

@testable import Review

@Suite struct RevocationListTests {
    let scratch: Scratch
    let key: String

    init() throws {
        scratch = try Scratch()
        key = try scratch.key("key")
        try scratch.run("ssh-keygen -q -t ed25519 -N '' -f ca")
    }

    /// Both verdicts on a public key file; they must agree.
    private func isRevoked(_ file: String) throws -> Bool {
        let theirs = try scratch.status("ssh-keygen -Q -f list \(file)") != 0
        let parsed = RevokedKeys.parsing(bytes: try scratch.read("list"))
        #expect(parsed.value.unreadable == nil)
        let bytes = try wireBytes(of: try scratch.text(file))
        let ours =
            if SSHCertificate.isCertificate(bytes) {
                try reason(SSHCertificate(blob: bytes), parsed.value)
            } else {
                parsed.value.reason(try SSHPublicKey(blob: bytes), nil)
            }
        #expect((ours != nil) == theirs, "\(file): \(String(describing: ours))")
        return ours != nil
    }

    private func reason(
        _ certificate: SSHCertificate, _ revoked: RevokedKeys
    ) -> RevokedKeys.Reason? {
        revoked.reason(certificate.key, certificate)
    }

    private func list(_ specification: String, options: String = "-s ca.pub") throws {
        try scratch.write("specification", (specification + "\n").utf8)
        try scratch.run("rm -f list; ssh-keygen -q -k -f list \(options) specification")
    }

    @Test func `a key is revoked by itself, its SHA-1 and its SHA-256`() throws {
        _ = try scratch.key("other")
        for specification in [key, "sha1: \(key)", "sha256: \(key)", "key: \(key)"] {
            try list(specification, options: "")
            #expect(try isRevoked("key.pub"), "\(specification)")
            #expect(try !isRevoked("other.pub"), "\(specification)")
        }
    }

    @Test(arguments: [
        "serial: 7", "serial: 5-9", "serial: 1\nserial: 3\nserial: 7\nserial: 200",
        "serial: 1-3\nserial: 7-8\nserial: 18446744073709551000-18446744073709551614",
        "id: key of ada", "serial: 8", "serial: 6\nserial: 8", "id: key of bob",
        "serial: 1-6\nserial: 8-100000",
    ])
    func `certificates are revoked by serial and key id`(specification: String) throws {
        try list(specification)
        let certificate = try scratch.certificate("key", by: "ca")
        let counts = [
            "serial: 8", "serial: 6\nserial: 8", "id: key of bob", "serial: 1-6\nserial: 8-100000",
        ]
        #expect(try isRevoked("key-cert.pub") == !counts.contains(specification))
        #expect(try !isRevoked("key.pub"))
        let parsed = try SSHCertificate(blob: try wireBytes(of: certificate))
        #expect(parsed.serial == 7)
    }

    @Test func `every serial of a long list is the one that ssh-keygen finds`() throws {
        var random = Seeded(state: 4)
        let serials = Set((0..<300).map { _ in UInt64.random(in: 1...900, using: &random) })
        try list(serials.sorted().map { "serial: \($0)" }.joined(separator: "\n"))
        let revoked = try RevocationList(try scratch.read("list")).revoked
        let found = try #require(revoked.certificates.values.first)
        for serial in UInt64(0)...1000 {
            #expect(found.serials.contains(serial) == serials.contains(serial), "\(serial)")
        }
        #expect(!found.serials.contains(.max))
    }

    @Test func `another authority's serials do not count, and no authority means all`() throws {
        try scratch.run("ssh-keygen -q -t ed25519 -N '' -f second")
        try list("serial: 7", options: "-s second.pub")
        _ = try scratch.certificate("key", by: "ca")
        #expect(try !isRevoked("key-cert.pub"))
        try list(try scratch.text("ca.pub"), options: "")
        #expect(try isRevoked("key-cert.pub"))
        try list("sha256: \(try scratch.text("ca.pub"))", options: "")
        #expect(try isRevoked("key-cert.pub"))
        try list(key, options: "")
        #expect(try isRevoked("key-cert.pub"))
        try list("serial: 7\nid: other", options: "-s none")
        #expect(try isRevoked("key-cert.pub"))
    }

    @Test func `a plain list revokes keys, certificates' keys and authorities`() throws {
        let certificate = try scratch.certificate("key", by: "ca")
        let parsed = try SSHCertificate(blob: try wireBytes(of: certificate))
        for text in [key, certificate, try scratch.text("ca.pub")] {
            let revoked = RevokedKeys.parsing(bytes: Array("# gone\n\(text)\n".utf8))
            #expect(revoked.diagnostics.isEmpty)
            #expect(reason(parsed, revoked.value) != nil, "\(text)")
        }
    }

    /// A list with some sections behind an empty header.
    private func raw(_ sections: [UInt8], version: UInt8 = 1) -> [UInt8] {
        var writer = SSHWriter()
        writer.raw(RevocationList.magic + [0, 0, 0, version])
        writer.raw([UInt8](repeating: 0, count: 24))
        writer.string([])
        writer.string([])
        writer.raw(sections)
        return writer.bytes
    }

    private func section(_ kind: UInt8, _ data: [UInt8]) -> [UInt8] {
        var writer = SSHWriter()
        writer.raw([kind])
        writer.string(data)
        return writer.bytes
    }

    private func extensionData(isCritical: Bool) -> [UInt8] {
        var writer = SSHWriter()
        writer.string(Array("new@example.org".utf8))
        writer.raw([isCritical ? 1 : 0])
        writer.string([1, 2, 3])
        return writer.bytes
    }

    @Test func `what is not understood and might revoke refuses the whole list`() throws {
        let anyone = try SSHPublicKey(blob: try wireBytes(of: key))
        let certificates = [UInt8](repeating: 0, count: 8)
        let bitmap = [UInt8](repeating: 0, count: 8) + [0, 0, 0, 1, 1]
        for (sections, part) in [
            (section(9, []), "of kind 9"), (section(6, [1]), "of kind 6"),
            (section(255, extensionData(isCritical: true)), "new@example.org"),
            (section(1, certificates + section(0x24, [])), "of certificates of kind 36"),
            (section(1, certificates + section(0x39, extensionData(isCritical: true))), "new@"),
            (section(1, certificates + section(0x20, [0, 0, 0, 0, 0, 0, 0, 0])), "serial"),
            (section(1, certificates + section(0x22, bitmap)), "bitmap"),
            (section(3, [0, 0, 0, 1, 1]), "hash"), (section(2, [0, 0, 0, 0]), "revoked key"),
            ([2, 0, 0, 0, 9], "ends inside"), ([1], "ends inside"),
            (section(4, [1]) + [0, 0, 0, 0] + section(2, []), "signature"),
        ] {
            let parsed = RevokedKeys.parsing(bytes: raw(sections), file: "list")
            #expect(parsed.diagnostics.count == 1)
            #expect(parsed.value.unreadable?.contains(part) == true, "\(parsed)")
            #expect(parsed.value.contains(anyone))
        }
        #expect(RevokedKeys.parsing(bytes: raw([], version: 2)).value.contains(anyone))
        #expect(RevokedKeys.parsing(bytes: Array("SSHKRL".utf8)).value.contains(anyone))
        #expect(RevokedKeys.parsing(bytes: [65, 0]).value.contains(anyone))
        let asText = RevokedKeys.parsing(String(decoding: raw([]), as: UTF8.self))
        #expect(asText.value.contains(anyone) && asText.diagnostics.count == 1)
    }

    @Test func `an empty list, an optional extension and a signature revoke nothing`() throws {
        let anyone = try SSHPublicKey(blob: try wireBytes(of: key))
        let signed = section(4, [1, 2]) + [0, 0, 0, 1, 7]
        let optional = section(255, extensionData(isCritical: false))
        for (sections, notes) in [([], 0), (optional, 0), (optional + signed, 1)] {
            let parsed = RevokedKeys.parsing(bytes: raw(sections))
            #expect(parsed.value.unreadable == nil && !parsed.value.contains(anyone))
            #expect(parsed.diagnostics.map(\.severity) == Array(repeating: .warning, count: notes))
        }
    }

    @Test func `the policy's digest follows what is revoked, not the list's date`() throws {
        let rule = ReviewRule()
        func digest(_ bytes: [UInt8]) -> Digest {
            policyDigest(of: PolicyFiles(signers: "ada k\n", revoked: bytes), rule: rule)
        }
        try list("serial: 7", options: "-s ca.pub -z 1")
        let first = try scratch.read("list")
        try list("serial: 7", options: "-s ca.pub -z 2")
        let second = try scratch.read("list")
        #expect(first != second && digest(first) == digest(second))
        try list("serial: 8", options: "-s ca.pub -z 2")
        #expect(digest(try scratch.read("list")) != digest(second))
        #expect(digest(Array(first.dropLast())) != digest(first))
        #expect(digest([]) == policyDigest(signers: "ada k\n", rule: rule))
        #expect(
            digest(Array("x y\n".utf8))
                == policyDigest(signers: "ada k\n", revoked: "x y", rule: rule))
        #expect(policyDigest(signers: "ada k\n", gpgSigners: "a b", rule: rule) != digest([]))
    }
}
