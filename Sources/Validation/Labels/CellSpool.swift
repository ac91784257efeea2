/// The cells of a dataset that are counted against its label, in the order of the rows: in memory
/// while they are few, and otherwise on disk.
///
/// They lie in blocks of rows, in each column behind column, so that a column can be read without
/// the others. A column that a file does not have is missing in all its rows.
struct CellSpool: Sendable {
    struct Column: Hashable, Codable, Sendable {
        var name: String
        var form: CellWord.Form
    }

    /// Some rows.
    private struct Block: Codable, Sendable {
        /// How many entries come before.
        var start: Int
        var rows: Int
        /// How many columns were known.
        var width: Int

        var entries: Int { (rows + 2) / 3 }

        func range(of column: Int) -> Range<Int> {
            start + column * entries..<start + (column + 1) * entries
        }
    }

    /// In the order in which they were met.
    private(set) var columns: [Column] = []
    private var blocks: [Block] = []
    /// Three words in each entry, because rows that are kept are entries.
    private var entries: EntrySpool
    /// Rows that are not in a block yet, by column.
    private var waiting: [[UInt64]] = []
    private var waitingRows = 0
    private let wordsMax: Int
    /// As the columns of the current file: which ones they are here.
    private var places: [Int] = []
    /// It was taken back, and nothing can be added.
    private var isRestored = false

    /// - Parameters:
    ///   - folder: where what does not fit is written.
    ///   - bytesMax: about how much is kept in memory.
    init(in folder: String, bytesMax: Int) {
        entries = EntrySpool(in: folder, bytesMax: bytesMax / 2)
        wordsMax = bytesMax / 16
    }

    // MARK: Adding

    /// Rows of these columns follow.
    mutating func begin(_ layout: CellLayout) {
        places = layout.columns.map { column in
            place(of: Column(name: column.name, form: CellWord.Form(column.kind)))
        }
    }

    /// Adds the rows of the part that follows.
    mutating func add(_ part: CellRows) throws(SpillFault) {
        try add(part.columns, places, rows: part.rows)
    }

    /// Adds the rows of the files that follow.
    mutating func append(_ next: CellSpool) throws(SpillFault) {
        if columns.isEmpty, blocks.isEmpty, waitingRows == 0, !next.isRestored {
            self = next
            return
        }
        let places = next.columns.map { place(of: $0) }
        for block in next.blocks {
            var found: [[UInt64]] = []
            for column in 0..<block.width { found.append(try next.words(of: column, block)) }
            try add(found, places, rows: block.rows)
        }
        try add(next.waiting, places, rows: next.waitingRows)
    }

    private mutating func place(of column: Column) -> Int {
        if let known = columns.firstIndex(where: { $0.name == column.name }) { return known }
        columns.append(column)
        waiting.append([UInt64](repeating: CellWord.missing, count: waitingRows))
        return columns.count - 1
    }

    private mutating func add(
        _ found: [[UInt64]], _ places: [Int], rows: Int
    ) throws(SpillFault) {
        let blockRows = Swift.max(1, wordsMax / Swift.max(1, columns.count) / 3) * 3
        var start = 0
        while start < rows {
            if waitingRows >= blockRows { try flush() }
            let end = Swift.min(rows, start + blockRows - waitingRows)
            for (words, place) in zip(found, places) { waiting[place] += words[start..<end] }
            waitingRows += end - start
            for place in waiting.indices {
                let lacking = waitingRows - waiting[place].count
                guard lacking > 0 else { continue }
                waiting[place] += repeatElement(CellWord.missing, count: lacking)
            }
            start = end
        }
    }

    /// Makes a block of the rows that wait.
    mutating func flush() throws(SpillFault) {
        guard waitingRows > 0 else { return }
        let block = Block(start: entries.count, rows: waitingRows, width: waiting.count)
        for place in waiting.indices {
            let padding = block.entries * 3 - waitingRows
            waiting[place] += repeatElement(CellWord.missing, count: padding)
            let words = waiting[place]
            try entries.append(0..<block.entries) { entry in
                RowEntry(words: words[3 * entry], words[3 * entry + 1], words[3 * entry + 2])
            }
            waiting[place].removeAll(keepingCapacity: true)
        }
        blocks.append(block)
        waitingRows = 0
    }

    // MARK: Reading

    /// Gives the cells of a column, some at a time; call when nothing waits.
    func read(
        _ column: Int, _ body: ([UInt64]) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        precondition(waitingRows == 0)
        for block in blocks { try body(try words(of: column, block)) }
    }

    /// Gives the cells of a column with those of another one in the same rows.
    func read(
        _ column: Int, beside other: Int,
        _ body: ([UInt64], [UInt64]) throws(SpillFault) -> Void
    ) throws(SpillFault) {
        precondition(waitingRows == 0)
        for block in blocks { try body(try words(of: column, block), try words(of: other, block)) }
    }

    private func words(of column: Int, _ block: Block) throws(SpillFault) -> [UInt64] {
        guard column < block.width else {
            return [UInt64](repeating: CellWord.missing, count: block.rows)
        }
        var words: [UInt64] = []
        words.reserveCapacity(block.entries * 3)
        for entry in try entries.read(block.range(of: column)) {
            let (first, second, third) = entry.words
            words.append(first)
            words.append(second)
            words.append(third)
        }
        words.removeLast(words.count - block.rows)
        return words
    }
}

extension CellSpool {
    /// More of one file is not kept, because it would leave no room for others.
    private static let keptBytesMax = 64 << 20
    /// No block has more, so that nothing that is counted of it is out of range.
    private static let blockRowsMax = 1 << 30

    /// All but the cells.
    private struct Facts: Codable {
        var columns: [Column]
        var blocks: [Block]
    }

    func keep(in writer: inout PartWriter) {
        // Of a copy, whose block lies behind all that this one reads.
        var whole = self
        do throws(SpillFault) {
            try whole.flush()
        } catch {
            return writer.refuse()
        }
        guard whole.entries.count * MemoryLayout<RowEntry>.stride <= Self.keptBytesMax else {
            return writer.refuse()
        }
        writer.write(json: Facts(columns: whole.columns, blocks: whole.blocks))
        writer.add(rows: whole.entries)
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        let facts = try reader.json(Facts.self)
        let entries = try reader.spool()
        let isSound = facts.blocks.allSatisfy { block in
            (0...entries.count).contains(block.start)
                && (1...Self.blockRowsMax).contains(block.rows)
                && (0...facts.columns.count).contains(block.width)
                && block.range(of: block.width).lowerBound <= entries.count
        }
        guard isSound else { throw PartDamage() }
        (columns, blocks, self.entries) = (facts.columns, facts.blocks, entries)
        (waiting, waitingRows, isRestored) = ([], 0, true)
    }
}
