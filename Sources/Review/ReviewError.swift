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
    case certificateSignatureWrong
    /// gpg reported no verdict, or one that does not say which key signed.
    case gpgSilent

    // The key.
    case certificate(String)
    case keyKindUnknown(String)
    case keyTooShort(bits: Int)

    // The list of revoked keys.
    case listVersionUnknown(UInt32)
    case listSectionUnknown(String)

    // The message.
    case evidenceMissing
    case evidenceOutsideTrailers
    case evidenceMalformed(String)
    case evidenceRepeated
}
