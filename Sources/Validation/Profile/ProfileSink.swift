import Domain

/// Counts the records of a dataset beside the checks: see `DatasetStatistics`.
///
/// Columns of type `integer` and `number` are numbers, of `date` and `datetime` too, as the seconds
/// that the checks read; all others are text. Columns stand in the order in which the files have
/// them. A column that a file does not have is missing in all its rows.
struct ProfileSink: TableSink {
    /// What is counted, and how.
    struct Settings: Sendable {
        var label: String?
        /// Columns of which no text is kept.
        var privateColumns: Set<String> = []
        /// Columns of numbers of which checks ask for all.
        var exactColumns: Set<String> = []
        /// nil: as the number of columns allows.
        var limits: StatisticsLimits?
        /// So many threads count at the same time, each in another column.
        var workersMax = 1
    }

    /// So many rows of a part are added to the sample together.
    private static let sampledAtOnce = 1024

    private let settings: Settings
    /// Of the whole; a part has no columns here.
    private var statistics: DatasetStatistics
    /// By the number of the column in the dataset.
    private var places: [Int: Int] = [:]
    /// The current file's columns, as those of the statistics.
    private var targets: [Int] = []
    private var fileKey: UInt64 = 0
    private var layout: ProfileLayout?
    /// Of a part.
    private var cells: ProfileCells?
    /// How many columns the first file has.
    private var width = 0
    /// Of how many of them all numbers are asked for.
    private var exactWidth = 0
    private var isOfSeveralFiles = false
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
        if known == 0 {
            width = plan.columns.count
            exactWidth = plan.columns.count {
                isExact($0.rules.name, ColumnProfile.Kind($0.rules.kind))
            }
        }
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
        if statistics.columns.count > known {
            statistics.sample = statistics.sample.arranged(
                statistics.columns.indices.map { $0 < known ? $0 : nil })
        }
    }

    /// Whether all numbers of a column are asked for; a check may name what holds none.
    private func isExact(_ name: String, _ kind: ColumnProfile.Kind) -> Bool {
        kind == .number && settings.exactColumns.contains(name)
    }

    /// - Parameter exact: of how many of the columns all numbers are asked for.
    private func limits(isExact: Bool, among columns: Int, exact: Int) -> StatisticsLimits {
        settings.limits
            ?? StatisticsLimits(
                columns: columns, exact: exact, isExact: isExact,
                isOfSeveralFiles: isOfSeveralFiles)
    }

    private func newColumn(_ rules: ColumnRules) -> ColumnStatistics {
        let kind = ColumnProfile.Kind(rules.kind)
        var column = ColumnStatistics(
            name: rules.name, kind: kind,
            isPrivate: settings.privateColumns.contains(rules.name),
            limits: limits(
                isExact: isExact(rules.name, kind), among: width, exact: exactWidth),
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

    mutating func merge(_ next: ProfileSink, linesBefore: Int) async {
        guard let cells = next.cells, !cells.lines.isEmpty else { return }
        let part = PartOfColumns(cells, targets, columns: statistics.columns.count)
        let columns = SharedColumns(taking: &statistics.columns)
        let helpers = Swift.min(settings.workersMax, part.sources.count) - 1
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<Swift.max(0, helpers) {
                group.addTask { columns.countRest(part.count) }
            }
            sample(cells, linesBefore: linesBefore, width: part.sources.count)
            columns.countRest(part.count)
        }
        statistics.columns = columns.counted
        statistics.rows += cells.lines.count
    }

    private mutating func sample(_ cells: ProfileCells, linesBefore: Int, width: Int) {
        var (rows, keys): ([Int], [UInt64]) = ([], [])
        for row in cells.lines.indices {
            let line = linesBefore + Int(cells.lines[row]) + 1
            let key = RowSample.key(file: fileKey, row: line)
            guard statistics.sample.wants(key) else { continue }
            rows.append(row)
            keys.append(key)
            guard rows.count == Self.sampledAtOnce else { continue }
            add(rows, keys, of: cells, width: width)
            rows.removeAll(keepingCapacity: true)
            keys.removeAll(keepingCapacity: true)
        }
        add(rows, keys, of: cells, width: width)
    }

    /// Adds some rows of a part to the sample, column by column.
    private mutating func add(
        _ rows: [Int], _ keys: [UInt64], of cells: ProfileCells, width: Int
    ) {
        var sampled = [UInt32](repeating: SampleCell.missing, count: rows.count * width)
        for (target, column) in zip(targets, cells.columns) {
            var next = target
            column.sample(rows) { cell in
                sampled[next] = cell
                next += width
            }
        }
        statistics.sample.add(keys, sampled)
    }

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> ProfileSink {
        isOfSeveralFiles = context.isOfSeveralFiles
        var next = ProfileSink(settings)
        next.isOfSeveralFiles = isOfSeveralFiles
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
        let known = statistics.columns.count
        statistics.append(file.statistics)
        isTooWide = statistics.columns.count > StatisticsLimits.columnsMax
        guard known > 0, statistics.columns.count > known else { return }
        // Because each file says for itself how many columns there are.
        let asked = statistics.columns.map { isExact($0.name, $0.kind) }
        let exact = asked.count { $0 }
        for index in asked.indices {
            statistics.columns[index].lower(
                to: limits(isExact: asked[index], among: asked.count, exact: exact))
        }
    }

    var question: String? {
        let limits = settings.limits.map { "\($0.distinctMax) \($0.exactRowsMax)" } ?? "-"
        return "profile \(settings.label ?? "")\n\(limits)\n"
            + settings.privateColumns.sorted().joined(separator: "\n") + "\n-\n"
            + settings.exactColumns.sorted().joined(separator: "\n")
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

/// The cells of a part by the columns of the dataset.
private struct PartOfColumns: Sendable {
    let cells: ProfileCells
    /// The file's column for each of the dataset's; nil: the file does not have it.
    private(set) var sources: [Int?]

    init(_ cells: ProfileCells, _ targets: [Int], columns: Int) {
        self.cells = cells
        sources = [Int?](repeating: nil, count: columns)
        for (source, target) in targets.enumerated() { sources[target] = source }
    }

    /// Counts the cells of the column of the dataset that has this place.
    func count(_ place: Int, in counted: inout ColumnStatistics) {
        guard let source = sources[place] else {
            return counted.add(missing: cells.lines.count, spelling: "")
        }
        let column = cells.columns[source]
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
}
