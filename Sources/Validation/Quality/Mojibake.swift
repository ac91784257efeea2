/// A text that is looked through for UTF-8 that was read as Windows-1252 or Latin-1, byte by byte,
/// and written again: `Ã©` for `é`.
///
/// A *sequence* is a character from `Â` to `ð` and as many behind it as, each taken for its byte,
/// make one character of UTF-8 from U+00A0 on. Honest texts have such sequences where a word ends
/// in an accented letter (`AMANHÃ…`, `déjà »`, `5 Å³`), so one counts only if something beside its
/// form speaks for it. That evidence is needed is the idea of ftfy's "badness" heuristic
/// (ftfy.readthedocs.io, "Heuristics for detecting mojibake"); the rules here are own ones, and
/// fewer: of Windows-1252 and Latin-1 alone, and only what one step repairs.
struct Mojibake {
    struct Sequence {
        /// The places of its characters in the text.
        var range: Range<Int>
        /// What it stands for.
        var scalar: Unicode.Scalar
    }

    /// A word as it is, and repaired.
    struct Example: Hashable, Codable {
        var found: String
        var repaired: String
    }

    private let scalars: [Unicode.Scalar]
    /// The byte of each character; 0: it has none.
    private let bytes: [UInt8]
    private let sequences: [Sequence]

    /// - Parameter range: valid UTF-8.
    init(_ text: Span<UInt8>, _ range: Range<Int>) {
        scalars = Array(String(decoding: range.map { text[$0] }, as: UTF8.self).unicodeScalars)
        bytes = scalars.map { windows1252Byte($0) ?? 0 }
        sequences = Self.sequences(bytes)
    }

    private static func sequences(_ bytes: [UInt8]) -> [Sequence] {
        var found: [Sequence] = []
        var index = 0
        while index < bytes.count {
            let range = index..<index + length(bytes[index])
            if range.count > 1, range.upperBound <= bytes.count,
                let scalar = character(bytes, range), scalar.value >= 0xA0
            {
                found.append(Sequence(range: range, scalar: scalar))
                index = range.upperBound
            } else {
                index += 1
            }
        }
        return found
    }

    /// How many bytes a character has that begins with this one. No characters are assigned from
    /// U+40000 on, but for a few that are not seen.
    private static func length(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0: 4
        default: 1
        }
    }

    /// nil: the bytes are no valid UTF-8.
    private static func character(_ bytes: [UInt8], _ range: Range<Int>) -> Unicode.Scalar? {
        guard textFault(bytes.span, range) == nil else { return nil }
        return String(decoding: bytes[range], as: UTF8.self).unicodeScalars.first
    }

    // MARK: What counts

    /// The first sequence that is no honest text; nil: there is none.
    var first: Sequence? {
        for (index, sequence) in sequences.enumerated() {
            if isEvident(sequence) { return sequence }
            if index > 0, isEvident(sequences[index - 1], before: sequence) { return sequence }
        }
        return nil
    }

    /// Two in direct succession, unless all behind their letters are marks; behind `×`, letters of
    /// Hebrew alone, because fractions are multiplied.
    private func isEvident(_ one: Sequence, before next: Sequence) -> Bool {
        guard one.range.upperBound == next.range.lowerBound else { return false }
        let isFactor = [one, next].contains { sequence in
            bytes[sequence.range.lowerBound] == 0xD7 && !(0x5D0...0x5EA ~= sequence.scalar.value)
        }
        let tails = bytes[one.range].dropFirst() + bytes[next.range].dropFirst()
        return !isFactor && tails.contains { !Marks.ofAnyKind.contains($0) }
    }

    /// Whether it cannot be a letter that ends a word and what stands behind words.
    private func isEvident(_ sequence: Sequence) -> Bool {
        let tail = bytes[sequence.range].dropFirst()
        guard let next = tail.first, let last = tail.last else { return false }
        switch bytes[sequence.range.lowerBound] {
        case 0xC2...0xDF: return isEvidentPair(sequence.range, next)
        // `á»‘` and other letters of Vietnamese.
        case 0xE1 where 0xB8...0xBB ~= next:
            return !Marks.ofAnyKind.contains(last) || Marks.opening.contains(last)
        // `â€™` and other signs, `ï»¿`, and pictures: words seldom end so.
        case 0xE2, 0xEF, 0xF0: return tail.contains { !Marks.ofAnyKind.contains($0) }
        default: return !Marks.ofAnyKind.contains(next)
        }
    }

    private func isEvidentPair(_ range: Range<Int>, _ next: UInt8) -> Bool {
        let lead = bytes[range.lowerBound]
        let before = range.lowerBound > 0 ? bytes[range.lowerBound - 1] : UInt8(ascii: " ")
        let behind = range.upperBound < bytes.count ? bytes[range.upperBound] : UInt8(ascii: " ")
        // No word has a capital behind a small letter. `×` and `Ø` are signs of measures too.
        if isSmall(before), lead < 0xDF, lead != 0xD7, lead != 0xD8 { return true }
        switch lead {
        case 0xC2 where next != 0xA0 || !isLetter(before): return true
        case 0xC3 where Marks.joining.contains(next):
            if next == 0xA0, isSmall(behind) { return true }
            return next != 0x92 && before != 0 && before < 0xC0 && !isLetter(before)
        case 0xC3 where Marks.closing.contains(next): return isLetter(behind)
        case 0xC3: return true
        case 0xC4, 0xC5:
            let isBound = isLetter(before) && !Marks.ofAnyKind.contains(next) && next != 0xA3
            return isBound || isLetter(behind) && !Marks.joining.contains(next)
        case 0xCE, 0xD0: return !Marks.joining.union(Marks.closing).contains(next)
        default: return false
        }
    }

    private func isSmall(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

    /// What honestly stands behind a word, as bytes of Windows-1252.
    private enum Marks {
        /// Another word may follow at once: no-break space, dashes, ellipsis, apostrophe.
        static let joining: Set<UInt8> = [0xA0, 0x96, 0x97, 0x85, 0x92]
        static let opening: Set<UInt8> = [0x91, 0x93]
        /// Quotes, `™`, `®` and the accent that is taken for a quote.
        static let closing: Set<UInt8> = [
            0x91, 0x93, 0x94, 0xAB, 0xBB, 0x8B, 0x9B, 0x99, 0xB4, 0xAE,
        ]
        /// With the degree sign and the digits of footnotes.
        static let ofAnyKind = joining.union(closing).union([0xB0, 0xB9, 0xB2, 0xB3])
    }

    // MARK: What it would be

    /// How many characters are shown before and behind a sequence.
    private static let contextMax = 16

    /// The word in which a sequence stands, as it is and repaired.
    func example(_ sequence: Sequence) -> Example {
        var (start, end) = (sequence.range.lowerBound, sequence.range.upperBound)
        let (least, most) = (start - Self.contextMax, end + Self.contextMax)
        while start > Swift.max(0, least), scalars[start - 1].value > 0x20 { start -= 1 }
        while end < Swift.min(scalars.count, most), scalars[end].value > 0x20 { end += 1 }
        var found = String.UnicodeScalarView()
        found.append(contentsOf: scalars[start..<end])
        var repaired = String.UnicodeScalarView()
        var index = start
        for sequence in sequences where sequence.range.lowerBound >= index {
            guard sequence.range.upperBound <= end else { break }
            repaired.append(contentsOf: scalars[index..<sequence.range.lowerBound])
            repaired.append(sequence.scalar)
            index = sequence.range.upperBound
        }
        repaired.append(contentsOf: scalars[index..<end])
        return Example(found: String(found), repaired: String(repaired))
    }
}
