import Crypto
import Domain

/// A file of public keys that gpg can import; whose they are is said by `GPGSigners` alone.
package struct GPGKeyFile: Hashable, Sendable {
    /// The path in the commit, or where else it was found; for people only.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// What the policy's digest has of the file: its name decides nothing.
    var digest: Domain.Digest { Domain.Digest(bytes: SHA256.hash(data: bytes)) }

    /// Each content once, in the order of the digests, so that gpg gets the same keys in the same
    /// order wherever they were found.
    static func sorted(_ files: [GPGKeyFile]) -> [GPGKeyFile] {
        var seen: Set<Domain.Digest> = []
        return files.map { (digest: $0.digest, file: $0) }
            .filter { seen.insert($0.digest).inserted }
            .sorted { $0.digest.hex < $1.digest.hex }.map(\.file)
    }

    /// The fingerprints of the primary keys inside, in upper case; nil when the file is anything
    /// else than armoured blocks of public keys that can be read to their ends (RFC 9580 4.2, 5.5.4
    /// and 6.2).
    ///
    /// People are shown them and nothing else is decided by them: whether a signature is good is
    /// for gpg to say.
    var fingerprints: [String]? {
        guard let blocks = armouredBlocks(bytes) else { return nil }
        var found: [String] = []
        for block in blocks {
            guard let keys = primaryKeys(block) else { return nil }
            found += keys
        }
        return found.isEmpty ? nil : found
    }
}

private let (beginMarker, endMarker) = (
    "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
)

/// Returns the bytes inside each block; nil when one has no end, or when another marker is there.
private func armouredBlocks(_ bytes: [UInt8]) -> [[UInt8]]? {
    var blocks: [[UInt8]] = []
    var digits: [UInt8] = []
    var (isInside, isBody) = (false, false)
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
        let line = Array(line.reversed().drop { [9, 13, 32].contains($0) }.reversed())
        if line.elementsEqual(beginMarker.utf8), !isInside {
            (isInside, isBody, digits) = (true, false, [])
        } else if line.elementsEqual(endMarker.utf8), isBody {
            guard let block = decodeBase64(digits) else { return nil }
            blocks.append(block)
            (isInside, isBody) = (false, false)
        } else if line.starts(with: "-----".utf8) {
            return nil
        } else if isInside, line.isEmpty {
            isBody = true
        } else if isBody, line.first != UInt8(ascii: "=") {
            digits += line
        }
    }
    return isInside ? nil : blocks
}

/// Returns the fingerprints of the public keys of a stream of packets; nil when it cannot be read
/// to its end, or holds a secret key.
private func primaryKeys(_ block: [UInt8]) -> [String]? {
    var found: [String] = []
    var rest = block[...]
    while !rest.isEmpty {
        guard let (tag, body) = packet(&rest), tag != 5 else { return nil }
        guard tag == 6 else { continue }
        guard let fingerprint = fingerprint(body) else { return nil }
        found.append(fingerprint)
    }
    return found
}

/// Takes one packet in the old or the new format; nil: it is cut off or of unknown length.
private func packet(_ rest: inout ArraySlice<UInt8>) -> (tag: Int, body: [UInt8])? {
    func number(_ count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(count)
        return value
    }
    guard let head = number(1), head & 0x80 != 0 else { return nil }
    var length: Int?
    let tag: Int
    if head & 0x40 == 0 {
        tag = head >> 2 & 15
        length = head & 3 == 3 ? nil : number(1 << (head & 3))
    } else {
        tag = head & 63
        guard let first = number(1) else { return nil }
        switch first {
        case ..<192: length = first
        case ..<224: length = number(1).map { (first - 192) << 8 + $0 + 192 }
        case 255: length = number(4)
        default: return nil
        }
    }
    guard let length, rest.count >= length else { return nil }
    let body = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    return (tag, body)
}

private func fingerprint(_ body: [UInt8]) -> String? {
    func big(_ octets: Int) -> [UInt8] {
        (0..<octets).reversed().map { UInt8(truncatingIfNeeded: body.count >> ($0 * 8)) }
    }
    switch body.first {
    case 4: return hex(Insecure.SHA1.hash(data: [0x99] + big(2) + body))
    case 5: return hex(SHA256.hash(data: [0x9A] + big(4) + body))
    case 6: return hex(SHA256.hash(data: [0x9B] + big(4) + body))
    default: return nil
    }
}

private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
}
