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

        func part(isNumber: Bool) -> Part {
            Part(place: place, isNumber: isNumber, isInteger: kind == .integer)
        }
    }

    /// One cell of a key.
    struct Part: Sendable {
        var place: Int
        /// By value.
        var isNumber: Bool
        var isInteger: Bool
    }

    /// How a projection is read.
    enum Reading: Sendable {
        case key([Part])
        /// The number of the sum over the row's cells.
        case row(sum: Int)
        case labelled(sum: Int, label: Part)
        /// There is nothing to read: the column is not in the file, or of a row no column counts.
        case absent(String?)
    }

    let columns: [Column]
    /// As the projections.
    let readings: [Reading]
    /// For every sum that is wanted, whether each column counts in it.
    let sums: [[Bool]]
    /// The columns whose times are read; nil: it is not in the file.
    let times: [Int?]
    let quote: UInt8
    private let isTable: Bool

    init(_ plan: ScanPlan, _ wanted: KeyPlan) {
        isTable = plan.keys == nil
        quote = plan.dialect.quote
        let columns = plan.columns.map { column in
            Column(
                place: column.place, name: column.rules.name, kind: column.rules.kind,
                seed: CellHash.standard.hash(column.rules.name))
        }
        var sums: [[Bool]] = []
        func sum(_ counted: RowColumns) -> Int {
            sums.append(columns.map { counted.has($0.name) })
            return sums.count - 1
        }
        func column(_ name: String) -> Column? { columns.first { $0.name == name } }
        readings = wanted.projections.map { projection in
            if let absent = projection.required.first(where: { column($0) == nil }) {
                return .absent(absent)
            }
            switch projection {
            case .key(let parts):
                return .key(
                    parts.compactMap { column($0.column)?.part(isNumber: $0.isNumber) })
            case .row(let counted), .labelled(let counted, _):
                guard columns.contains(where: { counted.has($0.name) }) else {
                    return .absent(nil)
                }
                guard case .labelled(_, let name) = projection,
                    let label = column(name)?.part(isNumber: false)
                else { return .row(sum: sum(counted)) }
                return .labelled(sum: sum(counted), label: label)
            }
        }
        times = wanted.times.map { time in columns.firstIndex { $0.name == time.column } }
        self.columns = columns
        self.sums = sums
    }

    /// The place of the cell that a key of one column is; nil: of several, or it is in no table.
    func cell(of projection: Int) -> Int? {
        guard isTable, case .key(let parts) = readings[projection], parts.count == 1 else {
            return nil
        }
        return parts[0].place
    }
}
