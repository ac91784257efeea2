import Domain

/// A pattern of `ignore:`: `*` and `?` stand for characters within a name, `**` for any folders.
///
/// As in `.gitignore` a pattern without a slash in it matches at any depth, and one that matches a
/// folder covers everything below it.
struct PathPattern: Hashable, Sendable {
    private let parts: [[Unicode.Scalar]]

    init(_ text: String) {
        let inner = text.split(separator: "/")
        let isAnchored = text.hasPrefix("/") || inner.count > 1
        let parts = inner.map { Array($0.unicodeScalars) }
        self.parts = (isAnchored || parts.isEmpty ? [] : [["*", "*"]]) + parts
    }

    /// `path` is relative to the folder that the pattern is relative to.
    func matches(_ path: String) -> Bool {
        guard !parts.isEmpty else { return false }
        let names = path.split(separator: "/").map { Array($0.unicodeScalars) }
        return (1...max(1, names.count)).contains { depth in
            matchesWildcards(parts, Array(names.prefix(depth)), hidesDots: false)
        }
    }
}

/// Whether a name is one that the pattern, with `*` and `?` in it, stands for.
func isMatch(_ name: String, of pattern: String) -> Bool {
    matchesWildcards(
        [Array(pattern.unicodeScalars)], [Array(name.unicodeScalars)], hidesDots: false)
}
