/// A pattern of paths as CODEOWNERS files and the rules of a policy write them.
///
/// GitHub's follow gitignore(5): a slash at the start or in the middle ties them to the root, what
/// matches a folder covers it, `docs/*` does not. GitLab's follow Ruby's `File.fnmatch` with
/// FNM_PATHNAME and FNM_DOTMATCH: only a slash at the start ties, nothing is covered, `[ ]` works.
package struct CodeOwnersPattern: Hashable, Sendable {
    /// Why a pattern cannot be read.
    struct Problem: Error, Hashable {
        var message: String
    }

    private enum Part: Hashable {
        /// Any number of folders, none included.
        case folders
        /// At least one more name.
        case rest
        case name([Symbol])
    }

    private enum Symbol: Hashable {
        case scalar(Unicode.Scalar)
        /// `?`
        case one
        /// `*`
        case any
        case oneOf([ClosedRange<Unicode.Scalar>], isNegated: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .scalar(let own): own == scalar
            case .one: true
            case .any: false
            case .oneOf(let ranges, let isNegated):
                ranges.contains { $0.contains(scalar) } != isNegated
            }
        }
    }

    private var parts: [Part] = []
    /// What matches a folder matches everything in it.
    private var coversFolders = false

    /// Reads a pattern by GitHub's rules.
    init(github text: String) throws(Problem) {
        guard !text.utf8.isEmpty else { throw Problem(message: "the pattern is empty") }
        guard text != "/" else { throw Problem(message: "`/` matches nothing; write `*`") }
        var names = split(text)
        if names[0].isEmpty {
            names.removeFirst()
        } else if names.count == 1 || names.count == 2 && names[1].isEmpty, names[0] != ["*", "*"] {
            names.insert(["*", "*"], at: 0)
        }
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            if isLast && name.isEmpty || isLast && name == ["*", "*"] {
                parts.append(.rest)
            } else if name == ["*", "*"] {
                parts.append(.folders)
            } else if name.isEmpty {
                throw Problem(message: "there is no name between two slashes")
            } else {
                parts.append(.name(try Self.symbols(name, hasSets: false)))
                coversFolders = isLast && name != ["*"]
            }
        }
    }

    /// Reads a pattern by GitLab's rules, without the `!` of an exclusion.
    init(gitlab text: String) throws(Problem) {
        guard !text.utf8.isEmpty else { throw Problem(message: "the pattern is empty") }
        var names = split(text.hasPrefix("\\#") ? String(text.dropFirst()) : text)
        if names[0].isEmpty { names.removeFirst() } else { names.insert(["*", "*"], at: 0) }
        if names.last?.isEmpty ?? true {
            names.removeLast(names.isEmpty ? 0 : 1)
            names += [["*", "*"], ["*"]]
        }
        for (index, name) in names.enumerated() {
            if name == ["*", "*"], index < names.count - 1 {
                parts.append(.folders)
            } else {
                parts.append(.name(try Self.symbols(name, hasSets: true)))
            }
        }
    }

    /// Reads a pattern of names, in which `*` and `?` alone are special.
    init(name text: String) {
        let symbols = text.unicodeScalars.map { scalar -> Symbol in
            switch scalar {
            case "*": .any
            case "?": .one
            default: .scalar(scalar)
            }
        }
        parts = [.name(symbols)]
    }

    /// `path` is relative to the root of the repository; takes time in proportion to the product
    /// of both lengths.
    package func matches(_ path: String) -> Bool { matches(Self.names(of: path)) }

    /// The names of a path, split once for many patterns.
    static func names(of path: String) -> [[Unicode.Scalar]] {
        path.unicodeScalars.split(separator: "/").map(Array.init)
    }

    func matches(_ names: [[Unicode.Scalar]]) -> Bool {
        var reached = [true] + Array(repeating: false, count: names.count)
        for part in parts {
            var next = Array(repeating: false, count: names.count + 1)
            switch part {
            case .folders, .rest:
                var isReached = false
                for index in reached.indices {
                    next[index] = isReached || part == .folders && reached[index]
                    isReached = isReached || reached[index]
                }
            case .name(let symbols):
                for (index, name) in names.enumerated() where reached[index] {
                    next[index + 1] = Self.matches(symbols, name)
                }
            }
            guard next.contains(true) else { return false }
            reached = next
        }
        return reached[names.count] || coversFolders && reached.dropFirst().contains(true)
    }

    /// Only the last `*` is retried.
    private static func matches(_ symbols: [Symbol], _ name: [Unicode.Scalar]) -> Bool {
        var position = 0
        var at = 0
        var lastStar: (symbol: Int, scalar: Int)?
        while at < name.count {
            if position < symbols.count, symbols[position] == .any {
                lastStar = (position, at)
                position += 1
            } else if position < symbols.count, symbols[position].matches(name[at]) {
                position += 1
                at += 1
            } else if let star = lastStar {
                position = star.symbol + 1
                at = star.scalar + 1
                lastStar = (star.symbol, at)
            } else {
                return false
            }
        }
        return symbols[position...].allSatisfy { $0 == .any }
    }

    private static func symbols(
        _ name: [Unicode.Scalar], hasSets: Bool
    ) throws(Problem) -> [Symbol] {
        var symbols: [Symbol] = []
        var rest = name[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": if symbols.last != .any { symbols.append(.any) }
            case "?": symbols.append(.one)
            case "\\":
                guard let next = rest.popFirst() else {
                    throw Problem(message: "there is nothing behind the last `\\`")
                }
                symbols.append(.scalar(next))
            case "[" where hasSets: symbols.append(try set(&rest))
            case "[" where !hasSets, "]" where !hasSets:
                throw Problem(message: "GitHub's CODEOWNERS has no `[ ]`")
            default: symbols.append(.scalar(scalar))
            }
        }
        return symbols
    }

    /// Reads what follows `[`, as Ruby does: the first `]` ends it, `!` or `^` negates.
    private static func set(
        _ rest: inout ArraySlice<Unicode.Scalar>
    ) throws(Problem) -> Symbol {
        func next() throws(Problem) -> Unicode.Scalar {
            if rest.first == "\\" { rest.removeFirst() }
            guard let scalar = rest.popFirst() else {
                throw Problem(message: "a `[` is not closed within its name")
            }
            return scalar
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        let isNegated = rest.first == "!" || rest.first == "^"
        if isNegated { rest.removeFirst() }
        while rest.first != "]" {
            let low = try next()
            guard rest.first == "-", rest.dropFirst().first != "]" else {
                ranges.append(low...low)
                continue
            }
            rest.removeFirst()
            let high = try next()
            // Because Ruby takes the ends of a range that runs backwards, and nothing between.
            ranges += low <= high ? [low...high] : [low...low, high...high]
        }
        rest.removeFirst()
        return .oneOf(ranges, isNegated: isNegated)
    }
}

/// Splits at slashes and keeps empty names.
private func split(_ text: String) -> [[Unicode.Scalar]] {
    text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(Array.init)
}
