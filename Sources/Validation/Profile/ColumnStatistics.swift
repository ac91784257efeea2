/// What is counted of one column in one pass; parts of the data are counted apart and merged.
///
/// All but two things are the same bit for bit whatever the order and the split: counts, moments,
/// distinct counts, registers, and everything of a column with at most `distinctMax` different
/// values. The two are quantiles of more than `exactRowsMax` such rows (KLL) and top values of more
/// than `distinctMax` different ones (Misra–Gries): their bounds hold under every split, and the
/// same split merged in the same order gives the same bytes.
struct ColumnStatistics {
    let name: String
    let kind: ColumnProfile.Kind
    /// No text of the column is kept.
    let isPrivate: Bool
    private(set) var limits: StatisticsLimits
    private(set) var missing: [String: Int] = [:]
    private(set) var lookAlikes: [String: Int] = [:]
    private(set) var invalid = 0
    private(set) var numbers: NumberStatistics
    private(set) var texts: TextStatistics

    init(
        name: String, kind: ColumnProfile.Kind, isPrivate: Bool = false,
        limits: StatisticsLimits = StatisticsLimits(), need: StatisticsNeed = .table
    ) {
        self.name = name
        self.kind = kind
        self.isPrivate = isPrivate
        self.limits = limits
        numbers = NumberStatistics(limits: limits, need: need)
        texts = TextStatistics(limits: limits, isPrivate: isPrivate, need: need)
    }

    /// Adds cells of a column of numbers (or of days and moments as such) that are not missing.
    ///
    /// - Parameter large: of a column of integers, all digits of those that may be beyond 2^53.
    mutating func add(_ values: Span<Double>, large: [Int64] = []) {
        numbers.add(values, large: large)
    }

    /// Adds cells of a column of text that are not missing.
    mutating func add(_ cells: TextCells, in bytes: CellBytes) {
        texts.add(cells, in: bytes)
    }

    /// Adds missing cells of one spelling: "", "NA", JSON's null as "null".
    mutating func add(missing count: Int, spelling: String) {
        if count > 0 { missing[spelling, default: 0] += count }
    }

    /// Adds cells that are not of the column's type, so that they are in no statistic.
    mutating func add(invalid count: Int) { invalid += count }

    /// Says how often a text that looks like a missing value, but is not declared as one, was among
    /// the cells added (see `MissingWords`).
    mutating func add(lookAlikes count: Int, spelling: String) {
        if count > 0 { lookAlikes[spelling, default: 0] += count }
    }

    /// Adds what was counted of another part of the same column.
    mutating func merge(_ other: ColumnStatistics) {
        precondition(name == other.name && kind == other.kind, "parts of one column")
        missing.merge(other.missing, uniquingKeysWith: +)
        lookAlikes.merge(other.lookAlikes, uniquingKeysWith: +)
        invalid += other.invalid
        numbers.merge(other.numbers)
        texts.merge(other.texts)
    }

    /// Counts exactly up to lower limits from now on.
    mutating func lower(to limits: StatisticsLimits) {
        self.limits = self.limits.lower(limits)
        numbers.lower(to: limits)
        texts.lower(to: limits)
    }

    /// What of the next part is needed.
    var need: StatisticsNeed { kind == .text ? texts.need : numbers.need }

    /// Goes on from a stored profile.
    init(resuming profile: ColumnProfile, limits: StatisticsLimits = StatisticsLimits()) {
        self.init(
            name: profile.name, kind: profile.kind, isPrivate: profile.isPrivate, limits: limits)
        for spelling in profile.missingSpellings { missing[spelling.text] = spelling.count }
        for spelling in profile.lookAlikes { lookAlikes[spelling.text] = spelling.count }
        invalid = profile.invalid
        numbers.nan = profile.nonFinite.nan
        numbers.positiveInfinity = profile.nonFinite.positiveInfinity
        numbers.negativeInfinity = profile.nonFinite.negativeInfinity
        switch kind {
        case .number, .date, .datetime: resumeNumbers(profile)
        case .text: resumeTexts(profile)
        }
    }

    private mutating func resumeNumbers(_ profile: ColumnProfile) {
        guard let summary = profile.numbers else { return }
        guard !profile.values.isComplete else {
            var table = CountTable(keys: profile.values.items.count)
            for item in profile.values.items {
                if item.number != nil { table.add(item.key, item.count) }
            }
            return numbers.resume(table: table, extremes: summary.extremes)
        }
        var sketches = NumberSketches(limits: limits)
        sketches.moments = summary.moments
        sketches.order.add(
            weighted: summary.storedPoints(), noise: summary.rankNoise)
        sketches.distinct = profile.storedRegisters
        for item in profile.values.items {
            if item.number != nil { sketches.heavy.add(item.key, item.count) }
        }
        sketches.heavy.raise(error: profile.values.unlistedMax)
        numbers.resume(sketches: sketches, extremes: summary.extremes)
    }

    private mutating func resumeTexts(_ profile: ColumnProfile) {
        guard let lengths = profile.lengths else { return }
        var store = TextStore(isOff: isPrivate)
        var table = CountTable(keys: profile.values.items.count)
        for item in profile.values.items {
            table.add(item.key, item.count)
            if let text = item.text { store.keep(item.key, text, isCut: item.hash != nil) }
        }
        var sketches: TextSketches?
        if !profile.values.isComplete {
            var stored = TextSketches()
            stored.distinct = profile.storedRegisters
            for slot in table.slots where slot.count != 0 { stored.heavy.add(slot.key, slot.count) }
            stored.heavy.raise(error: profile.values.unlistedMax)
            sketches = stored
            table = CountTable()
        }
        texts.resume(lengths: lengths.sums, table: table, sketches: sketches, texts: store)
    }
}

extension ColumnStatistics: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(name)
        writer.write(kind.rawValue)
        writer.write(isPrivate)
        limits.write(to: &writer)
        writer.write(missing)
        writer.write(lookAlikes)
        writer.write(invalid)
        if kind == .text { texts.write(to: &writer) } else { numbers.write(to: &writer) }
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        let name = try reader.text()
        guard let kind = ColumnProfile.Kind(rawValue: try reader.text()) else {
            throw PartDamage()
        }
        let isPrivate = try reader.bool()
        self.init(
            name: name, kind: kind, isPrivate: isPrivate,
            limits: try StatisticsLimits(from: &reader))
        missing = try reader.counts()
        lookAlikes = try reader.counts()
        invalid = try reader.int()
        if kind == .text {
            texts = try TextStatistics(from: &reader)
        } else {
            numbers = try NumberStatistics(from: &reader)
        }
    }
}

/// Words that often stand for a missing value.
enum MissingWords {
    /// Sorted; compared whole and without folding case.
    static let lookAlikes = [
        "", "#N/A", "-", "--", "-9999", "-999", "?", "N/A", "NA", "NULL", "NaN", "Nan", "None",
        "n/a", "na", "nan", "nil", "none", "null",
    ]
}
