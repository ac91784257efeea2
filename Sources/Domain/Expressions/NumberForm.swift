/// How numbers are written, where it is not as JSON has them.
package struct NumberForm: Sendable {
    private let point: [UInt8]
    /// Empty: digits stand in no groups.
    private let group: [UInt8]
    /// Nothing stands around a number.
    private let isBare: Bool

    package init(point: String, group: String?, isBare: Bool) {
        self.point = Array(point.utf8)
        self.group = Array((group ?? "").utf8)
        self.isBare = isBare
    }

    /// Writes the number as it is without this form; false: it is not written so.
    ///
    /// Groups have three digits, or as in India two before the last three. Around a number that is
    /// not bare anything without a digit may stand; where that leaves the sign open, as in `(5)` or
    /// `5-`, it is no number.
    package func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, into text: inout ShortText
    ) -> Bool {
        text.removeAll()
        guard var rest = isBare ? range : bare(bytes, range) else { return false }
        if let sign = rest.first.map({ bytes[$0] }), isSign(sign) {
            if sign == UInt8(ascii: "-") { text.append(sign) }
            rest = rest.lowerBound + 1..<rest.upperBound
        } else if !isBare, isNegative(bytes, range.lowerBound..<rest.lowerBound) {
            text.append(UInt8(ascii: "-"))
        }
        guard appendWhole(bytes, &rest, &text) else { return false }
        if starts(bytes, rest, with: point) {
            text.append(UInt8(ascii: "."))
            rest = rest.lowerBound + point.count..<rest.upperBound
            while let index = rest.first, isDigit(bytes[index]) {
                text.append(bytes[index])
                rest = index + 1..<rest.upperBound
            }
        }
        if let index = rest.first, bytes[index] | 0x20 == UInt8(ascii: "e") {
            for index in rest.dropFirst() where !isDigit(bytes[index]) && !isSign(bytes[index]) {
                return false
            }
            for index in rest { text.append(bytes[index]) }
            rest = rest.upperBound..<rest.upperBound
        }
        // Whether what was written is a number is for those to say who know all its forms.
        return rest.isEmpty && text.count > 0 && !text.isCut
    }

    private func appendWhole(
        _ bytes: Span<UInt8>, _ rest: inout Range<Int>, _ text: inout ShortText
    ) -> Bool {
        var (inGroup, first, inner) = (0, 0, 0)
        while let index = rest.first {
            if isDigit(bytes[index]) {
                text.append(bytes[index])
                inGroup += 1
                rest = index + 1..<rest.upperBound
            } else if !group.isEmpty, starts(bytes, rest, with: group) {
                if first == 0 {
                    guard (1...3).contains(inGroup) else { return false }
                    first = inGroup
                } else {
                    guard inGroup == 2 || inGroup == 3, inner == 0 || inner == inGroup else {
                        return false
                    }
                    inner = inGroup
                }
                inGroup = 0
                rest = index + group.count..<rest.upperBound
            } else {
                break
            }
        }
        guard first > 0 else { return true }
        return inGroup == 3 && (inner != 2 || first <= 2)
    }

    // MARK: Numbers that are not bare

    /// The number in a text, with a sign right before it; nil: there is none, or its sign is open.
    private func bare(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        guard var start = range.first(where: { isDigit(bytes[$0]) }),
            let last = range.last(where: { isDigit(bytes[$0]) })
        else { return nil }
        if start - point.count >= range.lowerBound,
            starts(bytes, start - point.count..<start, with: point)
        {
            start -= point.count
        }
        if start > range.lowerBound, isSign(bytes[start - 1]) { start -= 1 }
        var end = last + 1
        if starts(bytes, end..<range.upperBound, with: point) { end += point.count }
        for index in end..<range.upperBound where isSignLike(bytes[index]) { return nil }
        let signs = (range.lowerBound..<start).count { isSignLike(bytes[$0]) }
        let isSignFirst = isSign(bytes[range.lowerBound]) && !isSign(bytes[start])
        return signs == 0 || signs == 1 && isSignFirst ? start..<end : nil
    }

    /// Whether what stands before a number begins with a minus, as in `-€5`.
    private func isNegative(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.first.map { bytes[$0] == UInt8(ascii: "-") } ?? false
    }

    private func isSignLike(_ byte: UInt8) -> Bool {
        isSign(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
    }

    private func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 48 <= 9 }

    private func starts(_ bytes: Span<UInt8>, _ range: Range<Int>, with text: [UInt8]) -> Bool {
        guard range.count >= text.count else { return false }
        for offset in text.indices where bytes[range.lowerBound + offset] != text[offset] {
            return false
        }
        return true
    }
}
