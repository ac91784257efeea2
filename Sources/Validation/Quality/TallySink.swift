import Domain

/// Counts what stands in the cells of a dataset, a tally for each column.
///
/// Where no check asks, there is no sink and nothing is paid.
struct TallySink<Tally: Sendable>: Sendable {
    private struct Column {
        var place: Int
        var name: String
        var isHidden: Bool
        var isOfNumbers: Bool
    }

    private let checks: [DataCheck]
    private let classified: Set<String>
    /// Columns that it does not take, by the manifest.
    private let others: Set<String>
    private var path = ""
    private var quote = Dialect().quote
    /// The columns of the current file that are looked at.
    private var columns: [Column] = []
    /// As `columns`, of a part.
    private var found: [Tally] = []
    /// By column, of the whole.
    private var tallies: [String: Tally] = [:]
    /// In the order in which the files have them.
    private var names: [String] = []
}

extension TallySink: TableSink where Tally: CellTally {
    /// nil: nobody asks.
    static func of(_ manifest: DatasetManifest) -> TallySink? {
        let checks = manifest.checks.named.filter { Tally.checks.contains($0.name) }
        return checks.isEmpty ? nil : TallySink(checks, manifest)
    }

    /// - Parameter checks: those of the tally, whatever the manifest names.
    init(_ checks: [DataCheck], _ manifest: DatasetManifest) {
        self.checks = checks
        classified = manifest.privateColumns
        others = Set(manifest.columns.filter { !Tally.takes($0.type) }.map(\.name))
    }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { Tally.wantsNumbers }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self.path = path
        quote = plan.dialect.quote
        let wanted = plan.columns.filter { column in
            Tally.takes(column.rules.kind) && isWanted(column.rules.name)
        }
        columns = wanted.prefix(Tally.columnsMax).map { column in
            let name = column.rules.name
            return Column(
                place: column.place, name: name, isHidden: classified.contains(name),
                isOfNumbers: !column.rules.kind.isText)
        }
        for column in columns where tallies[column.name] == nil {
            names.append(column.name)
            tallies[column.name] = newTally(column)
        }
    }

    private func newTally(_ column: Column) -> Tally {
        Tally(isHidden: column.isHidden, isOfNumbers: column.isOfNumbers)
    }

    private func isWanted(_ name: String) -> Bool {
        (Tally.readsClassified || !classified.contains(name))
            && checks.contains { $0.columns.isEmpty || $0.columns.contains(name) }
    }

    func part() -> TallySink {
        var part = self
        part.tallies = [:]
        part.found = columns.map { tallies[$0.name]?.ofNextPart ?? newTally($0) }
        return part
    }

    mutating func take(_ batch: RowBatch) {
        for (index, column) in columns.enumerated() {
            found[index].take(batch, column.place, quote: quote)
        }
    }

    mutating func merge(_ next: TallySink, linesBefore: Int) {
        for (column, tally) in zip(columns, next.found) {
            let none = newTally(column)
            tallies[column.name, default: none].add(tally, path: path, linesBefore: linesBefore)
        }
    }

    // MARK: Files

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> TallySink {
        var next = self
        (next.tallies, next.names) = ([:], [])
        return next
    }

    mutating func endFile(_ file: TallySink) {
        for name in file.names {
            guard let tally = file.tallies[name] else { continue }
            guard tallies[name] != nil else {
                names.append(name)
                tallies[name] = tally
                continue
            }
            tallies[name]?.append(tally)
        }
    }

    /// What the checks are is the manifest's, but not of which columns those of numbers are.
    var question: String? {
        let named = Set(checks.flatMap(\.columns)).sorted().map { "\($0.utf8.count):\($0)" }
        let isOfAll = checks.contains(where: \.columns.isEmpty)
        let names = Tally.checks.map(\.rawValue).joined(separator: " ")
        return "\(names) \(isOfAll ? "all" : named.joined())"
    }

    func keep(in writer: inout PartWriter) {
        writer.write(json: names)
        writer.write(json: tallies)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        names = try reader.json([String].self)
        tallies = try reader.json([String: Tally].self)
    }

    // MARK: What was found

    /// Of each check, what was counted in each of its columns.
    var measurements: [Measurement] {
        checks.flatMap { check in
            let named = Set(checks.filter { $0.name == check.name }.flatMap(\.columns))
            // A check that names a column is meant there instead of one that names none.
            let wanted = names.filter { name in
                check.columns.isEmpty ? !named.contains(name) : check.columns.contains(name)
            }
            let found = wanted.flatMap { name in
                tallies[name]?.measurements(check, column: name) ?? []
            }
            return found + unread(check, beside: wanted)
        }
    }

    /// What is said of columns that were not looked at.
    private func unread(_ check: DataCheck, beside read: [String]) -> [Measurement] {
        guard Tally.decides else { return [] }
        guard !check.columns.isEmpty else {
            guard read.isEmpty else { return [] }
            let none =
                Tally.readsClassified
                ? "no column is a text" : "no column is an unclassified text or number"
            return [
                Measurement(
                    check, count: 0, of: 0,
                    note: names.isEmpty ? none : "every column has a check of its own")
            ]
        }
        return check.columns.filter { !read.contains($0) }.map { name in
            if classified.contains(name), !Tally.readsClassified {
                Measurement(check, column: name, count: 0, of: 0, note: "it is classified")
            } else if others.contains(name) {
                Measurement(check, column: name, problem: "only \(Tally.subject) are looked at")
            } else {
                Measurement(check, column: name, problem: "no file has such a column")
            }
        }
    }
}

/// Everything that is counted in cells; what is not asked for is nil and costs nothing.
typealias TallySinks = PairSink<
    PairSink<
        TallySink<PrivateTally>?,
        PairSink<TallySink<MixedTypesTally>?, TallySink<EncodingDamageTally>?>
    >, PairSink<TallySink<ExtremeTally>?, TallySink<RareTally>?>
>

extension TallySinks {
    init(_ manifest: DatasetManifest) {
        self.init(
            .init(.of(manifest), .init(.of(manifest), .of(manifest))),
            .init(.of(manifest), .of(manifest)))
    }

    var measurements: [Measurement] {
        (first.first?.measurements ?? []) + (first.second.first?.measurements ?? [])
            + (first.second.second?.measurements ?? []) + (second.first?.measurements ?? [])
            + (second.second?.measurements ?? [])
    }
}
