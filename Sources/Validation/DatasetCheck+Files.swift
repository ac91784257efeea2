import Domain

/// What is declared of whole files, compared with what was found.
extension DatasetCheck {
    /// Compares a file with its SHA-256, or with DVC's MD5.
    mutating func compare(_ file: DatasetFile, _ found: FoundFile) {
        // Because nobody has declared what is made here.
        guard manifest.preparation == nil else { return }
        if let pin = file.pin, let md5 = found.md5 {
            guard md5 != pin.md5 else { return }
            log.add(
                .digest, at: file.digestPlace, value: md5, hint: commitHint,
                "md5 of `\(file.path)` is \(md5), expected \(pin.md5)")
        } else if found.sha256 != file.sha256 {
            log.add(
                .digest, at: file.digestPlace, value: found.sha256.hex, hint: updateHint(file),
                "sha256 of `\(file.path)` is \(found.sha256.hex), expected \(file.sha256.hex)")
        }
    }

    /// Compares the list of the files that an entry stands for with its SHA-256.
    mutating func compare(_ file: DatasetFile, _ digest: Digest, filesCount: Int) {
        // Because nobody has declared what is made here.
        guard manifest.preparation == nil, digest != file.sha256 else { return }
        let files = counted(filesCount, "file")
        log.add(
            .digest, at: file.digestPlace, value: digest.hex, hint: updateHint(file),
            "sha256 of the list of `\(file.path)` (\(files)) is "
                + "\(digest.hex), expected \(file.sha256.hex)")
    }

    /// Compares the list of a folder's files with DVC's MD5 of it, and says what is known to
    /// differ.
    mutating func compareFolder(
        _ file: DatasetFile, _ pin: DVCPin, md5: String, filesCount: Int, bytes: Int
    ) {
        guard md5 != pin.md5 else { return }
        var difference = "a file is called otherwise, or holds something else"
        if let expected = pin.filesCount, expected != filesCount {
            difference = "it has \(counted(filesCount, "file")), expected \(expected)"
        } else if let expected = pin.sizeBytes, expected != bytes {
            difference = "its files have \(counted(bytes, "byte")), expected \(expected)"
        }
        log.add(
            .digest, at: file.digestPlace, value: "\(md5).dir", hint: commitHint,
            "md5 of the list of `\(file.path)` is \(md5).dir, expected \(pin.md5).dir: "
                + difference)
    }

    /// Records what keeps the text of the current file from being read as it is.
    mutating func report(_ faults: [SourceFault]) {
        for fault in faults {
            isIncomplete = true
            log.add(fault.rule, at: Place(file: path), hint: fault.hint, fault.message(path))
        }
    }

    mutating func compareSize(_ file: DatasetFile, _ bytes: Int) {
        guard let declared = file.sizeBytes, declared != bytes else { return }
        let size = counted(bytes, "byte")
        log.add(
            .byteCount, at: file.digestPlace, value: String(bytes),
            "`\(file.path)` has \(size), expected \(declared)")
    }

    /// Records that the current file is no text, so that nothing of it is read.
    mutating func isForeign(_ found: ForeignFile) {
        isIncomplete = true
        log.add(
            .notText, at: Place(file: path), hint: found.hint,
            "`\(path)` is no \(manifest.format == .jsonl ? "JSONL" : "table"): it is \(found.name)")
    }

    /// Records that the header of the current file is longer than any record may be.
    mutating func headerIsTooLong(line: Int) {
        isIncomplete = true
        let kind = ScanFault.Kind.recordTooLong(maxBytes: RecordSplitter.recordBytesMax)
        let fault = ScanFault(kind: kind, line: line, column: 1)
        log.add(
            .recordSize, at: Place(file: path, line: line, column: 1),
            hint: "look for a quote that is not closed, or for line ends that are missing",
            "\(fault.message()): it should be the header, so nothing of the file was")
    }

    mutating func compareRows(_ file: DatasetFile, _ found: Int) {
        guard let declared = file.rows, declared != found else { return }
        log.add(
            .rows, at: file.rowsPlace ?? file.digestPlace, value: String(found),
            hint: updateHint(file),
            "`\(file.path)` has \(counted(found, "row")), expected \(declared)")
    }

    /// Records that an entry stands for no file.
    ///
    /// - Parameter names: what is in the folder that was looked in, which is a path.
    mutating func isEmpty(_ file: DatasetFile, folder: String, holding names: [String]) {
        isIncomplete = true
        guard file.pattern != nil else {
            return log.add(.emptyFile, at: file.digestPlace, "`\(file.path)` is empty")
        }
        let shown = names.prefix(3).map { "`\(oneLine($0, charactersMax: 60))`" }
        let there =
            names.isEmpty
            ? "has no files"
            : "has \(counted(names.count, "file")): " + shown.joined(separator: ", ")
                + (names.count > shown.count ? " …" : "")
        log.add(
            .emptyFile, at: file.digestPlace,
            hint: "mend the pattern, or add the files that it is meant for",
            "no file matches `\(file.path)`: the folder `\(folder)` \(there)")
    }

    /// Records that two entries stand for the same file, which is read once.
    mutating func isRepeated(_ path: String, _ file: DatasetFile, _ other: DatasetFile) {
        let both =
            file.path == other.path
            ? "stands twice in `files`" : "is of `\(file.path)` and of `\(other.path)`"
        log.add(
            .repeatedFile, at: file.digestPlace,
            "`\(path)` \(both): its rows would count twice")
    }

    /// Records that no file is known of a dataset that follows a prefix.
    mutating func isUnpinned() {
        isIncomplete = true
        log.add(
            .unpinned, at: Place(file: manifest.path),
            "nothing is pinned yet of `\(manifest.followed ?? "")`")
    }

    /// nil: the command does not move what is said of the file.
    private func updateHint(_ file: DatasetFile) -> String? {
        // Because what lies elsewhere, or is pinned beside the manifest, is not moved by it.
        guard file.pin == nil, file.url == nil, file.digestPlace.file == manifest.path,
            manifest.path.hasSuffix(".yaml")
        else { return nil }
        return "if the change is meant: slipway dataset update \(manifest.name)"
    }

    private var commitHint: String {
        "if the change is meant, let DVC write the found digest: dvc commit, then dvc push"
    }
}
