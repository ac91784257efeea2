import Domain

/// Counts the texts of a dataset that look like private data, for `private_data`.
///
/// Only texts of columns without a classification are looked at; where no check asks, there is no
/// sink. Counts are sums, so that neither chunks nor workers change them.
struct PrivateDataSink: TableSink {
    private let checks: [DataCheck]
    private let classified: Set<String>
    /// Columns that hold no texts, by the manifest.
    private let others: Set<String>
    private var path = ""
    private var quote = Dialect().quote
    /// The columns of the current file that are looked at.
    private var columns: [(place: Int, name: String)] = []
    /// As `columns`, of a part.
    private var found: [PrivateTally] = []
    /// By column, of the whole.
    private var tallies: [String: PrivateTally] = [:]
    /// In the order in which the files have them.
    private var names: [String] = []

    /// nil: nobody asks.
    static func of(_ manifest: DatasetManifest) -> PrivateDataSink? {
        let checks = manifest.checks.named.filter { $0.name == .privateData }
        return checks.isEmpty ? nil : PrivateDataSink(checks, manifest)
    }

    private init(_ checks: [DataCheck], _ manifest: DatasetManifest) {
        self.checks = checks
        classified = manifest.privateColumns
        others = Set(manifest.columns.filter { !$0.type.isText }.map(\.name))
    }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self.path = path
        quote = plan.dialect.quote
        columns = plan.columns.filter { column in
            let name = column.rules.name
            return column.rules.kind.isText && !classified.contains(name)
                && checks.contains { $0.columns.isEmpty || $0.columns.contains(name) }
        }.map { ($0.place, $0.rules.name) }
        for column in columns where tallies[column.name] == nil {
            names.append(column.name)
            tallies[column.name] = PrivateTally()
        }
    }

    func part() -> PrivateDataSink {
        var part = self
        part.tallies = [:]
        part.found = columns.map { _ in PrivateTally() }
        return part
    }

    mutating func take(_ batch: RowBatch) {
        for (index, column) in columns.enumerated() {
            // Taken out, so that it has one owner.
            var tally = PrivateTally()
            swap(&tally, &found[index])
            for row in 0..<batch.rows where batch.state(row, column.place) != .missing {
                take(batch, row, column.place, &tally)
            }
            found[index] = tally
        }
    }

    private func take(_ batch: RowBatch, _ row: Int, _ place: Int, _ tally: inout PrivateTally) {
        let cell = batch.cell(row, place)
        guard cell.length > 0 else { return }
        tally.texts += 1
        guard cell.length >= PrivateForms.bytesMin else { return }
        let kinds: PrivateForms.Kinds
        if cell.isEscaped {
            let text = batch.text(row, place, quote: quote)
            kinds = PrivateForms.kinds(in: text.span, text.indices)
        } else {
            kinds = batch.withBytes { PrivateForms.kinds(in: $0, cell.range) }
        }
        guard !kinds.isEmpty else { return }
        tally.add(
            kinds,
            at: Place(
                file: "", line: batch.line(row), column: batch.placeColumn(row, place)))
    }

    mutating func merge(_ next: PrivateDataSink, linesBefore: Int) {
        for (column, tally) in zip(columns, next.found) {
            tallies[column.name, default: PrivateTally()].add(
                tally, path: path, linesBefore: linesBefore)
        }
    }

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> PrivateDataSink {
        var next = self
        (next.tallies, next.names) = ([:], [])
        return next
    }

    mutating func endFile(_ file: PrivateDataSink) {
        for name in file.names {
            if tallies[name] == nil { names.append(name) }
            if let tally = file.tallies[name] {
                tallies[name, default: PrivateTally()].append(tally)
            }
        }
    }

    /// The checks are the manifest's.
    var question: String? { "private data" }

    func keep(in writer: inout PartWriter) {
        writer.write(json: names)
        writer.write(json: tallies)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        names = try reader.json([String].self)
        tallies = try reader.json([String: PrivateTally].self)
    }

    // MARK: What was found

    /// Of each check and column, a count for each kind that was found, or that none was.
    var measurements: [Measurement] {
        checks.flatMap { check in
            let wanted = names.filter { check.columns.isEmpty || check.columns.contains($0) }
            let found = wanted.flatMap { name in
                tallies[name].map { of($0, name, check) } ?? []
            }
            return found + unread(check, beside: wanted)
        }
    }

    private func of(_ tally: PrivateTally, _ column: String, _ check: DataCheck) -> [Measurement] {
        let kinds = check.kinds.isEmpty ? PrivateKind.allCases : check.kinds
        let found = kinds.compactMap { kind -> Measurement? in
            guard let tallied = tally.kinds[kind] else { return nil }
            var measurement = Measurement(
                check, column: column, count: tallied.count, of: tally.texts,
                note: "the first is at \(tallied.first)")
            measurement.kind = kind
            return measurement
        }
        return found.isEmpty
            ? [Measurement(check, column: column, count: 0, of: tally.texts)] : found
    }

    /// What is said of columns that were not looked at.
    private func unread(_ check: DataCheck, beside read: [String]) -> [Measurement] {
        guard !check.columns.isEmpty else {
            return read.isEmpty
                ? [Measurement(check, count: 0, of: 0, note: "no column is an unclassified text")]
                : []
        }
        return check.columns.filter { !read.contains($0) }.map { name in
            if classified.contains(name) {
                Measurement(check, column: name, count: 0, of: 0, note: "it is classified")
            } else if others.contains(name) {
                Measurement(check, column: name, problem: "only texts are looked at")
            } else {
                Measurement(check, column: name, problem: "no file has such a column")
            }
        }
    }
}

/// What was counted in one column.
struct PrivateTally: Codable, Sendable {
    struct Found: Codable, Sendable {
        var count: Int
        var first: Place
    }

    /// Cells that are not missing.
    var texts = 0
    private(set) var kinds: [PrivateKind: Found] = [:]

    mutating func add(_ found: PrivateForms.Kinds, at place: Place) {
        for kind in PrivateKind.allCases where found.contains(PrivateForms.Kinds(kind)) {
            kinds[kind, default: Found(count: 0, first: place)].count += 1
        }
    }

    /// Adds what was counted in the files that follow.
    mutating func append(_ next: PrivateTally) {
        texts += next.texts
        for (kind, found) in next.kinds {
            kinds[kind, default: Found(count: 0, first: found.first)].count += found.count
        }
    }

    /// Adds the part that follows; its lines are counted from 0.
    mutating func add(_ next: PrivateTally, path: String, linesBefore: Int) {
        texts += next.texts
        for (kind, found) in next.kinds {
            let line = (found.first.line ?? 0) + linesBefore + 1
            let first = Place(file: path, line: line, column: found.first.column)
            kinds[kind, default: Found(count: 0, first: first)].count += found.count
        }
    }
}
