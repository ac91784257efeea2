import Domain

extension DatasetDecoder {
    /// Reads where the files come from: a list, a prefix that is followed, or a `.dvc` file.
    mutating func readFiles(_ root: YAMLNode, into draft: inout DatasetDraft) {
        if let source = readSource(root) {
            draft.manifest.followed = source.value
            draft.origin = .followed(source.place)
            return
        }
        guard let list = root["files"] else {
            // Which `.dvc` file is meant is only known beside the other files.
            if root["source"] == nil, root["follow"] == nil, root["from"] == nil {
                draft.origin = .sibling(root.place(in: file))
            }
            return
        }
        var paths: Set<String> = []
        for (number, item) in list.items.enumerated() {
            guard let pathNode = item["path"], let written = pathNode.text else { continue }
            guard var path = repositoryPath(written) else {
                report(pathNode, "`\(quoted(written))` is not inside the repository")
                continue
            }
            // A folder is all that is in it.
            if written.hasSuffix("/"), item["dvc"] == nil { path += "/**" }
            if !checkPattern(path, item, pathNode) { continue }
            if !paths.insert(path).inserted {
                report(pathNode, "the file `\(quoted(path))` is named twice")
            }
            readFile(item, number, path, into: &draft)
        }
    }

    /// The prefix that is followed; nil: none is, or what is said of it is wrong.
    private mutating func readSource(_ root: YAMLNode) -> Mention<String>? {
        if let follow = root["follow"], follow.flag == false {
            report(follow, "`follow` can only be `true`", hint: "take it out, and `source` with it")
            return nil
        }
        guard let source = root["source"] else {
            if let follow = root.entry("follow"), follow.value.flag == true {
                diagnostics.append(
                    Diagnostic(
                        at: follow.place(in: file), "`follow` needs `source`",
                        hint: "add `source: s3://<bucket>/<prefix>/`"))
            }
            return nil
        }
        guard let text = source.text else { return nil }
        if let files = root.entry("files") {
            diagnostics.append(
                Diagnostic(
                    at: files.place(in: file), "`source` and `files` both tell the files",
                    hint: "take one out"))
            return nil
        }
        if root["follow"] == nil {
            report(source, "`source` needs `follow: true`", hint: "add it, or write `files`")
            return nil
        }
        if let problem = ObjectAddress.prefixProblem(text) {
            report(source, "`source: \(quoted(text))` \(problem)")
            return nil
        }
        return Mention(value: text, place: source.place(in: file))
    }

    /// False: it is reported what is wrong with a path that stands for many.
    private mutating func checkPattern(
        _ path: String, _ item: YAMLNode, _ node: YAMLNode
    ) -> Bool {
        guard let pattern = FilePattern(path) else { return true }
        for key in ["url", "dvc"] {
            guard let other = item[key] else { continue }
            report(
                other, "`\(key)` with many files in `path` is not yet supported",
                hint: "name each file; or follow a prefix with `source` and `follow: true`")
            return false
        }
        guard !pattern.folder.isEmpty else {
            report(
                node, "`\(quoted(path))` has no folder before its first `*` or `?`",
                hint: "put the files into a folder, such as `data/`")
            return false
        }
        return true
    }

    private mutating func readFile(
        _ item: YAMLNode, _ number: Int, _ path: String, into draft: inout DatasetDraft
    ) {
        let rows = item["rows"]
        if let source = item["dvc"], let written = source.text {
            for key in ["sha256", "url"] {
                guard let other = item[key] else { continue }
                report(other, "`\(key)` and `dvc` both tell the file", hint: "take one out")
            }
            guard let from = repositoryPath(written), isDVCFile(from) else {
                return report(source, "`\(quoted(written))` is no `.dvc` file and no `dvc.lock`")
            }
            draft.mentions.append(
                PinMention(
                    source: from, place: source.place(in: file), path: path, rows: rows?.integer,
                    rowsPlace: rows?.place(in: file), sizeBytes: item["bytes"]?.integer,
                    index: draft.manifest.files.count))
            return
        }
        let url = item["url"]
        if let url, let text = url.text {
            if let fault = ObjectAddress.secretFault("url", text) {
                report(url, fault.what, hint: fault.hint)
            } else if let problem = ObjectAddress.problem(text) {
                report(url, "`url: \(quoted(text))` \(problem)")
            }
            draft.urlPlaces[path] = url.place(in: file)
        }
        guard let digestNode = item["sha256"] else {
            return report(
                item, "`files[\(number)].sha256` is missing",
                hint: "The digest that the file must have")
        }
        guard let digest = Digest(digestNode.source) else { return }
        var found = DatasetFile(
            path: path, sha256: digest, rows: rows?.integer,
            digestPlace: digestNode.place(in: file), rowsPlace: rows?.place(in: file),
            url: url?.text)
        found.sizeBytes = item["bytes"]?.integer
        draft.manifest.files.append(found)
    }
}
