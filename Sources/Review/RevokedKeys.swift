import Crypto

/// Keys and certificates that count no more, whatever the allowed signers say and whenever they
/// signed.
package struct RevokedKeys: Hashable, Sendable {
    /// Why a key or certificate counts no more.
    package enum Reason: Hashable, Sendable {
        case key
        /// The key of the authority that signed the certificate.
        case authority
        case serial(UInt64)
        case keyID(String)
        /// The list itself cannot be read; then every key counts as revoked.
        case unreadable(String)
    }

    /// What one authority took back.
    struct Certificates: Hashable, Sendable {
        var serials = SerialSet()
        var keyIDs: Set<[UInt8]> = []
    }

    /// The keys on the wire.
    package var blobs: Set<[UInt8]>
    /// SHA-1 and SHA-256 of keys on the wire.
    var hashes: Set<[UInt8]> = []
    /// By the authority's key on the wire; an empty one stands for every authority.
    var certificates: [[UInt8]: Certificates] = [:]
    /// Why the whole list cannot be read; nil: it can.
    package var unreadable: String?
    /// SHA-256 of what a binary list revokes, without its number, date and comment; nil: text.
    package var sectionsDigest: [UInt8]?

    package init(blobs: Set<[UInt8]> = []) { self.blobs = blobs }

    package func contains(_ key: SSHPublicKey) -> Bool { reason(key, nil) != nil }

    /// Returns why a key, with the certificate that came with it, counts no more; nil: it does.
    package func reason(_ key: SSHPublicKey, _ certificate: SSHCertificate?) -> Reason? {
        if let unreadable { return .unreadable(unreadable) }
        if isListed(key) { return .key }
        guard let certificate else { return nil }
        if isListed(certificate.authority) { return .authority }
        for authority in [certificate.authority.blob, []] {
            guard let revoked = certificates[authority] else { continue }
            if revoked.keyIDs.contains(certificate.keyID) {
                return .keyID(String(decoding: certificate.keyID, as: UTF8.self))
            }
            // Because authorities that do not count leave the serial at 0, as OpenSSH has it.
            if certificate.serial != 0, revoked.serials.contains(certificate.serial) {
                return .serial(certificate.serial)
            }
        }
        return nil
    }

    private func isListed(_ key: SSHPublicKey) -> Bool {
        if blobs.contains(key.blob) { return true }
        guard !hashes.isEmpty else { return false }
        return hashes.contains(Array(SHA256.hash(data: key.blob)))
            || hashes.contains(Array(Insecure.SHA1.hash(data: key.blob)))
    }
}

/// Serial numbers of certificates, as a list of revoked keys holds them.
struct SerialSet: Hashable, Sendable {
    /// Bit `i`, counted from the last byte's lowest, stands for `offset + i`.
    struct Bitmap: Hashable, Sendable {
        var offset: UInt64
        var bytes: [UInt8]

        func contains(_ serial: UInt64) -> Bool {
            guard serial >= offset, serial - offset < UInt64(bytes.count) * 8 else { return false }
            let bit = Int(serial - offset)
            return bytes[bytes.count - 1 - bit / 8] >> UInt8(bit % 8) & 1 == 1
        }
    }

    /// Sorted by their begins, without overlaps, once they are arranged.
    private var ranges: [ClosedRange<UInt64>] = []
    private var bitmaps: [Bitmap] = []

    /// Takes ranges in any order; `arrange` must follow before the set is asked.
    mutating func insert(_ some: [ClosedRange<UInt64>]) { ranges += some }

    /// Sorts what was inserted and joins what overlaps.
    mutating func arrange() {
        var merged: [ClosedRange<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    mutating func insert(_ bitmap: Bitmap) { bitmaps.append(bitmap) }

    func contains(_ serial: UInt64) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < serial { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(serial)
            || bitmaps.contains { $0.contains(serial) }
    }
}
