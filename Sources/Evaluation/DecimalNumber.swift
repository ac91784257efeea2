/// Returns the value of a decimal number such as `-12.5e3`; nil for anything else.
///
/// NaN, infinities, hexadecimal digits, spaces and numbers beyond a Double's range are refused.
func finiteNumber(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
}

/// Returns whether `text` has a needless zero in front, as codes such as `007` have.
func hasLeadingZero(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    guard digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first else {
        return false
    }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(second)
}
