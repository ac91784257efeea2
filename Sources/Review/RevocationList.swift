import Crypto

/// The binary list of revoked keys that `ssh-keygen -k` writes (OpenSSH's PROTOCOL.krl).
///
///     "SSHKRL\n\0", uint32 1, uint64 number, uint64 date, uint64 flags, string reserved,
///     string comment, then sections: byte kind, string data
///
/// The kinds are 1 certificates, 2 keys, 3 SHA-1 of keys, 5 SHA-256 of keys, 255 extensions, and at
/// the end 4 signatures, behind whose data (the key) another string stands. A list with anything
/// that is not known and might revoke is refused as a whole.
struct RevocationList {
    private(set) var revoked = RevokedKeys()
    /// There is a signature over the list; it is not checked.
    private(set) var isSigned = false

    static let magic = Array("SSHKRL\n\0".utf8)

    /// Longer lists are refused unread.
    private static let bytesMax = 16 << 20

    init(_ bytes: [UInt8]) throws(ReviewError) {
        guard bytes.count <= Self.bytesMax else { throw .fieldMalformed("size of the list") }
        var reader = SSHReader(bytes)
        guard try reader.bytes(Self.magic.count, "magic") == Self.magic else {
            throw .fieldMalformed("magic of the list")
        }
        let version = try reader.uint32("list's version")
        guard version == 1 else { throw .listVersionUnknown(version) }
        for field in ["number", "date", "flags"] { _ = try reader.uint64("list's \(field)") }
        _ = try reader.string("list's reserved field")
        _ = try reader.name("list's comment")
        let start = reader.position
        var end = start
        while !reader.isAtEnd {
            let kind = try reader.byte("section's kind")
            guard kind == 4 || !isSigned else { throw .trailingBytes(after: "list's signature") }
            let data = try reader.string("section")
            if kind == 4 {
                isSigned = true
                _ = try reader.string("list's signature")
            } else {
                try read(section: kind, SSHReader(data))
                end = reader.position
            }
        }
        for authority in Array(revoked.certificates.keys) {
            revoked.certificates[authority]?.serials.arrange()
        }
        revoked.sectionsDigest = Array(SHA256.hash(data: bytes[start..<end]))
    }

    private mutating func read(section kind: UInt8, _ data: SSHReader) throws(ReviewError) {
        var data = data
        switch kind {
        case 1: try readCertificates(&data)
        case 2:
            while !data.isAtEnd { revoked.blobs.insert(try plain(data.string("revoked key"))) }
        case 3: try readHashes(&data, bytes: 20)
        case 5: try readHashes(&data, bytes: 32)
        case 255: try readExtension(&data)
        default: throw .listSectionUnknown("of kind \(kind)")
        }
    }

    /// The key inside a certificate; anything else as it is.
    private func plain(_ blob: [UInt8]) throws(ReviewError) -> [UInt8] {
        guard !blob.isEmpty else { throw .fieldMalformed("revoked key") }
        return try plainKey(blob)
    }

    private mutating func readHashes(
        _ data: inout SSHReader, bytes: Int
    ) throws(ReviewError) {
        while !data.isAtEnd {
            let hash = try data.string("hash of a key")
            guard hash.count == bytes else { throw .fieldMalformed("hash of a key") }
            revoked.hashes.insert(hash)
        }
    }

    /// string authority's key, string reserved, then parts: byte kind, string data.
    private mutating func readCertificates(_ data: inout SSHReader) throws(ReviewError) {
        let authority = try data.string("authority's key")
        _ = try data.string("section's reserved field")
        try checkAuthority(authority)
        var found = revoked.certificates.removeValue(forKey: authority) ?? .init()
        while !data.isAtEnd {
            let kind = try data.byte("kind of revoked certificates")
            var part = SSHReader(try data.string("revoked certificates"))
            switch kind {
            case 0x20: found.serials.insert(try serials(&part))
            case 0x21: found.serials.insert(try ranges(&part))
            case 0x22: found.serials.insert(try bitmap(&part))
            case 0x23:
                while !part.isAtEnd { found.keyIDs.insert(try part.name("key id")) }
            case 0x39: try readExtension(&part)
            default: throw .listSectionUnknown("of certificates of kind \(kind)")
            }
        }
        revoked.certificates[authority] = found
    }

    /// An authority that was garbled would leave its certificates standing.
    private func checkAuthority(_ blob: [UInt8]) throws(ReviewError) {
        guard !blob.isEmpty else { return }
        do throws(ReviewError) {
            _ = try SSHPublicKey(blob: blob)
        } catch .keyTooShort {
            // Because such an authority counts nowhere, and the rest of the list stands.
        }
    }

    private func serials(_ part: inout SSHReader) throws(ReviewError) -> [ClosedRange<UInt64>] {
        var found: [ClosedRange<UInt64>] = []
        while !part.isAtEnd {
            let serial = try part.uint64("serial")
            guard serial > 0 else { throw .fieldMalformed("serial") }
            found.append(serial...serial)
        }
        return found
    }

    private func ranges(_ part: inout SSHReader) throws(ReviewError) -> [ClosedRange<UInt64>] {
        let first = try part.uint64("range of serials")
        let last = try part.uint64("range of serials")
        try part.end("range of serials")
        guard first > 0, first <= last else { throw .fieldMalformed("range of serials") }
        return [first...last]
    }

    private func bitmap(_ part: inout SSHReader) throws(ReviewError) -> SerialSet.Bitmap {
        let offset = try part.uint64("bitmap of serials")
        let number = try part.string("bitmap of serials")
        try part.end("bitmap of serials")
        guard number.first ?? 0 < 0x80 else { throw .fieldMalformed("bitmap of serials") }
        let bytes = Array(number.drop { $0 == 0 })
        let bits = UInt64(bytes.count * 8 - (bytes.first?.leadingZeroBitCount ?? 0))
        let isZeroIn = offset == 0 && (bytes.last ?? 0) & 1 == 1
        guard !isZeroIn, bits == 0 || offset <= UInt64.max - (bits - 1) else {
            throw .fieldMalformed("bitmap of serials")
        }
        return SerialSet.Bitmap(offset: offset, bytes: bytes)
    }

    /// string name, byte "must be understood", string contents; none is understood.
    private func readExtension(_ part: inout SSHReader) throws(ReviewError) {
        let name = try part.text("extension's name")
        let isCritical = try part.byte("extension's mark") != 0
        _ = try part.string("extension's contents")
        try part.end("extension")
        guard !isCritical else { throw .listSectionUnknown(quoted(name)) }
    }
}

/// Returns the key inside a certificate, and any other key as it is.
func plainKey(_ blob: [UInt8]) throws(ReviewError) -> [UInt8] {
    SSHCertificate.isCertificate(blob) ? try SSHCertificate(blob: blob).key.blob : blob
}
