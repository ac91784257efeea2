import Crypto
import Domain

/// What one step knows about the rows that come to it.
struct StepContext: Sendable {
    var step: PreparationStep
    /// From 1.
    var number: Int
    /// By the places of cells.
    var columns: [String]
    /// Paths of files by their numbers, as in reports.
    var paths: [Int: String]
    /// Cells of these are shown nowhere.
    var privateColumns: Set<String>
    /// Cells have the types of JSON.
    var isOfLines: Bool
    /// Where records go that do not fit into memory.
    var folder: String
    /// For all that the step sorts.
    var sortBytesMax: Int

    /// The places of columns; all where none is named.
    func places(_ names: [String]) throws(PreparationError) -> [Int] {
        guard !names.isEmpty else { return Array(columns.indices) }
        var places: [Int] = []
        for name in names { places.append(try place(name)) }
        return places
    }

    func place(_ name: String) throws(PreparationError) -> Int {
        if let place = columns.firstIndex(of: name) { return place }
        let known = columns.prefix(10).map { oneLine($0, charactersMax: 40) }
        throw wrong(
            "there is no column `\(oneLine(name, charactersMax: 60))` in the data",
            hint: "it has " + known.joined(separator: ", ") + (columns.count > 10 ? ", …" : ""))
    }

    /// The kind of a cell that a step has made.
    func kind(_ kind: PreparedRow.Kind) -> PreparedRow.Kind { isOfLines ? kind : .text }

    /// A sorter that has its share of the memory.
    func sorter(oneOf count: Int = 1) -> RecordSorter {
        RecordSorter(bytesMax: max(1 << 17, sortBytesMax / max(1, count)), folder: folder)
    }

    /// The step cannot be carried out at all.
    func wrong(_ message: String, hint: String? = nil) -> PreparationError {
        .step(
            place: step.place, step: number, name: step.name, message: message, hint: hint)
    }

    /// A cell cannot go through the step.
    ///
    /// - Parameter problem: follows the cell: `is no number`.
    func refused(
        _ row: PreparedRow, _ column: Int, _ problem: String, hint: String? = nil
    ) -> PreparationError {
        let name = oneLine(columns[column], charactersMax: 60)
        var shown = "it is missing, and"
        if !row.isMissing(column) {
            let text = String(decoding: row.text(column), as: UTF8.self)
            shown =
                privateColumns.contains(columns[column])
                ? "the cell" : "`\(oneLine(text, charactersMax: 40))`"
        }
        let place = row.cells[column].column
        return .cell(
            place: Place(
                file: paths[row.file] ?? "", line: row.line, column: place > 0 ? place : nil),
            step: number, name: step.name, message: "column `\(name)`: \(shown) \(problem)",
            hint: hint)
    }

    /// Where a row stands.
    func place(_ row: PreparedRow) -> Place { Place(file: paths[row.file] ?? "", line: row.line) }
}

/// One step at work. Rows come in their order, and are numbered from 0.
protocol PreparationWork {
    /// All rows must be looked at before the first one is taken.
    var looksFirst: Bool { get }
    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError)
    /// All rows were looked at.
    mutating func decide() throws(PreparationError)
    /// Changes the row; false: it is left out.
    mutating func take(_ row: inout PreparedRow, _ number: Int) throws(PreparationError) -> Bool
    /// How many cells were changed.
    var cellsChanged: Int { get }
    /// What was found out of the data, a line each.
    var notes: [String] { get }
}

extension PreparationWork {
    var looksFirst: Bool { false }
    var cellsChanged: Int { 0 }
    var notes: [String] { [] }
    mutating func look(_ row: PreparedRow, _ number: Int) throws(PreparationError) {}
    mutating func decide() throws(PreparationError) {}
}

extension PreparationStep {
    /// The step, ready for rows with these columns.
    func work(_ context: StepContext) throws(PreparationError) -> any PreparationWork {
        switch action {
        case .convert(let it): try ConversionWork(it, context)
        case .fillMissing(let it): try FillWork(it, context)
        case .dropMissing(let it): try MissingWork(it, context)
        case .dropDuplicates(let it): try DuplicateWork(it, context)
        case .mergeDuplicates(let it): try MergeWork(it, context)
        case .clipOutliers(let it): try OutlierWork(it, drops: false, context)
        case .dropOutliers(let it): try OutlierWork(it, drops: true, context)
        case .normaliseText(let it): try TextWork(it, context)
        case .sample(let it): try samplingWork(it, context)
        case .split(let it): try splitWork(it, context)
        case .resizeImages, .convertImages:
            throw .step(
                place: place, step: context.number, name: name, message: "it is about pictures",
                hint: nil)
        }
    }
}

/// Which rows stay, as numbers in ascending order on the disk, walked along with the rows.
struct RowNumbers {
    private var sorter: RecordSorter
    private var sorted: SortedRecords?
    private var next: Int?

    init(_ context: StepContext) { sorter = context.sorter(oneOf: 2) }

    mutating func add(_ number: Int) throws(PreparationError) {
        var record: [UInt8] = []
        record.append(bigEndian: UInt64(number))
        try sorter.add(record)
    }

    /// No more will be added.
    mutating func finish() throws(PreparationError) {
        sorted = try sorter.sorted()
        try advance()
    }

    /// Whether a number is among them; asked in ascending order.
    mutating func contains(_ number: Int) throws(PreparationError) -> Bool {
        guard next == number else { return false }
        try advance()
        return true
    }

    private mutating func advance() throws(PreparationError) {
        next = try sorted?.next().map { Int($0.bigEndian(at: 0)) }
    }
}

/// The bytes by which rows are equal in some columns: whether a cell is missing, its length and it.
///
/// Of a table and of JSON alike, so that 1 and "1" are equal.
func keyBytes(_ row: PreparedRow, _ places: [Int], after prefix: String) -> [UInt8] {
    var bytes = Array(prefix.utf8)
    for place in places {
        if row.isMissing(place) {
            bytes.append(UInt8(ascii: "-"))
        } else {
            let text = row.text(place)
            bytes.append(contentsOf: String(text.count).utf8)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: text)
        }
        bytes.append(UInt8(ascii: ","))
    }
    return bytes
}

/// The SHA-256 of `keyBytes`.
func keyDigest(_ row: PreparedRow, _ places: [Int], after prefix: String = "") -> [UInt8] {
    Array(SHA256.hash(data: keyBytes(row, places, after: prefix)))
}
