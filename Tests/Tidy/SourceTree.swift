import FoundationEssentials

/// One Swift file of ours, line by line.
struct SourceFile {
    /// Relative to the repository's root: `Sources/Git/Tree.swift`.
    let path: String
    let lines: [String]
    let code: [String]

    init(path: String, lines: [String]) {
        self.path = path
        self.lines = lines
        code = Self.code(of: lines)
    }

    /// `Sources` or `Tests`.
    var area: String { part(0) }
    /// The target's folder: `Git`.
    var module: String { part(1) }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    private func part(_ index: Int) -> String {
        let parts = path.split(separator: "/")
        return parts.count > index + 1 ? String(parts[index]) : ""
    }

    /// Returns the lines without what stands in comments and in texts, where any word may be said.
    static func code(of lines: [String]) -> [String] {
        var isInText = false
        return lines.map { line in
            let hasQuotes = contains(line, word: "\"\"\"")
            defer { if hasQuotes { isInText.toggle() } }
            return isInText || hasQuotes ? "" : bare(line)
        }
    }
}

/// Returns the line up to its comment, without its texts.
func bare(_ line: String) -> String {
    var result: [UInt8] = []
    var isInText = false
    var isEscaped = false
    let bytes = Array(line.utf8)
    for (index, byte) in bytes.enumerated() {
        if isInText {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInText = false
            }
        } else if byte == UInt8(ascii: "\"") {
            isInText = true
        } else if byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == byte {
            break
        } else {
            result.append(byte)
        }
    }
    return String(decoding: result, as: UTF8.self)
}

/// Returns whether `word` stands in `code` as a whole word.
func contains(_ code: String, word: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 128 || (48...57).contains(byte)
            || (65...90).contains(byte) || (97...122).contains(byte)
    }
    let text = Array(code.utf8)
    let sought = Array(word.utf8)
    guard let first = sought.first, let last = sought.last, text.count >= sought.count
    else { return false }
    for start in 0...(text.count - sought.count) where text[start] == first {
        let end = start + sought.count
        let isFree =
            (start == 0 || !isLetter(text[start - 1]))
            && (end == text.count || !isLetter(last) || !isLetter(text[end]))
        if isFree, text[start..<end].elementsEqual(sought) { return true }
    }
    return false
}

/// The checkout that these tests were built from.
enum SourceTree {
    /// Found from this file's own place, so that the tests work wherever they are started.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path(percentEncoded: false).trimmedSlash

    static let files: [SourceFile] = (paths(in: "Sources") + paths(in: "Tests")).map { path in
        let data = FileManager.default.contents(atPath: root + "/" + path) ?? Data()
        var lines = String(decoding: data, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return SourceFile(path: path, lines: lines)
    }

    static let sources = files.filter { $0.area == "Sources" }

    /// Every Swift file below `folder`, sorted.
    private static func paths(in folder: String) -> [String] {
        let found = try? FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder)
        // Because a tree that cannot be read has no files, which the first test notices.
        return (found ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { folder + "/" + $0 }
    }

    /// Every place where `isWrong` holds, as `path:line: rule`.
    static func places(
        in files: [SourceFile], rule: String, isCode: Bool = true,
        where isWrong: (SourceFile, String) -> Bool
    ) -> [String] {
        files.flatMap { file in
            (isCode ? file.code : file.lines).enumerated()
                .filter { isWrong(file, $0.element) }
                .map { "\(file.path):\($0.offset + 1): \(rule)" }
        }
    }
}

extension String {
    fileprivate var trimmedSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
