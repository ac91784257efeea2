import Domain

/// What the parts of a file are checked for; the same for all of them.
struct ScanPlan: Sendable {
    /// Headers with more cells than this are not read further: the batches would be too large.
    static let widthMax = 1 << 20

    var dialect = Dialect()
    /// How many cells the header has.
    let width: Int
    /// The cells that are checked, by their place; cells of a repeated name, and of more columns
    /// than can be, are not among them.
    let columns: [Column]
    /// Texts that mean "missing" beside the empty cell, in columns that say nothing else.
    let missing: TextSet
    /// How many columns have cells that are written in a form of their own.
    let formed: Int
    /// Of JSON lines: which key is which column. nil: the file is a table.
    let keys: ObjectKeys?
    /// By place, a hash of the column's name; of a cell that is not checked, of its place.
    let seeds: [UInt64]
    /// By place, whether the cells are checked.
    let isChecked: [Bool]
    /// By place, whether the cells are declared to be numbers, which are equal by their value.
    let isNumber: [Bool]

    struct Column: Sendable {
        /// The number of the cell, from 0.
        let place: Int
        /// The number of the column in the whole dataset.
        let number: Int
        let rules: ColumnRules
        /// Texts that mean "missing" beside the empty cell.
        let missing: TextSet
        /// Some text that means "missing" could pass as a cell of the column.
        let mayPass: Bool
        /// The column's number among those whose cells are written in a form of their own; nil:
        /// they are not.
        let slot: Int?
        let source: CellSource
    }

    /// - Parameters:
    ///   - columns: by the place of their cells.
    ///   - sources: by the place; text where there is none.
    ///   - keys: as many places as there are columns.
    init(
        width: Int, columns: [(place: Int, number: Int, rules: ColumnRules)], missing: TextSet,
        dialect: Dialect = Dialect(), sources: [Int: CellSource] = [:],
        keys: ObjectKeys? = nil
    ) {
        self.keys = keys
        self.width = width
        var (seeds, isChecked) = ([UInt64](), [Bool](repeating: false, count: width))
        seeds.reserveCapacity(width)
        for place in 0..<width { seeds.append(UInt64(place) &* 0x9E37_79B9_7F4A_7C15) }
        for column in columns {
            seeds[column.place] = CellHash.standard.hash(column.rules.name)
            isChecked[column.place] = true
        }
        (self.seeds, self.isChecked) = (seeds, isChecked)
        var isNumber = [Bool](repeating: false, count: width)
        for column in columns { isNumber[column.place] = column.rules.isDeclaredNumber }
        self.isNumber = isNumber
        self.missing = missing
        self.dialect = dialect
        var formed = 0
        self.columns = columns.map { column in
            let missing = column.rules.missing ?? missing
            let mayPass = missing.texts.contains { text in
                let bytes = Array(text.utf8)
                let fault = column.rules.typeFault(bytes.span, bytes.indices, .text)
                if case .type = fault { return false }
                return true
            }
            let source = sources[column.place] ?? .text
            let hasForm = source == .text && column.rules.form != nil
            formed += hasForm ? 1 : 0
            return Column(
                place: column.place, number: column.number, rules: column.rules, missing: missing,
                mayPass: mayPass, slot: hasForm ? formed - 1 : nil, source: source)
        }
        self.formed = formed
    }
}
