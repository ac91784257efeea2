/// What is wrong with a regular expression, and where in it.
package struct PatternError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case openGroup, openClass, openName, openEscape
        case strayParenthesis
        case emptyClass
        case nothingToRepeat
        /// The least number of times is above the most.
        case crossedTimes
        case badRange
        case badNumber
        case unknownEscape(String)
        case unknownProperty(String)
        case unknownGroup(String)
        case tooDeep
        case tooLarge
        case tooLong
        case unsupported(Construct)
    }

    /// What backtracking can match, and a walk over the text cannot.
    package enum Construct: Hashable, Sendable {
        case backReference, lookahead, lookbehind, atomicGroup, possessive, conditional, recursion
        case textSegment, matchStart
    }

    /// How many Unicode scalars of the pattern stand before the mistake.
    package let offset: Int
    package let kind: Kind

    init(_ offset: Int, _ kind: Kind) {
        self.offset = offset
        self.kind = kind
    }
}
