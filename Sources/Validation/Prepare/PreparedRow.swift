/// A row on its way through the steps of a preparation.
///
/// The texts of its cells stand in one array that is used again for every row; what a step writes
/// is added at its end.
struct PreparedRow {
    enum Kind: UInt8 {
        case missing
        /// Of a table, which has no types.
        case text
        /// Values of JSON; `container` is an array or an object, as it was written.
        case string, number, boolean, container
    }

    struct Cell {
        var kind: Kind
        var start: Int
        var length: Int
        /// Where it stands in its line; see `RowBatch.placeColumn`.
        var column: Int

        static let missing = Cell(kind: .missing, start: 0, length: 0, column: 0)
    }

    /// The file's number, and the line on which the row begins, from 1.
    var file = 0
    var line = 0
    /// By the dataset's columns.
    var cells: [Cell] = []
    private(set) var bytes: [UInt8] = []

    mutating func clear() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    func isMissing(_ column: Int) -> Bool { cells[column].kind == .missing }

    /// The text of a cell.
    func text(_ column: Int) -> ArraySlice<UInt8> {
        let cell = cells[column]
        return bytes[cell.start..<cell.start + cell.length]
    }

    /// The number that a cell is; nil: it is none.
    func number(_ column: Int) -> Double? {
        let cell = cells[column]
        return numberValue(bytes.span, cell.start..<cell.start + cell.length)
    }

    /// The 64-bit integer that a cell is; nil: it is none.
    func integer(_ column: Int) -> Int64? {
        let cell = cells[column]
        return integerValue(bytes.span, cell.start..<cell.start + cell.length)
    }

    /// Replaces a cell; an empty text is a missing cell.
    mutating func set(_ column: Int, _ text: some Collection<UInt8>, _ kind: Kind) {
        guard !text.isEmpty else { return setMissing(column) }
        cells[column].start = bytes.count
        cells[column].length = text.count
        cells[column].kind = kind
        bytes.append(contentsOf: text)
    }

    mutating func setMissing(_ column: Int) {
        cells[column].kind = .missing
        cells[column].length = 0
    }

    // MARK: On the disk

    /// Writes the row behind others: see `RowSpool`.
    func encode(to block: inout [UInt8]) {
        block.append(varint: line)
        for cell in cells {
            block.append(cell.kind.rawValue)
            block.append(varint: cell.column)
            guard cell.kind != .missing else { continue }
            block.append(varint: cell.length)
            block.append(contentsOf: bytes[cell.start..<cell.start + cell.length])
        }
    }

    /// Reads a row of so many cells, and moves on.
    ///
    /// - Parameter linesBefore: is added to the row's line.
    mutating func decode(
        _ block: [UInt8], _ index: inout Int, width: Int, file: Int, linesBefore: Int
    ) {
        clear()
        self.file = file
        line = block.varint(&index) + linesBefore
        for _ in 0..<width {
            guard let kind = Kind(rawValue: block[index]) else {
                preconditionFailure("what was written is read")
            }
            index += 1
            var cell = Cell(kind: kind, start: bytes.count, length: 0, column: block.varint(&index))
            if kind != .missing {
                cell.length = block.varint(&index)
                bytes.append(contentsOf: block[index..<index + cell.length])
                index += cell.length
            }
            cells.append(cell)
        }
    }

    /// Puts the cells into the order of the dataset's columns; -1: the file has no such column.
    mutating func arrange(_ order: [Int]) {
        let found = cells
        cells.removeAll(keepingCapacity: true)
        for place in order { cells.append(place < 0 ? .missing : found[place]) }
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first.
    mutating func append(varint value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    func varint(_ index: inout Int) -> Int {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while self[index] >= 0x80 {
            value |= UInt64(self[index] & 0x7F) << shift
            shift += 7
            index += 1
        }
        value |= UInt64(self[index]) << shift
        index += 1
        return Int(Int64(bitPattern: value))
    }

    /// The highest byte first, so that bytes are ordered as numbers are.
    mutating func append(bigEndian value: UInt64) {
        var shift: UInt64 = 64
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    func bigEndian(at index: Int) -> UInt64 {
        var value: UInt64 = 0
        for offset in 0..<8 { value = value << 8 | UInt64(self[index + offset]) }
        return value
    }
}
