import FoundationEssentials

extension ColumnProfile {
    /// What a column's statistics come to.
    init(_ statistics: ColumnStatistics) {
        name = statistics.name
        kind = statistics.kind
        isPrivate = statistics.isPrivate
        missing = statistics.missing.values.reduce(0, +)
        missingSpellings = ranked(statistics.missing)
        lookAlikes = ranked(statistics.lookAlikes)
        invalid = statistics.invalid
        let numbers = statistics.numbers
        let texts = statistics.texts
        nonFinite = NonFinite(
            nan: numbers.nan, positiveInfinity: numbers.positiveInfinity,
            negativeInfinity: numbers.negativeInfinity)
        let sketch: HyperLogLog?
        let table: CountTable
        switch statistics.kind {
        case .number, .date, .datetime:
            self.numbers = NumberSummary(numbers)
            values = TopValueList.of(numbers)
            (table, sketch) = (numbers.table, numbers.sketches?.distinct)
        case .text:
            lengths = LengthSummary(texts.lengths)
            values = TopValueList.of(texts)
            (table, sketch) = (texts.table, texts.sketches?.distinct)
        }
        rows = missing + invalid + nonFinite.count
        let valueCount = (self.numbers?.count ?? 0) + (lengths?.count ?? 0)
        rows += valueCount
        // Because there are no more different values than values.
        let estimate = sketch.map { Swift.min(Int($0.estimate.rounded()), valueCount) }
        distinct = Distinct(
            count: estimate ?? table.count,
            standardError: sketch == nil ? 0 : HyperLogLog.standardError)
        if !values.isComplete {
            registers = Data((sketch ?? registersOf(table)).packed).base64EncodedString()
        }
    }

    /// The registers; empty ones where none are stored.
    var storedRegisters: HyperLogLog {
        registers.flatMap { Data(base64Encoded: $0) }
            .flatMap { HyperLogLog(packed: [UInt8]($0)) } ?? HyperLogLog()
    }

    /// The distribution of the finite numbers, as far as it is stored.
    var points: WeightedPoints {
        guard let numbers else { return WeightedPoints() }
        if numbers.points != nil { return WeightedPoints(numbers.storedPoints()) }
        let items = values.items.compactMap { item in item.number.map { ($0, item.count) } }
        return WeightedPoints(items.sorted { $0.0 < $1.0 })
    }

    /// Whether a profile that was read holds what this version writes.
    var isSound: Bool {
        let counts = [
            missing, invalid, nonFinite.nan, nonFinite.positiveInfinity, nonFinite.negativeInfinity,
            numbers?.count ?? 0, lengths?.count ?? 0, values.countError, values.unlistedMax,
            distinct.count,
        ]
        let spellings = missingSpellings + lookAlikes
        guard (counts + spellings.map(\.count)).allSatisfy((0...countMax).contains),
            rows == counts[..<7].reduce(0, +), values.items.count <= TopValueList.completeMax,
            missingSpellings.reduce(0, { $0 + $1.count }) == missing,
            values.items.allSatisfy({ (1...countMax).contains($0.count) && isSound($0) }),
            numbers?.isSound ?? true, lengths?.isSound ?? true
        else { return false }
        if values.isComplete {
            return registers == nil && numbers?.points == nil
                && values.items.reduce(0) { $0 + $1.count } == valueCount
        }
        guard let registers, let data = Data(base64Encoded: registers),
            HyperLogLog(packed: [UInt8](data)) != nil
        else { return false }
        return numbers == nil || numbers?.points != nil
    }

    private func isSound(_ item: Item) -> Bool {
        if kind != .text { return item.number?.isFinite ?? false }
        return item.hash.map { UInt64($0, radix: 16) != nil } ?? (item.text != nil)
    }
}

/// No sum of counts that a profile holds can be out of range below this.
private let countMax = 1 << 48

private func ranked(_ counts: [String: Int]) -> [ColumnProfile.Spelling] {
    counts.map { ColumnProfile.Spelling(text: $0.key, count: $0.value) }
        .sorted { left, right in
            left.count != right.count
                ? left.count > right.count
                : left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
        }
}

private func registersOf(_ table: CountTable) -> HyperLogLog {
    var sketch = HyperLogLog()
    for slot in table.slots where slot.count != 0 { sketch.add(slot.key) }
    return sketch
}
