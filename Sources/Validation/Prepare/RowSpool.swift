/// Rows on the disk, in blocks of one file each, to be read from the beginning as often as needed.
struct RowSpool: Sendable {
    private struct Block: Sendable {
        var offset: Int
        var bytes: Int
        var rows: Int
        var file: Int
        var linesBefore: Int
    }

    /// Blocks that follow each other are joined in memory up to this.
    private static let blockBytes = 1 << 18

    private let file: SpillFile
    private var blocks: [Block] = []
    private var sizeBytes = 0
    /// How many rows there are.
    private(set) var rows = 0
    private var open: [UInt8] = []
    private var openRows = 0
    private var openFile = 0

    init(in folder: String) throws(SpillFault) { file = try SpillFile(in: folder) }

    /// Adds rows that were encoded elsewhere.
    mutating func append(
        _ block: [UInt8], rows: Int, file: Int, linesBefore: Int
    ) throws(SpillFault) {
        guard rows > 0 else { return }
        try self.file.write(bytes: block, at: sizeBytes)
        blocks.append(
            Block(
                offset: sizeBytes, bytes: block.count, rows: rows, file: file,
                linesBefore: linesBefore))
        sizeBytes += block.count
        self.rows += rows
    }

    mutating func append(_ row: PreparedRow) throws(SpillFault) {
        if row.file != openFile { try flush() }
        openFile = row.file
        row.encode(to: &open)
        openRows += 1
        if open.count >= Self.blockBytes { try flush() }
    }

    /// Writes what waits; to be called behind the last row.
    mutating func flush() throws(SpillFault) {
        try append(open, rows: openRows, file: openFile, linesBefore: 0)
        open.removeAll(keepingCapacity: true)
        openRows = 0
    }

    /// Calls `body` with each row, and its number from 0.
    ///
    /// - Parameter width: how many cells the rows of a file have.
    func forEach(
        width: (Int) -> Int,
        _ body: (inout PreparedRow, Int) throws(PreparationError) -> Void
    ) throws(PreparationError) {
        var row = PreparedRow()
        var number = 0
        for block in blocks {
            guard !Task.isCancelled else { throw .validation(.cancelled) }
            let bytes = try spilling { () throws(SpillFault) in
                try file.read(bytes: block.bytes, at: block.offset)
            }
            var index = 0
            for _ in 0..<block.rows {
                row.decode(
                    bytes, &index, width: width(block.file), file: block.file,
                    linesBefore: block.linesBefore)
                try body(&row, number)
                number += 1
            }
        }
    }
}

/// Turns the disk's refusal into an error of the preparation.
func spilling<Value>(
    _ work: () throws(SpillFault) -> Value
) throws(PreparationError) -> Value {
    do throws(SpillFault) {
        return try work()
    } catch {
        throw .noRoom(code: error.code)
    }
}
