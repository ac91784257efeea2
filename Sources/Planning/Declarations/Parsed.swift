import Domain

/// What one file says by itself: a draft, or nil when it is broken, and all that is wrong in it.
struct Parsed<Draft: Sendable>: Sendable {
    var draft: Draft?
    var diagnostics: [Diagnostic]
}

extension TreeFile {
    /// What a link says in the place of a file that declares something: nothing, because what a
    /// commit says must not depend on what lies beside it.
    ///
    /// - Parameter target: the link's content.
    func broken<Draft>(_ target: [UInt8]) -> Parsed<Draft> {
        let target = quoted(String(decoding: target, as: UTF8.self))
        let fault = Diagnostic(
            at: Place(file: path),
            "`\(quoted(path))` is a symbolic link to `\(target)`, and links are not followed",
            hint: "put the file itself there in place of the link, and commit that")
        return Parsed(draft: nil, diagnostics: [fault])
    }

    /// What is said of a link in the place of a folder of declarations.
    var brokenFolder: Diagnostic {
        Diagnostic(
            at: Place(file: path),
            "`\(quoted(path))` is a symbolic link, and links are not followed",
            hint: "put the folder itself there in place of the link, and commit that")
    }
}

/// A value that a file names, with the place where it does.
struct Mention<Value: Hashable & Sendable>: Hashable, Sendable {
    var value: Value
    var place: Place
}

/// Reads `bytes` as a mapping with the keys of `kind` and reports all that does not fit.
///
/// An empty file is an empty mapping; the root is nil when the file is not YAML at all.
func readTable(
    _ bytes: [UInt8], file: String, kind: DeclarationKind
) -> (root: YAMLNode?, diagnostics: [Diagnostic]) {
    let document = YAMLDocument(bytes, file: file)
    guard document.diagnostics.isEmpty || document.root != nil else {
        return (nil, document.diagnostics.inOrder())
    }
    var root = document.root ?? YAMLNode(value: .null, source: "", line: 1, column: 1)
    if root.value == .null { root.value = .table([]) }
    var checker = ShapeChecker(file: file)
    checker.check(root, .table(kind.keys), as: "")
    return (root, document.diagnostics + checker.diagnostics)
}

extension Array where Element == Diagnostic {
    /// Whether nothing stands in the way; warnings do not.
    var hasErrors: Bool { contains { $0.severity == .error } }

    /// In the order of the file, each said once.
    func inOrder() -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return filter { seen.insert($0).inserted }.sorted { left, right in
            (left.place.file, left.place.line ?? 0, left.place.column ?? 0, left.message)
                < (right.place.file, right.place.line ?? 0, right.place.column ?? 0, right.message)
        }
    }
}
