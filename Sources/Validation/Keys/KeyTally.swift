import Domain

/// The keys of a dataset, put together in the order of its files.
struct KeyTally: Sendable {
    /// Rows of which some cell of a key is missing.
    struct Gaps: Sendable {
        var total = 0
        var first: [RowNumber] = []
    }

    let plan: KeyPlan
    /// As the plan's projections: where the hashes are that are kept.
    private(set) var lists: [RowPartitions?]
    private(set) var gaps: [Gaps]
    /// As the plan's times.
    private(set) var times: [TimeTally]
    /// As the plan's texts.
    private(set) var texts: [NearTexts]
    /// As the plan's uniques, once all was read.
    private(set) var duplicates: [DuplicateRows] = []
    /// The same of whole records; nil: nobody asked.
    private(set) var records: DuplicateRows?
    /// The columns that some file has.
    private(set) var columns: Set<String> = []
    /// A column that was met too late to be looked at in every row; nil: all were.
    var lateColumn: String?
    /// Projections whose rows are those of whole records, once the first file was begun.
    private(set) var equalToRecord: Set<Int>?
    /// As the projections: a column that some file does not have.
    private(set) var absent: [String?]
    /// The same of the times.
    private(set) var absentTimes: [Bool]
    /// The columns of texts that some file does not have.
    private(set) var absentTexts: Set<String> = []
    /// As the plan's uniques, by file: the number of the cell of a key of one column, from 1.
    private var cells: [Int: [Int?]] = [:]
    private var file = 0
    private var table: DuplicateTable
    private let bytesMax: Int
    /// By projection: which uniques have it.
    private let tags: [[Int]]
    private var fault: SpillFault?

    init(_ plan: KeyPlan, bytesMax: Int, folder: String) {
        self.plan = plan
        let kept = plan.isKept.count { $0 }
        // As much as the table in all.
        let room = RowPartitions.bufferEntries(lists: kept, bytesMax: bytesMax)
        let list = RowPartitions(in: folder, bufferEntries: room)
        lists = plan.isKept.map { $0 ? list : nil }
        self.bytesMax = bytesMax
        gaps = plan.projections.map { _ in Gaps() }
        times = plan.times.map { _ in TimeTally() }
        let share = bytesMax / (2 * Swift.max(1, plan.texts.count))
        texts = plan.texts.map { _ in NearTexts(in: folder, bytesMax: share) }
        absent = plan.projections.map { _ in nil }
        absentTimes = plan.times.map { _ in false }
        table = DuplicateTable(
            bytesMax: bytesMax, folder: folder, lists: plan.uniques.count, bufferEntries: room)
        tags = plan.projections.indices.map { projection in
            // Because what is kept is counted where it lies.
            plan.isKept[projection]
                ? [] : plan.uniques.indices.filter { plan.uniques[$0].projection == projection }
        }
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
        cells[file] = plan.uniques.map { unique in
            layout.cell(of: unique.projection).map { $0 + 1 }
        }
    }

    /// The number of the cell that a unique key of one column is, from 1.
    func cell(of unique: Int, in file: Int) -> Int? { cells[file]?[unique] }

    /// Adds the rows of the part that follows.
    mutating func add(_ part: KeyRows, linesBefore: Int) {
        guard fault == nil else { return }
        for projection in part.rows.indices {
            for line in part.gaps[projection].first
            where gaps[projection].first.count < Violation.occurrencesMax {
                gaps[projection].first.append(
                    RowNumber(file: file, line: Int(line) + linesBefore + 1))
            }
            gaps[projection].total += part.gaps[projection].total
            add(part.rows[projection], projection, linesBefore: linesBefore)
        }
        for index in times.indices { times[index].add(part.tallies[index]) }
        do throws(SpillFault) {
            for index in texts.indices {
                try texts[index].add(part.near[index], file: file, linesBefore: linesBefore)
            }
        } catch {
            fault = error
        }
    }

    private mutating func add(_ rows: [KeyRows.Row], _ projection: Int, linesBefore: Int) {
        var isLabelled = false
        if case .labelled = plan.projections[projection] { isLabelled = true }
        let tags = tags[projection]
        let (file, isMarked) = (file, isLabelled)
        func entry(_ row: KeyRows.Row) -> RowEntry {
            isMarked
                ? RowEntry(row.hash, mark: row.mark)
                : RowEntry(row.hash, RowNumber(file: file, line: Int(row.mark) + linesBefore + 1))
        }
        for tag in tags {
            for row in rows { table.insert(row.hash.tagged(tag), row: entry(row).row) }
        }
        // Taken out, so that it has one owner.
        var list = lists[projection]
        lists[projection] = nil
        do throws(SpillFault) {
            try list?.append(rows, entry)
        } catch {
            fault = error
        }
        lists[projection] = list
    }

    mutating func finish() throws(SpillFault) {
        if let fault { throw fault }
        duplicates = plan.uniques.isEmpty ? [] : try table.finishLists()
        for projection in lists.indices { try lists[projection]?.close() }
        for (index, unique) in plan.uniques.enumerated() {
            guard let list = lists[unique.projection] else { continue }
            duplicates[index] = try DuplicateRows(of: list, bytesMax: bytesMax)
        }
        if let list = list(of: .record) {
            records = try DuplicateRows(of: list, bytesMax: bytesMax)
            // Because nobody else asks for it.
            if equalToRecord?.isEmpty ?? true, let record = plan.number(of: .record) {
                lists[record] = nil
            }
        }
        for index in texts.indices { try texts[index].close() }
    }
}
