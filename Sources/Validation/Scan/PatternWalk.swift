import Domain

/// Leads a text through a pattern's net, all ways at once (Thompson 1968).
///
/// Each character is looked at once by each place that the text before it can lead to, so the time
/// is bounded by characters times places, whatever the pattern repeats inside of what it repeats.
/// Each class is asked once about a character, however many places have it.
struct PatternWalk {
    private let net: PatternNet
    /// The places that the text so far leads to.
    private var places: [Int] = []
    private var reached: [Int] = []
    private var left: [Int] = []
    /// By place, the last step that came by.
    private var marks: [Int]
    private var step = 0
    /// By class, the last step that asked it, doubled, and one more where it has the character.
    private var answers: [Int]
    /// How often a place was come by.
    private(set) var visits = 0

    init(_ net: PatternNet) {
        self.net = net
        marks = [Int](repeating: 0, count: net.places.count)
        answers = [Int](repeating: 0, count: net.classes.count)
    }

    /// Whether the whole text matches; bytes that are not UTF-8 are U+FFFD.
    mutating func matches(_ text: Span<UInt8>) -> Bool {
        var index = 0
        var before: Unicode.Scalar?
        var after = scalar(text, &index)
        step += 1
        reached.removeAll(keepingCapacity: true)
        reach(net.start, before, after)
        while let scalar = after {
            swap(&places, &reached)
            guard !places.isEmpty else { return false }
            before = scalar
            after = self.scalar(text, &index)
            step += 1
            reached.removeAll(keepingCapacity: true)
            var letter = CasedLetter(scalar)
            for number in places {
                let place = net.places[number]
                guard place.kind == .letter, isIn(place.other, scalar, &letter) else { continue }
                reach(place.next, before, after)
            }
        }
        return reached.contains(PatternNet.end)
    }

    /// Whether a class has a character, which is `letter` too.
    @inline(__always)
    private mutating func isIn(
        _ number: Int, _ scalar: Unicode.Scalar, _ letter: inout CasedLetter
    ) -> Bool {
        // Because for these a class is a table.
        if scalar.value < 0x80 { return net.classes[number].contains(scalar) }
        if answers[number] >> 1 == step { return answers[number] & 1 == 1 }
        let isIn = net.classes[number].contains(&letter)
        answers[number] = step << 1 | (isIn ? 1 : 0)
        return isIn
    }

    /// Adds a place and all that is reached from it without a character.
    private mutating func reach(
        _ start: Int, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?
    ) {
        left.append(start)
        while let number = left.popLast() {
            guard marks[number] != step else { continue }
            marks[number] = step
            visits += 1
            let place = net.places[number]
            switch place.kind {
            case .end, .letter: reached.append(number)
            case .split:
                left.append(place.other)
                left.append(place.next)
            case .check:
                let check = PatternCheck(rawValue: UInt8(place.other))
                if check?.holds(before, after) == true { left.append(place.next) }
            }
        }
    }

    /// The next character; nil: the text ends.
    private func scalar(_ text: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard index < text.count else { return nil }
        let first = text[index]
        index += 1
        guard first >= 0x80 else { return Unicode.Scalar(first) }
        guard let length = sequenceLength(first), index + length - 1 <= text.count,
            isSecondByte(text[index], after: first)
        else { return "\u{FFFD}" }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for next in index..<index + length - 1 {
            guard text[next] & 0xC0 == 0x80 else { return "\u{FFFD}" }
            value = value << 6 | UInt32(text[next] & 0x3F)
        }
        index += length - 1
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
