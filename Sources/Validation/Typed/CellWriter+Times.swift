extension CellWriter {
    /// Writes a day as `YYYY-MM-DD`; false: its year has not four digits.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    ///
    /// - Parameter day: since 1970-01-01.
    mutating func write(day: Int64) -> Bool {
        let shifted = day + 719_468
        let (era, dayOfEra) = floorDivide(shifted, 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isPlain = (0...9999).contains(year)
        if !isPlain { write(byte: UInt8(ascii: year < 0 ? "-" : "+")) }
        write(year.magnitude, digitsMin: 4)
        write(byte: UInt8(ascii: "-"))
        write(UInt64(month), digitsMin: 2)
        write(byte: UInt8(ascii: "-"))
        write(UInt64(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1), digitsMin: 2)
        return isPlain
    }

    /// Writes a time of RFC 3339, as long as its year has four digits; false: it has not.
    ///
    /// - Parameters:
    ///   - seconds: since 1970-01-01T00:00.
    ///   - rest: of a second, in that unit.
    mutating func write(
        seconds: Int64, _ rest: Int64, _ unit: ValueForm.Unit, isUTC: Bool
    ) -> Bool {
        let (day, second) = floorDivide(seconds, 86_400)
        let isPlain = write(day: day)
        write(byte: UInt8(ascii: "T"))
        writeClock(second, rest, unit)
        if isUTC { write(byte: UInt8(ascii: "Z")) }
        return isPlain
    }

    /// Writes a time of day; one that is not within a day as the number that it is.
    mutating func write(time value: Int64, _ unit: ValueForm.Unit) {
        let (second, rest) = floorDivide(value, unit.perSecond)
        guard (0..<86_400).contains(second) else { return write(value) }
        writeClock(second, rest, unit)
    }

    /// Writes nanoseconds of a Julian day, eight bytes and four.
    mutating func write(julian bytes: Span<UInt8>, at start: Int) -> WrittenValue {
        var nanos: UInt64 = 0
        var julian: UInt32 = 0
        for place in 0..<8 { nanos |= UInt64(bytes[start + place]) << UInt64(8 * place) }
        for place in 0..<4 { julian |= UInt32(bytes[start + 8 + place]) << UInt32(8 * place) }
        let unit = ValueForm.Unit.nanos
        let (seconds, rest) = floorDivide(Int64(bitPattern: nanos), unit.perSecond)
        let day = Int64(Int32(bitPattern: julian)) - 2_440_588
        let whole = day * 86_400 + seconds
        return WrittenValue(
            number: Double(whole) + Double(rest) / Double(unit.perSecond),
            isPlain: write(seconds: whole, rest, unit, isUTC: false))
    }

    private mutating func writeClock(_ second: Int64, _ rest: Int64, _ unit: ValueForm.Unit) {
        write(UInt64(second / 3600), digitsMin: 2)
        write(byte: UInt8(ascii: ":"))
        write(UInt64(second / 60 % 60), digitsMin: 2)
        write(byte: UInt8(ascii: ":"))
        write(UInt64(second % 60), digitsMin: 2)
        guard rest > 0 else { return }
        write(byte: UInt8(ascii: "."))
        let nanos = UInt64(rest) * UInt64(1_000_000_000 / unit.perSecond)
        if nanos % 1_000_000 == 0 {
            write(nanos / 1_000_000, digitsMin: 3)
        } else if nanos % 1000 == 0 {
            write(nanos / 1000, digitsMin: 6)
        } else {
            write(nanos, digitsMin: 9)
        }
    }
}

/// The quotient rounded down, and what is left, 0 or more.
@inline(__always)
func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
}
