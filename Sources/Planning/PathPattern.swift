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
            matches(ArraySlice(names.prefix(depth)))
        }
    }

    /// Which prefixes of the names the parts so far cover is carried along, so that no pattern
    /// takes longer than parts times names.
    private func matches(_ names: ArraySlice<[Unicode.Scalar]>) -> Bool {
        let names = Array(names)
        var reached = [true] + Array(repeating: false, count: names.count)
        for part in parts {
            var next = Array(repeating: false, count: names.count + 1)
            if part == ["*", "*"] {
                var any = false
                for index in reached.indices {
                    any = any || reached[index]
                    next[index] = any
                }
            } else {
                for (index, name) in names.enumerated() where reached[index] {
                    next[index + 1] = wildcardMatches(part, name)
                }
            }
            reached = next
        }
        return reached[names.count]
    }
}

/// Whether a name is one that the pattern, with `*` and `?` in it, stands for.
func isMatch(_ name: String, of pattern: String) -> Bool {
    wildcardMatches(Array(pattern.unicodeScalars), Array(name.unicodeScalars))
}

/// `*` and `?` within one name, in time proportional to the product of the lengths.
private func wildcardMatches(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
    var reached = [true] + Array(repeating: false, count: name.count)
    for symbol in pattern {
        var next = Array(repeating: false, count: name.count + 1)
        if symbol == "*" {
            var any = false
            for index in reached.indices {
                any = any || reached[index]
                next[index] = any
            }
        } else {
            for (index, scalar) in name.enumerated() where reached[index] {
                next[index + 1] = symbol == "?" || symbol == scalar
            }
        }
        reached = next
    }
    return reached[name.count]
}
