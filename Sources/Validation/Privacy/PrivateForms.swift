import Domain

/// Finds in a text what looks like private data, read once from the left.
///
/// Everything is found inside longer texts too, but for whole-cell forms, which say so. What each
/// kind is taken for stands in docs/checks.md.
enum PrivateForms {
    /// Shorter texts hold none of the kinds, `a@b.cc`, but for addresses: `::1`
    private static let bytesMin = 6

    /// Which kinds a text holds.
    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt8

        static let email = Kinds(.email)
        static let phone = Kinds(.phone)
        static let card = Kinds(.card)
        static let iban = Kinds(.iban)
        static let ip = Kinds(.ip)
        static let secret = Kinds(.secret)
        static let random = Kinds(.random)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ kind: PrivateKind) {
            switch kind {
            case .email: rawValue = 1
            case .phone: rawValue = 2
            case .card: rawValue = 4
            case .iban: rawValue = 8
            case .ip: rawValue = 16
            case .secret: rawValue = 32
            case .random: rawValue = 64
            }
        }
    }

    /// Which kinds a cell of a column of numbers is: a card by all of its digits, or a phone that
    /// begins with `+`; other kinds are no numbers, and other phones look like any number.
    ///
    /// A fraction of zeros does not count: what else writes missing cells makes decimals of a
    /// column of integers.
    static func kinds(ofNumber bytes: Span<UInt8>, _ range: Range<Int>) -> Kinds {
        // Because nearly all numbers are shorter, and this is asked of each.
        guard range.count >= 9 else { return [] }
        if bytes[range.lowerBound] == UInt8(ascii: "+") {
            return isPhone(bytes, range) ? .phone : []
        }
        guard range.count >= 13 else { return [] }
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "0") { end -= 1 }
        let isWhole = end == range.lowerBound || bytes[end - 1] != UInt8(ascii: ".")
        let digits = range.lowerBound..<(isWhole ? range.upperBound : end - 1)
        guard digits.count >= 13, digits.allSatisfy({ isDigit(bytes[$0]) }) else { return [] }
        return CardNumber.isOne(bytes, digits) ? .card : []
    }

    static func kinds(in bytes: Span<UInt8>, _ range: Range<Int>) -> Kinds {
        guard range.count >= bytesMin else { return isIPv6Cell(bytes, range) ? .ip : [] }
        var found: Kinds = []
        var colons = 0
        // Where the run of letters that keys consist of began; nil: in none.
        var run: Int?
        var isInWord = false
        for index in range {
            let byte = bytes[index]
            let isWord = isLetter(byte) || isDigit(byte)
            if isWord, !isInWord { begin(bytes, index, range, &found) }
            switch byte {
            case UInt8(ascii: "@"):
                if !found.contains(.email), isMail(bytes, at: index, range) {
                    found.insert(.email)
                }
            case UInt8(ascii: "+"), UInt8(ascii: "("):
                if !isInWord, isPhone(bytes, index..<range.upperBound) { found.insert(.phone) }
            case UInt8(ascii: "-"):
                if !found.contains(.secret), isPrivateKey(bytes, index..<range.upperBound) {
                    found.insert(.secret)
                }
            case UInt8(ascii: ":"): colons += 1
            default: break
            }
            isInWord = isWord
            if isKeyLetter(byte) {
                run = run ?? index
            } else if let start = run {
                if isRandom(bytes, start..<index) { found.insert(.random) }
                run = nil
            }
        }
        if let run, isRandom(bytes, run..<range.upperBound) { found.insert(.random) }
        if colons > 1, isIPv6Cell(bytes, range) { found.insert(.ip) }
        if isLocalPhone(bytes, range) { found.insert(.phone) }
        // A known key is said to be one, and not random besides.
        return found.contains(.secret) ? found.subtracting(.random) : found
    }

    /// Looks at what begins with a letter or digit that none stands before.
    private static func begin(
        _ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>, _ found: inout Kinds
    ) {
        let rest = index..<range.upperBound
        if isDigit(bytes[index]) {
            guard !isFraction(bytes, index, range) else { return }
            if CardNumber.isOne(bytes, rest) { found.insert(.card) }
            if isPhone(bytes, rest) { found.insert(.phone) }
            if isAddress(bytes, rest) { found.insert(.ip) }
        } else {
            if BankAccount.isOne(bytes, rest) { found.insert(.iban) }
            if !found.contains(.secret), SecretForms.isOne(bytes, rest) { found.insert(.secret) }
        }
    }

    /// Whether the digits go on with those before a point.
    private static func isFraction(
        _ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>
    ) -> Bool {
        guard index - 2 >= range.lowerBound, isDigit(bytes[index - 2]) else { return false }
        return bytes[index - 1] == UInt8(ascii: ".") || bytes[index - 1] == UInt8(ascii: ",")
    }

    /// Whether nothing goes on with a number behind its last digit: no letter, digit or fraction.
    static func isEnd(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
        guard index < end else { return true }
        if isLetter(bytes[index]) || isDigit(bytes[index]) { return false }
        let isPoint = bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ",")
        return !isPoint || index + 1 >= end || !isDigit(bytes[index + 1])
    }

    // MARK: Addresses

    /// A local part before the `@`, and behind it a host whose last label has two letters or more.
    private static func isMail(_ bytes: Span<UInt8>, at sign: Int, _ range: Range<Int>) -> Bool {
        var start = sign
        while start > range.lowerBound, isMailByte(bytes[start - 1]) { start -= 1 }
        while start < sign, !isLetter(bytes[start]), !isDigit(bytes[start]) { start += 1 }
        var end = sign + 1
        while end < range.upperBound, isHostByte(bytes[end]) { end += 1 }
        while end > sign + 1, !isLetter(bytes[end - 1]), !isDigit(bytes[end - 1]) { end -= 1 }
        guard start < sign, bytes[sign - 1] != UInt8(ascii: "."), isEmail(bytes, start..<end)
        else { return false }
        var last = end
        while isLetter(bytes[last - 1]) { last -= 1 }
        return end - last >= 2 && last > sign + 1 && bytes[last - 1] == UInt8(ascii: ".")
    }

    private static func isMailByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"),
            UInt8(ascii: "-"):
            true
        default: isLetter(byte) || isDigit(byte)
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    /// `::` alone is nobody's address, and separates names.
    private static func isIPv6Cell(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count > 2 && isIPv6(bytes, range)
    }

    /// Four numbers from 0 to 255 that begin here.
    private static func isAddress(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        var end = rest.lowerBound
        while end < rest.upperBound, end - rest.lowerBound < 16,
            isDigit(bytes[end]) || bytes[end] == UInt8(ascii: ".")
        {
            end += 1
        }
        if end < rest.upperBound, isLetter(bytes[end]) || isDigit(bytes[end]) { return false }
        // The point behind the last number ends a sentence.
        if bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return isIPv4(bytes, rest.lowerBound..<end)
    }

    // MARK: Phones

    /// `+` and 8 to 15 digits, the first not 0, apart by at most two of ` -./()` (E.164); or the
    /// North American `(212) 555-0123`, `212-555-0123` and `212.555.0123`.
    private static func isPhone(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        guard bytes[rest.lowerBound] == UInt8(ascii: "+") else {
            return isAmerican(bytes, rest)
        }
        var (digits, gap, last) = (0, 0, rest.lowerBound)
        for index in rest.dropFirst() {
            let byte = bytes[index]
            if isDigit(byte) {
                guard digits > 0 || byte != UInt8(ascii: "0"), digits < 16 else { return false }
                digits += 1
                (gap, last) = (0, index)
            } else if digits > 0, gap < 2, isPhoneGap(byte) || byte == UInt8(ascii: ".") {
                gap += 1
            } else {
                break
            }
        }
        return (8...15).contains(digits) && isEnd(bytes, last + 1, rest.upperBound)
    }

    private static func isAmerican(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        var index = rest.lowerBound
        func digits(_ count: Int, from first: UInt8) -> Bool {
            guard index + count <= rest.upperBound, bytes[index] >= first else { return false }
            for place in index..<index + count where !isDigit(bytes[place]) { return false }
            index += count
            return true
        }
        let isBraced = bytes[index] == UInt8(ascii: "(")
        if isBraced { index += 1 }
        guard index < rest.upperBound, digits(3, from: UInt8(ascii: "2")),
            index < rest.upperBound
        else { return false }
        let gap = bytes[index]
        index += 1
        if isBraced {
            guard gap == UInt8(ascii: ")"), index < rest.upperBound else { return false }
            if bytes[index] == UInt8(ascii: " ") { index += 1 }
        } else {
            guard gap == UInt8(ascii: "-") || gap == UInt8(ascii: ".") else { return false }
        }
        guard index < rest.upperBound, digits(3, from: UInt8(ascii: "2")),
            index < rest.upperBound, isBraced ? isPhoneGap(bytes[index]) : bytes[index] == gap
        else { return false }
        index += 1
        return digits(4, from: UInt8(ascii: "0")) && isEnd(bytes, index, rest.upperBound)
    }

    private static func isPhoneGap(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "("),
            UInt8(ascii: ")"):
            true
        default: false
        }
    }

    /// A whole cell that begins with 0 and another digit, or with 00: 9 to 17 digits, some of them
    /// apart.
    private static func isLocalPhone(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard (10...24).contains(range.count) else { return false }
        var start = range.lowerBound
        if bytes[start] == UInt8(ascii: "(") { start += 1 }
        guard bytes[start] == UInt8(ascii: "0") else { return false }
        var (digits, gaps) = (0, 0)
        for index in range {
            if isDigit(bytes[index]) {
                digits += 1
            } else if isPhoneGap(bytes[index]) {
                gaps += 1
            } else {
                return false
            }
        }
        let isAbroad = bytes[start + 1] == UInt8(ascii: "0")
        return gaps > 0 && (isAbroad ? 10...17 : 9...12).contains(digits)
    }

    // MARK: Keys

    private static let randomBytesMin = 32
    private static let randomBytesMax = 4096

    private static let armourHead = Array("-----BEGIN ".utf8)
    private static let armourWords = Array("PRIVATE KEY".utf8)

    /// `-----BEGIN … PRIVATE KEY-----` (RFC 7468).
    private static func isPrivateKey(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        guard SecretForms.isBehind(bytes, rest, armourHead) else { return false }
        for index in rest.dropFirst(11).prefix(40)
        where SecretForms.isBehind(bytes, index..<rest.upperBound, armourWords) {
            return true
        }
        return false
    }

    private static func isKeyLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: isLetter(byte) || isDigit(byte)
        }
    }

    /// 32 letters or more, with both cases and digits, of 4.5 bits a letter: the limit that
    /// scanners for secrets have for base64.
    private static func isRandom(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= randomBytesMin else { return false }
        let counted = range.prefix(randomBytesMax)
        var counts = [Int](repeating: 0, count: 256)
        for index in counted { counts[Int(bytes[index])] += 1 }
        let (upper, lower, digits) = (counts[65...90], counts[97...122], counts[48...57])
        guard [upper, lower, digits].allSatisfy({ $0.contains { $0 > 0 } }) else { return false }
        let total = Double(counted.count)
        let entropy = counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * naturalLogarithm(share)
        }
        let ln2 = 0.693_147_180_559_945_3
        return entropy >= 4.5 * ln2
    }
}
