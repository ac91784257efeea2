import Domain

/// `drop_missing`: rows with missing cells are left out.
struct MissingWork: PreparationWork {
    private let places: [Int]
    private let onlyAll: Bool

    init(_ drop: MissingDrop, _ context: StepContext) throws(PreparationError) {
        places = try context.places(drop.columns)
        onlyAll = drop.onlyAll
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        onlyAll
            ? places.contains { !row.isMissing($0) } : places.allSatisfy { !row.isMissing($0) }
    }
}

/// `fill_missing`: something stands in missing cells.
struct FillWork: PreparationWork {
    private struct Column {
        var place: Int
        /// nil: not known yet, or the column has nothing before the row.
        var text: [UInt8]?
        var kind = PreparedRow.Kind.text
        var moments: NumberMoments?
        var sorter: RecordSorter?
    }

    private let filling: MissingFill.Filling
    private let context: StepContext
    private var columns: [Column] = []
    private(set) var cellsChanged = 0
    private(set) var notes: [String] = []

    init(_ fill: MissingFill, _ context: StepContext) throws(PreparationError) {
        filling = fill.filling
        self.context = context
        for place in try context.places(fill.columns) {
            var column = Column(place: place)
            switch fill.filling {
            case .value(let text, let kind):
                column.text = Array(text.utf8)
                column.kind =
                    switch kind {
                    case .string: context.kind(.string)
                    case .number: context.kind(.number)
                    case .boolean: context.kind(.boolean)
                    }
            case .statistic(.mean): column.moments = NumberMoments()
            case .statistic(.median), .statistic(.mode):
                column.sorter = context.sorter(oneOf: fill.columns.count)
            case .statistic(.previous): break
            }
            columns.append(column)
        }
    }

    var looksFirst: Bool {
        switch filling {
        case .statistic(.mean), .statistic(.median), .statistic(.mode): true
        case .statistic(.previous), .value: false
        }
    }

    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {
        for index in columns.indices where !row.isMissing(columns[index].place) {
            let place = columns[index].place
            if filling == .statistic(.mode) {
                let record = [row.cells[place].kind.rawValue] + row.text(place)
                try columns[index].sorter?.add(record)
                continue
            }
            guard let value = row.number(place) else {
                throw context.refused(row, place, "is no number", hint: "`convert` it before")
            }
            columns[index].moments?.add(value, times: 1)
            try columns[index].sorter?.add(orderedBytes(value))
        }
    }

    mutating func decide() throws(PreparationError) {
        for index in columns.indices {
            let name = oneLine(context.columns[columns[index].place], charactersMax: 60)
            guard case .statistic(let statistic) = filling else { return }
            try decide(index, statistic)
            guard let text = columns[index].text else {
                throw context.wrong(
                    "the column `\(name)` has no value that could be taken",
                    hint: "fill it with `value`, or drop it")
            }
            if statistic != .mode, numberValue(text.span, text.indices) == nil {
                throw context.beyondNumbers("the \(statistic.rawValue)", of: columns[index].place)
            }
            let isPrivate = context.privateColumns.contains(
                context.columns[columns[index].place])
            let shown = oneLine(String(decoding: text, as: UTF8.self), charactersMax: 40)
            notes.append("\(statistic.rawValue) of \(name): \(isPrivate ? "•••" : shown)")
        }
    }

    private mutating func decide(
        _ index: Int, _ statistic: MissingFill.Statistic
    ) throws(PreparationError) {
        switch statistic {
        case .mean:
            columns[index].text = columns[index].moments?.mean.map(numberText)
            columns[index].kind = context.kind(.number)
            columns[index].moments = nil
        case .median:
            let count = columns[index].sorter?.count ?? 0
            guard count > 0, let sorted = try columns[index].sorter?.sorted() else { return }
            let median = try SortedNumbers.quantiles([0.5], of: sorted, count: count)[0]
            columns[index].text = numberText(median)
            columns[index].kind = context.kind(.number)
            columns[index].sorter = nil
        case .mode:
            guard var sorted = try columns[index].sorter?.sorted(),
                let mode = try mode(of: &sorted)
            else { return }
            columns[index].text = Array(mode.dropFirst())
            columns[index].kind = PreparedRow.Kind(rawValue: mode[0]) ?? .text
            columns[index].sorter = nil
        case .previous: break
        }
    }

    /// The record that occurs most; of several, the first in the order of bytes.
    private func mode(of sorted: inout SortedRecords) throws(PreparationError) -> [UInt8]? {
        var (best, bestCount): ([UInt8]?, Int) = (nil, 0)
        var (current, count): ([UInt8], Int) = ([], 0)
        while let record = try sorted.next() {
            if record == current {
                count += 1
            } else {
                (current, count) = (record, 1)
            }
            if count > bestCount { (best, bestCount) = (current, count) }
        }
        return best
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        for index in columns.indices {
            let place = columns[index].place
            if !row.isMissing(place) {
                guard filling == .statistic(.previous) else { continue }
                columns[index].text = Array(row.text(place))
                columns[index].kind = row.cells[place].kind
            } else if let text = columns[index].text {
                row.set(place, text, columns[index].kind)
                cellsChanged += 1
            }
        }
        return true
    }
}
