import Domain

/// Where the cells of keys stand in a file.
struct KeyLayout: Sendable {
    struct Column: Sendable {
        /// The number of the cell in a table, of the column in a file of JSON lines; from 0.
        var place: Int
        var name: String
        var kind: ColumnDeclaration.Kind
        /// The hash of its name.
        var seed: UInt64

        var isInteger: Bool { kind == .integer }
    }

    /// How a projection is read; columns by their index in `columns`.
    enum Reading: Sendable {
        case key([(column: Int, isNumber: Bool)])
        /// The number of the sum over the row's cells.
        case row(sum: Int)
        case labelled(sum: Int, label: Int)
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

    /// Of a table with a header.
    init(_ plan: ScanPlan, _ wanted: KeyPlan) {
        self.init(
            plan.columns.map { ($0.place, $0.rules.name, $0.rules.kind) }, wanted,
            quote: plan.dialect.quote)
    }

    /// Of records with keys of their own: a column that is not met yet is missing so far.
    init(records columns: [ColumnCheck], _ wanted: KeyPlan) {
        var found = columns.enumerated().map { ($0, $1.name, $1.rules.kind) }
        let names = Set(columns.map(\.name))
        let required = wanted.projections.flatMap(\.required) + wanted.times.map(\.column)
        for name in Set(required).subtracting(names).sorted() {
            found.append((.max, name, .string))
        }
        self.init(found, wanted, quote: nil)
    }

    private init(
        _ found: [(place: Int, name: String, kind: ColumnDeclaration.Kind)], _ wanted: KeyPlan,
        quote: UInt8?
    ) {
        isTable = quote != nil
        let columns = found.map { place, name, kind in
            Column(
                place: place, name: name, kind: kind, seed: CellHash.standard.hash(name))
        }
        var sums: [[Bool]] = []
        func sum(_ counted: RowColumns) -> Int {
            sums.append(columns.map { counted.has($0.name) })
            return sums.count - 1
        }
        func index(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
        readings = wanted.projections.map { projection in
            if let absent = projection.required.first(where: { index($0) == nil }) {
                return .absent(absent)
            }
            switch projection {
            case .key(let parts):
                return .key(
                    parts.compactMap { part in
                        index(part.column).map { ($0, part.isNumber) }
                    })
            case .row(let counted), .labelled(let counted, _):
                guard columns.contains(where: { counted.has($0.name) }) else {
                    return .absent(nil)
                }
                guard case .labelled(_, let label) = projection else {
                    return .row(sum: sum(counted))
                }
                return .labelled(sum: sum(counted), label: index(label) ?? 0)
            }
        }
        times = wanted.times.map { index($0.column) }
        self.columns = columns
        self.sums = sums
        self.quote = quote ?? UInt8(ascii: "\"")
    }

    /// The place of the cell that a key of one column is; nil: of several, or it is in no table.
    func cell(of projection: Int) -> Int? {
        guard isTable, case .key(let parts) = readings[projection], parts.count == 1 else {
            return nil
        }
        return columns[parts[0].column].place
    }
}
