extension Envelope {
    /// Returns the trusted keys that signed the payload, each once, in the order of `keys`.
    ///
    /// Throws unless at least `needed` of them did and the type of the payload is one of `types`.
    /// Every key is tried with every signature: key ids are unauthenticated and choose nothing.
    package func verify(
        with keys: [Ed25519PublicKey], needed: Int = 1,
        types: Set<String> = [Envelope.statementType]
    ) throws(ProvenanceError) -> [Ed25519PublicKey] {
        precondition(needed > 0, "an envelope that needs no signature is not verified")
        guard signatures.count <= Self.signaturesMax else {
            throw .envelopeMalformed("it has \(signatures.count) signatures")
        }
        let message = signedBytes
        var good: [Ed25519PublicKey] = []
        for key in keys where !good.contains(key) {
            if signatures.contains(where: { key.isSignature($0.bytes, of: message) }) {
                good.append(key)
            }
        }
        guard good.count >= needed else {
            throw .signaturesMissing(needed: needed, good: good.count)
        }
        guard types.contains(payloadType) else { throw .payloadTypeUnknown(payloadType) }
        return good
    }
}
