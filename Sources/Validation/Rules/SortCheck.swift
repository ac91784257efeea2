import Domain

/// Counts the records that stand before the one above them, by the columns of `sorted_by:`.
///
/// A record of which one of these cells is missing, or is not of its column's type, is passed over:
/// the next one is compared with the one before it.
struct SortCheck: Sendable {
    /// The cells of a record that outlives its batch.
    fileprivate struct Row: Codable, Sendable {
        var cells: [[UInt8]]
        /// Where they stand in it: see `RowBatch`.
        var columns: [Int]
        /// Of the part, from 0.
        var line: Int
    }

    let columns: [RuleColumn]
    /// Where the current file has the columns; nil: it lacks one.
    private var places: [Int]?
    /// What was found.
    var kept = Kept()

    /// All that is found in the records of a file, or of a part of one.
    struct Kept: Codable, Sendable {
        fileprivate var tally = RuleTally()
        fileprivate var first: Row?
        /// The file of the first record, where parts were merged; its line is that of the file
        /// then.
        fileprivate var firstPath = ""
        fileprivate var last: Row?
    }

    private var tally: RuleTally {
        get { kept.tally }
        _modify { yield &kept.tally }
    }

    init(_ columns: [RuleColumn]) { self.columns = columns }

    mutating func begin(_ place: (String) -> Int?) {
        let found = columns.compactMap { place($0.name) }
        places = found.count == columns.count ? found : nil
    }

    func part() -> SortCheck {
        var part = SortCheck(columns)
        part.places = places
        return part
    }

    mutating func take(_ batch: RowBatch, quote: UInt8) {
        guard let places else { return }
        var before: Int?
        for row in 0..<batch.rows where isWhole(batch, row, places) {
            tally.judged += 1
            if let before {
                note(batch, before, row, places, quote)
            } else {
                let whole = owned(batch, row, places, quote)
                if let last = kept.last { note(last, whole) }
                kept.first = kept.first ?? whole
            }
            before = row
        }
        if let before { kept.last = owned(batch, before, places, quote) }
    }

    mutating func merge(_ next: SortCheck, path: String, linesBefore: Int) {
        guard let begin = next.kept.first else { return }
        var part = SortCheck(columns)
        if let last = kept.last { part.note(last, begin) }
        part.tally.merge(next.tally)
        tally.merge(part.tally.moved(to: path, linesBefore: linesBefore))
        if kept.first == nil {
            kept.first = begin
            kept.first?.line += linesBefore
            kept.firstPath = path
        }
        kept.last = next.kept.last
    }

    /// Adds the records of the files that follow.
    mutating func append(_ next: SortCheck) {
        let next = next.kept
        guard let begin = next.first else { return }
        var seam = SortCheck(columns)
        if let last = kept.last { seam.note(last, begin) }
        tally.merge(seam.tally.moved(to: next.firstPath, linesBefore: 0))
        tally.merge(next.tally)
        if kept.first == nil { (kept.first, kept.firstPath) = (begin, next.firstPath) }
        kept.last = next.last
    }

    /// nil: nothing stands out of order.
    var violation: Violation? {
        guard var found = tally.violation(.sorted, hint: Rule.sorted.hint) else { return nil }
        found.column = columns.count == 1 ? columns[0].name : nil
        return found
    }

    // MARK: Records

    private func isWhole(_ batch: RowBatch, _ row: Int, _ places: [Int]) -> Bool {
        places.allSatisfy { batch.state(row, $0) == .valid }
    }

    private func owned(
        _ batch: RowBatch, _ row: Int, _ places: [Int], _ quote: UInt8
    ) -> Row {
        Row(
            cells: places.map { batch.text(row, $0, quote: quote) },
            columns: places.map { batch.placeColumn(row, $0) }, line: batch.line(row))
    }

    /// Compares two records of a batch, most of which need no copy.
    private mutating func note(
        _ batch: RowBatch, _ before: Int, _ row: Int, _ places: [Int], _ quote: UInt8
    ) {
        for (column, place) in zip(columns, places) {
            let (above, cell) = (batch.cell(before, place), batch.cell(row, place))
            let order: Int
            if above.isEscaped || cell.isEscaped {
                let (left, right) = (
                    batch.text(before, place, quote: quote), batch.text(row, place, quote: quote)
                )
                order = column.order(left.span, left.indices, right.span, right.indices)
            } else {
                order = batch.withBytes { column.order($0, above.range, $0, cell.range) }
            }
            if order < 0 { return }
            if order > 0 {
                guard tally.hasRoom else { return tally.add() }
                return note(
                    owned(batch, before, places, quote), owned(batch, row, places, quote))
            }
        }
    }

    private mutating func note(_ before: Row, _ row: Row) {
        for (index, column) in columns.enumerated() {
            let (left, right) = (before.cells[index], row.cells[index])
            let order = column.order(left.span, left.indices, right.span, right.indices)
            if order < 0 { return }
            guard order > 0 else { continue }
            return tally.add {
                let name = oneLine(column.name, charactersMax: 40)
                let (below, above) = (RuleText.cell(right), RuleText.cell(left))
                return Violation.Occurrence(
                    place: Place(file: "", line: row.line, column: row.columns[index]),
                    value: column.isHidden ? nil : below,
                    message: column.isHidden
                        ? "`\(name)` is less than in the row before"
                        : "`\(name)` is \(below), and \(above) in the row before")
            }
        }
    }
}

extension RuleColumn {
    /// How two cells that are of the column's type are ordered: below 0, 0 or above.
    fileprivate func order(
        _ left: Span<UInt8>, _ leftRange: Range<Int>, _ right: Span<UInt8>,
        _ rightRange: Range<Int>
    ) -> Int {
        switch type {
        case .number:
            // Integers may have more digits than a Double.
            if let a = integerValue(left, leftRange),
                let b = integerValue(right, rightRange)
            {
                return a < b ? -1 : a > b ? 1 : 0
            }
            return order(numberValue(left, leftRange), numberValue(right, rightRange))
        case .datetime: return order(momentValue(left, leftRange), momentValue(right, rightRange))
        case .boolean:
            func flag(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
                bytes[range.lowerBound] | 0x20 == UInt8(ascii: "t") ? 1 : 0
            }
            return flag(left, leftRange) - flag(right, rightRange)
        case .string, .date: return bytesOrder(left, leftRange, right, rightRange)
        }
    }

    /// What has no value has no place, and is not before anything.
    private func order<Value: Comparable>(_ left: Value?, _ right: Value?) -> Int {
        guard let left, let right else { return 0 }
        return left < right ? -1 : left > right ? 1 : 0
    }

    private func bytesOrder(
        _ left: Span<UInt8>, _ leftRange: Range<Int>, _ right: Span<UInt8>,
        _ rightRange: Range<Int>
    ) -> Int {
        for offset in 0..<Swift.min(leftRange.count, rightRange.count) {
            let (a, b) = (
                left[leftRange.lowerBound + offset], right[rightRange.lowerBound + offset]
            )
            if a != b { return a < b ? -1 : 1 }
        }
        return leftRange.count - rightRange.count
    }
}
