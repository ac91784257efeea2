/// Takes the rows of files down as they are, in their order, for the steps to read.
struct PreparationSink: TableSink {
    /// Of the whole; nil in a part.
    private var spool: RowSpool?
    private(set) var fault: SpillFault?
    /// All columns, in the order in which the files have them.
    private(set) var columns: [String] = []
    /// Of each column its place among them.
    private var known: [String: Int] = [:]
    /// Of each file, the columns of its cells; and its path.
    private(set) var layouts: [Int: [Int]] = [:]
    private(set) var paths: [Int: String] = [:]
    private var places: [Int] = []
    private var file = 0
    private var quote = UInt8(ascii: "\"")
    // Of a part.
    private var block: [UInt8] = []
    private var rows = 0

    init(_ spool: RowSpool) { self.spool = spool }

    private init(places: [Int], quote: UInt8) {
        self.places = places
        self.quote = quote
    }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self.file = file
        quote = plan.dialect.quote
        places = plan.columns.map(\.place)
        paths[file] = path
        layouts[file] = plan.columns.map { column in
            let name = column.rules.name
            if let place = known[name] { return place }
            known[name] = columns.count
            columns.append(name)
            return columns.count - 1
        }
    }

    func part() -> PreparationSink { PreparationSink(places: places, quote: quote) }

    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows {
            block.append(varint: batch.line(row))
            for place in places { take(batch, row, place) }
        }
        rows += batch.rows
    }

    private mutating func take(_ batch: RowBatch, _ row: Int, _ place: Int) {
        let isMissing = batch.state(row, place) == .missing
        let kind: PreparedRow.Kind =
            switch batch.kind(row, place) {
            case _ where isMissing: .missing
            case .text: .text
            case .string: .string
            case .number: .number
            case .boolean: .boolean
            case .container: .container
            case .null, .absent: .missing
            }
        block.append(kind.rawValue)
        block.append(varint: batch.placeColumn(row, place))
        guard kind != .missing else { return }
        let cell = batch.cell(row, place)
        guard !cell.isEscaped else {
            let text = batch.text(row, place, quote: quote)
            block.append(varint: text.count)
            return block.append(contentsOf: text)
        }
        block.append(varint: cell.length)
        batch.withBytes { bytes in
            for index in cell.range { block.append(bytes[index]) }
        }
    }

    mutating func merge(_ next: PreparationSink, linesBefore: Int) {
        guard fault == nil else { return }
        do throws(SpillFault) {
            try spool?.append(
                next.block, rows: next.rows, file: file, linesBefore: linesBefore + 1)
        } catch {
            fault = error
        }
    }

    /// The rows of all files.
    func finish() throws(SpillFault) -> RowSpool {
        if let fault { throw fault }
        guard let spool else { preconditionFailure("a part is not the whole") }
        return spool
    }
}
