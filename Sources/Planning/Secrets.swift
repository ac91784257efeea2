package import Domain

import struct Crypto.SHA256

/// The most that is read of one file: what is larger is data, and no place for keys.
package let secretFileBytesMax = 1 << 20

/// The words that let a line pass, in the line itself or in the one above.
package let secretPermission = "slipway:allow-secret"

/// One thing in a file that looks like a key; the thing itself is not in it.
package struct SecretFinding: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case privateKey = "a private key"
        case awsKeyID = "an AWS access key id"
        case awsSecret = "an AWS secret access key"
        case github = "a GitHub token"
        case gitlab = "a GitLab token"
        case slack = "a Slack token"
        case google = "a Google API key"
        case huggingFace = "a Hugging Face token"
        case assigned = "a secret"
    }

    package var kind: Kind
    /// Both count from 1; the column counts bytes.
    package var line: Int
    package var column: Int
    /// What may be shown: its public beginning, or the name that it is assigned to.
    package var shown: String
    package var sizeBytes: Int
    /// The SHA-256 of the thing, by which it is known again.
    package var digest: Digest

    /// `this looks like a GitHub token (ghp_…, 40 characters)`
    package var message: String {
        "this looks like \(kind.rawValue) (\(shown), \(sizeBytes) characters)"
    }
}

/// What was found in one file.
package struct SecretScan: Hashable, Sendable {
    package enum Skip: Hashable, Sendable { case binary, tooLarge }

    /// In the order of lines, at most `SecretScan.findingsMax`.
    package var findings: [SecretFinding] = []
    /// What a comment lets pass.
    package var allowed: Set<Digest> = []
    /// Why the file was not searched; nil: it was.
    package var skipped: Skip?

    package static let findingsMax = 100
}

/// Finds what looks like a key in the lines of a file that none of its earlier contents has.
///
/// Takes time linear in the file's size: each byte starts at most one look-ahead, and those are
/// bounded. A file over `secretFileBytesMax`, or with a NUL byte near its beginning, is skipped.
package func findSecrets(
    in bytes: [UInt8], path: String, since earlier: [[UInt8]] = []
) -> SecretScan {
    guard bytes.count <= secretFileBytesMax else { return SecretScan(skipped: .tooLarge) }
    guard !bytes.prefix(8000).contains(0) else { return SecretScan(skipped: .binary) }
    var search = SecretSearch(bytes, isConfiguration: isConfiguration(path))
    search.run()
    guard !search.found.isEmpty else { return SecretScan() }
    let known = earlier.filter { $0.count <= secretFileBytesMax }.map {
        Set($0.split(separator: newline, omittingEmptySubsequences: false))
    }
    var scan = SecretScan()
    for item in search.found {
        let isNew = known.allSatisfy { lines in
            item.lines.contains { !lines.contains(bytes[search.lines[$0]]) }
        }
        guard isNew else { continue }
        if search.isAllowed(item.lines.lowerBound) {
            scan.allowed.insert(item.finding.digest)
        } else if scan.findings.count < SecretScan.findingsMax {
            scan.findings.append(item.finding)
        }
    }
    return scan
}

private let newline = UInt8(ascii: "\n")

/// Whether values stand in a file without quotes: settings, not programs.
private func isConfiguration(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let endings = [
        ".env", ".yaml", ".yml", ".ini", ".cfg", ".conf", ".toml", ".properties", ".sh", ".bash",
    ]
    return name.hasPrefix(".env") || name == "dockerfile" || endings.contains(where: name.hasSuffix)
}

/// One pass over the lines of one file.
private struct SecretSearch {
    struct Found {
        var finding: SecretFinding
        /// The lines that the thing stands in; new when one of them is.
        var lines: ClosedRange<Int>
    }

    private let bytes: [UInt8]
    private let isConfiguration: Bool
    /// Each without its newline.
    let lines: [Range<Int>]
    private(set) var found: [Found] = []

    init(_ bytes: [UInt8], isConfiguration: Bool) {
        self.bytes = bytes
        self.isConfiguration = isConfiguration
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == newline {
            lines.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        self.lines = lines
    }

    /// Ten times as many as are shown, because some may be old or allowed.
    mutating func run() {
        for number in lines.indices {
            guard found.count < 10 * SecretScan.findingsMax else { return }
            searchKeyBlock(number)
            searchLine(number)
        }
    }

    func isAllowed(_ number: Int) -> Bool {
        let mark = Array(secretPermission.utf8)
        return [number, number - 1].filter { $0 >= 0 }.contains { number in
            position(of: mark, in: bytes, lines[number]) != nil
        }
    }

    // MARK: Private keys

    /// `-----BEGIN … PRIVATE KEY` and then what only a real key has: its body.
    private mutating func searchKeyBlock(_ number: Int) {
        let line = lines[number]
        guard let begin = position(of: Self.keyBegin, in: bytes, line) else { return }
        // A kind such as `OPENSSH` stands between the two.
        let title = begin..<min(line.upperBound, begin + 48)
        guard let name = position(of: Self.keyName, in: bytes, title) else { return }
        // A key in JSON has its lines as `\n` in one line.
        if longestKeyRun((name + Self.keyName.count)..<line.upperBound) >= 40 {
            return add(.privateKey, begin..<line.upperBound, number, to: number)
        }
        // Headers such as Proc-Type stand between the first line and the body.
        let next = lines.indices.dropFirst(number + 1).prefix(8)
        guard let body = next.first(where: { isKeyBody(lines[$0]) }) else { return }
        add(.privateKey, begin..<lines[body].upperBound, number, to: body)
    }

    private static let keyBegin = Array("-----BEGIN ".utf8)
    private static let keyName = Array("PRIVATE KEY".utf8)

    /// Whether a line is base64 and hardly anything else: quotes, a comment's sign, an indent.
    private func isKeyBody(_ line: Range<Int>) -> Bool {
        let run = longestKeyRun(line)
        let others = line.count { bytes[$0] != 32 && bytes[$0] != 9 } - run
        return run >= 40 && others <= 8
    }

    private func longestKeyRun(_ range: Range<Int>) -> Int {
        var longest = 0
        var run = 0
        for byte in bytes[range] {
            run = isBase64(byte) ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    // MARK: Lines

    private mutating func searchLine(_ number: Int) {
        let line = lines[number]
        var next = line.lowerBound
        for index in line where Self.isBeginning[Int(bytes[index])] && index >= next {
            let before = index > line.lowerBound ? bytes[index - 1] : 0
            if !isWord(before), let end = token(at: index, line, number) {
                next = end
            } else if bytes[index] == UInt8(ascii: "=") || bytes[index] == UInt8(ascii: ":"),
                let end = assignment(at: index, line, number)
            {
                next = end
            }
        }
    }

    /// The bytes at which something can be found, because most of a file is none of them.
    private static let isBeginning = (0..<256).map { byte in
        !TokenRule.byFirst[byte].isEmpty || byte == 0x3A || byte == 0x3D
    }

    /// Records a token that begins at `index`; returns where it ends.
    private mutating func token(at index: Int, _ line: Range<Int>, _ number: Int) -> Int? {
        for rule in TokenRule.byFirst[Int(bytes[index])]
        where bytes[index..<line.upperBound].starts(with: rule.prefix) {
            let start = index + rule.prefix.count
            let most = min(line.upperBound, start + rule.length.upperBound + 1)
            let end = bytes[start..<most].firstIndex { !rule.takes($0) } ?? most
            guard rule.length.contains(end - start), !isExample(bytes[index..<end]) else {
                continue
            }
            if end < line.upperBound, isWord(bytes[end]) { continue }
            let shown = String(decoding: rule.prefix, as: UTF8.self) + "…"
            add(rule.kind, index..<end, number, to: number, shown: shown)
            return end
        }
        return nil
    }

    private mutating func add(
        _ kind: SecretFinding.Kind, _ range: Range<Int>, _ first: Int, to last: Int,
        shown: String = "-----BEGIN …"
    ) {
        found.append(
            Found(
                finding: SecretFinding(
                    kind: kind, line: first + 1,
                    column: range.lowerBound - lines[first].lowerBound + 1, shown: shown,
                    sizeBytes: range.count,
                    digest: Digest(bytes: SHA256.hash(data: bytes[range]))),
                lines: first...last))
    }

    /// Records a secret that the sign at `index` assigns to a telling name; returns its end.
    private mutating func assignment(
        at index: Int, _ line: Range<Int>, _ number: Int
    ) -> Int? {
        let names = AssignedName.before(index, in: bytes, from: line.lowerBound)
        guard let name = names.first(where: \.isTelling) else { return nil }
        guard let value = assignedValue(after: index, line) else { return nil }
        // What has a form of its own is named after it.
        if token(at: value.lowerBound, line, number) != nil { return value.upperBound }
        guard let kind = name.kind(of: bytes[value]) else { return nil }
        add(kind, value, number, to: number, shown: "the value of \(name.text)")
        return value.upperBound
    }

    /// The text between quotes behind `=`, `:`, `:=` or `=>`; in settings also without quotes.
    private func assignedValue(after sign: Int, _ line: Range<Int>) -> Range<Int>? {
        let signs = Array("=:> \t".utf8)
        var start = sign + 1
        while start < min(line.upperBound, sign + 9), signs.contains(bytes[start]) { start += 1 }
        guard start < line.upperBound else { return nil }
        let most = min(line.upperBound, start + 513)
        let quote = bytes[start]
        if "\"'`".utf8.contains(quote) {
            guard let end = bytes[(start + 1)..<most].firstIndex(of: quote) else { return nil }
            return (start + 1)..<end
        }
        guard isConfiguration else { return nil }
        let ends = Array(" \t\r,;#\"'`)".utf8)
        return start..<(bytes[start..<most].firstIndex { ends.contains($0) } ?? most)
    }
}

/// The form of a token that says itself what it is.
private struct TokenRule: Sendable {
    var kind: SecretFinding.Kind
    var prefix: [UInt8]
    /// How many characters follow the prefix.
    var length: ClosedRange<Int>
    var takes: @Sendable (UInt8) -> Bool

    private init(
        _ kind: SecretFinding.Kind, _ prefix: String, _ length: ClosedRange<Int>,
        _ takes: @escaping @Sendable (UInt8) -> Bool
    ) {
        self.kind = kind
        self.prefix = Array(prefix.utf8)
        self.length = length
        self.takes = takes
    }

    /// By the first byte of the prefix.
    static let byFirst = (0..<256).map { first in all.filter { Int($0.prefix[0]) == first } }

    private static let all: [TokenRule] =
        ["AKIA", "ASIA", "ABIA", "ACCA"].map { TokenRule(.awsKeyID, $0, 16...16, isUpper) }
        + ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            TokenRule(.github, $0, 36...251, isAlphanumeric)
        }
        + [TokenRule(.github, "github_pat_", 60...251, isWord)]
        + ["glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glsoat-", "glcbt-"].map {
            TokenRule(.gitlab, $0, 20...251, isWordOrDash)
        }
        + ["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map {
            TokenRule(.slack, $0, 20...251, isWordOrDash)
        }
        + [
            TokenRule(.slack, "https://hooks.slack.com/services/", 40...80) {
                isAlphanumeric($0) || $0 == UInt8(ascii: "/")
            },
            TokenRule(.google, "AIza", 35...35, isWordOrDash),
            TokenRule(.huggingFace, "hf_", 30...60, isAlphanumeric),
        ]
}

/// Where a pattern of at least one byte first stands within a range.
private func position(of pattern: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard pattern.count <= range.count else { return nil }
    for start in range.lowerBound...(range.upperBound - pattern.count)
    where bytes[start] == pattern[0] {
        if bytes[start..<range.upperBound].starts(with: pattern) { return start }
    }
    return nil
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
}

private func isUpper(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte)
}

private func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

private func isWordOrDash(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }

func isBase64(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
        || byte == UInt8(ascii: "=")
}

/// Whether it is one of those that the vendors' own manuals show.
func isExample(_ value: ArraySlice<UInt8>) -> Bool {
    value.reversed().starts(with: "EXAMPLE".utf8.reversed())
}
