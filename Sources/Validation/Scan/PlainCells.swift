import Domain

/// Room for the cells of a batch that are written in a form of their own: what they are without it
/// stands behind a copy of the chunk's bytes, so that it is a range of bytes like any other cell.
@safe
final class PlainCells {
    let bytes: UnsafeMutablePointer<UInt8>
    /// Of the copy and the room; as many as `ChunkBytes.slackBytes` are behind them.
    let byteCount: Int
    private let roomStart: Int
    private let cells: UnsafeMutablePointer<PackedCell>

    /// - Parameters:
    ///   - cells: how many cells the batch can have.
    ///   - room: how many of them can be written in a form.
    init(copying source: UnsafePointer<UInt8>, count: Int, cells: Int, room: Int) {
        roomStart = count + ChunkBytes.slackBytes
        byteCount = roomStart + room * ShortText.bytesMax
        unsafe bytes = .allocate(capacity: byteCount + ChunkBytes.slackBytes)
        // In bounds: as many bytes are there, and there is room for them.
        unsafe bytes.initialize(from: source, count: count)
        unsafe (bytes + count).initialize(
            repeating: 0, count: byteCount - count + ChunkBytes.slackBytes)
        unsafe self.cells = .allocate(capacity: cells)
    }

    deinit {
        unsafe bytes.deallocate()
        unsafe cells.deallocate()
    }

    /// The cell that another text stands for.
    func written(_ number: Int) -> PackedCell {
        // In bounds: only of cells that were put.
        unsafe cells[number]
    }

    /// Takes a text down and returns where it begins.
    func put(_ text: ShortText, at slot: Int, insteadOf cell: PackedCell, number: Int) -> Int {
        let start = roomStart + slot * ShortText.bytesMax
        // In bounds: a slot is below `room`, and a text has at most `bytesMax` bytes.
        for index in 0..<text.count { unsafe bytes[start + index] = text[index] }
        unsafe cells[number] = cell
        return start
    }
}
