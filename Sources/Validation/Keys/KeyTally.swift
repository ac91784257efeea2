import Domain

/// The keys of a dataset, put together in the order of its files.
struct KeyTally: Sendable {
    let plan: KeyPlan
    /// As the plan's projections: where the hashes are; nil, once all was read: nobody needs them.
    private(set) var lists: [RowPartitions?]
    private(set) var gaps: [FileKeys.Gaps]
    /// As the plan's times.
    private(set) var times: [TimeTally]
    /// As the plan's texts.
    private(set) var texts: [NearTexts]
    /// As the plan's noises; empty, once they were counted.
    private(set) var noises: [NoiseSpool]
    /// What is counted against the label; nil: nothing.
    private(set) var cellSpool: CellSpool?
    /// As the plan's counted columns, once all was read.
    private(set) var duplicates: [DuplicateRows] = []
    /// The same of whole records; nil: nobody asked.
    private(set) var records: DuplicateRows?
    /// The columns that some file has.
    private(set) var columns: Set<String> = []
    /// A column that was met too late to be looked at in every row; nil: all were.
    var lateColumn: String?
    /// Projections whose rows are those of whole records, once the first file was read.
    private(set) var equalToRecord: Set<Int>?
    /// As the projections: a column that some file does not have.
    private(set) var absent: [String?]
    /// The same of the times.
    private(set) var absentTimes: [Bool]
    /// The columns of texts that some file does not have.
    private(set) var absentTexts: Set<String> = []
    /// As the plan's noises: a column that some file does not have.
    private(set) var absentNoises: [String?]
    /// As the projections, by file: the number of the cell of a key of one column, from 1.
    private var cells: [Int: [Int?]] = [:]
    /// The first files, when their rows are known and not in the lists.
    private var known: [KnownRows] = []
    /// The projections whose lists have those rows too.
    private var isComplete: Set<Int> = []
    private let bytesMax: Int
    let folder: String
    private var fault: SpillFault?

    init(_ plan: KeyPlan, bytesMax: Int, folder: String) {
        self.plan = plan
        lists = RowPartitions.lists(plan.projections.count, bytesMax: bytesMax, in: folder)
        self.bytesMax = bytesMax
        self.folder = folder
        gaps = plan.projections.map { _ in FileKeys.Gaps() }
        times = plan.times.map { _ in TimeTally() }
        let share = bytesMax / (2 * Swift.max(1, plan.texts.count))
        texts = plan.texts.map { _ in NearTexts(in: folder, bytesMax: share) }
        let part = bytesMax / (2 * Swift.max(1, plan.noises.count))
        noises = plan.noises.map { NoiseSpool($0, in: folder, bytesMax: part) }
        cellSpool = plan.cells.map { _ in CellSpool(in: folder, bytesMax: bytesMax / 8) }
        absentNoises = plan.noises.map { _ in nil }
        absent = plan.projections.map { _ in nil }
        absentTimes = plan.times.map { _ in false }
    }

    /// The number of the cell that a key of one column is, from 1; nil: it is of several, or there
    /// is no table.
    func cell(of projection: Int, in file: Int) -> Int? { cells[file]?[projection] }

    /// Adds the keys of the files that follow; the first of them has that number.
    mutating func add(_ next: FileKeys, from number: Int) {
        fault = fault ?? next.fault
        guard fault == nil else { return }
        equalToRecord = equalToRecord ?? next.equalToRecord
        columns.formUnion(next.columns)
        absentTexts.formUnion(next.absentTexts)
        for (file, numbers) in next.cells { cells[file + number] = numbers }
        for index in times.indices {
            times[index].append(next.times[index])
            absentTimes[index] = absentTimes[index] || next.absentTimes[index]
        }
        for projection in lists.indices {
            absent[projection] = next.absent[projection] ?? absent[projection]
            gaps[projection].add(
                next.gaps[projection].total,
                next.gaps[projection].first.map { $0.behind(files: number) })
        }
        for index in absentNoises.indices {
            absentNoises[index] = absentNoises[index] ?? next.absentNoises[index]
        }
        if !next.parted.isEmpty {
            precondition(number == 0, "only the rows of a first file are parted")
            lists = next.parted
        }
        do throws(SpillFault) {
            for (projection, rows) in next.rows.enumerated() {
                try add(rows, projection, from: number)
            }
            for index in texts.indices { try texts[index].append(next.texts[index], number) }
            for index in noises.indices { try noises[index].append(next.noises[index], number) }
            if let cells = next.cellSpool { try cellSpool?.append(cells) }
        } catch {
            fault = error
        }
    }

    private mutating func add(
        _ rows: EntrySpool, _ projection: Int, from number: Int
    ) throws(SpillFault) {
        // Taken out, so that it has one owner.
        var list = lists[projection]
        lists[projection] = nil
        try rows.read { entries throws(SpillFault) in
            try list?.append(entries) { $0.behind(files: number) }
        }
        lists[projection] = list
    }

    mutating func finish() throws(SpillFault) {
        if let fault { throw fault }
        for projection in lists.indices {
            if !known.isEmpty, isNeeded(projection) { try complete(projection) }
            try lists[projection]?.close()
        }
        if duplicates.isEmpty { duplicates = plan.counted.map { _ in DuplicateRows() } }
        for (index, keys) in plan.counted.enumerated() {
            duplicates[index] = try count(keys.projection, behind: duplicates[index])
        }
        if let record = plan.number(of: .record) {
            records = try count(record, behind: records ?? DuplicateRows())
        }
        for projection in lists.indices where !isNeeded(projection) { lists[projection] = nil }
        for index in texts.indices { try texts[index].close() }
        for index in noises.indices { try noises[index].close() }
        try cellSpool?.flush()
    }

    /// Without what is counted once, so that it takes no room for as long as keys are compared.
    var withoutCounted: KeyTally {
        var tally = self
        tally.cellSpool = nil
        tally.noises = []
        return tally
    }

    /// Whether somebody asks for the rows of a projection beyond how many of them are equal.
    private func isNeeded(_ projection: Int) -> Bool {
        let isRecord = plan.projections[projection] == .record
        return plan.isKept[projection] && !(isRecord && equalToRecord?.isEmpty ?? true)
    }

    /// How many rows of a projection are equal.
    ///
    /// - Parameter before: the same of the files that are known.
    private mutating func count(
        _ projection: Int, behind before: DuplicateRows
    ) throws(SpillFault) -> DuplicateRows {
        if !known.isEmpty, !isComplete.contains(projection), let list = lists[projection] {
            if !list.mustPart(list.count, bytesMax: bytesMax) {
                var found = before
                try found.add(list, behind: known, projection)
                return found
            }
            try complete(projection)
            try lists[projection]?.close()
        }
        guard let list = lists[projection] else { return DuplicateRows() }
        return try DuplicateRows(of: list, bytesMax: bytesMax)
    }

    /// Puts the rows of the files that are known before the others of a projection.
    private mutating func complete(_ projection: Int) throws(SpillFault) {
        guard let behind = lists[projection] else { return }
        let room = RowPartitions.bufferEntries(lists: plan.projections.count, bytesMax: bytesMax)
        var list = RowPartitions(in: folder, bufferEntries: room)
        for file in known {
            try file.read(projection) { entries throws(SpillFault) in
                try list.append(entries) { $0.behind(files: file.file) }
            }
        }
        for partition in behind.indices {
            try behind.read(partition) { entries throws(SpillFault) in
                try list.append(entries) { $0 }
            }
        }
        lists[projection] = list
        isComplete.insert(projection)
    }
}

extension KeyTally {
    /// All that is known of some files but their rows.
    private struct Facts: Codable {
        var gaps: [FileKeys.Gaps]
        var times: [TimeTally]
        var duplicates: [DuplicateRows]
        var records: DuplicateRows?
        var columns: [String]
        var equalToRecord: [Int]?
        var absent: [String?]
        var absentTimes: [Bool]
        var cells: [Int: [Int?]]
    }

    /// Writes what was found, once all was read.
    func keep(in writer: inout PartWriter) {
        writer.write(
            json: Facts(
                gaps: gaps, times: times, duplicates: duplicates, records: records,
                columns: columns.sorted(), equalToRecord: equalToRecord?.sorted(), absent: absent,
                absentTimes: absentTimes, cells: cells))
    }

    /// Takes back what was found in the first files, whose rows are kept.
    mutating func restore(
        from reader: inout PartReader, _ rows: [KnownRows]
    ) throws(PartDamage) {
        let facts = try reader.json(Facts.self)
        guard facts.gaps.count == gaps.count, facts.times.count == times.count,
            facts.duplicates.count == plan.counted.count, facts.absent.count == absent.count,
            facts.absentTimes.count == absentTimes.count,
            (facts.records == nil) == (plan.number(of: .record) == nil),
            facts.cells.values.allSatisfy({ $0.count == plan.projections.count }),
            rows.allSatisfy({ $0.part.lists.count == plan.projections.count })
        else { throw PartDamage() }
        (gaps, times, cells) = (facts.gaps, facts.times, facts.cells)
        (duplicates, records) = (facts.duplicates, facts.records)
        (absent, absentTimes) = (facts.absent, facts.absentTimes)
        columns = Set(facts.columns)
        equalToRecord = facts.equalToRecord.map(Set.init)
        known = rows
    }
}
