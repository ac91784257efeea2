import FoundationEssentials
import TestKit
import Testing

@testable import Evaluation

/// What Markdown, GitHub, GitLab and Gitea would act on.
private let lures = [
    "@team", "@org/team", "a@b.example", "fixes #1", "closes org/repo#12", "GH-1", "gh-7",
    "JIRA-12", "!5", "$3", "~bug", "~\"two words\"", "%\"v1\"", "%3", "&2", "^alert#1",
    "*iteration:1", "[issue:4]", "[+new+]", "{-old-}", "[[page]]", "www.x.example", "WWW.x.example",
    "https://x.example/?a=b&c=d", "ftp://x", "<https://x.example>", "<a@b.example>",
    "<img src=x onerror=y>", "<!-- slipway:lab:m -->", "<script>", "</details>", "&lt;b&gt;",
    "![x](https://x.example/i.png)", "[a](javascript:b)", "[a][b]", "[b]: https://x.example",
    "[^1]", "`code`", "```", "~~~", "**bold**", "_it_", "~~gone~~", "$x$", "$$x$$", "$`x`$",
    "| a | b |", "\\|", "\\", "# title", "title #", "- item", "+ item", "* item", "1. item",
    "2) item", "1.", "2)", "- [ ] task", "> quote", "---", "- - -", "-", "===", "=", "***",
    "/close", "/label ~bug", ":tada:",
    "    code", "\tcode", "a\nb", "\r\n", "\u{2028}", "\u{202E}", "\u{200B}", "&amp;", "&#64;team",
    "0f3c1e2a9b", "models/m/model.yaml:14", "50 %", "p_00", "C++", "ü", "🙂", "x", " ", "  ",
]

/// Text as it could be found in a repository.
private func text(_ random: inout Seeded) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 1...6, using: &random) {
        if Bool.random(using: &random) {
            text += lures[Int.random(in: 0..<lures.count, using: &random)]
        } else {
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let value = UInt32.random(in: 32...126, using: &random)
                text.unicodeScalars.append(Unicode.Scalar(value) ?? " ")
            }
        }
        if Bool.random(using: &random) { text += " " }
    }
    return text
}

/// What is to be seen of a text: one line, without what does not show.
private func seen(_ text: String) -> String {
    let line = String(
        String.UnicodeScalarView(
            text.unicodeScalars.filter { scalar in
                scalar.properties.generalCategory != .format
            }.map { $0.properties.generalCategory == .control ? " " : $0 }))
    return line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

/// What Markdown makes of text in which only characters are escaped.
private func unescaped(_ markdown: String) -> String {
    var result = ""
    var rest = Substring(markdown)
    let names = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&#124;": "|", "&#36;": "$"]
    while let first = rest.first {
        if let (name, sign) = names.first(where: { rest.hasPrefix($0.key) }) {
            result += sign
            rest = rest.dropFirst(name.count)
        } else if first == "\\", let next = rest.dropFirst().first {
            result.append(next)
            rest = rest.dropFirst(2)
        } else {
            result.append(first)
            rest = rest.dropFirst()
        }
    }
    return result
}

/// What forges look for in the text that is shown.
private func references(in shown: String) -> [String] {
    let text = Array(shown.unicodeScalars)
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
    }
    var found: [String] = []
    for place in text.indices.dropLast() {
        let (sign, next) = (text[place], text[place + 1])
        let isMark = "@#!$~%&^".unicodeScalars.contains(sign)
        if isMark, isWord(next) || next == "\"" { found.append("\(sign)\(next)") }
    }
    let lower = shown.lowercased()
    for word in ["www.", "://", "[issue", "*iteration", "{-", "[+"] where lower.contains(word) {
        found.append(word)
    }
    for word in ["GH-1", "gh-7", "JIRA-12"] {
        for range in shown.ranges(of: word)
        where shown[..<range.lowerBound].unicodeScalars.last.map(isWord) != true {
            found.append(word)
        }
    }
    return found
}

@Suite struct MarkdownTextTests {
    @Test(arguments: lures)
    func `every lure is shown as it is, and nothing acts on it`(lure: String) {
        for text in [lure, "see \(lure)", "\(lure).", "(\(lure)) \(lure)"] {
            let markdown = markdownText(text)
            #expect(seen(unescaped(markdown)) == seen(text))
            #expect(references(in: unescaped(markdown)) == [], "\(markdown)")
            #expect(!markdown.contains("<") && !markdown.contains("\n"))
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `whatever is written is shown as it is, and nothing acts on it`(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<500 {
            let text = text(&random)
            let markdown = markdownText(text)
            #expect(seen(unescaped(markdown)) == seen(text), "seed \(seed): \(text)")
            #expect(references(in: unescaped(markdown)) == [], "seed \(seed): \(text)")
        }
    }

    /// Reads it as GitHub does, in each of the places where a sheet has text.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["SLIPWAY_TEST_PYTHON"] != nil,
            "set SLIPWAY_TEST_PYTHON to a Python with cmarkgfm; `make test` does"))
    func `GitHub's own renderer makes nothing but text of it`() throws {
        var random = Seeded(state: 7)
        let texts = (lures + (0..<3000).map { _ in text(&random) }).filter { !seen($0).isEmpty }
        let cases = texts.map { text in
            ["markdown": markdownText(text), "shown": seen(text)]
        }
        let answer = try python("markdown_oracle.py", JSONEncoder().encode(cases))
        let wrong = try JSONDecoder().decode([Int: [String]].self, from: Data(answer))
        for (place, reasons) in wrong {
            Issue.record("\(texts[place].debugDescription): \(reasons)")
        }
    }

    @Test(arguments: [
        "0.9600", "+0.0500", "-6", "1.5 s", "v1.0.0", "digits/17 for production: passed the gate",
        "2026-11-21",
        "95 % interval", "sha256-1", "digits-2", "p00=1: 0.1 → 0.2", "models/m/train.py:14",
    ])
    func `what acts on nothing stands as it was written`(text: String) {
        #expect(markdownText(text) == text)
    }

    @Test func `a long text is cut before it is escaped`() {
        let text = markdownText(String(repeating: "<", count: 2000))
        #expect(text == String(repeating: "&lt;", count: 1000) + "…")
    }
}
