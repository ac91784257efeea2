/// A `Key: value` line at the end of a message.
package struct Trailer: Hashable, Sendable {
    package var key: String
    /// Unfolded: continuation lines are joined by one space.
    package var value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// Returns the trailers of a message in their order, by the rules of `git interpret-trailers`.
    ///
    /// A tag's signature is cut off first. As in `git log --format=%(trailers)` a line `---` is
    /// ordinary text unless `stopsAtDivider` is set, which is what `git interpret-trailers` does.
    package static func all(in message: String, stopsAtDivider: Bool = false) -> [Trailer] {
        TrailerBlock(withoutSignature(message), stopsAtDivider: stopsAtDivider).trailers
    }
}

extension [Trailer] {
    /// The values under a key, whose case does not matter, in their order.
    package func values(of key: String) -> [String] {
        let key = key.lowercased()
        return filter { $0.key.lowercased() == key }.map(\.value)
    }
}

/// Returns a tag's message without the signature block that follows it.
///
/// As in git's `parse_signed_buffer` the last line that begins a signature counts.
package func withoutSignature(_ message: String) -> String {
    let bytes = Array(message.utf8)
    guard let start = signatureStart(in: bytes) else { return message }
    return String(decoding: bytes[..<start], as: UTF8.self)
}

private let signatureBeginnings = [
    "-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----", "-----BEGIN SIGNED MESSAGE-----",
].map { Array($0.utf8) }

/// Where the signature block of a tag begins; nil: it has none.
func signatureStart(in bytes: [UInt8]) -> Int? {
    var found: Int?
    for line in lineRanges(of: bytes)
    where signatureBeginnings.contains(where: { bytes[line].starts(with: $0) }) {
        found = line.lowerBound
    }
    return found
}

/// The ranges of the lines of a text, each with its newline.
func lineRanges(of bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
        lines.append(start..<(index + 1))
        start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
}
