/// A pattern of refs as people write it: `feature/*` for branches, `refs/pull/*/head` in full.
///
/// `*` stands for any characters but `/`, `**` for any at all, `?` for one that is not `/`. It is
/// compared byte by byte with the whole name.
package struct RefPattern: Hashable, Sendable {
    /// The whole pattern: `refs/heads/feature/*`.
    package let text: String

    /// A pattern that does not start with `refs/` is one of branches.
    package init(_ text: String) {
        self.text = text.utf8.starts(with: "refs/".utf8) ? text : "refs/heads/\(text)"
    }

    /// What every matching name starts with.
    package var prefix: String { String(text.prefix { !isWildcard($0) }) }

    package func matches(_ name: String) -> Bool {
        fits(ArraySlice(text.utf8), ArraySlice(name.utf8))
    }

    /// The pattern as `git fetch` takes it: at most one `*`, which it lets stand for anything.
    ///
    /// It matches all that the pattern does, and more where the pattern has other wildcards. It
    /// always has a `*`, because git makes it an error when a name without one is not there.
    var fetched: String {
        let wildcards = text.filter(isWildcard).count
        if wildcards == 1, text.contains("*") { return text }
        if wildcards == 2, let first = text.firstIndex(of: "*"),
            text[text.index(after: first)...].first == "*"
        {
            return String(text[..<first] + text[text.index(after: first)...])
        }
        return "\(prefix)*"
    }
}

private func isWildcard(_ character: Character) -> Bool { character == "*" || character == "?" }

/// Goes back to the last star that may take one more byte, so the time is that of the product.
private func fits(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    let (star, mark, slash) = (UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "/"))
    var (at, position) = (pattern.startIndex, name.startIndex)
    var single: (pattern: Int, name: Int)?
    var double: (pattern: Int, name: Int)?
    while position < name.endIndex || at < pattern.endIndex {
        if at < pattern.endIndex, pattern[at] == star {
            if at + 1 < pattern.endIndex, pattern[at + 1] == star {
                at += 2
                (double, single) = ((at, position), nil)
            } else {
                at += 1
                single = (at, position)
            }
        } else if at < pattern.endIndex, position < name.endIndex,
            pattern[at] == name[position] || pattern[at] == mark && name[position] != slash
        {
            (at, position) = (at + 1, position + 1)
        } else if let last = single, last.name < name.endIndex, name[last.name] != slash {
            (at, position) = (last.pattern, last.name + 1)
            single = (last.pattern, position)
        } else if let last = double, last.name < name.endIndex {
            (at, position) = (last.pattern, last.name + 1)
            (double, single) = ((last.pattern, position), nil)
        } else {
            return false
        }
    }
    return true
}
