import Domain

/// `clip_outliers` and `drop_outliers`: numbers outside of bounds are moved there, or their rows
/// are left out. Bounds from the data are exact.
struct OutlierWork: PreparationWork {
    private struct Column {
        var place: Int
        var numbers: SortedNumbers?
        var least: Double?
        var most: Double?
    }

    private let method: OutlierBounds.Method
    private let drops: Bool
    private let context: StepContext
    private var columns: [Column] = []
    private(set) var cellsChanged = 0
    private(set) var notes: [String] = []

    init(
        _ bounds: OutlierBounds, drops: Bool, _ context: StepContext
    ) throws(PreparationError) {
        method = bounds.method
        self.drops = drops
        self.context = context
        for place in try context.places(bounds.columns) {
            var column = Column(place: place)
            if case .range(let least, let most) = bounds.method {
                (column.least, column.most) = (least, most)
            } else {
                column.numbers = SortedNumbers(context.sorter(oneOf: 2 * bounds.columns.count))
            }
            columns.append(column)
        }
    }

    var looksFirst: Bool { if case .range = method { false } else { true } }

    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {
        for index in columns.indices where !row.isMissing(columns[index].place) {
            let value = try value(row, columns[index].place)
            try columns[index].numbers?.add(value)
        }
    }

    private func value(_ row: PreparedRow, _ place: Int) throws(PreparationError) -> Double {
        if let value = row.number(place) { return value }
        throw context.refused(row, place, "is no number", hint: "`convert` it before")
    }

    mutating func decide() throws(PreparationError) {
        for index in columns.indices {
            guard var numbers = columns[index].numbers, numbers.count > 0 else { continue }
            columns[index].numbers = nil
            let count = numbers.count
            let sorted = try numbers.sorted()
            switch method {
            case .tukey(let k):
                let found = try SortedNumbers.quantiles([0.25, 0.75], of: sorted, count: count)
                let reach = k * (found[1] - found[0])
                (columns[index].least, columns[index].most) = (found[0] - reach, found[1] + reach)
            case .robustZ(let threshold):
                let middle = try SortedNumbers.quantiles([0.5], of: sorted, count: count)[0]
                let unit = try spread(sorted, around: middle, count: count)
                guard unit > 0 else { continue }
                let reach = threshold * unit
                (columns[index].least, columns[index].most) = (middle - reach, middle + reach)
            case .range: break
            }
            for bound in [columns[index].least, columns[index].most] {
                guard bound?.isFinite ?? true else {
                    throw context.beyondNumbers("a bound", of: columns[index].place)
                }
            }
            note(columns[index])
        }
    }

    /// The unit of the robust score (Iglewicz and Hoaglin 1993); 0: there are no outliers.
    private func spread(
        _ sorted: SortedRecords, around middle: Double, count: Int
    ) throws(PreparationError) -> Double {
        var numbers = sorted
        var deviations = SortedNumbers(context.sorter(oneOf: 2 * columns.count))
        var sum = ExactSum(scale: 1)
        while let record = try numbers.next() {
            let deviation = (orderedValue(record) - middle).magnitude
            try deviations.add(deviation)
            sum.add(deviation)
        }
        let median = try SortedNumbers.quantiles(
            [0.5], of: try deviations.sorted(), count: count)[0]
        return median > 0 ? median / 0.6745 : 1.2533 * (sum.rounded / Double(count))
    }

    private mutating func note(_ column: Column) {
        let name = context.columns[column.place]
        guard !context.privateColumns.contains(name), let least = column.least,
            let most = column.most
        else { return }
        notes.append(
            "\(oneLine(name, charactersMax: 60)) within "
                + "\(String(decoding: numberText(least), as: UTF8.self)) and "
                + "\(String(decoding: numberText(most), as: UTF8.self))")
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        for column in columns where !row.isMissing(column.place) {
            let value = try value(row, column.place)
            var bound: Double?
            if let least = column.least, value < least { bound = least }
            if let most = column.most, value > most { bound = most }
            guard let bound else { continue }
            if drops { return false }
            row.set(column.place, numberText(bound), context.kind(.number))
            cellsChanged += 1
        }
        return true
    }
}
