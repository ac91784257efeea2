import Domain
import FoundationEssentials
import Host

/// Reads the files of a dataset, each once, for its digests and its records.
struct DatasetPass<Sink: Sendable> {
    private let folder: RootFolder
    private let manifest: DatasetManifest
    private let options: ValidationOptions
    private var check: DatasetCheck
    private var files: [CheckedFile] = []
    private var sink: Sink
    private var keys: KeySink?
    private var rules: RuleSink?
}

extension DatasetPass where Sink: TableSink {
    init(
        _ manifest: DatasetManifest, root: String, options: ValidationOptions, sink: Sink,
        keys: KeyPlan = KeyPlan()
    ) throws(ValidationError) {
        folder = try RootFolder(
            manifest.preparation == nil ? root : options.preparedRoot ?? root)
        check = try DatasetCheck(manifest)
        check.wantedColumns += keys.columns
        if !keys.isEmpty {
            self.keys = KeySink(
                keys, bytesMax: options.keyBytesMax, folder: options.spillFolder)
        }
        self.manifest = manifest
        self.options = options
        self.sink = sink
    }

    /// Reads everything, and compares its keys with those of others.
    consuming func whole(
        _ hood: Neighbourhood
    ) async throws(ValidationError) -> DatasetReading<Sink> {
        rules = try RuleSink.of(manifest)
        let tally = try await keysOfFiles()
        let rows = check.rows
        let findings = KeyFindings(
            hood: hood, tally: tally, paths: check.paths, rows: rows,
            own: SharedKeys(manifest, rows: rows, paths: check.paths, tally, problem: nil),
            bytesMax: options.keyBytesMax)
        let measurements: Measurements
        do throws(SpillFault) {
            try findings.report(to: &check.log)
            measurements = try findings.measurements()
        } catch {
            throw failure(error)
        }
        let paths = check.paths
        let report = finish()
        hood.put(SharedKeys(manifest, report, paths: paths, tally.withoutCounted))
        return DatasetReading(
            report: report, sink: sink, measurements: measurements, duplicates: tally.records)
    }

    /// Reads everything for what others need of its keys.
    consuming func keysAlone() async throws(ValidationError) -> SharedKeys {
        let tally = try await keysOfFiles()
        let paths = check.paths
        return SharedKeys(manifest, finish(), paths: paths, tally)
    }

    /// Reads everything for its rows; of lines also the keys that were met too late to be columns.
    consuming func rowsAlone() async throws(ValidationError) -> (
        report: ValidationReport, sink: Sink, lateColumns: [String]
    ) {
        try await readFiles()
        let report = finish()
        guard manifest.format == .jsonl, manifest.columns.isEmpty else { return (report, sink, []) }
        return (report, sink, check.columns.filter { !$0.isPlanned }.map(\.name))
    }

    /// Reads everything; nothing where no keys were wanted.
    private mutating func keysOfFiles() async throws(ValidationError) -> KeyTally {
        let pass = try await readFiles()
        do throws(SpillFault) {
            let found = try keys?.finish()
            pass?.keepWhole(sink, found, rules)
            if var tally = found {
                let late = check.columns.filter { $0.declaration == nil }.map(\.name)
                    .first { !tally.columns.contains($0) }
                tally.lateColumn = manifest.columns.isEmpty ? late : nil
                return tally
            }
        } catch {
            if error == .lost {
                pass?.forgetWhole()
                throw .partsLost
            }
            throw failure(error)
        }
        return KeyTally(KeyPlan(), bytesMax: options.keyBytesMax, folder: options.spillFolder)
    }

    private func failure(_ fault: SpillFault) -> ValidationError {
        fault == .cancelled ? .cancelled : .noRoom(options.spillFolder, code: fault.code)
    }

    /// What was found, once every file was read.
    private mutating func finish() -> ValidationReport {
        if manifest.files.isEmpty, manifest.followed != nil { check.isUnpinned() }
        check.finish()
        return ValidationReport(
            dataset: manifest.name, files: files, violations: check.violations.map { located($0) },
            cells: check.cells
        ).adding((rules?.violations ?? []).map { located($0) }.judged(by: manifest))
    }

    /// In the words in which it is declared, and with how to make the file that its places are in,
    /// if nobody has it.
    private func located(_ violation: Violation) -> Violation {
        var violation = violation
        // Because a hint of its own says more than that of the rule.
        if violation.hint == violation.rule.hint,
            let hint = violation.rule.hint(of: violation.column, in: manifest)
        {
            violation.hint = hint
        }
        guard manifest.preparation != nil,
            violation.occurrences.contains(where: { occurrence in
                manifest.files.contains { $0.path == occurrence.place.file }
            })
        else { return violation }
        violation.hint +=
            "; `slipway dataset prepare \(manifest.name) --output FILE` writes the rows"
        return violation
    }

    // MARK: Files

    /// Reads every file, and compares each entry of `files:` with what was found of it.
    ///
    /// - Returns: what read them, if they are tables.
    @discardableResult
    private mutating func readFiles() async throws(ValidationError) -> FilesPass<Sink>? {
        var lists: [[Member]?] = []
        var named: [String: DatasetFile] = [:]
        var repeated: Set<Int> = []
        for (index, file) in manifest.files.enumerated() {
            let all = try members(of: file)
            lists.append(
                all?.filter { member in
                    guard let other = named.updateValue(file, forKey: member.path) else {
                        return true
                    }
                    check.isRepeated(member.path, file, other)
                    repeated.insert(index)
                    return false
                })
        }
        var found: [Int: [Reading]]
        var pass: FilesPass<Sink>?
        if manifest.isOfFiles {
            found = try await readRowsOfFiles(lists)
        } else {
            (found, pass) = try await readTables(lists)
        }
        for (index, file) in manifest.files.enumerated() where lists[index] != nil {
            let own = found[index, default: []]
            found[index] = nil
            if repeated.contains(index) {
                note(own)
            } else if file.folder == nil {
                compare(file, own)
            } else {
                compareMany(file, own)
            }
        }
        return pass
    }

    /// The files that an entry stands for, in the order of their paths' bytes; nil: there is no
    /// such folder, and the report says so.
    private mutating func members(
        of file: DatasetFile
    ) throws(ValidationError) -> [Member]? {
        var paths = [file.path]
        if let below = file.folder {
            guard let all = try list(below, of: file) else { return nil }
            paths = all.filter(file.holds)
            if paths.isEmpty { check.isEmpty(file, folder: below, holding: all) }
        }
        return paths.map { Member(path: $0, below: file.folder) }
    }

    /// The files below a folder; nil: there is none.
    private mutating func list(
        _ below: String, of file: DatasetFile
    ) throws(ValidationError) -> [String]? {
        let path: String
        switch folder.resolve(below) {
        case .failure(.unreadable(let code)): throw .unreadable(below, code: code)
        case .failure(let fault):
            check.isMissing(below, file.digestPlace, fault)
            if file.pin == nil {
                files.append(CheckedFile(path: file.path, sha256: nil, rows: 0, bytes: 0))
            }
            return nil
        case .success(let found): path = found
        }
        do throws(HostError) {
            return try walk(path).filter { $0.kind == .file || $0.kind == .link }
                .map { "\(below)/\($0.path)" }
        } catch {
            throw .unlisted(below, reason: error.failure.what)
        }
    }

    /// A file that was read; nil: it could not be opened.
    private typealias Reading = (member: Member, found: FoundFile?, rows: Int)

    /// What was found, by the entry of `files:`.
    private mutating func readTables(
        _ lists: [[Member]?]
    ) async throws(ValidationError) -> ([Int: [Reading]], FilesPass<Sink>) {
        var (work, entries): ([FileWork], [Int]) = ([], [])
        for (index, file) in manifest.files.enumerated() {
            for member in lists[index] ?? [] {
                work.append(FileWork(member: member, pin: file.pin, place: file.digestPlace))
                entries.append(index)
            }
        }
        // Apart, because what files came to is kept without what else is wrong.
        var log = check.log
        check.log = ViolationLog()
        var pass = FilesPass(check, sink: takeSinks(), options: options, folder: folder)
        var found: [Int: [Reading]] = [:]
        var next = 0
        try await pass.read(work) { member, file, rows in
            found[entries[next], default: []].append((member, file, rows))
            next += 1
        }
        check = pass.check
        log.add(check.log)
        check.log = log
        putBack(pass.takeSink())
        return (found, pass)
    }

    private mutating func readRowsOfFiles(
        _ lists: [[Member]?]
    ) async throws(ValidationError) -> [Int: [Reading]] {
        var found: [Int: [Reading]] = [:]
        for (index, file) in manifest.files.enumerated() {
            guard let members = lists[index] else { continue }
            var sinks = takeSinks()
            let part = sinks.beginFile(check.paths.count, FileContext())
            var pass = FileRowsPass(check, sink: part, options: options, folder: folder)
            try await pass.read(members, of: file) {
                found[index, default: []].append(($0, $1, $2))
            }
            check = pass.check
            sinks.endFile(pass.sink)
            putBack(sinks)
        }
        return found
    }

    /// Gives the sinks away, because what has two owners would be copied as soon as it grows.
    private mutating func takeSinks() -> FileSinks<Sink> {
        let sinks = FileSinks(sink, PairSink(keys, rules))
        (sink, keys, rules) = (sink.part(), nil, nil)
        return sinks
    }

    private mutating func putBack(_ sinks: FileSinks<Sink>) {
        sink = sinks.first
        (keys, rules) = (sinks.second.first, sinks.second.second)
    }

    // MARK: Entries

    private mutating func compare(_ file: DatasetFile, _ found: [Reading]) {
        note(found)
        guard let first = found.first, let one = first.found else { return }
        check.compare(file, one)
        check.compareSize(file, one.bytes)
        check.compareRows(file, first.rows)
    }

    private mutating func compareMany(_ file: DatasetFile, _ found: [Reading]) {
        let whole = found.compactMap(\.found)
        let (bytes, rows) = (whole.reduce(0) { $0 + $1.bytes }, found.reduce(0) { $0 + $1.rows })
        let isWhole = whole.count == found.count && !found.isEmpty
        if let pin = file.pin {
            note(found)
            if isWhole {
                let list = found.map {
                    (String($0.member.path.dropFirst(file.path.count + 1)), $0.found?.md5 ?? "")
                }
                check.compareFolder(
                    file, pin, md5: DVCHash.ofFolder(list), filesCount: list.count, bytes: bytes)
            }
        } else {
            let digest =
                isWhole
                ? FileList.digest(zip(found, whole).map { ($0.member.path, $1.sha256) }) : nil
            if let digest { check.compare(file, digest, filesCount: found.count) }
            // Because a pattern may stand for more files than a report can name.
            files.append(
                CheckedFile(path: file.path, sha256: digest, rows: rows, bytes: bytes))
        }
        check.compareSize(file, bytes)
        check.compareRows(file, rows)
    }

    private mutating func note(_ found: [Reading]) {
        files += found.map { member, found, rows in
            CheckedFile(
                path: member.path, sha256: found?.sha256, rows: rows, bytes: found?.bytes ?? 0)
        }
    }
}
