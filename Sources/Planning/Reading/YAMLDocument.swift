import Domain
import Yams

/// The largest declaration that is read.
let documentBytesMax = 1 << 20
/// How deep lists and mappings may stand in each other.
let documentNestingMax = 64

/// What a file holds, or why it cannot be read; nil without diagnostics for an empty file.
struct YAMLDocument: Sendable {
    var root: YAMLNode?
    var diagnostics: [Diagnostic] = []

    /// Reads the one document of `file`; every key that is given twice is reported.
    ///
    /// Because Yams stops at the first key that is given twice, its first occurrence is renamed
    /// by one character of the private use area and the file is read again.
    init(_ bytes: [UInt8], file: String) {
        guard bytes.count <= documentBytesMax else {
            diagnostics = [Diagnostic(at: Place(file: file), "the file is larger than 1 MiB")]
            return
        }
        // A byte order mark belongs to no line; libYAML takes one only where it guesses encodings.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        guard var text = String(validating: content, as: UTF8.self) else {
            diagnostics = [notText(content, file: file)]
            return
        }
        if let refusal = prescan(text, file: file) {
            diagnostics = [refusal]
            return
        }
        let escapes = SurrogateEscapes(text, file: file)
        guard escapes.faults.isEmpty else {
            diagnostics = escapes.faults
            return
        }
        text = escapes.text
        for round in 0..<duplicatesMax {
            do {
                // Because nodes are read as they stand, nothing is ever constructed from them.
                let constructor = Constructor([:], [:], [:])
                guard let node = try Yams.compose(yaml: text, .basic, constructor, .utf8) else {
                    return
                }
                var reader = NodeReader(file: file, escapes: escapes)
                root = reader.read(node, depth: 1)
                diagnostics += reader.diagnostics
                return
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = escapes.place(context.mark, file)
                diagnostics.append(
                    Diagnostic(
                        at: place, "the key `\(quoted(keys.min() ?? ""))` is given twice",
                        hint: "delete one of the two lines"))
                guard let renamed = rename(text, at: context.mark, round: round) else { return }
                text = renamed
            } catch {
                // What follows a renamed key may only be broken by the renaming.
                if diagnostics.isEmpty { diagnostics = [diagnostic(for: error, escapes, file)] }
                return
            }
        }
    }
}

private let tooDeep = "lists and mappings are nested deeper than \(documentNestingMax)"
private let duplicatesMax = 50
private let renamedKeys: ClosedRange<UInt32> = 0xE000...0xE000 + 50

/// Whether Slipway itself gave this key its name, because the same key stands twice.
private func isRenamed(_ key: String) -> Bool {
    key.unicodeScalars.first.map { renamedKeys.contains($0.value) } ?? false
}

/// Replaces one character of the key at `mark`; nil when there is none.
private func rename(_ text: String, at mark: Mark, round: Int) -> String? {
    var scalars = Array(text.unicodeScalars)
    var line = 1
    var position = 0
    while line < mark.line, position < scalars.count {
        if isLineEnd(scalars, position) { line += 1 }
        position += 1
    }
    position += mark.column - 1
    if position < scalars.count, scalars[position] == "\"" || scalars[position] == "'" {
        position += 1
    }
    guard position < scalars.count,
        let replacement = Unicode.Scalar(renamedKeys.lowerBound + UInt32(round))
    else { return nil }
    scalars[position] = replacement
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
}

/// libYAML ends lines at LF, CR, CR LF, NEL and the two Unicode separators.
private func isLineEnd(_ scalars: [Unicode.Scalar], _ position: Int) -> Bool {
    switch scalars[position].value {
    case 0x0A, 0x85, 0x2028, 0x2029: true
    case 0x0D: position + 1 >= scalars.count || scalars[position + 1] != "\n"
    default: false
    }
}

/// Turns Yams' nodes into ours and refuses what no declaration needs.
private struct NodeReader {
    let file: String
    let escapes: SurrogateEscapes
    var diagnostics: [Diagnostic] = []

    mutating func read(_ node: Node, depth: Int) -> YAMLNode {
        let (line, column) = place(node)
        func made(_ value: YAMLNode.Value, _ source: String = "") -> YAMLNode {
            YAMLNode(value: value, source: source, line: line, column: column)
        }
        guard depth <= documentNestingMax else {
            report(tooDeep, line, column)
            return made(.null)
        }
        switch node {
        case .scalar(let scalar):
            refuseTag(node.tag, standard: .str, line, column)
            let isPlain = scalar.style == .plain
            return made(
                isPlain ? plainScalar(scalar.string) : .text(scalar.string), scalar.string)
        case .sequence(let sequence):
            refuseTag(node.tag, standard: .seq, line, column)
            return made(.list(sequence.map { read($0, depth: depth + 1) }))
        case .mapping(let mapping):
            refuseTag(node.tag, standard: .map, line, column)
            return made(.table(mapping.compactMap { entry($0.key, $0.value, depth: depth) }))
        case .alias:
            report("anchors and aliases are not supported", line, column)
            return made(.null)
        }
    }

    private mutating func entry(_ key: Node, _ value: Node, depth: Int) -> YAMLNode.Entry? {
        let (line, column) = place(key)
        guard case .scalar(let scalar) = key else {
            report("a key must be a text", line, column)
            return nil
        }
        guard !isRenamed(scalar.string) else { return nil }
        return YAMLNode.Entry(
            key: scalar.string, line: line, column: column, value: read(value, depth: depth + 1))
    }

    /// Where a node begins in the file.
    private func place(_ node: Node) -> (line: Int, column: Int) {
        let line = node.mark?.line ?? 1
        return (line, escapes.column(node.mark?.column ?? 1, line: line))
    }

    private mutating func refuseTag(
        _ tag: Tag, standard: Tag.Name, _ line: Int, _ column: Int
    ) {
        guard tag.rawValue != standard.rawValue else { return }
        report("the tag `\(quoted(tag.rawValue))` is not supported", line, column)
    }

    private mutating func report(_ message: String, _ line: Int, _ column: Int) {
        diagnostics.append(
            Diagnostic(at: Place(file: file, line: line, column: column), message))
    }
}

/// Names the first byte that is not UTF-8.
private func notText(_ bytes: ArraySlice<UInt8>, file: String) -> Diagnostic {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var (line, column, offset) = (1, 1, 0)
    while case .valid(let scalar) = parser.parseScalar(from: &rest) {
        offset += scalar.count
        column += 1
        if scalar.elementsEqual([UInt8(ascii: "\n")]) { (line, column) = (line + 1, 1) }
    }
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    return Diagnostic(
        at: Place(file: file, line: line, column: column),
        "the file is not UTF-8 text: byte \(offset) of it is not valid",
        hint: isWide ? "it looks like UTF-16: save it as UTF-8" : "save it as UTF-8")
}

extension SurrogateEscapes {
    /// Where in the file a mark stands.
    fileprivate func place(_ mark: Mark, _ file: String) -> Place {
        Place(file: file, line: mark.line, column: column(mark.column, line: mark.line))
    }
}

private func diagnostic(
    for error: any Error, _ escapes: SurrogateEscapes, _ file: String
) -> Diagnostic {
    // Because JSON is read as the YAML that it nearly is.
    let unread = file.hasSuffix(".json") ? "cannot be read as JSON" : "not valid YAML"
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
        YamlError.parser(let context, let problem, let mark, _),
        YamlError.composer(let context, let problem, let mark, _):
        let place = escapes.place(mark, file)
        if problem.contains("nesting level") {
            return Diagnostic(at: place, tooDeep)
        }
        let about = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
        return Diagnostic(at: place, "\(unread): \(problem)\(about)")
    case YamlError.reader(let problem, _, _, _):
        return Diagnostic(at: Place(file: file), "\(unread): \(problem)")
    default:
        return Diagnostic(at: Place(file: file), unread)
    }
}
