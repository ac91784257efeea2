import Domain

/// A moment as a cell tells it: a day, a time, or a number.
struct TimeValue: Comparable, Hashable, Sendable {
    /// Of days and times the seconds since 1970, a day being its first moment and a time without an
    /// offset being UTC; of numbers the whole part.
    private var whole: Int64
    /// The fraction, in 2^-64.
    private var fraction: UInt64
    let isNumber: Bool

    static func < (left: TimeValue, right: TimeValue) -> Bool {
        (left.whole, left.fraction) < (right.whole, right.fraction)
    }

    private init(_ whole: Int64, _ fraction: UInt64, isNumber: Bool) {
        self.whole = whole
        self.fraction = fraction
        self.isNumber = isNumber
    }

    /// Reads a valid cell of a column; nil when it tells no time.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>, _ kind: ColumnDeclaration.Kind) {
        switch kind {
        case .integer:
            guard let value = integerValue(bytes, range) else { return nil }
            self.init(value, 0, isNumber: true)
        case .number:
            guard let value = numberValue(bytes, range) else { return nil }
            let floor = value.rounded(.down)
            let whole = Int64(exactly: floor) ?? (value < 0 ? .min : .max)
            // Because just below a whole number the difference rounds up to 1.
            let rest = value - floor
            self.init(whole, rest < 1 ? UInt64(rest * 0x1p64) : .max, isNumber: true)
        case .date, .datetime, .string:
            guard isDate(bytes, range) || isDateTime(bytes, range) else { return nil }
            self.init(time: bytes, range)
        case .boolean: return nil
        }
    }

    /// Reads what `isDate` or `isDateTime` has accepted.
    private init(time bytes: Span<UInt8>, _ range: Range<Int>) {
        let start = range.lowerBound
        func number(_ offset: Int, _ count: Int) -> Int64 {
            (start + offset..<start + offset + count).reduce(0) {
                $0 * 10 + Int64(bytes[$1] &- 48)
            }
        }
        var seconds = days(year: number(0, 4), month: number(5, 2), day: number(8, 2)) * 86_400
        var fraction: UInt64 = 0
        if range.count > 10 {
            seconds += number(11, 2) * 3_600 + number(14, 2) * 60 + number(17, 2)
            var offset = 19
            if offset < range.count, bytes[start + offset] == UInt8(ascii: ".") {
                let first = offset + 1
                offset = first
                while offset < range.count, bytes[start + offset] &- 48 <= 9 { offset += 1 }
                // Eighteen digits are an attosecond; what is finer counts not.
                let digits = Swift.min(18, offset - first)
                var unit: UInt64 = 1
                for _ in 0..<digits { unit *= 10 }
                let numerator = UInt64(number(first, digits))
                fraction = unit.dividingFullWidth((numerator, 0)).quotient
            }
            if range.count - offset == 6 {
                let minutes = number(offset + 1, 2) * 60 + number(offset + 4, 2)
                seconds += (bytes[start + offset] == UInt8(ascii: "-") ? minutes : -minutes) * 60
            }
        }
        self.init(seconds, fraction, isNumber: false)
    }
}

/// Days since 1 January 1970 in the Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2021), `days_from_civil`.
private func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
