import Crypto

/// Returns the HMAC-SHA256 of the bytes (RFC 2104).
func keyedHash(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
}

/// Returns whether `code` is the HMAC-SHA256 of the bytes under one of the keys.
///
/// The time taken tells nothing about where two codes differ, nor which of the keys fits.
func isKeyedHash(_ code: [UInt8], of bytes: [UInt8], keys: [[UInt8]]) -> Bool {
    var fits = false
    for key in keys {
        let isThis = HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: bytes, using: SymmetricKey(data: key))
        fits = isThis || fits
    }
    return fits
}

/// Returns whether the text is one of the secrets; the time taken tells neither length nor place.
func isSecret(_ text: [UInt8], among secrets: [[UInt8]]) -> Bool {
    let given = SHA256.hash(data: text)
    var fits = false
    for secret in secrets {
        // Because swift-crypto compares digests in constant time, and these have one length.
        let isThis = SHA256.hash(data: secret) == given
        fits = isThis || fits
    }
    return fits
}

/// Returns whether a secret protects anything: HMAC pads keys with zeros, so a key of zeros alone
/// is the empty key.
func isUsableKey(_ secret: [UInt8]) -> Bool { secret.contains { $0 != 0 } }

/// Returns the bytes that hexadecimal digits of either case stand for; nil: these are not.
func hexBytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text {
        guard let value = value(digit) else { return nil }
        if let upper = high {
            bytes.append(upper << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return bytes
}
