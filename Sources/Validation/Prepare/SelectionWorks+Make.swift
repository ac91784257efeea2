import Domain

/// `sample`, ready for its rows.
func samplingWork(
    _ sampling: RowSampling, _ context: StepContext
) throws(PreparationError) -> any PreparationWork {
    let numbers = SeededNumbers("sample", seed: sampling.seed)
    if !sampling.key.isEmpty, case .share(let share) = sampling.size {
        return HashedSelection(
            places: try context.places(sampling.key), numbers: numbers,
            parts: PartShares(shares: [share, 1 - share]), part: 0)
    }
    let size = sampling.size
    let shares = { (rows: Int) -> [Double] in
        switch size {
        case .share(let share): return [share, 1 - share]
        case .rows(let wanted):
            let share = rows > 0 ? min(1, Double(wanted) / Double(rows)) : 1
            return [share, 1 - share]
        }
    }
    if let weight = sampling.weight {
        let place = try context.place(weight)
        return OrderedSelection(context, part: 0, dealing: .contiguous, shares: shares) {
            (row, number, context) throws(PreparationError) in
            try weighted(row, numbers.number(number), place, context)
        }
    }
    let strata = sampling.strata.isEmpty ? [] : try context.places(sampling.strata)
    return OrderedSelection(context, part: 0, dealing: .even, shares: shares) {
        (row, number, _) throws(PreparationError) in
        drawn(row, numbers.number(number), strata)
    }
}

/// The strata, then the row's number: rows of a stratum stand together, in any order.
private func drawn(_ row: PreparedRow, _ number: UInt64, _ strata: [Int]) -> [UInt8] {
    var record = strata.isEmpty ? [] : keyDigest(row, strata)
    record.append(bigEndian: number)
    return record
}

/// −ln(u) / w: the rows with the least are a sample without replacement in proportion to w
/// (Efraimidis and Spirakis 2006).
private func weighted(
    _ row: PreparedRow, _ number: UInt64, _ place: Int, _ context: StepContext
) throws(PreparationError) -> [UInt8]? {
    guard !row.isMissing(place), let weight = row.number(place), weight >= 0 else {
        throw context.refused(row, place, "is no weight", hint: "a number of at least 0")
    }
    guard weight > 0 else { return nil }
    let unit = (Double(number >> 11) + 0.5) * 0x1p-53
    return orderedBytes(-naturalLogarithm(unit) / weight)
}

/// `split`, ready for its rows.
func splitWork(
    _ split: RowSplit, _ context: StepContext
) throws(PreparationError) -> any PreparationWork {
    let numbers = SeededNumbers("split", seed: split.seed)
    let part = split.parts.firstIndex { $0.name == split.part } ?? 0
    let parts = PartShares(shares: shares(split.parts))
    let places = split.columns.isEmpty ? [] : try context.places(split.columns)
    switch split.method {
    case .hash:
        return HashedSelection(
            places: places, numbers: numbers, parts: parts, part: part,
            keepsOthers: split.keepsOthers)
    case .random, .stratified:
        return OrderedSelection(
            context, part: part, keepsOthers: split.keepsOthers, dealing: .even,
            shares: { _ in parts.shares }
        ) { (row, number, _) throws(PreparationError) in
            drawn(row, numbers.number(number), places)
        }
    case .group:
        return OrderedSelection(
            context, part: part, keepsOthers: split.keepsOthers, dealing: .even,
            shares: { _ in parts.shares }
        ) { (row, _, _) throws(PreparationError) in
            keyDigest(row, places, after: numbers.prefix)
        }
    case .time:
        let ends = split.parts.compactMap { part -> Int128? in
            guard case .until(let text) = part.bound else { return nil }
            return moment(Array(text.utf8))
        }
        guard ends.isEmpty else {
            return MomentSelection(
                place: places[0], ends: ends, part: part, keepsOthers: split.keepsOthers,
                context: context)
        }
        return OrderedSelection(
            context, part: part, keepsOthers: split.keepsOthers, dealing: .contiguous,
            shares: { _ in parts.shares }
        ) { (row, _, context) throws(PreparationError) in
            var record: [UInt8] = []
            let time = try time(row, places[0], context)
            // So that times before the year 0 come first.
            let ordered = UInt128(bitPattern: time) ^ 1 << 127
            record.append(bigEndian: UInt64(truncatingIfNeeded: ordered >> 64))
            record.append(bigEndian: UInt64(truncatingIfNeeded: ordered))
            return record
        }
    }
}

/// What is left for `rest` makes the shares add up to 1.
private func shares(_ parts: [RowSplit.Part]) -> [Double] {
    var left = 1.0
    return parts.map { part in
        switch part.bound {
        case .share(let share):
            left -= share
            return share
        case .rest: return left
        case .until: return 0
        }
    }
}

/// Keeps the rows whose time lies in a part that moments bound.
private struct MomentSelection: PreparationWork {
    let place: Int
    let ends: [Int128]
    let part: Int
    let keepsOthers: Bool
    let context: StepContext

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        let time = try time(row, place, context)
        return ((ends.firstIndex { time < $0 } ?? ends.count) == part) != keepsOthers
    }
}

private func moment(_ text: [UInt8]) -> Int128? {
    if let date = dateValue(text.span, text.indices) { return firstMoment(ofDate: date) }
    return momentValue(text.span, text.indices)
}

private func time(
    _ row: PreparedRow, _ place: Int, _ context: StepContext
) throws(PreparationError) -> Int128 {
    if !row.isMissing(place), let time = moment(Array(row.text(place))) { return time }
    throw context.refused(
        row, place, "is neither a day nor a time",
        hint: "convert: {columns: […], to: datetime, format: …}, or drop_missing, before")
}
