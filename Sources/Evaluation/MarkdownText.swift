import Domain

/// Returns what others wrote as Markdown that shows just that text, on one line.
///
/// No part of it is a heading, link, image, HTML, formula or command, and forges find nothing in it
/// to act on: no person or team to tell, no issue or merge request to refer to or close, no address
/// to link. What Markdown reads is escaped (CommonMark 0.31, section 2.4, and GitHub's tables and
/// autolinks); what forges look for afterwards, in the text that is shown, is parted by a space of
/// no width. White space becomes one space; behind 1,000 characters stands `…`.
package func markdownText(_ text: String) -> String {
    // Because the end of a text that is cut must not be half of an escape.
    let words = oneLine(text, charactersMax: 1000).unicodeScalars
        .split(whereSeparator: \.properties.isWhitespace)
    let line = Array(words.joined(separator: [" "]))
    var result = lead(of: line)
    for (place, scalar) in line.enumerated() {
        result += escaped(scalar)
        if place + 1 < line.count, isReference(line, upTo: place) { result += nothing }
    }
    return result
}

/// A space of no width: forges see two words where people see one.
private let nothing = "\u{200B}"

/// A backslash before what begins a list, a rule or a command of GitLab, and nothing otherwise.
private func lead(of line: [Unicode.Scalar]) -> String {
    guard let first = line.first else { return "" }
    let next = line.dropFirst().first ?? " "
    switch first {
    case "/": return "\\"
    case "-", "+", "=": return next == " " || next == first ? "\\" : ""
    default: return ""
    }
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    // Because a table takes its cells apart before it looks for escapes, and a formula its marks.
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "|": "&#124;"
    case "$": "&#36;"
    case "\\", "`", "*", "_", "[", "]", "#", "!", "~": "\\\(scalar)"
    default: String(scalar)
    }
}

/// Whether a forge could take what begins or goes on behind this place for a reference.
private func isReference(_ line: [Unicode.Scalar], upTo place: Int) -> Bool {
    let next = line[place + 1]
    guard next != " " else { return false }
    switch line[place] {
    // People, issues, merge requests, snippets, labels, milestones, epics, alerts.
    case "@", "#", "!", "$", "~", "%", "&", "^": return true
    // Of GitLab: `[issue:1]`, `*iteration:1`, `[+new+]`, `{-old-}`.
    case "[": return isLetter(next) || next == "+" || next == "-"
    case "{": return next == "+" || next == "-"
    case "*": return next == "i"
    // `https://`
    case ":": return next == "/"
    // `www.`
    case "w", "W": return next == "." && isWWW(line[...place])
    // `GH-1`, `PROJECT-12`
    case "-": return isDigit(next) && isTracker(line[..<place])
    // A list: `1. `
    case "0"..."9":
        let isEnd = place + 2 == line.count || line[place + 2] == " "
        return (next == "." || next == ")") && isEnd && line[...place].allSatisfy(isDigit)
    default: return false
    }
}

private func isWWW(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
    line.suffix(3).count == 3 && line.suffix(3).allSatisfy { $0 == "w" || $0 == "W" }
}

/// Whether the text ends in what trackers call a project: capitals and digits, or `gh`.
private func isTracker(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
    let word = line.reversed().prefix { isLetter($0) || isDigit($0) || $0 == "_" }
    guard word.contains(where: isLetter) else { return false }
    let isCapital = word.allSatisfy { !("a"..."z").contains($0) }
    return isCapital || String(String.UnicodeScalarView(word.reversed())).lowercased() == "gh"
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}
