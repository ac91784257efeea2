/// International bank account numbers (ISO 13616): country, length, and the check digits of
/// ISO 7064 MOD 97-10.
enum BankAccount {
    private static let lengthMax = 34

    /// Whether one begins here: capital letters and digits, apart by nothing or single spaces.
    static func isOne(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        let start = rest.lowerBound
        guard rest.count >= 15, isCapital(bytes[start]), isCapital(bytes[start + 1]),
            isDigit(bytes[start + 2]), isDigit(bytes[start + 3]),
            let length = lengths[[bytes[start], bytes[start + 1]]]
        else { return false }
        var text: [UInt8] = []
        var index = start
        while index < rest.upperBound, text.count < length {
            let byte = bytes[index]
            if isDigit(byte) || isCapital(byte) {
                text.append(byte)
            } else if byte != UInt8(ascii: " ") || bytes[index - 1] == byte {
                return false
            }
            index += 1
        }
        guard text.count == length else { return false }
        if index < rest.upperBound, isDigit(bytes[index]) || isLetter(bytes[index]) {
            return false
        }
        return hasCheckDigits(text)
    }

    private static func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

    /// With the first four letters last, and A as 10 to Z as 35, the number modulo 97 is 1.
    private static func hasCheckDigits(_ text: [UInt8]) -> Bool {
        var rest = 0
        for byte in text[4...] + text[..<4] {
            if isDigit(byte) {
                rest = (rest * 10 + Int(byte - 48)) % 97
            } else {
                rest = (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
            }
        }
        return rest == 1
    }

    /// How long an account number of each country is, by the registry of ISO 13616.
    private static let lengths: [[UInt8]: Int] = {
        let known = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 \
            DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 \
            HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 \
            MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 \
            RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 \
            VG24 XK20 YE30
            """
        var lengths: [[UInt8]: Int] = [:]
        for entry in known.utf8.split(separator: UInt8(ascii: " ")) {
            let entry = Array(entry)
            lengths[Array(entry.prefix(2))] = Int(entry[2] - 48) * 10 + Int(entry[3] - 48)
        }
        return lengths
    }()
}
