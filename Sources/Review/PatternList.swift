/// Comma-separated patterns with `*`, `?` and `!`, as ssh_config(5) describes under PATTERNS.
///
/// A text matches when some pattern matches it and no pattern after `!` does.
package struct PatternList: Hashable, Sendable {
    private struct Pattern: Hashable, Sendable {
        var bytes: [UInt8]
        var isNegated: Bool

        var isLiteral: Bool {
            !isNegated && !bytes.contains(UInt8(ascii: "*")) && !bytes.contains(UInt8(ascii: "?"))
        }
    }

    private let patterns: [Pattern]

    package init(_ text: String) {
        patterns = text.utf8.split(separator: UInt8(ascii: ",")).map { part in
            let isNegated = part.first == UInt8(ascii: "!")
            return Pattern(bytes: Array(isNegated ? part.dropFirst() : part), isNegated: isNegated)
        }
    }

    package var isEmpty: Bool { patterns.isEmpty }

    /// The patterns that can match one text only, in the order of the list.
    package var literals: [String] {
        patterns.filter(\.isLiteral).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Every pattern without its `!`, in the order of the list.
    var texts: [String] { patterns.map { String(decoding: $0.bytes, as: UTF8.self) } }

    /// Compares bytes; upper and lower case differ.
    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let hits = patterns.filter { globMatches($0.bytes, bytes) }
        return !hits.isEmpty && !hits.contains(where: \.isNegated)
    }

    /// The text matches, and one of the patterns is the text itself, byte for byte.
    package func names(_ text: String) -> Bool {
        matches(text) && patterns.contains { $0.isLiteral && $0.bytes == Array(text.utf8) }
    }
}

/// Matches in time proportional to the product of both lengths: only the last `*` is retried.
private func globMatches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var position = 0
    var at = 0
    var lastStar: (pattern: Int, text: Int)?
    while at < text.count {
        if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
            lastStar = (position, at)
            position += 1
        } else if position < pattern.count,
            pattern[position] == text[at] || pattern[position] == UInt8(ascii: "?")
        {
            position += 1
            at += 1
        } else if let star = lastStar {
            position = star.pattern + 1
            at = star.text + 1
            lastStar = (star.pattern, at)
        } else {
            return false
        }
    }
    return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
}
