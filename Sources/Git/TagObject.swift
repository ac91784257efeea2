package import Domain

/// An annotated tag as it stands in the object database.
///
/// The format is header lines `object`, `type`, `tag` and `tagger`, an empty line, the message,
/// and after that a signature block if the tag is signed.
package struct TagObject: Hashable, Sendable {
    package var id: ObjectID
    /// The name inside the object, which need not be the name of a ref that points here.
    package var name: String
    package var target: ObjectID
    /// `commit`, `tree`, `blob` or `tag`.
    package var targetType: String
    package var tagger: Person?
    /// Without the signature block.
    package var message: String
    /// The armoured signature block; nil: not signed.
    package var signature: String?
    /// Every byte of the object, which is what a signature is verified over.
    package var raw: [UInt8]

    /// The `Key: value` lines at the end of the message, in their order.
    package var trailers: [Trailer] { Trailer.all(in: message) }

    /// Returns nil unless the header names an object, its type and the tag.
    package init?(id: ObjectID, raw: [UInt8]) {
        var fields: [String: String] = [:]
        var bodyStart = raw.count
        for line in lineRanges(of: raw) {
            let text = raw[line].trimming { $0 == UInt8(ascii: "\n") }
            guard let space = text.firstIndex(of: UInt8(ascii: " ")) else {
                bodyStart = line.upperBound
                break
            }
            let key = String(decoding: text[..<space], as: UTF8.self)
            // Because a second header of the same name must not replace the first.
            if fields[key] == nil {
                fields[key] = String(decoding: text[(space + 1)...], as: UTF8.self)
            }
        }
        guard let object = fields["object"].flatMap({ ObjectID($0) }), let type = fields["type"],
            let name = fields["tag"]
        else { return nil }
        let body = Array(raw[bodyStart...])
        let signature = signatureStart(in: body)
        self.id = id
        self.name = name
        target = object
        targetType = type
        tagger = fields["tagger"].map { Person(headerText: $0) }
        message = String(decoding: body[..<(signature ?? body.count)], as: UTF8.self)
        self.signature = signature.map { String(decoding: body[$0...], as: UTF8.self) }
        self.raw = raw
    }
}
