import Domain

/// A number that a check found or was held against, which JSON has with all of its digits.
struct Figure: Hashable, Sendable {
    var number: Double
    /// nil: the number has all digits.
    private var integer: Int64?

    init(_ number: Double, integer: Int64? = nil) {
        self.number = number
        self.integer = integer == Int64(exactly: number) ? nil : integer
    }

    /// For people.
    var text: String { integer.map(String.init) ?? shortText(number) }
}

extension Figure: Codable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let whole = integer ?? Int64(exactly: number) {
            try container.encode(whole)
        } else {
            try container.encode(number)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try container.decode(Double.self)
        // Because only of those beyond 2^53 an integer says more, and most are none.
        let integer = LargeInteger.mayBe(number) ? try? container.decode(Int64.self) : nil
        self.init(number, integer: integer)
    }
}

/// A number with all of its digits: those of an integer of 64 bits, and of others the fewest that
/// read back as the number.
package func exactText(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
}

/// A number for a sentence: whole, or with four significant digits, and with all before the point
/// below 2^63.
package func shortText(_ value: Double) -> String {
    if let integer = Int64(exactly: value) { return String(integer) }
    guard value.isFinite, value.magnitude > 1e-300, value.magnitude < 1e300 else {
        return "\(value)"
    }
    let ln10 = 2.302_585_092_994_046
    let wanted = 3 - Int((naturalLogarithm(value.magnitude) / ln10).rounded(.down))
    let digits = value.magnitude < 0x1p63 ? Swift.max(0, wanted) : wanted
    guard (-22...22).contains(digits) else { return "\(value)" }
    var power = 1.0
    for _ in 0..<digits.magnitude { power *= 10 }
    let short = digits >= 0 ? (value * power).rounded() / power : (value / power).rounded() * power
    return exactText(short)
}

/// A share for a sentence, in per cent.
package func percentText(_ share: Double) -> String { "\(shortText(share * 100)) %" }
