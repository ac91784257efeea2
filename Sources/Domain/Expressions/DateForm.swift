/// How dates and times are written, in some letters of `strptime`.
///
/// `%Y` four digits, `%y` two (69 to 99 are of the twentieth century, as POSIX has it), `%m` `%d`
/// `%H` `%M` `%S` one or two digits, `%f` a fraction of a second, `%z` `Z`, `±hhmm` or `±hh:mm`,
/// `%b` and `%B` English names of months, `%p` AM or PM with `%I`, `%%` a percent sign. Everything
/// else stands for itself. `unix`: seconds since 1970, with or without a fraction.
package struct DateForm: Sendable {
    private enum Piece: Sendable {
        case letter(UInt8)
        case field(UInt8)
    }

    private static let letters = Array("YymdHMSfzbBpI%".utf8)
    private let pieces: [Piece]
    private let isUnix: Bool

    /// What a form must tell, and what is read of it.
    package enum Content: Hashable, Sendable {
        /// A day, and no time of it.
        case day
        /// A day, and perhaps a time of it.
        case moment
        /// A time of the day, and no day.
        case timeOfDay
    }

    /// What is wrong with a form; nil: nothing.
    package static func problem(_ text: String, of content: Content = .moment) -> String? {
        if text == "unix", content != .timeOfDay { return nil }
        let bytes = Array(text.utf8)
        var seen: Set<UInt8> = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            guard index + 1 < bytes.count, letters.contains(bytes[index + 1]) else {
                return "has a `%` with a letter that is not known"
            }
            let letter = bytes[index + 1]
            if letter != UInt8(ascii: "%"), !seen.insert(letter).inserted {
                return "has `%\(String(UnicodeScalar(letter)))` twice"
            }
            index += 2
        }
        return problem(seen, content)
    }

    private static func problem(_ seen: Set<UInt8>, _ content: Content) -> String? {
        let has = { (some: String) in !seen.isDisjoint(with: some.utf8) }
        if content == .timeOfDay {
            if has("YymbBd") { return "tells a day" }
            if has("z") { return "tells a zone" }
            if !has("HI") || !has("M") { return "tells no whole time" }
        } else if !has("Yy") || !has("mbB") || !has("d") {
            return "tells no whole day"
        }
        if content == .day, has("HIMSfpz") { return "tells a time of the day, which would be lost" }
        if has("I") != has("p") { return "has one of `%I` and `%p` alone" }
        return nil
    }

    /// `text` has no problem.
    package init(_ text: String) {
        isUnix = text == "unix"
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let letter = rest.popFirst() {
                pieces.append(letter == byte ? .letter(byte) : .field(letter))
            } else {
                pieces.append(.letter(byte))
            }
        }
        self.pieces = pieces
    }

    /// The day, or the time of RFC 3339 in UTC where no zone is told, that a text is; nil: it is
    /// not written so.
    package func reading(_ text: [UInt8], asDate: Bool) -> [UInt8]? {
        var found = ShortText()
        guard read(text.span, text.indices, as: .moment, into: &found, isInUTC: true) else {
            return nil
        }
        let time = found.array
        guard momentValue(time.span, time.indices) != nil else { return nil }
        return asDate ? Array(time.prefix(10)) : time
    }

    /// Writes the day, time of RFC 3339 or time of the day that a text is; false: it is not written
    /// so.
    ///
    /// - Parameter isInUTC: a time without a zone is written as one in UTC.
    package func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, as content: Content,
        into text: inout ShortText, isInUTC: Bool = false
    ) -> Bool {
        guard var fields = isUnix ? unixTime(bytes, range) : fields(bytes, range),
            fields.isReal(content)
        else { return false }
        if isInUTC, fields.zone == nil { fields.zone = UInt8(ascii: "Z") }
        text.removeAll()
        if content != .timeOfDay { fields.writeDay(into: &text) }
        if content == .moment { text.append(UInt8(ascii: "T")) }
        if content != .day { fields.writeTime(of: bytes, into: &text) }
        return !text.isCut
    }

    private func fields(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Fields? {
        var fields = Fields()
        var index = range.lowerBound
        for piece in pieces {
            switch piece {
            case .letter(let byte):
                guard index < range.upperBound, bytes[index] == byte else { return nil }
                index += 1
            case .field(let letter):
                guard fields.read(letter, bytes, &index, range.upperBound) else { return nil }
            }
        }
        return index == range.upperBound ? fields : nil
    }

    private func unixTime(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Fields? {
        var index = range.lowerBound
        let end = range.upperBound
        let isNegative = index < end && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var fields = Fields()
        var seconds = 0
        guard number(bytes, &index, end, 1...12, &seconds) else { return nil }
        if isNegative { seconds = -seconds }
        if index < end {
            guard bytes[index] == UInt8(ascii: "."), !isNegative else { return nil }
            index += 1
            guard fields.read(UInt8(ascii: "f"), bytes, &index, end), index == end else {
                return nil
            }
        }
        let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let ofDay = seconds - days * 86_400
        (fields.year, fields.month, fields.day) = civilDay(daysSince1970: days)
        (fields.hour, fields.minute, fields.second) = (
            ofDay / 3600, ofDay / 60 % 60, ofDay % 60
        )
        fields.zone = UInt8(ascii: "Z")
        return fields
    }
}

/// What was read of a date and time.
private struct Fields {
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ].map { Array($0.utf8) }

    var (year, month, day, hour, minute, second) = (0, 1, 1, 0, 0, 0)
    /// The digits of the fraction of a second.
    private var fraction = 0..<0
    /// `Z`, `+` or `-`; nil: no zone is told.
    var zone: UInt8?
    /// How far the zone is off, in minutes.
    private var offset = 0
    private var isAfternoon: Bool?

    /// Whether there is such a day and time; the hour becomes one of 24.
    mutating func isReal(_ content: DateForm.Content) -> Bool {
        if let isAfternoon {
            guard (1...12).contains(hour) else { return false }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= daysOf(month, year)
        else { return false }
        return hour <= 23 && minute <= 59 && second <= 60
    }

    func writeDay(into text: inout ShortText) {
        text.append(year, digits: 4)
        text.append(UInt8(ascii: "-"))
        text.append(month, digits: 2)
        text.append(UInt8(ascii: "-"))
        text.append(day, digits: 2)
    }

    func writeTime(of bytes: Span<UInt8>, into text: inout ShortText) {
        text.append(hour, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(minute, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(second, digits: 2)
        if !fraction.isEmpty {
            text.append(UInt8(ascii: "."))
            for index in fraction { text.append(bytes[index]) }
        }
        guard let zone else { return }
        text.append(zone)
        guard zone != UInt8(ascii: "Z") else { return }
        text.append(offset / 60, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(offset % 60, digits: 2)
    }

    mutating func read(
        _ letter: UInt8, _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int
    ) -> Bool {
        switch UnicodeScalar(letter) {
        case "Y": return number(bytes, &index, end, 4...4, &year)
        case "y":
            guard number(bytes, &index, end, 2...2, &year) else { return false }
            year += year >= 69 ? 1900 : 2000
            return true
        case "m": return number(bytes, &index, end, 1...2, &month)
        case "d": return number(bytes, &index, end, 1...2, &day)
        case "H", "I": return number(bytes, &index, end, 1...2, &hour)
        case "M": return number(bytes, &index, end, 1...2, &minute)
        case "S": return number(bytes, &index, end, 1...2, &second)
        case "f":
            let start = index
            while index < end, bytes[index] &- 48 <= 9 { index += 1 }
            fraction = start..<index
            return (1...18).contains(fraction.count)
        case "b", "B": return name(bytes, &index, end, isWhole: letter == UInt8(ascii: "B"))
        case "p":
            guard index + 2 <= end, bytes[index + 1] | 0x20 == UInt8(ascii: "m"),
                bytes[index] | 0x20 == UInt8(ascii: "a") || bytes[index] | 0x20 == UInt8(ascii: "p")
            else { return false }
            isAfternoon = bytes[index] | 0x20 == UInt8(ascii: "p")
            index += 2
            return true
        case "z": return readZone(bytes, &index, end)
        default: return false
        }
    }

    private mutating func name(
        _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, isWhole: Bool
    ) -> Bool {
        for number in Self.months.indices {
            let count = isWhole ? Self.months[number].count : 3
            guard end - index >= count else { continue }
            var isEqual = true
            for offset in 0..<count
            where bytes[index + offset] | 0x20 != Self.months[number][offset] {
                isEqual = false
            }
            guard isEqual else { continue }
            month = number + 1
            index += count
            return true
        }
        return false
    }

    private mutating func readZone(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> Bool {
        guard index < end else { return false }
        if bytes[index] | 0x20 == UInt8(ascii: "z") {
            zone = UInt8(ascii: "Z")
            index += 1
            return true
        }
        let sign = bytes[index]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        index += 1
        var (hours, minutes) = (0, 0)
        guard number(bytes, &index, end, 2...2, &hours) else { return false }
        if index < end, bytes[index] == UInt8(ascii: ":") { index += 1 }
        guard number(bytes, &index, end, 2...2, &minutes), hours <= 23, minutes <= 59 else {
            return false
        }
        zone = sign
        offset = hours * 60 + minutes
        return true
    }
}

/// Reads so many digits, as many as there are.
private func number(
    _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, _ digits: ClosedRange<Int>,
    _ value: inout Int
) -> Bool {
    let start = index
    value = 0
    while index < end, index - start < digits.upperBound, bytes[index] &- 48 <= 9 {
        value = value * 10 + Int(bytes[index] &- 48)
        index += 1
    }
    return digits.contains(index - start)
}

/// The day of the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
private func civilDay(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    return (year + era * 400 + (civil <= 2 ? 1 : 0), civil, day)
}
