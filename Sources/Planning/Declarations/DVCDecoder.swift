import Domain

/// One file or folder that DVC keeps, as a `.dvc` file or a `dvc.lock` names it.
struct DVCOutput: Hashable, Sendable {
    /// Relative to the repository's root; as it is written where it lies outside.
    var path: String
    /// nil: `fault` says why.
    var pin: DVCPin?
    /// Why Slipway cannot use the output; it matters only to who wants that one.
    var fault: Diagnostic?
    /// Where the digest stands; without one, where the output does.
    var place: Place
    /// The remote that it is kept in; nil: the default one.
    var remote: String?
    /// DVC neither caches nor pushes what says `cache: false` or `push: false`.
    var isPushed = true
}

/// Reads the outputs of a `.dvc` file, or of all stages of a `dvc.lock`.
///
/// Keys that do not tell what the data is (`cache`, `desc`, `remote`, …) are DVC's own and let be.
/// Source: DVC 3.67, `dvc/schema.py`; the files' lists of `dvc-data`, `hashfile/tree.py`.
func decodeDVC(_ bytes: [UInt8], file: String) -> Parsed<[DVCOutput]> {
    let document = YAMLDocument(bytes, file: file)
    guard let root = document.root else {
        let empty = Diagnostic(at: Place(file: file), "`\(quoted(file))` names no output")
        let found = document.diagnostics.isEmpty ? [empty] : document.diagnostics.inOrder()
        return Parsed(draft: nil, diagnostics: found)
    }
    var decoder = DVCDecoder(file: file, diagnostics: document.diagnostics)
    let isLock = file.split(separator: "/").last == "dvc.lock"
    let outputs = isLock ? decoder.lock(root) : decoder.single(root)
    let all = decoder.diagnostics.inOrder()
    return Parsed(draft: all.hasErrors ? nil : outputs, diagnostics: all)
}

private struct DVCDecoder {
    let file: String
    var diagnostics: [Diagnostic]

    private var folder: String {
        file.split(separator: "/").dropLast().joined(separator: "/")
    }

    mutating func single(_ root: YAMLNode) -> [DVCOutput] {
        guard let outs = root["outs"], !outs.items.isEmpty else {
            report(root["outs"] ?? root, "`outs` is missing", hint: "is it a file of DVC?")
            return []
        }
        var base = folder
        if let written = root["wdir"]?.text, written != "." {
            // A name behind it, so that the repository itself is a folder too.
            guard let path = repositoryPath("\(written)/-", from: folder) else {
                report(root["wdir"] ?? root, "`wdir` is not inside the repository")
                return []
            }
            base = String(path.dropLast(2))
        }
        return outs.items.map { output($0, from: base) }
    }

    /// `dvc.lock` does not say the `wdir` of a stage, so its paths are taken from its own folder.
    mutating func lock(_ root: YAMLNode) -> [DVCOutput] {
        guard root["schema"]?.label == "2.0", let stages = root["stages"] else {
            report(
                root["schema"] ?? root, "only the schema 2.0 of `dvc.lock` is supported",
                hint: "write it anew: dvc commit")
            return []
        }
        return stages.entries.flatMap { stage in
            (stage.value["outs"]?.items ?? []).map { output($0, from: folder) }
        }
    }

    private func output(_ node: YAMLNode, from base: String) -> DVCOutput {
        var output = DVCOutput(path: node["path"]?.label ?? "", place: node.place(in: file))
        guard let pathNode = node["path"], pathNode.label != nil else {
            output.fault = fault(node, "`path` of an output is missing")
            return output
        }
        guard let path = repositoryPath(output.path, from: base) else {
            output.fault = fault(pathNode, "`\(quoted(output.path))` is not inside the repository")
            return output
        }
        output.path = path
        output.remote = node["remote"]?.label
        output.isPushed = node["cache"]?.flag != false && node["push"]?.flag != false
        guard let digest = node["md5"] else {
            output.fault = fault(
                node, "`\(quoted(path))` has no `md5`",
                hint: "only files that DVC knows by their MD5 can be checked")
            return output
        }
        output.place = digest.place(in: file)
        readPin(digest, of: node, into: &output)
        return output
    }

    private func readPin(_ digest: YAMLNode, of node: YAMLNode, into output: inout DVCOutput) {
        let isFolder = digest.source.hasSuffix(".dir")
        let md5 = isFolder ? String(digest.source.dropLast(4)) : digest.source
        let isHex = md5.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard md5.utf8.count == 32, isHex else {
            output.fault = fault(
                digest, "`md5` must be 32 lower-case hexadecimal digits, found \(digest.found)")
            return
        }
        if let hash = node["hash"], hash.label != "md5" {
            output.fault = fault(
                hash, "`hash: \(quoted(hash.source))` is not supported, only `md5`")
            return
        }
        output.pin = DVCPin(
            md5: md5, isFolder: isFolder, isOfLines: node["hash"] == nil,
            sizeBytes: node["size"]?.integer, filesCount: node["nfiles"]?.integer)
    }

    private func fault(_ node: YAMLNode, _ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(at: node.place(in: file), message, hint: hint)
    }

    private mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(fault(node, message, hint: hint))
    }
}

/// Whether a path is that of a file in which DVC names outputs.
func isDVCFile(_ path: String) -> Bool {
    path.hasSuffix(".dvc") || path == "dvc.lock" || path.hasSuffix("/dvc.lock")
}

/// The name of the dataset that `datasets/<name>.dvc` or `datasets/<name>.csv.dvc` gives.
func pinnedName(_ path: String) -> String? {
    guard path.hasSuffix(".dvc"), let rest = inside("datasets", path), !rest.utf8.contains(0x2F)
    else { return nil }
    let name = uncompressed(String(rest.dropLast(4)))
    for ending in [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather"]
    where name.hasSuffix(ending) {
        return String(name.dropLast(ending.utf8.count))
    }
    return name
}

extension DVCPin {
    /// What stands for the SHA-256 of a file that nobody has read yet.
    var standIn: Digest {
        Digest(
            bytes: sha256(
                "slipway-dvc-v1",
                .object([
                    "folder": .bool(isFolder), "lines": .bool(isOfLines), "md5": .string(md5),
                ])))
    }
}
