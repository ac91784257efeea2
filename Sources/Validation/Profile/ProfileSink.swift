import Domain

/// Counts the records of a dataset beside the checks: see `DatasetStatistics`.
///
/// Columns of type `integer` and `number` are numbers, all others are text: dates too, because the
/// scanner gives them no value. Columns stand in the order in which the files have them. A column
/// that a file does not have is missing in all its rows.
struct ProfileSink: TableSink {
    /// What is counted, and how.
    struct Settings: Sendable {
        var label: String?
        /// Columns of which no text is kept.
        var privateColumns: Set<String> = []
        /// nil: as the number of columns allows.
        var limits: StatisticsLimits?
    }

    private let settings: Settings
    /// Of the whole; a part has no columns here.
    private var statistics: DatasetStatistics
    /// By the number of the column in the dataset.
    private var places: [Int: Int] = [:]
    /// The current file's columns, as those of the statistics; and those that it does not have.
    private var targets: [Int] = []
    private var absent: [Int] = []
    private var fileKey: UInt64 = 0
    private var layout: ProfileLayout?
    /// Of a part.
    private var cells: ProfileCells?
    private var limits = StatisticsLimits()
    /// There are more columns than are counted.
    private var isTooWide = false
    /// Of a file, what can be used of it behind the files before.
    private var needs = FileNeeds()

    init(_ settings: Settings = Settings()) {
        self.settings = settings
        statistics = DatasetStatistics(columns: [], label: settings.label)
    }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { true }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        fileKey = CellHash.standard.hash(path)
        layout = ProfileLayout(plan)
        let known = statistics.columns.count
        if known == 0 { limits = settings.limits ?? StatisticsLimits(columns: plan.columns.count) }
        let added = plan.columns.count { places[$0.number] == nil }
        isTooWide = isTooWide || known + added > StatisticsLimits.columnsMax
        guard !isTooWide else { return }
        targets = plan.columns.map { column in
            if let place = places[column.number] { return place }
            let place = statistics.columns.count
            places[column.number] = place
            statistics.columns.append(newColumn(column.rules))
            return place
        }
        absent = statistics.columns.indices.filter { !targets.contains($0) }
        if statistics.columns.count > known {
            statistics.sample = statistics.sample.arranged(
                statistics.columns.indices.map { $0 < known ? $0 : nil })
        }
    }

    private func newColumn(_ rules: ColumnRules) -> ColumnStatistics {
        let isNumeric = rules.kind == .integer || rules.kind == .number
        var column = ColumnStatistics(
            name: rules.name, kind: isNumeric ? .number : .text,
            isPrivate: settings.privateColumns.contains(rules.name), limits: limits,
            need: needs.columns[rules.name] ?? .table)
        column.add(missing: statistics.rows, spelling: "")
        return column
    }

    func part() -> ProfileSink {
        var part = ProfileSink(settings)
        part.cells = isTooWide ? nil : layout.map(ProfileCells.init)
        return part
    }

    mutating func take(_ batch: RowBatch) { cells?.take(batch) }

    mutating func merge(_ next: ProfileSink, linesBefore: Int) {
        guard let cells = next.cells, !cells.lines.isEmpty else { return }
        for (target, column) in zip(targets, cells.columns) {
            Self.add(column, cells, to: &statistics.columns[target])
        }
        for place in absent {
            statistics.columns[place].add(missing: cells.lines.count, spelling: "")
        }
        sample(cells, linesBefore: linesBefore)
        statistics.rows += cells.lines.count
    }

    /// Static, because a method would need a copy of all columns while one of them changes.
    private static func add(
        _ column: ProfileCells.Column, _ cells: ProfileCells, to counted: inout ColumnStatistics
    ) {
        if !column.numbers.isEmpty { counted.add(column.numbers.span, large: column.large) }
        if column.texts.count > 0 { counted.add(column.texts, in: cells.bytes) }
        counted.add(invalid: column.invalid)
        counted.add(missing: column.missing[0], spelling: "")
        for (count, text) in zip(column.missing.dropFirst(), cells.layout.missing) {
            counted.add(missing: count, spelling: String(decoding: text, as: UTF8.self))
        }
        let lookAlikes = column.lookAlikes(cells.layout)
        for (count, word) in zip(lookAlikes, MissingWords.lookAlikes) {
            counted.add(lookAlikes: count, spelling: word)
        }
    }

    private mutating func sample(_ cells: ProfileCells, linesBefore: Int) {
        var sampled = [UInt32](repeating: SampleCell.missing, count: statistics.columns.count)
        for row in cells.lines.indices {
            let line = linesBefore + Int(cells.lines[row]) + 1
            let key = RowSample.key(file: fileKey, row: line)
            guard statistics.sample.wants(key) else { continue }
            for (target, column) in zip(targets, cells.columns) {
                sampled[target] = column.sampled(row)
            }
            statistics.sample.add(key, sampled.span)
        }
    }

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> ProfileSink {
        var next = ProfileSink(settings)
        next.needs = context.needs
        next.statistics.sample.want(zeros: context.needs.sampleZeros)
        return next
    }

    func extend(_ context: inout FileContext) {
        // Because what is a sketch already stays one.
        for column in statistics.columns where column.need != .table {
            context.needs.columns[column.name] = column.need
        }
        context.needs.sampleZeros = statistics.sample.threshold.leadingZeroBitCount
    }

    mutating func endFile(_ file: ProfileSink) {
        isTooWide = isTooWide || file.isTooWide
        guard !isTooWide, !file.statistics.columns.isEmpty else { return }
        statistics.append(file.statistics)
        isTooWide = statistics.columns.count > StatisticsLimits.columnsMax
    }

    var question: String? {
        let limits = settings.limits.map { "\($0.distinctMax) \($0.exactRowsMax)" } ?? "-"
        return "profile \(settings.label ?? "")\n\(limits)\n"
            + settings.privateColumns.sorted().joined(separator: "\n")
    }

    func keep(in writer: inout PartWriter) {
        writer.write(isTooWide)
        statistics.write(to: &writer)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        isTooWide = try reader.bool()
        statistics = try DatasetStatistics(from: &reader)
        guard statistics.label == settings.label else { throw PartDamage() }
    }

    /// What was counted; nil: there are more columns than are counted.
    ///
    /// - Parameter rows: all of the dataset's; those of another width than the header count as
    ///   invalid in every column.
    func finish(rows: Int) -> DatasetStatistics? {
        guard !isTooWide else { return nil }
        var whole = statistics
        for index in whole.columns.indices {
            whole.columns[index].add(invalid: rows - whole.rows)
        }
        whole.rows = rows
        whole.sample = whole.sample.trimmed
        return whole
    }
}
