import Domain

/// An in-toto Statement v1: what is said (`predicate`) about which files (`subject`).
///
/// Source: in-toto/attestation, `spec/v1/statement.md` and `spec/v1/resource_descriptor.md`.
package struct Statement<Predicate: Encodable & Sendable>: Encodable, Sendable {
    package var subject: [ResourceDescriptor]
    /// The URI of the predicate's own definition.
    package var predicateType: String
    package var predicate: Predicate

    package init(subject: [ResourceDescriptor], predicateType: String, predicate: Predicate) {
        self.subject = subject
        self.predicateType = predicateType
        self.predicate = predicate
    }

    private enum Key: String, CodingKey {
        case type = "_type"
        case subject, predicateType, predicate
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode("https://in-toto.io/Statement/v1", forKey: .type)
        try object.encode(subject, forKey: .subject)
        try object.encode(predicateType, forKey: .predicateType)
        try object.encode(predicate, forKey: .predicate)
    }

    /// The canonical JSON that is signed.
    package var payload: [UInt8] { canonicalJSON(self) }
}

/// A file or other thing that a statement names; at least one of `uri` and `digest` is there.
package struct ResourceDescriptor: Hashable, Codable, Sendable {
    package var name: String?
    package var uri: String?
    /// Algorithm to lower-case hexadecimal digits.
    package var digest: [String: String]?
    package var mediaType: String?

    package init(
        name: String? = nil, uri: String, digest: [String: String]? = nil,
        mediaType: String? = nil
    ) {
        self.name = name
        self.uri = uri
        self.digest = digest
        self.mediaType = mediaType
    }

    package init(name: String? = nil, digest: [String: String], mediaType: String? = nil) {
        self.name = name
        self.digest = digest
        self.mediaType = mediaType
    }
}

/// A moment as in-toto writes it: RFC 3339 in UTC, to the second.
func timestamp(_ moment: Instant) -> String { moment.description }
