package import Domain

/// Completes the draft of one dataset with what files of DVC, or of pins, say.
struct PinnedFiles {
    let tree: Tree
    let decoded: DecodedFiles
    var diagnostics: [Diagnostic]
    /// Every file of the dataset that the commit may lack.
    private(set) var paths: [String] = []
    private var sources: [String] = []

    init(tree: Tree, decoded: DecodedFiles, diagnostics: [Diagnostic]) {
        self.tree = tree
        self.decoded = decoded
        self.diagnostics = diagnostics
    }

    /// The manifest; nil when something is wrong with it.
    mutating func complete(_ draft: DatasetDraft) -> PlannedDataset? {
        var manifest = draft.manifest
        var added = 0
        for mention in draft.mentions {
            let found = files(mention)
            manifest.files.insert(contentsOf: found, at: mention.index + added)
            added += found.count
        }
        if let schema = draft.schema { sources.append(schema.path) }
        if case .followed(let place) = draft.origin { manifest.files = followed(manifest, place) }
        check(manifest, draft)
        guard let format = format(manifest, draft) else { return nil }
        manifest.format = format
        diagnostics += draft.formatKeys.compactMap { $0.fault(format) }
        if draft.origin != .prepared, let preparation = manifest.preparation,
            let fault = manifest.preparationFault(preparation.steps, at: preparation.place)
        {
            diagnostics.append(fault)
        }
        checkNotation(&manifest)
        if !draft.hasDelimiter, manifest.files.first.map({ isTabbed($0.path) }) == true {
            manifest.dialect.delimiter = "\t"
        }
        guard !diagnostics.hasErrors else { return nil }
        let planned = PlannedDataset(
            manifest: manifest, digest: digest(of: manifest), sources: sources)
        guard draft.origin != .prepared else { return planned }
        return planned.preparingOwnFiles
    }

    // MARK: DVC

    private mutating func files(_ mention: PinMention) -> [DatasetFile] {
        sources.append(mention.source)
        let source = quoted(mention.source)
        guard let file = tree.file(at: mention.source) else {
            report(mention.place, "`\(source)` is not there", hint: "commit it: git add \(source)")
            return []
        }
        guard case .outputs(let parsed) = decoded[pins: file] else { return [] }
        diagnostics += parsed.diagnostics
        guard let outputs = parsed.draft else { return [] }
        let wanted = outputs.filter { mention.path == nil || $0.path == mention.path }
        if wanted.isEmpty {
            let known = outputs.prefix(5).map(\.path).joined(separator: ", ")
            report(
                mention.place, "`\(source)` does not name `\(quoted(mention.path ?? ""))`",
                hint: "known there: \(quoted(known))")
        }
        return wanted.compactMap { self.file($0, mention) }
    }

    private mutating func file(_ output: DVCOutput, _ mention: PinMention) -> DatasetFile? {
        guard let pin = output.pin else {
            if let fault = output.fault { diagnostics.append(fault) }
            return nil
        }
        paths.append(output.path)
        var file = DatasetFile(
            path: output.path, sha256: pin.standIn, rows: mention.rows, digestPlace: output.place,
            rowsPlace: mention.rowsPlace, pin: pin)
        file.sizeBytes = mention.sizeBytes
        let isHeld =
            pin.isFolder
            ? !tree.files(below: output.path).isEmpty : tree.file(at: output.path) != nil
        if !isHeld {
            guard let root = remote(of: output, mention.source) else { return nil }
            let base = pin.isOfLines ? root : "\(root)/files/md5"
            file.url = pin.isFolder ? root : "\(base)/\(pin.md5.prefix(2))/\(pin.md5.dropFirst(2))"
        }
        return file
    }

    /// The root of the remote that keeps an output, without a slash at its end.
    private mutating func remote(of output: DVCOutput, _ source: String) -> String? {
        let path = quoted(output.path)
        guard output.isPushed else {
            report(
                output.place, "the commit does not hold `\(path)`, and DVC does not push it",
                hint: "take `cache: false` or `push: false` out, or commit the file")
            return nil
        }
        let file = DVCConfig.file(for: source, in: tree)
        sources += file.map { [$0.path] } ?? DVCConfig.paths(for: source)
        var config = DVCConfig()
        if let file, case .config(let parsed) = decoded[pins: file] {
            diagnostics += parsed.diagnostics
            guard let read = parsed.draft else { return nil }
            config = read
        }
        guard let name = output.remote ?? config.defaultRemote?.value else {
            report(
                output.place,
                "the commit does not hold `\(path)`, and DVC has no remote that does",
                hint: "name one and commit .dvc/config: dvc remote add --default NAME URL")
            return nil
        }
        guard let remote = config.remotes[name.lowercased()] else {
            let place = output.remote == nil ? config.defaultRemote?.place : nil
            report(
                place ?? output.place, "there is no remote `\(quoted(name))`",
                hint: "add it and commit .dvc/config: dvc remote add \(quoted(name)) URL")
            return nil
        }
        return address(of: remote, called: name)
    }

    private mutating func address(of remote: DVCConfig.Remote, called name: String) -> String? {
        guard let url = remote.url, !url.isEmpty else {
            report(remote.place, "the remote `\(quoted(name))` has no `url`")
            return nil
        }
        if remote.isVersionAware {
            report(
                remote.place, "a remote that is version-aware is not supported",
                hint: "dvc remote modify \(quoted(name)) version_aware false, then dvc push")
            return nil
        }
        let bare = withoutSlash(url)
        if url.hasPrefix("/") { return "file://\(bare)" }
        if url.hasPrefix("file:///") { return bare }
        guard let (scheme, host, _) = ObjectAddress.parts(of: url) else {
            report(
                remote.place, "what `\(quoted(url))` is relative to cannot be known from a commit",
                hint: "write an absolute path or a URL: dvc remote modify \(quoted(name)) url URL")
            return nil
        }
        guard ["s3", "https", "http"].contains(scheme) else {
            report(
                remote.place, "a remote at `\(scheme)://` is not supported",
                hint: "s3://, https://, http:// and absolute paths are")
            return nil
        }
        // Because a password in git is a password lost.
        guard !host.isEmpty, !host.utf8.contains(UInt8(ascii: "@")) else {
            report(remote.place, "the `url` must have a host, and neither name nor password")
            return nil
        }
        return bare
    }

    private func withoutSlash(_ url: String) -> String {
        var url = url[...]
        while url.utf8.count > 1, url.hasSuffix("/") { url = url.dropLast() }
        return String(url)
    }

    mutating func report(_ place: Place, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: place, message, hint: hint))
    }
}

extension PinnedFiles {
    /// What the bot has pinned of the prefix that a manifest follows.
    private mutating func followed(_ manifest: DatasetManifest, _ place: Place) -> [DatasetFile] {
        let path = PinFile.path(of: manifest.name)
        let source = manifest.followed ?? ""
        sources.append(path)
        guard let file = tree.file(at: path), let found = decoded[pins: file] else {
            return notPinned(source, place)
        }
        switch found {
        case .brokenPins(let fault):
            report(
                Place(file: path, line: fault.line), "the file \(fault.message)",
                hint: "the daemon writes it anew when it is gone: git rm \(path)")
        case .pins(let pins, _) where pins.source != source || pins.files.isEmpty:
            return notPinned(source, place)
        case .pins(let pins, let isCanonical):
            return pins.files.enumerated().map { number, file in
                let line = isCanonical ? PinFile.line(ofFile: number) : nil
                return DatasetFile(
                    path: file.path, sha256: file.sha256,
                    digestPlace: Place(file: path, line: line), url: file.url)
            }
        case .outputs, .config, .schema: break
        }
        return []
    }

    /// Because the daemon can only pin what a push has declared, it is no error.
    private mutating func notPinned(_ source: String, _ place: Place) -> [DatasetFile] {
        diagnostics.append(
            Diagnostic(
                .warning, at: place,
                "nothing is pinned yet; the daemon pins what it finds at `\(quoted(source))`"))
        return []
    }

    private mutating func check(_ manifest: DatasetManifest, _ draft: DatasetDraft) {
        var known: Set<String> = []
        for file in manifest.files {
            if !known.insert(file.path).inserted {
                report(file.digestPlace, "the file `\(quoted(file.path))` is named twice")
            }
            if file.path.hasPrefix(DatasetManifest.preparedFolder) {
                report(
                    file.digestPlace,
                    "`\(quoted(file.path))` lies where prepared data is laid out",
                    hint: "keep data elsewhere, or name the dataset it was prepared to with `from:`"
                )
            }
            guard file.url != nil else {
                checkLinks(file)
                continue
            }
            if file.pin == nil { paths.append(file.path) }
            checkRoom(for: file, at: draft.urlPlaces[file.path] ?? file.digestPlace)
        }
        guard manifest.files.count > 1,
            let folder = manifest.files.first(where: { $0.pin?.isFolder == true })
        else { return }
        report(
            folder.digestPlace,
            "the folder `\(quoted(folder.path))` must be the only one in `files`",
            hint: "make a dataset of each")
    }

    /// What a commit holds is the files themselves, and no links to them or to their folders.
    private mutating func checkLinks(_ file: DatasetFile) {
        let way = ([file.path] + ancestors(of: file.path)).compactMap { tree.file(at: $0) }
        let holds = file.holds
        let below = file.folder.flatMap { folder in
            tree.files(below: folder).first { $0.isLink && holds($0.path) }
        }
        guard let link = way.first(where: \.isLink) ?? below else { return }
        report(
            file.digestPlace,
            "`\(quoted(link.path))` is a symbolic link, and links are not followed",
            hint: "name the file itself that it leads to, or put it there in place of the link")
    }

    /// A file that is laid into a checkout must not lie in the way of what the commit holds.
    private mutating func checkRoom(for file: DatasetFile, at place: Place) {
        let path = quoted(file.path)
        if tree.file(at: file.path) != nil {
            report(
                place, "the commit itself holds `\(path)`, which is said to be kept elsewhere",
                hint: "name it in .gitignore and git rm --cached \(path), or take the `url` out")
        } else if !tree.files(below: file.path).isEmpty {
            report(place, "`\(path)` is a folder of the commit")
        } else if let parent = ancestors(of: file.path).first(where: { tree.file(at: $0) != nil }) {
            report(place, "`\(path)` cannot lie below the file `\(quoted(parent))`")
        } else if file.path.split(separator: "/").contains(where: { $0.lowercased() == ".git" }) {
            report(place, "`\(path)` would lie in git's own folder")
        }
    }

    /// Cells of files that know their types are written in one way alone.
    private mutating func checkNotation(_ manifest: inout DatasetManifest) {
        guard manifest.knowsTypes else { return }
        for index in manifest.columns.indices {
            // What a Table Schema's booleans are by default is about texts.
            if manifest.columns[index].notation.trueValues == CellNotation.tableSchemaTrue {
                manifest.columns[index].notation.trueValues = []
            }
            if manifest.columns[index].notation.falseValues == CellNotation.tableSchemaFalse {
                manifest.columns[index].notation.falseValues = []
            }
            let column = manifest.columns[index]
            guard CellForm(column) != nil else { continue }
            report(
                column.place,
                "`\(quoted(column.name))` says how its cells are written, and files of "
                    + "`format: \(manifest.format.rawValue)` know it",
                hint: "take `format` and its like out")
        }
    }

    private mutating func format(
        _ manifest: DatasetManifest, _ draft: DatasetDraft
    ) -> DatasetManifest.Format? {
        if let format = draft.format { return format }
        // Without a file yet, nothing is read by any format.
        guard let first = manifest.files.first else { return .csv }
        if let format = datasetFormat(of: first.path) { return format }
        // Because repositories of DVC keep more below `datasets` than Slipway reads.
        let severity = draft.origin == .undeclared ? Diagnostic.Severity.warning : .error
        diagnostics.append(
            Diagnostic(
                severity, at: Place(file: manifest.path, line: 1, column: 1),
                "`format` is missing, and `\(quoted(first.path))` does not tell it",
                hint: "add `format:` to datasets/\(manifest.name).yaml, with one of \(formatNames)")
        )
        return nil
    }
}

/// What a file's name says about how it is written.
package func datasetFormat(of path: String) -> DatasetManifest.Format? {
    let path = uncompressed(path)
    if path.hasSuffix(".csv") || path.hasSuffix(".tsv") { return .csv }
    if path.hasSuffix(".parquet") { return .parquet }
    if [".arrow", ".feather", ".arrows"].contains(where: path.hasSuffix) { return .arrow }
    if path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") { return .jsonl }
    if path.hasSuffix(".txt") { return .text }
    let isImage = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"].contains {
        path.lowercased().hasSuffix($0)
    }
    return isImage ? .images : nil
}

/// The formats that can be declared, for people.
let formatNames = DatasetManifest.Format.allCases.map { "`\($0.rawValue)`" }
    .joined(separator: ", ")

/// Whether a file's name says that its cells are separated by tabs.
package func isTabbed(_ path: String) -> Bool { uncompressed(path).hasSuffix(".tsv") }

/// The name that a file has without its compression.
func uncompressed(_ path: String) -> String {
    for ending in [".gz", ".zst"] where path.hasSuffix(ending) {
        return String(path.dropLast(ending.utf8.count))
    }
    return path
}
