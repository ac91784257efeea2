import Crypto
import Domain
import Testing

@testable import Review

/// What gpg 2.2 exported, and the fingerprint that it prints.
private let exported = """
    -----BEGIN PGP PUBLIC KEY BLOCK-----

    mDMEawGGNRYJKwYBBAHaRw8BAQdAOrIDrbm1IL3cg+Qmkq09lTI6OjWL2Mcaz+L9
    YS9R3GW0C2FkYSA8YWRhQHg+iJYEExYIAD4WIQS6H2lobh786Rmye/hrrbXOAHsW
    kQUCawGGNQIbAwUJAeEzgAULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRBrrbXO
    AHsWkf/4AQC9otXzF6wd+ITBB9WA/+v6b2PY7oHxS9XLbZ1HZyjA4QEA0C8B34nm
    vilkxiIizHGvtUnCKeJnDxzMb7TDT1uYbww=
    =OPMR
    -----END PGP PUBLIC KEY BLOCK-----

    """
private let adas = "BA1F69686E1EFCE919B27BF86BADB5CE007B1691"
private let rule = ReviewRule(approvals: 1, exclude: [.author])

private func file(_ name: String, _ text: String) -> GPGKeyFile {
    GPGKeyFile(name: name, bytes: Array(text.utf8))
}

/// A block with one public key packet of this version, which no program made.
private func block(version: UInt8 = 4, _ content: String, tag: UInt8 = 6) -> String {
    let body = [version] + Array(content.utf8)
    let bytes = [0xC0 | tag, UInt8(body.count)] + body
    return "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\(base64(bytes))\n"
        + "-----END PGP PUBLIC KEY BLOCK-----\n"
}

private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        let bits = part.reduce(0) { $0 << 8 | Int($1) } << ((3 - part.count) * 8)
        for place in 0..<4 {
            text.append(place <= part.count ? digits[bits >> (18 - place * 6) & 63] : "=")
        }
    }
    return text
}

@Suite struct GPGKeyFileTests {
    @Test func `the keys in a file are named by the fingerprints that gpg prints`() {
        #expect(file("a", exported).fingerprints == [adas])
        #expect(file("a", exported + "\n" + exported).fingerprints == [adas, adas])
        let carriage = exported.replacing("\n", with: "\r\n")
        #expect(file("a", "a word before\n" + carriage).fingerprints == [adas])
        // RFC 9580 5.5.4.3: SHA-256 over 0x9B, four octets of length, and the packet.
        let six = [0x9B, 0, 0, 0, 2, 6] + Array("x".utf8)
        let hash = SHA256.hash(data: six).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        #expect(file("a", block(version: 6, "x")).fingerprints == [hash.joined()])
    }

    @Test func `what cannot be read to its end is not named`() {
        let cut = String(exported.dropLast(60))
        let secret = exported.replacing("PUBLIC", with: "PRIVATE")
        let bent = exported.replacing("mDMEawGG", with: "mDMEawG!")
        let long = exported.replacing("mDME", with: "mP8E")
        for text in [
            "", "no key\n", cut, secret, bent, long, exported + secret, exported + cut,
            block(version: 3, "old"), block("secret", tag: 5), block("a subkey alone", tag: 14),
        ] {
            #expect(file("a", text).fingerprints == nil, "\(text)")
        }
    }

    @Test func `each different content is a line of the digest, whatever it is called`() {
        let plain = policyDigest(signers: "ada k\n", gpgSigners: "g h", rule: rule)
        #expect(
            plain == policyDigest(signers: "ada k\n", gpgSigners: "g h", gpgKeys: [], rule: rule))
        func hash(_ text: String) -> String {
            Domain.Digest(bytes: SHA256.hash(data: Array(text.utf8))).hex
        }
        let lines = [
            "slipway policy 1", "approvals 1", "exclude author", "signer ada k", "gpg g h",
        ]
        let keys = ["x", "y"].map { "gpg-key \(hash($0))" }.sorted()
        let text = (lines + keys).map { $0 + "\n" }.joined()
        let expected = Domain.Digest(bytes: SHA256.hash(data: Array(text.utf8)))
        for order in [["x", "y"], ["y", "x"], ["y", "x", "y"]] {
            let digest = policyDigest(
                signers: "ada k\n", gpgSigners: "g h", gpgKeys: order, rule: rule)
            #expect(digest == expected)
        }
        #expect(
            policyDigest(signers: "ada k\n", gpgSigners: "g h", gpgKeys: ["x"], rule: rule)
                != plain)
    }
}

@Suite struct GPGKeyChangesTests {
    private func changes(_ old: [GPGKeyFile], _ new: [GPGKeyFile]) -> [String] {
        func trusted(_ keys: [GPGKeyFile]) -> TrustedPolicy {
            TrustedPolicy(rule: rule, files: PolicyFiles(signers: "", gpgKeys: keys))
        }
        return policyChanges(from: trusted(old), to: trusted(new))
    }

    @Test func `a key that comes makes it weaker, and one that goes stricter`() {
        let ada = file(".slipway/gpg/ada.asc", exported)
        let bob = file(".slipway/gpg/bob.asc", block("bob"))
        let name = "GPG key file \".slipway/gpg/ada.asc\" (\(adas))"
        #expect(changes([bob], [bob, ada]) == ["weaker: \(name) added"])
        #expect(changes([ada, bob], [bob]) == ["stricter: \(name) removed"])
        #expect(changes([ada, bob], [bob, ada]).isEmpty)
        let moved = file(".slipway/gpg/other.asc", exported)
        #expect(changes([ada], [moved]).isEmpty, "its name decides nothing")
        let other = file(ada.name, block("someone"))
        let changed = changes([ada], [other])
        #expect(changed.count == 1 && changed[0].hasPrefix("weaker: GPG key file \".slipway/gpg"))
        #expect(changed[0].hasSuffix(" changed"))
        #expect(!changed[0].contains(adas), "what is new is named: \(changed)")
    }

    @Test func `what took something away from a key that stays makes it weaker when it goes`() {
        let ada = file("ada.asc", exported)
        let limited = file("limit.asc", exported + block("one more"))
        let gone = changes([ada, limited], [ada])
        #expect(gone.count == 1 && gone[0].hasPrefix("weaker: "), "\(gone)")
        #expect(gone[0].hasSuffix(" removed, and keys in it may still count"))
        // A revocation alone is no key that could be named.
        let revocation = file("revoked.asc", block("a signature", tag: 2))
        let lifted = changes([ada, revocation], [ada])
        #expect(
            lifted == [
                "weaker: GPG key file \"revoked.asc\" (SHA-256 "
                    + "\(revocation.digest.short), keys that only gpg can read) removed, and keys "
                    + "in it may still count"
            ])
        let odd = file("odd.asc", "nobody can read this")
        #expect(changes([ada, odd], [odd]).first?.hasPrefix("weaker: ") ?? false)
    }

    @Test func `of many keys in one file the first ones are named`() {
        let many = file("all.asc", (0..<6).map { block("key \($0)") }.joined())
        let said = changes([], [many])
        #expect(said.count == 1 && said[0].contains(", and 2 more)"), "\(said)")
    }
}
