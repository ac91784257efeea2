import Domain

/// Finds the narrowest type of each column from every row of it; never from a sample.
///
/// Words that often stand for a missing value are kept apart: they are no reason to call a column
/// of numbers text.
struct InferenceSink: TableSink {
    /// What is known of one column.
    struct Column: Sendable {
        var name: String
        /// What a file that knows its types says; text where it does not.
        var stored = ColumnDeclaration.Kind.string
        var forms = CellForms.all
        /// Cells that are neither empty nor such a word.
        var values = 0
        var missing = 0
        /// Every value is UTF-8, which only files that know their types need not have.
        var isText = true
        /// How often each of `MissingWords.inferred` stands in the column.
        var words = [Int](repeating: 0, count: MissingWords.inferred.count)

        /// What a file that knows its types says, of which a text stays one though all of them are
        /// digits; anything where not every value has a form that the type allows, as infinities
        /// and bytes that are no text have not.
        var told: ColumnDeclaration.Kind {
            guard isText else { return .any }
            guard let form = CellForms(stored), values > 0, !forms.contains(form) else {
                return stored
            }
            return .any
        }

        mutating func add(_ other: Column) {
            forms.formIntersection(other.forms)
            isText = isText && other.isText
            values += other.values
            missing += other.missing
            for index in words.indices { words[index] += other.words[index] }
        }
    }

    /// Of the whole: all columns, in the order in which the files have them; of a part: the file's.
    private(set) var columns: [Column] = []
    /// The place of each of the file's columns among its cells, and among all columns.
    private var places: [Int] = []
    private var targets: [Int] = []
    /// Of JSON lines, whose cells are objects too.
    private var tree: ObjectTree?

    /// The files say themselves of what type a column is.
    private let knowsTypes: Bool

    init(knowsTypes: Bool) { self.knowsTypes = knowsTypes }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        if plan.keys != nil { tree = tree ?? ObjectTree() }
        places = plan.columns.map(\.place)
        targets = plan.columns.map { column in
            let name = column.rules.name
            if let known = columns.firstIndex(where: { $0.name == name }) { return known }
            columns.append(Column(name: name, stored: column.rules.kind))
            return columns.count - 1
        }
    }

    func part() -> InferenceSink {
        var part = InferenceSink(knowsTypes: knowsTypes)
        part.places = places
        if tree != nil { part.tree = ObjectTree() }
        part.columns = targets.map { Column(name: columns[$0].name) }
        return part
    }

    mutating func take(_ batch: RowBatch) {
        guard tree == nil else { return tree?.take(batch) ?? () }
        for (index, place) in places.enumerated() {
            var column = Column(name: "")
            swap(&column, &columns[index])
            for row in 0..<batch.rows { take(batch, row, place, &column) }
            swap(&column, &columns[index])
        }
    }

    private func take(_ batch: RowBatch, _ row: Int, _ place: Int, _ column: inout Column) {
        let cell = batch.cell(row, place)
        guard !cell.range.isEmpty else {
            column.missing += 1
            return
        }
        if let word = batch.withBytes({ Self.word($0, cell.range) }) {
            column.words[word] += 1
            return
        }
        column.values += 1
        if knowsTypes, column.isText, !batch.withBytes({ isUTF8($0, cell.range) }) {
            column.isText = false
        }
        // Because nothing but text has quotes in it.
        guard !cell.isEscaped else { return column.forms = [] }
        guard !column.forms.isEmpty else { return }
        batch.withBytes { column.forms.narrow($0, cell.range) }
    }

    /// Which of `MissingWords.inferred` a cell is.
    static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.count <= MissingWords.inferredBytesMax else { return nil }
        return MissingWords.inferredBytes.firstIndex { isEqual(bytes, range, $0) }
    }

    /// All columns, with the narrowest type of each.
    func found() -> [(column: Column, type: ColumnDeclaration.Kind)] {
        if let tree { return tree.columns() }
        return columns.map { ($0, knowsTypes ? $0.told : $0.values > 0 ? $0.forms.type : .string) }
    }

    mutating func merge(_ next: InferenceSink, linesBefore: Int) {
        if let theirs = next.tree { tree?.merge(theirs) }
        for (target, column) in zip(targets, next.columns) { columns[target].add(column) }
    }
}

extension MissingWords {
    /// Words that no column of numbers, dates or truth values has for a value.
    static let inferred = lookAlikes.filter { !$0.isEmpty && Int($0) == nil }
    static let inferredBytes = inferred.map { Array($0.utf8) }
    static let inferredBytesMax = inferred.map(\.utf8.count).max() ?? 0
}
