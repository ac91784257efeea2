import Domain

/// Reads a `slipway.yaml`.
func decodeRepository(_ bytes: [UInt8], file: String) -> Parsed<RepositoryDeclaration> {
    let (root, found) = readTable(bytes, file: file, kind: .repository)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var diagnostics = found
    var declaration = RepositoryDeclaration()
    if let node = root["branch"], let branch = node.text {
        declaration.branch = branch
        if !isBranch(branch) {
            diagnostics.append(
                Diagnostic(
                    at: node.place(in: file), "`\(quoted(branch))` is not the name of a branch"))
        }
    }
    declaration.review = review(root["review"])
    if let folder = root["artifacts"]?["folder"]?.text { declaration.artifactsFolder = folder }
    if let node = root["signers"], let signers = node.text, isRelativePath(signers) {
        declaration.signers = signers
        if repositoryPath(signers) == nil {
            diagnostics.append(
                Diagnostic(
                    at: node.place(in: file),
                    "`\(quoted(signers))` is not inside the repository"))
        }
    }
    return Parsed(draft: declaration, diagnostics: diagnostics.inOrder())
}

/// The part of git's rule for ref names that people get wrong (`git check-ref-format`).
private func isBranch(_ text: String) -> Bool {
    let forbidden: Set<UInt8> = Set(" ~^:?*[\\".utf8)
    return !text.isEmpty && !text.hasPrefix("-") && !text.hasPrefix("/") && !text.hasSuffix("/")
        && !text.hasSuffix(".lock") && !text.hasSuffix(".") && text != "@"
        && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && !forbidden.contains($0) }
        && !hasPair(text, "..") && !hasPair(text, "//") && !hasPair(text, "@{")
}

private func hasPair(_ text: String, _ pair: String) -> Bool {
    let wanted = Array(pair.utf8)
    return zip(text.utf8, text.utf8.dropFirst()).contains { $0 == wanted[0] && $1 == wanted[1] }
}

/// Reads `review:`, which has been compared with its shape.
func review(_ node: YAMLNode?) -> ReviewDeclaration {
    var review = ReviewDeclaration(approvals: node?["approvals"]?.integer)
    if let exclude = node?["exclude"] {
        let values = exclude.items.compactMap { $0.text }
        review.exclude = Set(values.compactMap(ReviewDeclaration.Excluded.init(rawValue:)))
    }
    return review
}

/// Reads an `environments/<name>.yaml`.
func decodeEnvironment(
    _ bytes: [UInt8], file: String, name: EnvironmentName
) -> Parsed<EnvironmentDeclaration> {
    let (root, found) = readTable(bytes, file: file, kind: .environment)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var declaration = EnvironmentDeclaration(name: name)
    if let text = root["description"]?.text { declaration.description = text }
    if let target = root["target"]?.text.flatMap(EnvironmentDeclaration.Target.init(rawValue:)) {
        declaration.target = target
    }
    if let count = root["keep_resident"]?.integer { declaration.keepResident = count }
    if let listen = root["gateway"]?["listen"]?.text { declaration.gatewayListen = listen }
    return Parsed(draft: declaration, diagnostics: found.inOrder())
}
