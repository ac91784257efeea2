/// Numbers of payment cards: a known beginning with a length that it has, and the check digit of
/// ISO/IEC 7812-1 (Luhn).
enum CardNumber {
    private static let lengths = 13...19

    /// Whether one begins here: digits that are apart by nothing, or by single spaces or hyphens.
    static func isOne(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        let first = bytes[rest.lowerBound]
        guard rest.count >= lengths.lowerBound, first >= UInt8(ascii: "2"),
            first <= UInt8(ascii: "6")
        else { return false }
        var digits: [UInt8] = []
        var index = rest.lowerBound
        while index < rest.upperBound {
            let byte = bytes[index]
            if isDigit(byte) {
                digits.append(byte - 48)
                guard digits.count <= lengths.upperBound else { return false }
                index += 1
                continue
            }
            guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-"),
                index + 1 < rest.upperBound, isDigit(bytes[index + 1])
            else { break }
            // Because another number may follow, a group may be the last one.
            if isValid(digits) { return true }
            index += 1
        }
        return isValid(digits) && PrivateForms.isEnd(bytes, index, rest.upperBound)
    }

    static func isValid(_ digits: [UInt8]) -> Bool {
        lengths.contains(digits.count) && hasIssuer(digits) && hasCheckDigit(digits)
    }

    /// The ranges that the networks publish.
    private static func hasIssuer(_ digits: [UInt8]) -> Bool {
        func head(_ count: Int) -> Int { digits.prefix(count).reduce(0) { $0 * 10 + Int($1) } }
        return switch digits.count {
        case 13: digits[0] == 4
        case 14: (300...305).contains(head(3)) || [36, 38, 39].contains(head(2))
        case 15: [34, 37].contains(head(2))
        case 16:
            digits[0] == 4 || (51...55).contains(head(2)) || (2221...2720).contains(head(4))
                || isLong(head)
        case 19: digits[0] == 4 || isLong(head)
        default: isLong(head)
        }
    }

    /// Discover, JCB, UnionPay and Maestro have 16 to 19 digits.
    private static func isLong(_ head: (Int) -> Int) -> Bool {
        head(4) == 6011 || (644...649).contains(head(3)) || head(2) == 65
            || (3528...3589).contains(head(4)) || head(2) == 62
            || [5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763].contains(head(4))
    }

    /// From the right, every second digit counts twice, with the digits of the double added.
    private static func hasCheckDigit(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit)
            sum += place % 2 == 0 ? value : value < 5 ? 2 * value : 2 * value - 9
        }
        return sum % 10 == 0
    }
}
