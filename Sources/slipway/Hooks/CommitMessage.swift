import Domain
import Git

/// A commit's message while it is written, and what its trailers say to Slipway.
struct CommitMessage: Sendable {
    let file: String
    private let text: String
    private let lines: [Substring]

    /// - Parameter comment: how lines begin that git takes out, `core.commentChar`.
    init(_ text: String, file: String, comment: String = "#") {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // Because the rules of trailers know the usual sign only; columns stay as they are.
            comment.count == 1 && comment != "#" && line.hasPrefix(comment)
                ? "#" + line.dropFirst() : line
        }
        self.text = lines.joined(separator: "\n")
    }

    /// Whether it is empty, so that git makes no commit of it.
    var isEmpty: Bool {
        let cut = lines.prefix {
            !$0.hasPrefix("# ---") || !$0.hasSuffix(">8 ------------------------")
        }
        return cut.allSatisfy { line in
            line.hasPrefix("#") || line.allSatisfy(\.isWhitespace)
        }
    }

    /// What is wrong with the trailers that Slipway reads.
    ///
    /// - Parameter isCommit: whether a revision is a commit that this repository has.
    func diagnostics(isCommit: (String) async throws -> Bool) async throws -> [Diagnostic] {
        let trailers = Trailer.all(in: text)
        var found: [Diagnostic] = []
        var bumps: Set<String> = []
        for value in trailers.values(of: "Version-Bump") {
            guard VersionBump(rawValue: value) != nil else {
                found.append(
                    error(
                        "Version-Bump", value, "`\(oneLine(value, charactersMax: 60))` is no bump",
                        hint: "Version-Bump: major, minor or patch"))
                continue
            }
            guard bumps.insert(value).inserted, bumps.count > 1 else { continue }
            found.append(
                error("Version-Bump", value, "two different bumps", hint: "keep one of them"))
        }
        for value in trailers.values(of: "Restored-from") {
            guard let problem = try await problem(ofCommit: value, isCommit) else { continue }
            found.append(
                error(
                    "Restored-from", value, problem,
                    hint: "name the commit, 7 to 40 hex digits, or let slipway rollback write it"))
        }
        return found + stray(trailers)
    }

    private func problem(
        ofCommit value: String, _ isCommit: (String) async throws -> Bool
    ) async throws -> String? {
        let shown = oneLine(value, charactersMax: 60)
        guard (7...40).contains(value.utf8.count), value.allSatisfy({ $0.isHexDigit }) else {
            return "`\(shown)` is not the id of a commit"
        }
        return try await isCommit(value) ? nil : "there is no commit `\(shown)` here"
    }

    private func error(
        _ key: String, _ value: String, _ message: String, hint: String
    ) -> Diagnostic {
        Diagnostic(at: place(of: key, value), message, hint: hint)
    }

    /// Where the value of a trailer begins; the last line that says it counts.
    private func place(of key: String, _ value: String) -> Place {
        let number =
            lines.lastIndex { self.value(of: key, in: $0)?.text == value }
            ?? lines.lastIndex { self.value(of: key, in: $0) != nil }
        guard let number else { return Place(file: file) }
        return Place(
            file: file, line: number + 1, column: self.value(of: key, in: lines[number])?.column)
    }

    /// What stands behind `key:` in a line, and at which column.
    private func value(of key: String, in line: Substring) -> (text: String, column: Int)? {
        guard line.lowercased().hasPrefix(key.lowercased()) else { return nil }
        let behind = line.dropFirst(key.count).drop { $0 == " " || $0 == "\t" }
        guard behind.first == ":" else { return nil }
        let value = behind.dropFirst().drop { $0 == " " || $0 == "\t" }
        var text = value
        while text.last?.isWhitespace == true { text.removeLast() }
        return (String(text), line.utf8.count - value.utf8.count + 1)
    }

    /// Lines that look like ours and stand where trailers do not count.
    private func stray(_ trailers: [Trailer]) -> [Diagnostic] {
        ["Version-Bump", "Restored-from"].flatMap { key in
            let counted = trailers.values(of: key).count
            let written = lines.indices.filter { value(of: key, in: lines[$0]) != nil }
            return written.dropLast(counted).map { number in
                Diagnostic(
                    .warning, at: Place(file: file, line: number + 1, column: 1),
                    "`\(key):` does not count here",
                    hint: "trailers stand in the last paragraph, and nothing else does")
            }
        }
    }
}
