/// Places between the characters of a pattern, after Thompson (1968).
///
/// A text matches when some way leads from `start` over all of its characters to `end`. Bounded
/// repetitions are written out, so their number is bounded.
package struct PatternNet: Sendable {
    package static let placesMax = 10_000
    /// Where a text ends that matches.
    package static let end = 0

    package struct Place: Sendable {
        package enum Kind: Sendable {
            case end
            /// Behind a character of the class `other` comes `next`.
            case letter
            /// Where the check with the raw value `other` holds comes `next`.
            case check
            /// `next` and `other` both come without a character.
            case split
        }

        package let kind: Kind
        package let next: Int
        package let other: Int
    }

    package private(set) var places = [Place(kind: .end, next: 0, other: 0)]
    package private(set) var start = 0
    package let classes: [LetterClass]
    /// The outermost repetition that is written out, for the place of an error.
    private var written: Int?
    private var steps = 0

    init(_ tree: PatternNode, classes: [LetterClass]) throws(PatternError) {
        self.classes = classes
        start = try add(tree, then: Self.end)
    }

    /// Adds a part behind which `next` follows; returns where it begins.
    private mutating func add(
        _ node: PatternNode, then next: Int
    ) throws(PatternError) -> Int {
        steps += 1
        // Because parts that match nothing have no places, and take their time all the same.
        guard places.count < Self.placesMax, steps < 4 * Self.placesMax else {
            throw PatternError(written ?? 0, .tooLarge)
        }
        switch node {
        case .letter(let number): return put(.letter, next, number)
        case .check(let check): return put(.check, next, Int(check.rawValue))
        case .sequence(let parts):
            var start = next
            for part in parts.reversed() { start = try add(part, then: start) }
            return start
        case .choice(let sides):
            var start: Int?
            for side in sides.reversed() {
                let side = try add(side, then: next)
                start = start.map { put(.split, side, $0) } ?? side
            }
            return start ?? next
        case .times(let part, let least, let most, let offset):
            let isOutermost = written == nil && most ?? least > 1
            if isOutermost { written = offset }
            let start = try add(part, least: least, most: most, then: next)
            if isOutermost { written = nil }
            return start
        }
    }

    private mutating func add(
        _ part: PatternNode, least: Int, most: Int?, then next: Int
    ) throws(PatternError) -> Int {
        var start = next
        if let most {
            for _ in least..<most { start = put(.split, try add(part, then: start), next) }
        } else {
            start = put(.split, next, next)
            let loop = start
            let inside = try add(part, then: loop)
            places[loop] = Place(kind: .split, next: inside, other: next)
        }
        for _ in 0..<least { start = try add(part, then: start) }
        return start
    }

    private mutating func put(_ kind: Place.Kind, _ next: Int, _ other: Int) -> Int {
        places.append(Place(kind: kind, next: next, other: other))
        return places.count - 1
    }
}
