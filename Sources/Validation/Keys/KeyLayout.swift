import Domain

/// Where the cells of keys stand in a file.
struct KeyLayout: Sendable {
    struct Column: Sendable {
        /// The number of the cell, from 0.
        var place: Int
        var name: String
        var kind: ColumnDeclaration.Kind
        /// The hash of its name.
        var seed: UInt64
        /// It is declared to hold numbers.
        var isNumber: Bool

        func part(isNumber: Bool) -> Part { Part(place: place, isNumber: isNumber) }
    }

    /// One cell of a key.
    struct Part: Sendable {
        var place: Int
        /// By value.
        var isNumber: Bool
    }

    /// How a projection is read.
    enum Reading: Sendable {
        case key([Part])
        /// The hash of the record.
        case record
        /// As the projection of records: its rows are not kept again.
        case sameAsRecord
        /// The number of the sum over the row's cells.
        case row(sum: Int)
        case labelled(sum: Int, label: Part)
        /// There is nothing to read: the column is not in the file, or of a row no column counts.
        case absent(String?)
    }

    let columns: [Column]
    /// As the projections.
    let readings: [Reading]
    let sums: [Sum]
    /// The columns whose times are read; nil: it is not in the file.
    let times: [Int?]
    /// The places of the texts that are compared; nil: the column is not in the file.
    let texts: [Int?]
    /// By what labels are judged; nil: a column is not in the file.
    let noises: [NoiseLayout?]
    /// What is counted against the label; nil: nothing.
    let cells: CellLayout?
    let quote: UInt8
    private let isTable: Bool

    /// - Parameter equal: the projections whose rows are those of whole records in the files
    ///   before; nil: this is the first file.
    init(_ plan: ScanPlan, _ wanted: KeyPlan, equal: Set<Int>? = nil) {
        isTable = plan.keys == nil
        quote = plan.dialect.quote
        let columns = plan.columns.map { column in
            Column(
                place: column.place, name: column.rules.name, kind: column.rules.kind,
                seed: plan.seeds[column.place], isNumber: plan.isNumber[column.place])
        }
        // Because in a line of JSON 1 and "1" are different records, and the same text.
        let isWhole = plan.keys == nil && columns.count == plan.width
        var sums: [Sum] = []
        func sum(_ counted: RowColumns) -> Int {
            sums.append(Sum(columns, counted, isWhole: isWhole))
            return sums.count - 1
        }
        func column(_ name: String) -> Column? { columns.first { $0.name == name } }
        let isRecorded = wanted.projections.contains(.record)
        var readings = wanted.projections.enumerated().map { index, projection -> Reading in
            if let absent = projection.required.first(where: { column($0) == nil }) {
                return .absent(absent)
            }
            switch projection {
            case .record: return .record
            case .key(let parts):
                return .key(
                    parts.compactMap { column($0.column)?.part(isNumber: $0.isNumber) })
            case .row(let counted), .labelled(let counted, _):
                guard columns.contains(where: { counted.has($0.name) }) else {
                    return .absent(nil)
                }
                if case .labelled(_, let name) = projection,
                    let label = column(name).map({ $0.part(isNumber: $0.isNumber) })
                {
                    return .labelled(sum: sum(counted), label: label)
                }
                // Because of numbers that count by their texts a later file may have the column
                // that this one lacks.
                let isAll =
                    isWhole && counted.asText.isEmpty
                    && columns.allSatisfy { counted.has($0.name) }
                let isEqual = equal?.contains(index) ?? isAll
                return isRecorded && isEqual ? .sameAsRecord : .row(sum: sum(counted))
            }
        }
        // Because a file that has other columns than the first one must not part the two: then
        // only the columns that rows are compared by count in its records.
        if let equal, let index = equal.min(), case .row(let counted) = wanted.projections[index],
            let record = wanted.number(of: .record),
            !isWhole || !columns.allSatisfy({ counted.has($0.name) })
        {
            readings[record] = .row(sum: sum(counted))
        }
        self.readings = readings
        times = wanted.times.map { time in columns.firstIndex { $0.name == time.column } }
        texts = wanted.texts.map { name in column(name)?.place }
        noises = wanted.noises.map { NoiseLayout($0, columns, quote: plan.dialect.quote) }
        cells = wanted.cells.map { CellLayout($0, columns, quote: plan.dialect.quote) }
        self.columns = columns
        self.sums = sums
    }

    /// The projections whose rows are those of whole records.
    var equalToRecord: Set<Int> {
        Set(
            readings.indices.filter { if case .sameAsRecord = readings[$0] { true } else { false } }
        )
    }

    /// The place of the cell that a key of one column is; nil: of several, or it is in no table.
    func cell(of projection: Int) -> Int? {
        guard isTable, case .key(let parts) = readings[projection], parts.count == 1 else {
            return nil
        }
        return parts[0].place
    }
}

extension KeyLayout.Column {
    /// Whether it holds numbers that are compared by their texts.
    fileprivate func isText(_ counted: RowColumns) -> Bool {
        isNumber && counted.asText.contains(name)
    }
}

extension KeyLayout {
    /// How the sum over some cells of each row is made.
    struct Sum: Sendable {
        /// It begins with the record's hash, and the columns are taken from it; else they are
        /// added.
        let isRest: Bool
        /// The numbers of columns.
        let columns: [Int]
        /// As those: whether numbers count by their value.
        let isNumber: [Bool]

        /// - Parameter isWhole: the hash of a record is the sum over all columns.
        init(_ all: [Column], _ counted: RowColumns, isWhole: Bool) {
            let other = all.indices.filter { !counted.has(all[$0].name) }
            let isByValue = !all.contains { $0.isText(counted) }
            isRest = isWhole && isByValue && other.count * 2 < all.count
            columns = isRest ? other : all.indices.filter { counted.has(all[$0].name) }
            isNumber = columns.map { all[$0].isNumber && !all[$0].isText(counted) }
        }
    }
}
