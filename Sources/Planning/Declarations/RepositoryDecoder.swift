import Domain

/// Reads a `slipway.yaml`.
func decodeRepository(_ bytes: [UInt8], file: String) -> Parsed<RepositoryDeclaration> {
    let (root, found) = readTable(bytes, file: file, kind: .repository)
    guard let root else { return Parsed(draft: nil, diagnostics: found) }
    var decoder = RepositoryDecoder(file: file, diagnostics: found)
    let declaration = decoder.decode(root)
    return Parsed(draft: declaration, diagnostics: decoder.diagnostics.inOrder())
}

/// Its functions about `review:` stand in `RepositoryDecoder+Review`.
struct RepositoryDecoder {
    let file: String
    var diagnostics: [Diagnostic]

    mutating func decode(_ root: YAMLNode) -> RepositoryDeclaration {
        var declaration = RepositoryDeclaration()
        if let node = root["branch"], let branch = node.text {
            declaration.branch = branch
            if !isBranch(branch) {
                report(node, "`\(quoted(branch))` is not the name of a branch")
            }
        }
        declaration.previews = previews(root["previews"])
        declaration.review = policy(root["review"])
        declaration.suspensions = root["suspend"]?.items.compactMap(suspension) ?? []
        if let folder = root["artifacts"]?["folder"]?.text { declaration.artifactsFolder = folder }
        declaration.signers = trustedFile(root["signers"]) ?? declaration.signers
        declaration.revoked = trustedFile(root["revoked"]) ?? declaration.revoked
        return declaration
    }

    /// A pattern is a legal ref once something stands for its wildcards.
    private mutating func previews(_ node: YAMLNode?) -> [String] {
        var patterns: [String] = []
        for item in node?.items ?? [] {
            guard let pattern = item.text else { continue }
            patterns.append(pattern)
            let example = String(pattern.map { $0 == "*" || $0 == "?" ? "x" : $0 })
            if !isBranch(example) {
                report(item, "`\(quoted(pattern))` matches no branch and no ref")
            }
        }
        return patterns
    }

    private func suspension(_ node: YAMLNode) -> Suspension? {
        guard let reason = node["reason"]?.text, let by = node["by"]?.text else { return nil }
        return Suspension(
            model: node["model"]?.label.flatMap(ModelName.init),
            environment: node["environment"]?.label.flatMap(EnvironmentName.init),
            reason: reason, by: by, until: node["until"]?.text.flatMap(utcInstant))
    }

    private mutating func trustedFile(_ node: YAMLNode?) -> String? {
        guard let node, let path = node.text, isRelativePath(path) else { return nil }
        if repositoryPath(path) == nil {
            report(node, "`\(quoted(path))` is not inside the repository")
        }
        return path
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
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
    let (bytes, wanted) = (Array(text.utf8), Array(pair.utf8))
    return bytes.indices.dropLast().contains {
        bytes[$0] == wanted[0] && bytes[$0 + 1] == wanted[1]
    }
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
