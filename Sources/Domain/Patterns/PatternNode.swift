/// A part of a regular expression.
indirect enum PatternNode {
    /// One character of a class, by its number.
    case letter(Int)
    case check(PatternCheck)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// - `most` nil: any number of times.
    /// - `offset`: where it says so.
    case times(PatternNode, least: Int, most: Int?, offset: Int)
}

/// A condition on the place between two characters.
package enum PatternCheck: UInt8, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordEdge, noWordEdge

    /// Whether it holds between two characters; nil: the text begins or ends there.
    package func holds(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: isLineEdge(before) && !isInsidePair(before, after)
        case .lineEnd: isLineEdge(after) && !isInsidePair(before, after)
        case .wordEdge: isWord(before) != isWord(after)
        case .noWordEdge: isWord(before) == isWord(after)
        }
    }

    private func isLineEdge(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { LetterKind.newline.contains($0) } ?? true
    }

    private func isInsidePair(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
        before == "\r" && after == "\n"
    }

    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { LetterKind.word.contains($0) } ?? false
    }
}
