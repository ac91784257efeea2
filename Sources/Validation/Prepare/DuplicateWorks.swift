import Domain

/// `drop_duplicates`: of rows with equal cells one stays.
struct DuplicateWork: PreparationWork {
    private static let digestBytes = 32

    private let drop: DuplicateDrop
    private let places: [Int]
    private var sorter: RecordSorter
    private var dropped: RowNumbers

    init(_ drop: DuplicateDrop, _ context: StepContext) throws(PreparationError) {
        self.drop = drop
        places = try context.places(drop.columns)
        sorter = context.sorter(oneOf: 2)
        dropped = RowNumbers(context)
    }

    var looksFirst: Bool { true }

    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {
        var record = keyDigest(row, places)
        record.append(bigEndian: UInt64(number))
        try sorter.add(record)
    }

    mutating func decide() throws(PreparationError) {
        var sorted = try sorter.sorted()
        var last: [UInt8] = []
        while let record = try sorted.next() {
            if record.prefix(Self.digestBytes) == last.prefix(Self.digestBytes) {
                let loser = drop.keep == .first ? record : last
                try dropped.add(Int(loser.bigEndian(at: Self.digestBytes)))
            }
            last = record
        }
        try dropped.finish()
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        try !dropped.contains(number)
    }
}

/// `merge_duplicates`: rows with equal cells become one, where the first of them stands.
struct MergeWork: PreparationWork {
    private static let digestBytes = 32

    private let context: StepContext
    private let places: [Int]
    private let rules: [DuplicateMerge.Rule]
    private let width: Int
    private var sorter: RecordSorter
    private var merged: RecordSorter
    private var sorted: SortedRecords?
    private var next: [UInt8]?
    private var groups = 0

    init(_ merge: DuplicateMerge, _ context: StepContext) throws(PreparationError) {
        self.context = context
        places = try context.places(merge.columns)
        width = context.columns.count
        var rules = [DuplicateMerge.Rule](repeating: .first, count: width)
        for rule in merge.rules { rules[try context.place(rule.column)] = rule.rule }
        self.rules = rules
        sorter = context.sorter(oneOf: 2)
        merged = context.sorter(oneOf: 2)
    }

    var looksFirst: Bool { true }
    var notes: [String] { groups == 0 ? [] : ["\(counted(groups, "row")) made of several"] }

    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {
        var record = keyDigest(row, places)
        record.append(bigEndian: UInt64(number))
        record.append(varint: row.file)
        row.encode(to: &record)
        try sorter.add(record)
    }

    mutating func decide() throws(PreparationError) {
        var records = try sorter.sorted()
        var group: MergedRow?
        var row = PreparedRow()
        while let record = try records.next() {
            var index = Self.digestBytes + 8
            let file = record.varint(&index)
            row.decode(record, &index, width: width, file: file, linesBefore: 0)
            if var open = group, open.key.elementsEqual(record.prefix(Self.digestBytes)) {
                group = nil
                try open.add(row, context)
                group = open
            } else {
                try close(group)
                group = MergedRow(
                    key: record.prefix(Self.digestBytes),
                    number: record.bigEndian(at: Self.digestBytes), row: row, rules: rules)
                try group?.begin(context)
            }
        }
        try close(group)
        sorted = try merged.sorted()
        next = try sorted?.next()
    }

    private mutating func close(_ group: MergedRow?) throws(PreparationError) {
        guard let group else { return }
        if group.rows > 1 { groups += 1 }
        var record: [UInt8] = []
        record.append(bigEndian: group.number)
        let whole = group.finished(context)
        for place in group.summed where !whole.isMissing(place) && whole.number(place) == nil {
            throw context.beyondNumbers("the sum or mean", of: place)
        }
        record.append(varint: whole.file)
        whole.encode(to: &record)
        try merged.add(record)
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        guard let record = next, record.bigEndian(at: 0) == UInt64(number) else { return false }
        var index = 8
        let file = record.varint(&index)
        row.decode(record, &index, width: width, file: file, linesBefore: 0)
        next = try sorted?.next()
        return true
    }
}

/// Rows that become one.
private struct MergedRow {
    private struct Sum {
        var exact = ExactSum(scale: 1)
        /// nil: not all of them are integers of 64 bits.
        var whole: Int128? = 0
        var count = 0

        mutating func add(_ value: Double, _ integer: Int64?) {
            exact.add(value)
            whole = integer.flatMap { integer in whole.map { $0 + Int128(integer) } }
            count += 1
        }

        /// The sum, exact of integers; the mean is the nearest number.
        func text(isMean: Bool) -> [UInt8] {
            if let whole, !isMean || whole % Int128(count) == 0 {
                return Array(String(isMean ? whole / Int128(count) : whole).utf8)
            }
            return numberText(isMean ? exact.rounded / Double(count) : exact.rounded)
        }
    }

    let key: ArraySlice<UInt8>
    let number: UInt64
    private var row: PreparedRow
    private let rules: [DuplicateMerge.Rule]
    private var sums: [Int: Sum] = [:]
    private(set) var rows = 1

    init(
        key: ArraySlice<UInt8>, number: UInt64, row: PreparedRow, rules: [DuplicateMerge.Rule]
    ) {
        self.key = key
        self.number = number
        self.row = row
        self.rules = rules
    }

    /// The columns that sums or means are made of.
    var summed: [Int] { rules.indices.filter { rules[$0] == .mean || rules[$0] == .sum } }

    mutating func begin(_ context: StepContext) throws(PreparationError) {
        for place in summed { try add(row, place, context) }
    }

    mutating func add(_ other: PreparedRow, _ context: StepContext) throws(PreparationError) {
        rows += 1
        for (place, rule) in rules.enumerated() where !other.isMissing(place) {
            switch rule {
            case .mean, .sum: try add(other, place, context)
            case .first: if row.isMissing(place) { take(other, place) }
            case .last: take(other, place)
            case .min, .max:
                if row.isMissing(place) {
                    take(other, place)
                } else if try isLess(other, row, place, context) == (rule == .min),
                    other.text(place) != row.text(place)
                {
                    take(other, place)
                }
            }
        }
    }

    private mutating func take(_ other: PreparedRow, _ place: Int) {
        row.set(place, other.text(place), other.cells[place].kind)
    }

    /// Numbers by their values, and texts by their bytes, which orders dates too.
    private func isLess(
        _ one: PreparedRow, _ two: PreparedRow, _ place: Int, _ context: StepContext
    ) throws(PreparationError) -> Bool {
        if let left = one.integer(place), let right = two.integer(place) { return left < right }
        return switch (one.number(place), two.number(place)) {
        case (let left?, let right?): left < right
        case (nil, nil): isBefore(one.text(place), two.text(place))
        case (nil, _?), (_?, nil):
            throw context.refused(
                one, place, "cannot be compared with what is no number, or is one",
                hint: "`convert` the column before")
        }
    }

    private mutating func add(
        _ other: PreparedRow, _ place: Int, _ context: StepContext
    ) throws(PreparationError) {
        guard !other.isMissing(place) else { return }
        guard let value = other.number(place) else {
            throw context.refused(other, place, "is no number", hint: "`convert` it before")
        }
        sums[place, default: Sum()].add(value, other.integer(place))
    }

    func finished(_ context: StepContext) -> PreparedRow {
        var whole = row
        // Because a row that was alone stays as it is written.
        guard rows > 1 else { return whole }
        for (place, sum) in sums.sorted(by: { $0.key < $1.key }) {
            whole.set(place, sum.text(isMean: rules[place] == .mean), context.kind(.number))
        }
        return whole
    }
}

extension ExactSum {
    /// Adds a finite number to a sum of numbers.
    mutating func add(_ value: Double) {
        let isNormal = value.exponentBitPattern > 0
        let mantissa = Int128(value.significandBitPattern | (isNormal ? 1 << 52 : 0))
        add(
            value.sign == .minus ? -mantissa : mantissa,
            at: Int(max(1, value.exponentBitPattern)))
    }
}
