package import Domain

extension CodeOwners {
    /// Reads the file; a line that cannot be read is set aside with a diagnostic.
    ///
    /// `file` is its path. Without a dialect the folder tells it, and then what the lines look
    /// like: headings, exclusions and roles are GitLab's. Owners that are malformed are passed
    /// over; a line that has no others keeps them, so that nobody can approve for it.
    package static func parsing(
        _ text: String, file: String = "CODEOWNERS", dialect: Dialect? = nil
    ) -> (value: CodeOwners, diagnostics: [Diagnostic]) {
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
            .map { trimmed(String(decoding: Array($0), as: UTF8.self)) }
        let dialect = dialect ?? self.dialect(of: lines, file: file)
        guard text.utf8.count <= bytesMax else {
            let value = CodeOwners(file: file, dialect: dialect, sections: [], isUnreadable: true)
            let place = Place(file: file)
            return (value, [Diagnostic(at: place, "the file is longer than 3 MiB")])
        }
        var reader = CodeOwnersReader(file: file, dialect: dialect)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            reader.read(line, index + 1)
        }
        let value = CodeOwners(
            file: file, dialect: dialect, sections: reader.sections, isUnreadable: false)
        return (value, reader.diagnostics)
    }

    private static func dialect(of lines: [String], file: String) -> Dialect {
        if file.hasPrefix(".github/") { return .github }
        if file.hasPrefix(".gitlab/") { return .gitlab }
        let isGitLab = lines.contains { line in
            line.hasPrefix("[") || line.hasPrefix("^[") || line.hasPrefix("!")
                || line.hasPrefix("\\#")
                || !line.hasPrefix("#") && words(line).dropFirst().contains { $0.hasPrefix("@@") }
        }
        return isGitLab ? .gitlab : .github
    }
}

/// Reads line by line and knows under which heading it is.
private struct CodeOwnersReader {
    let file: String
    let dialect: CodeOwners.Dialect
    var sections = [CodeOwners.Section()]
    var diagnostics: [Diagnostic] = []
    private var heading = Heading()
    private var current = 0
    /// Where the section of a heading stands, by its name without regard to case.
    private var known: [String: Int] = [:]
    /// Where a pattern stands in each section.
    private var places: [[CodeOwnersPattern: Int]] = [[:]]

    private struct Heading {
        var name: String?
        var isOptional = false
        var approvals = 1
        var owners: [String] = []
    }

    init(file: String, dialect: CodeOwners.Dialect) {
        self.file = file
        self.dialect = dialect
    }

    mutating func read(_ line: String, _ number: Int) {
        guard dialect == .gitlab, line.hasPrefix("[") || line.hasPrefix("^[") else {
            return readEntry(line, number)
        }
        guard let found = readHeading(line, number) else { return }
        heading = found
        let name = found.name?.lowercased() ?? ""
        if let place = known[name] {
            current = place
        } else {
            current = sections.count
            known[name] = current
            sections.append(CodeOwners.Section(name: found.name))
            places.append([:])
        }
    }

    /// `^[Name][2] @owner`: optional, required approvals and owners of lines that name none.
    private mutating func readHeading(_ line: String, _ number: Int) -> Heading? {
        var heading = Heading()
        heading.isOptional = line.hasPrefix("^")
        let inner = line.drop { $0 == "^" }.dropFirst()
        guard let end = inner.firstIndex(of: "]") else {
            report(number, "the heading has no `]`")
            return nil
        }
        heading.name = String(inner[..<end])
        if trimmed(String(inner[..<end])).isEmpty { report(number, "the section has no name") }
        var rest = inner[inner.index(after: end)...]
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            let count = String(rest.dropFirst().prefix { $0 != "]" })
            rest = rest[rest.index(after: close)...]
            heading.approvals = approvals(count, number)
            if heading.isOptional {
                report(number, "an optional section asks for no approvals", .warning)
            }
        }
        if let first = rest.first, first != " ", first != "\t" {
            report(number, "\(quoted(String(rest))) behind the heading is not read")
        } else {
            heading.owners = owners(words(String(rest)), number)
        }
        return heading
    }

    private mutating func approvals(_ text: String, _ number: Int) -> Int {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber, text.contains(where: { $0 != "0" }) else {
            report(number, "\(quoted(text)) is no number of approvals; 1 is asked for", .warning)
            return 1
        }
        // Because more than there are people is the same however much more it is.
        return min(Int(text) ?? 1_000_000, 1_000_000)
    }

    private mutating func readEntry(_ line: String, _ number: Int) {
        var (text, rest) = patternAndRest(line)
        let isExclusion = dialect == .gitlab && text.hasPrefix("!")
        if isExclusion { text.removeFirst() }
        let pattern: CodeOwnersPattern
        do throws(CodeOwnersPattern.Problem) {
            pattern = try self.pattern(text)
        } catch {
            return report(number, error.message + "; the line is set aside")
        }
        var entry = CodeOwners.Entry(line: number, text: text, pattern: pattern, owners: [])
        entry.isExclusion = isExclusion
        entry.isOptional = heading.isOptional
        entry.approvals = heading.approvals
        if isExclusion {
            if !rest.isEmpty { report(number, "an exclusion has no owners", .warning) }
        } else {
            entry.owners = entryOwners(rest, number)
        }
        add(entry)
    }

    private func pattern(
        _ text: String
    ) throws(CodeOwnersPattern.Problem) -> CodeOwnersPattern {
        guard dialect == .github else { return try CodeOwnersPattern(gitlab: text) }
        for start in ["!", "\\#"] where text.hasPrefix(start) {
            throw CodeOwnersPattern.Problem(message: "GitHub's CODEOWNERS has no `\(start)`")
        }
        return try CodeOwnersPattern(github: text)
    }

    private mutating func entryOwners(_ text: String, _ number: Int) -> [String] {
        let all = words(text)
        let comment = all.firstIndex { $0.hasPrefix("#") }
        guard dialect == .gitlab else {
            return owners(Array(all.prefix(upTo: comment ?? all.endIndex)), number)
        }
        if comment != nil {
            report(number, "GitLab reads owners in a comment behind a line too", .warning)
        }
        if all.isEmpty && heading.owners.isEmpty {
            report(number, "the line has no owners, and its section has none", .warning)
        }
        return all.isEmpty ? heading.owners : owners(all, number)
    }

    private mutating func owners(_ words: [String], _ number: Int) -> [String] {
        let valid = words.filter { isOwner($0, dialect) }
        for word in words where !valid.contains(word) && !(dialect == .gitlab && isComment(word)) {
            report(number, "\(quoted(word)) is no owner; it is passed over")
        }
        return valid.isEmpty ? words : valid
    }

    private func isComment(_ word: String) -> Bool { word.hasPrefix("#") }

    /// On GitLab a pattern that stands there twice keeps the place of the first.
    private mutating func add(_ entry: CodeOwners.Entry) {
        guard dialect == .gitlab, let place = places[current][entry.pattern] else {
            places[current][entry.pattern] = sections[current].entries.count
            return sections[current].entries.append(entry)
        }
        sections[current].entries[place] = entry
    }

    private mutating func report(
        _ line: Int, _ message: String, _ severity: Diagnostic.Severity = .error
    ) {
        guard diagnostics.count <= diagnosticsMax else { return }
        let isLast = diagnostics.count == diagnosticsMax
        diagnostics.append(
            isLast
                ? Diagnostic(at: Place(file: file, line: line), "from here on much more is wrong")
                : Diagnostic(severity, at: Place(file: file, line: line), message))
    }
}

private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\r"
}

private func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars.drop(while: isBlank)
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
}

private func words(_ text: String) -> [String] {
    text.unicodeScalars.split(whereSeparator: isBlank).map(String.init)
}

/// A blank behind a backslash belongs to the pattern.
private func patternAndRest(_ line: String) -> (pattern: String, rest: String) {
    var isEscaped = false
    let scalars = line.unicodeScalars
    let end = scalars.firstIndex { scalar in
        let isEnd = isBlank(scalar) && !isEscaped
        isEscaped = scalar == "\\" && !isEscaped
        return isEnd
    }
    guard let end else { return (line, "") }
    return (String(scalars[..<end]), trimmed(String(scalars[end...])))
}

/// `@user`, `@org/team`, a mail address; on GitLab also `@group/sub/sub` and `@@role`.
private func isOwner(_ word: String, _ dialect: CodeOwners.Dialect) -> Bool {
    guard word.hasPrefix("@") else {
        let halves = word.split(separator: "@", omittingEmptySubsequences: false)
        return halves.count == 2 && halves.allSatisfy { !$0.isEmpty }
    }
    if dialect == .gitlab, word.hasPrefix("@@") { return isHandle(word.dropFirst(2)) }
    let parts = word.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy(isHandle) && (dialect == .gitlab || parts.count <= 2)
}

private func isHandle(_ text: Substring) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-_.".utf8.contains(byte)
        }
}
