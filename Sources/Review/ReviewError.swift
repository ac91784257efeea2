/// Why a tag, a signature or a key is refused.
package enum ReviewError: Error, Hashable, Sendable {
    // The tag object.
    case tagTooLarge(bytes: Int)
    case lightweightTag
    case tagMalformed(String)
    case tagOfOther(kind: String)
    case unsigned
    case otherSignatureFormat
    case severalSignatures

    // The signature.
    case armourMalformed
    case truncated(field: String)
    case trailingBytes(after: String)
    case fieldMalformed(String)
    case versionUnknown(UInt32)
    case namespaceWrong(String)
    case hashUnknown(String)
    case signatureKindWrong(key: String, signature: String)
    case touchMissing
    case signatureWrong

    // The key.
    case certificate(String)
    case keyKindUnknown(String)
    case keyTooShort(bits: Int)

    // The message.
    case evidenceMissing
    case evidenceOutsideTrailers
    case evidenceMalformed(String)
    case evidenceRepeated
}
