package import Domain

/// What could not be read as a statement, an envelope, a key, or a line of the log.
package enum ProvenanceError: Error, Hashable, Sendable {
    case lineMalformed(String)
    case tagMalformed(String)

    // What a statement is made of
    case notReleased(ModelName, SemanticVersion)
    /// The notes have no judgement with the evidence that the release names.
    case evidenceMissing(EvidenceID)

    // Envelopes
    case tooLarge(bytes: Int)
    case envelopeMalformed(String)
    case payloadTypeUnknown(String)
    /// Too few of the trusted keys signed the payload.
    case signaturesMissing(needed: Int, good: Int)
    case keyMalformed(String)
}
