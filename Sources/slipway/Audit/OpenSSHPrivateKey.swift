import Domain
import FoundationEssentials
import Host
import Provenance

/// Reads an unencrypted ed25519 key as `ssh-keygen -t ed25519 -N ''` writes it.
///
///     "openssh-key-v1\0", string cipher "none", string kdf "none", string "", uint32 1,
///     string public key, string of: uint32 check, uint32 check, string "ssh-ed25519",
///     string point (32 bytes), string seed and point (64 bytes), string comment, 1, 2, 3 …
///
/// Source: OpenSSH's PROTOCOL.key. DSSE signs raw ed25519, which `ssh-keygen -Y sign` does not.
func ed25519Signer(readingKeyAt file: String) throws -> Ed25519Signer {
    let path = absolutePath(file)
    guard exists(path) else { throw Stop(.notFound, "there is no such key", at: path) }
    let text = String(decoding: try readFile(path, limitBytes: 1 << 16), as: UTF8.self)
    do throws(ProvenanceError) {
        return try Ed25519Signer(seed: try seed(text))
    } catch {
        throw Stop(.wrong, error.description, at: path, hint: error.hint)
    }
}

private func seed(_ text: String) throws(ProvenanceError) -> [UInt8] {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.first == "-----BEGIN OPENSSH PRIVATE KEY-----",
        lines.last == "-----END OPENSSH PRIVATE KEY-----",
        let bytes = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { throw .keyMalformed("the file is no private key of OpenSSH") }
    var reader = KeyReader(rest: [UInt8](bytes)[...])
    let magic = Array("openssh-key-v1\0".utf8)
    guard try reader.take(magic.count) == magic else { throw KeyReader.malformed }
    guard try reader.text() == "none", try reader.text() == "none", try reader.string().isEmpty
    else { throw .keyMalformed("it has a passphrase, and nothing asks for it") }
    guard try reader.number() == 1 else { throw KeyReader.malformed }
    _ = try reader.string()
    var inner = KeyReader(rest: try reader.string()[...])
    guard try inner.number() == inner.number() else { throw KeyReader.malformed }
    guard try inner.text() == "ssh-ed25519" else {
        throw .keyMalformed("only `ssh-ed25519` keys sign statements")
    }
    let point = try inner.string()
    let secret = try inner.string()
    guard point.count == 32, secret.count == 64, Array(secret[32...]) == point else {
        throw KeyReader.malformed
    }
    return Array(secret[..<32])
}

private struct KeyReader {
    var rest: ArraySlice<UInt8>

    static let malformed = ProvenanceError.keyMalformed("it is cut off or damaged")

    mutating func take(_ count: Int) throws(ProvenanceError) -> [UInt8] {
        guard count >= 0, count <= rest.count else { throw Self.malformed }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func number() throws(ProvenanceError) -> Int {
        try take(4).reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func string() throws(ProvenanceError) -> [UInt8] { try take(number()) }

    mutating func text() throws(ProvenanceError) -> String {
        String(decoding: try string(), as: UTF8.self)
    }
}
