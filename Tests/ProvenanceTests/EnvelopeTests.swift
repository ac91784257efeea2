import Domain
import FoundationEssentials
import Testing

@testable import Provenance

/// Keys of the published test vectors of Ed25519 (RFC 8032 7.1, TEST 1 and TEST 2).
private let first = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
private let second = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"

private func signer(_ seed: String) throws -> Ed25519Signer {
    try Ed25519Signer(seed: Digest(checked: seed).bytes)
}

private func envelope(_ text: String) throws -> Envelope {
    try Envelope(parsing: Array(text.utf8))
}

struct EnvelopeTests {
    /// secure-systems-lab/dsse, `protocol.md`, "Test Vectors".
    @Test func `what is signed is the published encoding`() {
        let envelope = Envelope(
            payload: Array("hello world".utf8), payloadType: "http://example.com/HelloWorld")
        #expect(
            String(decoding: envelope.signedBytes, as: UTF8.self)
                == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    }

    @Test func `lengths are bytes, and what is empty is still there`() {
        func text(_ payload: String, _ type: String) -> String {
            let envelope = Envelope(payload: Array(payload.utf8), payloadType: type)
            return String(decoding: envelope.signedBytes, as: UTF8.self)
        }
        #expect(text("", "a/ä") == "DSSEv1 4 a/ä 0 ")
        #expect(text("", "") == "DSSEv1 0  0 ")
        #expect(text("4 x", "1 t") == "DSSEv1 3 1 t 3 4 x")
    }

    /// secure-systems-lab/dsse, `testvectors/vectors.json`, "single-signature".
    @Test func `a published envelope is verified`() throws {
        let signature =
            "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHi"
            + "CA=="
        let envelope = try envelope(
            #"""
            {"payload": "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==",
             "payloadType": "application/vnd.in-toto+json",
             "signatures": [{"keyid": "A", "sig": "\#(signature)"}]}
            """#)
        let key = try signer(first).publicKey
        #expect(try envelope.verify(with: [key]) == [key])
        #expect(String(decoding: envelope.payload, as: UTF8.self).hasPrefix(#"{"_type":"#))
        #expect(throws: ProvenanceError.signaturesMissing(needed: 1, good: 0)) {
            try envelope.verify(with: [signer(second).publicKey])
        }
    }

    @Test func `a signed payload comes back, and says which key signed it`() throws {
        let signer = try signer(first)
        let signed = try Envelope(signing: Array("{}".utf8), sign: signer.sign)
        let read = try Envelope(parsing: signed.json)
        #expect(read == signed)
        #expect(read.signatures.map(\.keyID) == [signer.publicKey.fingerprint])
        #expect(try read.verify(with: [signer.publicKey]) == [signer.publicKey])
    }

    @Test func `a changed byte of payload, type or signature is refused`() throws {
        let signer = try signer(first)
        let signed = try Envelope(signing: Array("{}".utf8), sign: signer.sign)
        var forged: [Envelope] = []
        for byte in 0..<64 {
            var other = signed
            other.signatures[0].bytes[byte] ^= 1
            forged.append(other)
        }
        var other = signed
        other.payload[0] ^= 1
        forged.append(other)
        other = signed
        other.payloadType = "application/vnd.in-toto+jsoN"
        forged.append(other)
        other = signed
        other.signatures[0].bytes.append(0)
        forged.append(other)
        other = signed
        other.signatures = []
        forged.append(other)
        for envelope in forged {
            #expect(throws: ProvenanceError.signaturesMissing(needed: 1, good: 0)) {
                try envelope.verify(
                    with: [signer.publicKey], types: [envelope.payloadType])
            }
        }
    }

    @Test func `a good signature over a type that nobody reads is refused`() throws {
        let signer = try signer(first)
        let signed = try Envelope(signing: [], payloadType: "text/plain", sign: signer.sign)
        #expect(throws: ProvenanceError.payloadTypeUnknown("text/plain")) {
            try signed.verify(with: [signer.publicKey])
        }
    }

    @Test func `a key counts once, whatever the key ids say`() throws {
        let (one, two) = (try signer(first), try signer(second))
        var signed = try Envelope(signing: Array("{}".utf8), sign: one.sign)
        signed.signatures.append(signed.signatures[0])
        signed.signatures[1].keyID = two.publicKey.fingerprint
        let keys = [one.publicKey, one.publicKey, two.publicKey]
        #expect(throws: ProvenanceError.signaturesMissing(needed: 2, good: 1)) {
            try signed.verify(with: keys, needed: 2)
        }
        signed.signatures[1].bytes = try two.sign(signed.signedBytes).signature
        signed.signatures[0].keyID = nil
        signed.signatures[1].keyID = "nonsense"
        #expect(try signed.verify(with: keys, needed: 2) == [one.publicKey, two.publicKey])
    }

    @Test func `both alphabets of base64 are read, and empty fields may be missing`() throws {
        let read = try envelope(#"{"payload":"-_-_Pj8=","payloadType":"x"}"#)
        #expect(read.payload == [0xFB, 0xFF, 0xBF, 0x3E, 0x3F])
        let other = try envelope(#"{"payload":"+/+/Pj8=","payloadType":"x","signatures":[]}"#)
        #expect(read == other)
        #expect(try envelope(#"{"payloadType":"x"}"#).payload.isEmpty)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"payload":"*"}"#, #"{"payload":"YQ"}"#, #"{"payload":1}"#,
        #"{"payload":"YQ==\n"}"#, #"{"signatures":{}}"#, #"{"signatures":[{"keyid":"x"}]}"#,
        #"{"signatures":[{"sig":"?"}]}"#, #"{"signatures":[1]}"#,
    ])
    func `what is no envelope is refused`(_ text: String) {
        #expect(throws: ProvenanceError.self) { try envelope(text) }
    }

    @Test func `an envelope has bounds`() throws {
        #expect(throws: ProvenanceError.tooLarge(bytes: Envelope.bytesMax + 1)) {
            try Envelope(parsing: [UInt8](repeating: 32, count: Envelope.bytesMax + 1))
        }
        let many = (0...Envelope.signaturesMax).map { _ in #"{"sig":"YQ=="}"# }
        #expect(throws: ProvenanceError.self) {
            try envelope(#"{"signatures":[\#(many.joined(separator: ","))]}"#)
        }
    }

    @Test func `an SSH key line is read as ssh-keygen wrote it`() throws {
        let line =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea "
            + "ada@example.org\n"
        let key = try Ed25519PublicKey(line: line)
        #expect(key == (try signer(first).publicKey))
        #expect(key.fingerprint == "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8")
    }

    @Test(arguments: [
        "", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 ?",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1EaAAAA",
    ])
    func `another line is no such key`(_ line: String) {
        #expect(throws: ProvenanceError.self) { try Ed25519PublicKey(line: line) }
    }
}
