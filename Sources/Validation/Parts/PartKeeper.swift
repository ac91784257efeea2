import Crypto
import Domain
import FoundationEssentials
import Host

/// Keeps what the files of a dataset were found to be, and takes it back.
struct PartKeeper: Sendable {
    /// Because a file can be written to twice within one tick of its clock.
    private static let settledAfterNanoseconds: Int64 = 100_000_000

    let store: PartStore
    /// Names the program, and all that the files are read for.
    let question: String

    /// nil: nobody keeps anything, or not this.
    init?(_ check: DatasetCheck, _ sink: some TableSink, _ options: ValidationOptions) {
        guard let store = options.parts, let asked = sink.question else { return nil }
        self.store = store
        let wanted = check.wantedColumns.map { "\($0.utf8.count):\($0)" }.joined()
        // Because cells are hidden that are classified where the rows come from, which the question
        // does not hold.
        let hidden = check.manifest.privateColumns.sorted()
            .map { "\($0.utf8.count):\($0)" }.joined()
        let parts = [
            store.program, check.manifest.partQuestion, hidden, wanted, asked,
            "\(options.unpackLimits)",
        ]
        question = Self.digest(parts.map { "\($0.utf8.count):\($0)" }.joined())
    }

    /// One file as it is kept.
    struct Part: Sendable {
        fileprivate let name: String
        fileprivate let path: String
        fileprivate let stamp: FileStamp
        fileprivate let foundAt: Int64
        fileprivate let pin: DVCPin?
        fileprivate let pinForm: String

        /// What the file is, in one line.
        fileprivate func seal(_ found: FoundFile) -> String {
            "\(stamp.text) \(found.sha256.hex)\n"
        }

        fileprivate var isSettled: Bool {
            max(stamp.modifiedAt, stamp.changedAt) < foundAt - settledAfterNanoseconds
        }
    }

    /// What a file is kept under; nil: it cannot be.
    func part(_ work: FileWork, _ context: FileContext, _ reader: borrowing FileReader) -> Part? {
        guard let stamp = reader.stamp, stamp.sizeBytes > 0 else { return nil }
        let columns = context.columns.map { column in
            "\(column.name.utf8.count):\(column.name) \(column.kind.rawValue) \(column.isPlanned)"
        }
        let equal = context.equalToRecord.map { $0.map(String.init).joined(separator: " ") } ?? "-"
        let needs = context.needs.columns.sorted { $0.key < $1.key }.map { column, need in
            "\(column.utf8.count):\(column) \(need.rawValue)"
        }
        let text = [
            question, work.member.path, "\(stamp.sizeBytes)", work.pinForm, columns.joined(), equal,
            needs.joined(), "\(context.needs.sampleZeros)",
        ]
        return Part(
            name: Self.digest(text.map { "\($0.utf8.count):\($0)" }.joined()),
            path: work.member.path, stamp: stamp, foundAt: now().milliseconds * 1_000_000,
            pin: work.pin, pinForm: work.pinForm)
    }

    static func digest(_ text: String) -> String {
        Domain.Digest(bytes: SHA256.hash(data: Array(text.utf8))).hex
    }

    // MARK: What is known

    /// What is known of a file, if it is still the same; else nil.
    ///
    /// Where size, times and inode are those that it had, it is not read; otherwise only for its
    /// digest.
    func recall<Sink: TableSink>(
        _ part: Part, _ reader: borrowing FileReader, _ check: DatasetCheck, _ sink: Sink,
        path: String
    ) throws(ValidationError) -> FileFindings<Sink>? {
        guard let (bytes, start) = store.bytes(part.name),
            let (facts, rest) = Self.header(PartFacts.self, bytes, start),
            facts.rows.name == part.name,
            let seal = try known(facts.found, store.stamp(part.name), part, reader, path),
            let rows = store.rows(facts.rows)
        else { return nil }
        var content = rest.with(rows)
        var reading = FileFindings(check: check, sink: sink, found: facts.found)
        do throws(PartDamage) {
            try reading.check.restore(facts.check)
            try reading.sink.restore(from: &content)
        } catch {
            // Because what is damaged is made again.
            return nil
        }
        guard content.isAtEnd else { return nil }
        if !seal.isEmpty { store.keep(part.name, stamp: seal) }
        store.touch(part.name)
        reading.kept = KeptFile(
            part, seal: seal, facts.found, rows: facts.rows, records: reading.check.fileRows)
        return reading
    }

    /// What stands at the beginning of some kept bytes; nil: it is damaged.
    static func header<Facts: Decodable>(
        _ type: Facts.Type, _ bytes: [UInt8], _ start: Int
    ) -> (Facts, PartReader)? {
        var reader = PartReader(bytes, from: start)
        do throws(PartDamage) {
            return (try reader.json(type), reader)
        } catch {
            return nil
        }
    }

    /// Whether a file still has the digest that it had.
    ///
    /// - Parameter seal: what it was then; nil, or another: it is read for its digest.
    /// - Returns: what it is now, empty where it was just written; nil: it is another.
    func known(
        _ expected: FoundFile, _ seal: String?, _ part: Part, _ reader: borrowing FileReader,
        _ path: String
    ) throws(ValidationError) -> String? {
        guard expected.bytes == part.stamp.sizeBytes else { return nil }
        let now = part.seal(expected)
        if seal == now { return now }
        guard try digests(reader, part, path) == expected, reader.stamp == part.stamp else {
            return nil
        }
        return part.isSettled ? now : ""
    }

    private func digests(
        _ reader: borrowing FileReader, _ part: Part, _ path: String
    ) throws(ValidationError) -> FoundFile {
        var digests = FileDigests(part.pin)
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var place = 0
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            let count = reader.read(into: &block, at: 0, atMost: block.count, from: place)
            guard count >= 0 else {
                throw .unreadable(path, code: Int32(truncatingIfNeeded: -count))
            }
            if count == 0 { return digests.finish() }
            digests.update(block[..<count])
            place += count
        }
    }

    // MARK: What is kept

    /// Keeps what was found in a file, unless something keeps it from being read as it is.
    ///
    /// - Parameter stamp: of the file behind the reading.
    /// - Returns: where; nil: it is not kept.
    func keep<Sink: TableSink>(
        _ part: Part, _ reading: FileFindings<Sink>, stamp: FileStamp?
    ) -> KeptFile? {
        guard let found = reading.found, found.faults.isEmpty, !reading.check.isIncomplete,
            stamp == part.stamp, found.bytes == part.stamp.sizeBytes
        else { return nil }
        var content = PartWriter()
        reading.sink.keep(in: &content)
        guard !content.isRefused else { return nil }
        // Because what cannot be read any more cannot be kept.
        guard let lists = try? content.rows.map(PartRows.List.init) else { return nil }
        let rows = PartRows(name: part.name, lists: lists)
        var writer = PartWriter()
        writer.write(
            json: PartFacts(
                sha256: found.sha256, md5: found.md5, bytes: found.bytes,
                check: reading.check.facts, rows: rows))
        guard store.keep(part.name, writer.blocks + content.blocks, rows: content.rows) else {
            return nil
        }
        let seal = part.isSettled ? part.seal(found) : ""
        if part.isSettled { store.keep(part.name, stamp: seal) }
        return KeptFile(
            part, seal: seal, found, rows: rows, records: reading.check.fileRows)
    }
}

/// One file that is kept, as the whole of its dataset knows it.
struct KeptFile: Codable, Sendable {
    var path: String
    /// Which MD5 of it is known; see `FileWork`.
    var pinForm: String
    var bytes: Int
    /// What the file is; empty: it must be read for its digest.
    var seal: String
    var sha256: Domain.Digest
    var md5: String?
    /// Where its rows are.
    var rows: PartRows
    /// How many rows it has.
    var records: Int

    fileprivate init(
        _ part: PartKeeper.Part, seal: String, _ found: FoundFile, rows: PartRows, records: Int
    ) {
        (path, bytes, self.seal, self.rows) = (part.path, found.bytes, seal, rows)
        (sha256, md5, self.records) = (found.sha256, found.md5, records)
        pinForm = part.pinForm
    }

    var found: FoundFile { FoundFile(sha256: sha256, md5: md5, bytes: bytes) }
}

extension FileWork {
    /// Which MD5 is taken of the file: none, or DVC's of its lines or its bytes.
    var pinForm: String { pin.map { $0.isOfLines ? "lines" : "bytes" } ?? "-" }
}

/// What is kept of a file beside what its sinks took.
private struct PartFacts: Codable {
    var sha256: Domain.Digest
    var md5: String?
    var bytes: Int
    var check: CheckFacts
    var rows: PartRows

    var found: FoundFile { FoundFile(sha256: sha256, md5: md5, bytes: bytes) }
}

extension DatasetManifest {
    /// All that one of its files is read for; where it says so, and what only judges what was
    /// found, is left out.
    fileprivate var partQuestion: String {
        var manifest = reading
        manifest.files = []
        (manifest.path, manifest.description, manifest.owner, manifest.tags) = ("", "", "", [])
        (manifest.followed, manifest.preparation) = (nil, nil)
        let nowhere = Place(file: "")
        for index in manifest.columns.indices { manifest.columns[index].place = nowhere }
        for index in manifest.rules.indices { manifest.rules[index].place = nowhere }
        for index in manifest.keys.foreign.indices { manifest.keys.foreign[index].place = nowhere }
        // Because what is kept of numbers tells it, and the sink's question says of which.
        manifest.checks.named.removeAll(where: \.needsNumbers)
        (manifest.checks.rowCountMin, manifest.checks.rowCountMax) = (nil, nil)
        (manifest.checks.missingShareMax, manifest.checks.missingRowsMax) = (nil, nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            return String(decoding: try encoder.encode(manifest), as: UTF8.self)
        } catch {
            preconditionFailure("a manifest holds only what JSON can say: \(error)")
        }
    }
}
