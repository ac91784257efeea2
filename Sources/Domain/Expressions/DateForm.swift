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

    /// What is wrong with a form; nil: nothing.
    package static func problem(_ text: String) -> String? {
        if text == "unix" { return nil }
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
        let has = { (some: String) in !seen.isDisjoint(with: some.utf8) }
        if !has("Yy") || !has("mbB") || !has("d") { return "tells no whole day" }
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

    /// The day, or the time of RFC 3339, that a text is; nil: it is not written so.
    package func reading(_ text: [UInt8], asDate: Bool) -> [UInt8]? {
        guard let found = isUnix ? unixTime(text) : fields(text)?.text,
            momentValue(found.span, found.indices) != nil
        else { return nil }
        return asDate ? Array(found.prefix(10)) : found
    }

    private func fields(_ text: [UInt8]) -> Fields? {
        var fields = Fields()
        var index = 0
        for piece in pieces {
            switch piece {
            case .letter(let byte):
                guard index < text.count, text[index] == byte else { return nil }
                index += 1
            case .field(let letter):
                guard fields.read(letter, text, &index) else { return nil }
            }
        }
        return index == text.count ? fields : nil
    }

    private func unixTime(_ text: [UInt8]) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, first.count <= 12,
            let seconds = Int(String(decoding: first, as: UTF8.self)), first.first != 43
        else { return nil }
        var fraction: ArraySlice<UInt8> = []
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy({ (48...57).contains($0) }), seconds >= 0
            else { return nil }
            fraction = parts[1]
        }
        var fields = Fields()
        let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let ofDay = seconds - days * 86_400
        (fields.year, fields.month, fields.day) = civilDay(daysSince1970: days)
        guard (0...9999).contains(fields.year) else { return nil }
        (fields.hour, fields.minute, fields.second) = (
            ofDay / 3600, ofDay / 60 % 60, ofDay % 60
        )
        fields.fraction = fraction
        return fields.text
    }
}

/// What was read of a date and time.
private struct Fields {
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ].map { Array($0.utf8) }

    var (year, month, day, hour, minute, second) = (0, 0, 0, 0, 0, 0)
    var fraction: ArraySlice<UInt8> = []
    var offset = "Z"
    var isAfternoon: Bool?

    /// As RFC 3339 has it.
    var text: [UInt8] {
        var hour = hour
        if let isAfternoon {
            guard (1...12).contains(hour) else { return [] }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let years = String(repeating: "0", count: max(0, 4 - "\(year)".utf8.count)) + "\(year)"
        let day = "\(years)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))"
        let part = fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self)
        return Array((day + part + offset).utf8)
    }

    mutating func read(_ letter: UInt8, _ text: [UInt8], _ index: inout Int) -> Bool {
        switch UnicodeScalar(letter) {
        case "Y": return number(text, &index, 4...4, &year)
        case "y":
            guard number(text, &index, 2...2, &year) else { return false }
            year += year >= 69 ? 1900 : 2000
            return true
        case "m": return number(text, &index, 1...2, &month)
        case "d": return number(text, &index, 1...2, &day)
        case "H", "I": return number(text, &index, 1...2, &hour)
        case "M": return number(text, &index, 1...2, &minute)
        case "S": return number(text, &index, 1...2, &second)
        case "f":
            let start = index
            while index < text.count, (48...57).contains(text[index]) { index += 1 }
            fraction = text[start..<index]
            return index > start && index - start <= 18
        case "b", "B": return name(text, &index, isWhole: letter == UInt8(ascii: "B"))
        case "p":
            guard index + 2 <= text.count, text[index + 1] | 0x20 == UInt8(ascii: "m"),
                [UInt8(ascii: "a"), UInt8(ascii: "p")].contains(text[index] | 0x20)
            else { return false }
            isAfternoon = text[index] | 0x20 == UInt8(ascii: "p")
            index += 2
            return true
        case "z": return zone(text, &index)
        default: return false
        }
    }

    private func number(
        _ text: [UInt8], _ index: inout Int, _ digits: ClosedRange<Int>, _ value: inout Int
    ) -> Bool {
        let start = index
        value = 0
        while index < text.count, index - start < digits.upperBound,
            (48...57).contains(text[index])
        {
            value = value * 10 + Int(text[index] - 48)
            index += 1
        }
        return digits.contains(index - start)
    }

    private mutating func name(_ text: [UInt8], _ index: inout Int, isWhole: Bool) -> Bool {
        for (number, name) in Self.months.enumerated() {
            let wanted = isWhole ? name[...] : name.prefix(3)
            let found = text[index...].prefix(wanted.count).map { $0 | 0x20 }
            guard found.elementsEqual(wanted) else { continue }
            month = number + 1
            index += wanted.count
            return true
        }
        return false
    }

    private mutating func zone(_ text: [UInt8], _ index: inout Int) -> Bool {
        guard index < text.count else { return false }
        if text[index] | 0x20 == UInt8(ascii: "z") {
            index += 1
            return true
        }
        let sign = text[index]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
        index += 1
        var (hours, minutes) = (0, 0)
        guard number(text, &index, 2...2, &hours) else { return false }
        if index < text.count, text[index] == UInt8(ascii: ":") { index += 1 }
        guard number(text, &index, 2...2, &minutes) else { return false }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        offset = (sign == UInt8(ascii: "-") ? "-" : "+") + two(hours) + ":" + two(minutes)
        return true
    }
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
