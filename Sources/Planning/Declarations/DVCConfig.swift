import Domain

/// What a `.dvc/config` says about where DVC keeps files.
///
/// The file is INI as ConfigObj reads it: `[core]`, `['remote "name"']`, `key = value`, comments
/// after `#`, values bare or in quotes of either kind. Keys and names count without case.
/// Source: DVC 3.67, `dvc/config.py`; ConfigObj 5.0, `configobj.py`.
struct DVCConfig: Hashable, Sendable {
    /// One place where files are kept.
    struct Remote: Hashable, Sendable {
        var url: String?
        /// Where the url stands; without one, where the remote does.
        var place: Place
        /// Files stand there under their own names, not under their digests.
        var isVersionAware = false
    }

    /// The remote of what names none.
    var defaultRemote: Mention<String>?
    var remotes: [String: Remote] = [:]

    /// Reads a `.dvc/config`.
    static func parse(_ bytes: [UInt8], file: String) -> Parsed<DVCConfig> {
        guard bytes.count <= documentBytesMax, let text = String(validating: bytes, as: UTF8.self)
        else {
            return Parsed(
                draft: nil,
                diagnostics: [
                    Diagnostic(
                        at: Place(file: file), "the file is no UTF-8 text of at most 1 MiB")
                ])
        }
        var reader = Reader(file: file)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (number, line) in lines.enumerated() { reader.read(line, number: number + 1) }
        return Parsed(
            draft: reader.diagnostics.isEmpty ? reader.config : nil,
            diagnostics: reader.diagnostics)
    }

    /// The paths at which DVC would look for the config of a file of its own, nearest first.
    static func paths(for source: String) -> [String] {
        var folder = source.split(separator: "/").dropLast()
        var paths: [String] = []
        while !folder.isEmpty {
            paths.append(folder.joined(separator: "/") + "/.dvc/config")
            folder = folder.dropLast()
        }
        return paths + [".dvc/config"]
    }

    static func isPath(_ path: String) -> Bool {
        path == ".dvc/config" || path.hasSuffix("/.dvc/config")
    }
}

private struct Reader {
    let file: String
    var config = DVCConfig()
    var diagnostics: [Diagnostic] = []
    private var section = ""

    init(file: String) { self.file = file }

    mutating func read(_ line: Substring, number: Int) {
        let indent = line.prefix { $0 == " " || $0 == "\t" }.count
        let place = Place(file: file, line: number, column: indent + 1)
        let text = trimmed(line)
        if text.isEmpty || text.hasPrefix("#") { return }
        if text.hasPrefix("[") { return enter(text, place) }
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            diagnostics.append(
                Diagnostic(
                    at: place, "the line is neither a `[section]` nor `key = value`",
                    hint: "see it as DVC does: dvc config --list"))
            return
        }
        let key = bare(trimmed(text[..<equals])).lowercased()
        let rest = text[text.index(after: equals)...]
        let column = text.distance(from: text.startIndex, to: equals) + indent + 2
        let space = rest.prefix { $0 == " " || $0 == "\t" }.count
        set(
            key, value(trimmed(rest)),
            Place(file: file, line: number, column: column + space))
    }

    private mutating func enter(_ text: Substring, _ place: Place) {
        guard let end = text.lastIndex(of: "]") else {
            diagnostics.append(Diagnostic(at: place, "the `[` is never closed"))
            return
        }
        section = bare(trimmed(text[text.index(after: text.startIndex)..<end])).lowercased()
        if let name = remote { config.remotes[name] = DVCConfig.Remote(url: nil, place: place) }
    }

    /// The name in `remote "name"`.
    private var remote: String? {
        guard section.hasPrefix("remote ") else { return nil }
        return bare(trimmed(section.dropFirst(7)))
    }

    private mutating func set(_ key: String, _ value: String, _ place: Place) {
        if section == "core", key == "remote" {
            config.defaultRemote = Mention(value: value, place: place)
        }
        guard let remote else { return }
        switch key {
        case "url":
            config.remotes[remote]?.url = value
            config.remotes[remote]?.place = place
        case "version_aware", "worktree":
            if ["true", "yes", "on", "1"].contains(value.lowercased()) {
                config.remotes[remote]?.isVersionAware = true
            }
        default: break
        }
    }

    /// A value without its quotes, or without the comment behind it.
    private func value(_ text: Substring) -> String {
        for quote in ["\"", "'"] where text.hasPrefix(quote) {
            let inner = text.dropFirst()
            if let end = inner.firstRange(of: quote) { return String(inner[..<end.lowerBound]) }
        }
        return String(trimmed(text.prefix { $0 != "#" }))
    }

    private func bare(_ text: Substring) -> String {
        for quote in ["\"", "'"] where text.count > 1 && text.hasPrefix(quote) {
            if text.hasSuffix(quote) { return String(text.dropFirst().dropLast()) }
        }
        return String(text)
    }

    private func trimmed(_ text: Substring) -> Substring {
        let text = text.drop { $0 == " " || $0 == "\t" }
        let end = text.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { text[...$0] } ?? ""
    }
}
