import FoundationEssentials
import Testing

@testable import Review

/// A security key made of files, which signs as PROTOCOL.u2f says, with any flags.
struct SecurityKey: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case ed25519 = "sk-ssh-ed25519@openssh.com"
        case ecdsa = "sk-ecdsa-sha2-nistp256@openssh.com"
    }

    let kind: Kind
    let scratch: Scratch
    /// On the wire.
    let blob: [UInt8]

    /// As it stands in allowed_signers.
    var line: String { "\(kind.rawValue) \(Data(blob).base64EncodedString())" }

    init(_ kind: Kind, in scratch: Scratch) throws {
        self.kind = kind
        self.scratch = scratch
        let options =
            switch kind {
            case .ed25519: "-algorithm ed25519"
            case .ecdsa: "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
            }
        let bytes = kind == .ed25519 ? 32 : 65
        try scratch.run(
            """
            openssl genpkey \(options) -out sk.pem
            openssl pkey -in sk.pem -pubout -outform DER | tail -c \(bytes) > point
            """)
        var writer = SSHWriter()
        writer.string(Array(kind.rawValue.utf8))
        if kind == .ecdsa { writer.string(Array("nistp256".utf8)) }
        writer.string(try scratch.read("point"))
        writer.string(Array("ssh:".utf8))
        blob = writer.bytes
    }

    /// The armoured signature of a message; `signer` stands for the key, a certificate as a rule.
    func signature(
        of message: [UInt8], flags: UInt8, signer: [UInt8]? = nil
    ) throws -> [UInt8] {
        try scratch.write("message", message)
        try scratch.run(
            """
            openssl dgst -sha512 -binary message > hash; printf ssh: > application
            openssl dgst -sha256 -binary application > counted
            """)
        var toSign = SSHWriter()
        toSign.raw(Array("SSHSIG".utf8))
        for part in ["git", "", "sha512"] { toSign.string(Array(part.utf8)) }
        toSign.string(try scratch.read("hash"))
        try scratch.write("blob", toSign.bytes)
        try scratch.write("presence", [flags, 0, 0, 1, 2])
        let options = kind == .ed25519 ? "-rawin" : "-rawin -digest sha256"
        try scratch.run(
            """
            openssl dgst -sha256 -binary blob > blob.hash; cat presence blob.hash >> counted
            openssl pkeyutl -sign \(options) -inkey sk.pem -in counted -out sk.signature
            """)
        var inner = SSHWriter()
        inner.string(Array(kind.rawValue.utf8))
        inner.string(try wire(try scratch.read("sk.signature")))
        inner.raw([flags, 0, 0, 1, 2])
        return SignatureBlob(signer: signer ?? blob, signature: inner.bytes).armoured
    }

    /// ECDSA signatures come as DER, and r and s stand there in the form of `mpint`s already.
    private func wire(_ signature: [UInt8]) throws -> [UInt8] {
        guard kind == .ecdsa else { return signature }
        var writer = SSHWriter()
        var rest = signature.dropFirst(2)
        for _ in 0..<2 {
            let count = Int(try #require(rest.dropFirst().first))
            writer.string(Array(rest.dropFirst(2).prefix(count)))
            rest = rest.dropFirst(2 + count)
        }
        return writer.bytes
    }
}

/// An SSH signature from its parts, right or wrong.
struct SignatureBlob {
    var magic = "SSHSIG"
    var version: UInt32 = 1
    var signer: [UInt8]
    var namespace = "git"
    var reserved: [UInt8] = []
    var hash = "sha512"
    var signature: [UInt8]
    var rest: [UInt8] = []

    var bytes: [UInt8] {
        var writer = SSHWriter()
        writer.raw(Array(magic.utf8))
        writer.uint32(version)
        writer.string(signer)
        writer.string(Array(namespace.utf8))
        writer.string(reserved)
        writer.string(Array(hash.utf8))
        writer.string(signature)
        writer.raw(rest)
        return writer.bytes
    }

    var armoured: [UInt8] { armour(bytes) }

    init(signer: [UInt8], signature: [UInt8]) {
        self.signer = signer
        self.signature = signature
    }

    /// Reads one that `ssh-keygen -Y sign` made.
    init(armoured: [UInt8]) throws {
        var reader = SSHReader(try unarmoured(armoured))
        _ = try reader.bytes(10, "magic and version")
        signer = try reader.string("signer")
        namespace = try reader.text("namespace")
        reserved = try reader.string("reserved")
        hash = try reader.text("hash")
        signature = try reader.string("signature")
    }
}

func armour(_ blob: [UInt8]) -> [UInt8] {
    let base64 = Data(blob).base64EncodedString()
    return Array(
        "-----BEGIN SSH SIGNATURE-----\n\(base64)\n-----END SSH SIGNATURE-----\n".utf8)
}

func unarmoured(_ text: [UInt8]) throws -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast()
    return try #require(decodeBase64(Array(lines.joined())))
}

/// The bytes behind `type base64`.
func wireBytes(of line: String) throws -> [UInt8] {
    let words = line.split(separator: " ")
    return try #require(decodeBase64(Array(words[1].utf8)))
}
