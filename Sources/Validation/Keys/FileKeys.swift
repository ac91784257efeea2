import Domain

/// The keys of a file, or of some files on end, numbered from 0; those of a dataset's files are put
/// together in a `KeyTally`.
struct FileKeys: Sendable {
    /// Rows of which some cell of a key is missing.
    struct Gaps: Hashable, Codable, Sendable {
        var total = 0
        var first: [RowNumber] = []

        mutating func add(_ more: Int, _ rows: some Sequence<RowNumber>) {
            total += more
            for row in rows where first.count < Violation.occurrencesMax { first.append(row) }
        }
    }

    let plan: KeyPlan
    /// As the plan's projections; empty where they are parted.
    var rows: [EntrySpool] = []
    /// The same apart by their hashes: of a first file that is not kept, because nobody needs its
    /// rows in their order. Empty where they are in `rows`.
    var parted: [RowPartitions] = []
    var gaps: [Gaps]
    /// As the plan's times.
    var times: [TimeTally]
    /// As the plan's texts.
    var texts: [NearTexts]
    /// As the plan's noises.
    var noises: [NoiseSpool]
    /// What is counted against the label; nil: nothing.
    var cellSpool: CellSpool?
    /// The columns that some file has.
    var columns: Set<String> = []
    /// Projections whose rows are those of whole records; nil: no file was begun, nor one before.
    var equalToRecord: Set<Int>?
    /// As the projections: a column that some file does not have.
    var absent: [String?]
    /// The same of the times.
    var absentTimes: [Bool]
    /// The columns of texts that some file does not have.
    var absentTexts: Set<String> = []
    /// As the plan's noises: a column that some file does not have.
    var absentNoises: [String?]
    /// As the projections, by file: the number of the cell of a key of one column, from 1.
    var cells: [Int: [Int?]] = [:]
    /// Something could not be written.
    private(set) var fault: SpillFault?
    private var file = 0

    /// - Parameters:
    ///   - equal: the projections whose rows are those of whole records in the files before; nil:
    ///     there is none.
    ///   - isParted: rows are put apart at once; of the first file of a dataset alone, and only
    ///     where it is not kept.
    ///   - bytesMax: about how much memory it may take.
    ///   - folder: where what does not fit is written.
    init(
        _ plan: KeyPlan, equal: Set<Int>?, isParted: Bool, bytesMax: Int, folder: String
    ) {
        self.plan = plan
        equalToRecord = equal
        if isParted {
            parted = RowPartitions.lists(plan.projections.count, bytesMax: bytesMax, in: folder)
        } else {
            let lists = Swift.max(1, plan.projections.count)
            let spool = EntrySpool(in: folder, bytesMax: Swift.max(4 << 10, bytesMax / 8 / lists))
            rows = plan.projections.map { _ in spool }
        }
        gaps = plan.projections.map { _ in Gaps() }
        times = plan.times.map { _ in TimeTally() }
        let share = bytesMax / (8 * Swift.max(1, plan.texts.count))
        texts = plan.texts.map { _ in NearTexts(in: folder, bytesMax: share) }
        let room = bytesMax / (8 * Swift.max(1, plan.noises.count))
        noises = plan.noises.map { NoiseSpool($0, in: folder, bytesMax: room) }
        cellSpool = plan.cells.map { _ in CellSpool(in: folder, bytesMax: bytesMax / 8) }
        absentNoises = plan.noises.map { _ in nil }
        absent = plan.projections.map { _ in nil }
        absentTimes = plan.times.map { _ in false }
    }

    mutating func begin(_ layout: KeyLayout, file: Int) {
        self.file = file
        equalToRecord = equalToRecord ?? layout.equalToRecord
        columns.formUnion(layout.columns.map(\.name))
        for (projection, reading) in layout.readings.enumerated() {
            if case .absent(let column) = reading { absent[projection] = column ?? "any column" }
        }
        for (index, column) in layout.times.enumerated() where column == nil {
            absentTimes[index] = true
        }
        for (column, place) in zip(plan.texts, layout.texts) where place == nil {
            absentTexts.insert(column)
        }
        for (index, noise) in plan.noises.enumerated() where layout.noises[index] == nil {
            absentNoises[index] = noise.columns.first { !columns.contains($0) } ?? noise.label
        }
        if let cells = layout.cells { cellSpool?.begin(cells) }
        cells[file] = plan.projections.indices.map { layout.cell(of: $0).map { $0 + 1 } }
    }

    /// Adds the rows of the part that follows.
    mutating func add(_ part: KeyRows, path: String, linesBefore: Int) {
        guard fault == nil else { return }
        let file = file
        for projection in part.rows.indices {
            let found = part.gaps[projection]
            gaps[projection].add(
                found.total,
                found.first.map { RowNumber(file: file, line: Int($0) + linesBefore + 1) })
        }
        for index in times.indices {
            times[index].add(part.tallies[index], path: path, linesBefore: linesBefore)
        }
        do throws(SpillFault) {
            for (projection, found) in part.rows.enumerated() {
                try add(found, projection) { row in
                    RowEntry(row.hash, RowNumber(file: file, line: Int(row.line) + linesBefore + 1))
                }
            }
            for index in texts.indices {
                try texts[index].add(part.near[index], file: file, linesBefore: linesBefore)
            }
            for index in noises.indices {
                try noises[index].add(part.noises[index], file: file, linesBefore: linesBefore)
            }
            if let cells = part.cells { try cellSpool?.add(cells) }
        } catch {
            fault = error
        }
    }

    private mutating func add(
        _ found: [KeyRows.Row], _ projection: Int, _ entry: (KeyRows.Row) -> RowEntry
    ) throws(SpillFault) {
        if parted.isEmpty {
            try rows[projection].append(found, entry)
        } else {
            try parted[projection].append(found, entry)
        }
    }
}

extension FileKeys {
    /// All but the rows.
    private struct Facts: Codable {
        var gaps: [Gaps]
        var times: [TimeTally]
        var columns: [String]
        var equalToRecord: [Int]?
        var absent: [String?]
        var absentTimes: [Bool]
        var cells: [Int: [Int?]]
    }

    func keep(in writer: inout PartWriter) {
        precondition(parted.isEmpty, "what is kept has its rows in their order")
        writer.write(
            json: Facts(
                gaps: gaps, times: times, columns: columns.sorted(),
                equalToRecord: equalToRecord?.sorted(), absent: absent, absentTimes: absentTimes,
                cells: cells))
        for spool in rows { writer.add(rows: spool) }
        cellSpool?.keep(in: &writer)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        let facts = try reader.json(Facts.self)
        guard facts.gaps.count == gaps.count, facts.times.count == times.count,
            facts.absent.count == absent.count, facts.absentTimes.count == absentTimes.count,
            facts.cells.values.allSatisfy({ $0.count == plan.projections.count })
        else { throw PartDamage() }
        (gaps, times, cells) = (facts.gaps, facts.times, facts.cells)
        (absent, absentTimes) = (facts.absent, facts.absentTimes)
        columns = Set(facts.columns)
        equalToRecord = facts.equalToRecord.map(Set.init)
        for projection in rows.indices { rows[projection] = try reader.spool() }
        try cellSpool?.restore(from: &reader)
    }
}

extension KeyPlan {
    /// Names all that it takes of a file; nil: of texts that are compared, and of rows whose
    /// labels are judged, more would be kept than is worth it.
    var question: String? {
        guard texts.isEmpty, noises.isEmpty else { return nil }
        func list(_ names: some Sequence<String>) -> String {
            names.map { "\($0.utf8.count):\($0)" }.joined()
        }
        func rows(_ columns: RowColumns) -> String {
            let only = columns.only.map { list($0.sorted()) } ?? "all"
            let texts = columns.asText.isEmpty ? "" : " as texts \(list(columns.asText.sorted()))"
            return "\(only) but \(list(columns.except.sorted()))\(texts)"
        }
        let made = projections.map { projection in
            switch projection {
            case .record: "record"
            case .key(let parts):
                "key "
                    + parts.map { "\(list([$0.column]))\($0.isNumber ? "#" : "")" }.joined()
            case .row(let columns): "row \(rows(columns))"
            case .labelled(let columns, let label): "labelled \(list([label])) \(rows(columns))"
            }
        }
        let counts = counted.map { "\($0.rule?.rawValue ?? "different") \($0.projection)" }
        let timed = times.map { "\(list([$0.column])) \($0.limit?.text ?? "-")" }
        let all = ["numbers by value"] + made + ["-"] + counts + ["-"] + timed
        return (all + ["-", cells?.question ?? ""]).joined(separator: "\n")
    }
}
