import CCurl

/// A key pair that signs requests to an object store, with the region that it signs for.
package struct StoreKey: Sendable {
    package var region: String
    package var keyID: String
    let secret: String

    /// The two parts of the pair are visible ASCII; anything else is a `malformedRequest`.
    package init(region: String, keyID: String, secret: String) throws(TransferError) {
        for text in [region, keyID, secret] {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw .malformedRequest(
                    reason: "a region or an access key is empty or has an illegal character")
            }
        }
        guard region.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) else {
            throw .malformedRequest(reason: "the region has an illegal character")
        }
        self.region = region
        self.keyID = keyID
        self.secret = secret
    }
}

extension StoreKey: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "access key \(keyID)" }
    package var debugDescription: String { description }
}

extension EasyHandle {
    /// Lets libcurl sign the request after AWS Signature Version 4, for the service `s3`.
    ///
    /// Because libcurl before 8.3 signs path and query as they are, and later ones encode what is
    /// not encoded, both must be written as the signature wants them: see `percentEncoded`.
    func sign(with key: StoreKey) throws(TransferError) {
        try set(CURLOPT_AWS_SIGV4, "aws:amz:\(key.region):s3")
        try set(CURLOPT_USERNAME, key.keyID)
        try set(CURLOPT_PASSWORD, key.secret)
    }

    /// Ends a transfer that has come to a standstill long before its deadline.
    func endStalled() throws(TransferError) {
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, 60)
        try set(CURLOPT_BUFFERSIZE, 256 << 10)
    }
}

/// Writes a text so that a signature and a server read it alike (RFC 3986, section 2.3).
///
/// Letters, digits and `-._~` stay, in a path `/` too; all else is `%XX`.
func percentEncoded(_ text: some StringProtocol, keepingSlashes: Bool = false) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        if isAlphanumeric(byte) || "-._~".utf8.contains(byte)
            || keepingSlashes && byte == UInt8(ascii: "/")
        {
            bytes.append(byte)
        } else {
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
