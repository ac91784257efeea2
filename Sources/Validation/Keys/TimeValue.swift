import Domain

/// A moment as a cell tells it: a day, a time, or a number.
struct TimeValue: Comparable, Hashable, Codable, Sendable {
    /// Of days and times as `momentValue` has it, a day being its first moment; of numbers in
    /// 2^-64.
    private var units: Int128
    let isNumber: Bool

    private enum CodingKeys: CodingKey {
        case units, isNumber
    }

    /// The units in decimal digits, because they can have more than JSON's numbers.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(String(units), forKey: .units)
        try container.encode(isNumber, forKey: .isNumber)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let units = Int128(try container.decode(String.self, forKey: .units)) else {
            throw PartDamage()
        }
        self.units = units
        isNumber = try container.decode(Bool.self, forKey: .isNumber)
    }

    /// All of it in one line.
    var text: String { "\(units) \(isNumber)" }

    /// The moment in milliseconds; nil where it is a number, or beyond what can be told.
    var instant: Instant? {
        let milliseconds = (units - firstMoment(ofDate: 1970_01_01)) / 1_000_000_000_000_000
        return isNumber ? nil : Int64(exactly: milliseconds).map(Instant.init(milliseconds:))
    }

    static func < (left: TimeValue, right: TimeValue) -> Bool { left.units < right.units }

    /// Reads a valid cell of a column; nil when it tells no time.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>, _ kind: ColumnDeclaration.Kind) {
        switch kind {
        case .integer:
            guard let value = integerValue(bytes, range) else { return nil }
            (units, isNumber) = (Int128(value) << 64, true)
        case .number:
            guard let value = numberValue(bytes, range) else { return nil }
            let floor = value.rounded(.down)
            let whole = Int64(exactly: floor) ?? (value < 0 ? .min : .max)
            // Because just below a whole number the difference rounds up to 1.
            let rest = value - floor
            let fraction = rest < 1 ? UInt64(rest * 0x1p64) : .max
            (units, isNumber) = (Int128(whole) << 64 + Int128(fraction), true)
        case .date, .datetime, .string, .any:
            let moment =
                dateValue(bytes, range).map(firstMoment(ofDate:)) ?? momentValue(bytes, range)
            guard let moment else { return nil }
            (units, isNumber) = (moment, false)
        case .boolean, .array, .object: return nil
        }
    }
}
