package import Domain

/// An annotated tag, split into its parts; `docs/approvals.md` shows one byte by byte.
package struct TagObject: Sendable {
    /// By what the signature can be checked.
    package enum SignatureFormat: Hashable, Sendable { case ssh, openPGP }

    /// The commit that is tagged.
    package var target: ObjectID
    /// What the object calls itself: the bytes after `tag `.
    package var name: [UInt8]
    /// Name, address and time as the tagger's machine had them; for display only.
    package var tagger: String
    /// The bytes between the first empty line and the signature.
    package var message: [UInt8]
    /// Everything before the signature: what was signed.
    package var signedBytes: [UInt8]
    /// From the begin marker to the end of the object.
    package var signature: [UInt8]
    package var signatureFormat: SignatureFormat

    /// Longer tags are refused unread.
    package static let bytesMax = 65_536

    private static let newline = UInt8(ascii: "\n")
    /// The markers by which git finds a signature: SSH, GPG, and those that are refused.
    private static let markers = [
        SSHSignature.beginMarker, OpenPGPArmour.beginMarker,
        Array("-----BEGIN PGP MESSAGE-----".utf8), Array("-----BEGIN SIGNED MESSAGE-----".utf8),
    ]

    /// Splits the raw object without its `tag <size>\0` prefix.
    ///
    /// Exactly the four headers object, type, tag, tagger in this order are accepted, a commit as
    /// the target, and one signature, with which the object ends.
    package init(raw: [UInt8]) throws(ReviewError) {
        guard raw.count <= Self.bytesMax else { throw .tagTooLarge(bytes: raw.count) }
        if raw.starts(with: Array("tree ".utf8)) { throw .lightweightTag }
        guard !raw.contains(0) else { throw .tagMalformed("it contains a zero byte") }
        let (start, format) = try Self.signatureStart(raw)
        signedBytes = Array(raw[..<start])
        signature = Array(raw[start...])
        signatureFormat = format

        var rest = signedBytes[...]
        let object = try Self.header("object", &rest)
        guard let target = ObjectID(String(decoding: object, as: UTF8.self)) else {
            throw .tagMalformed("its object is not an object id")
        }
        let kind = String(decoding: try Self.header("type", &rest), as: UTF8.self)
        name = try Self.header("tag", &rest)
        tagger = String(decoding: try Self.header("tagger", &rest), as: UTF8.self)
        guard rest.first == Self.newline else {
            throw .tagMalformed("the header `tagger` is not followed by an empty line")
        }
        guard kind == "commit" else { throw .tagOfOther(kind: kind) }
        self.target = target
        message = Array(rest.dropFirst())
    }

    /// Takes the line `<name> <value>\n` and returns the value.
    private static func header(
        _ name: String, _ rest: inout ArraySlice<UInt8>
    ) throws(ReviewError) -> [UInt8] {
        let prefix = Array("\(name) ".utf8)
        guard rest.starts(with: prefix), let end = rest.firstIndex(of: newline) else {
            throw .tagMalformed("it has no header `\(name)` where one must stand")
        }
        let value = Array(rest[rest.startIndex..<end].dropFirst(prefix.count))
        guard value.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
            throw .tagMalformed("its header `\(name)` has a control character")
        }
        rest = rest[(end + 1)...]
        return value
    }

    /// Returns where the only signature begins: at the start of a line.
    ///
    /// git takes the last marker. A second one is refused, so that nobody needs to know which.
    private static func signatureStart(
        _ raw: [UInt8]
    ) throws(ReviewError) -> (start: Int, format: SignatureFormat) {
        var found: [(start: Int, marker: Int)] = []
        var lineStart = 0
        while lineStart < raw.count {
            let line = raw[lineStart...]
            if line.first == UInt8(ascii: "-"),
                let marker = markers.firstIndex(where: { line.starts(with: $0) })
            {
                found.append((lineStart, marker))
            }
            guard let end = line.firstIndex(of: newline) else { break }
            lineStart = end + 1
        }
        guard let first = found.first else { throw .unsigned }
        guard found.count == 1 else { throw .severalSignatures }
        switch first.marker {
        case 0: return (first.start, .ssh)
        case 1:
            try OpenPGPArmour.check(raw[first.start...])
            return (first.start, .openPGP)
        default: throw .otherSignatureFormat
        }
    }
}

/// The lines around a GPG signature (RFC 9580 6.2), so far as gpg must not be left to guess.
enum OpenPGPArmour {
    static let beginMarker = Array("-----BEGIN PGP SIGNATURE-----".utf8)
    private static let endMarker = Array("-----END PGP SIGNATURE-----".utf8)

    /// Throws unless it is one block of marker, headers, an empty line, base64 and end marker, with
    /// nothing but a newline behind.
    static func check(_ text: ArraySlice<UInt8>) throws(ReviewError) {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.first?.elementsEqual(beginMarker) == true,
            lines.last?.elementsEqual(endMarker) == true,
            let gap = lines.firstIndex(where: \.isEmpty),
            lines[1..<gap].allSatisfy({ $0.contains(UInt8(ascii: ":")) })
        else { throw .armourMalformed }
        let body = lines[(gap + 1)..<(lines.count - 1)]
        let isBase64 = body.allSatisfy { line in
            !line.isEmpty && line.count <= 76 && line.allSatisfy(isBase64Digit)
        }
        guard !body.isEmpty, isBase64 else { throw .armourMalformed }
    }

    private static func isBase64Digit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains(byte)
    }
}
