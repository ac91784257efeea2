/// Some consecutive cells of a column, as the file holds them.
struct CellRun: Sendable {
    /// The values of the cells that are there.
    enum Values: Sendable {
        /// Integers, truth values and floating-point numbers by their bits.
        case words([UInt64])
        case bytes(PackedBytes)
        /// Cells of a list, already as JSON.
        case lists(PackedBytes)
        case indices([UInt32], CellDictionary)
    }

    /// With nulls.
    var count: Int
    /// nil: every cell is there.
    var isThere: [Bool]?
    var values: Values

    /// How many of the first cells are there.
    func valueCount(before cell: Int, from first: Int = 0) -> Int {
        guard let isThere else { return cell - first }
        return isThere[first..<cell].count { $0 }
    }
}

/// Some of the cells of a run.
struct CellSlice: Sendable {
    var run: CellRun
    var cells: Range<Int>
    /// The place of the first value.
    var firstValue: Int
}

/// Texts behind each other.
struct PackedBytes: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each text ends.
    private(set) var ends: [Int] = []

    init() {}

    init(_ bytes: [UInt8], ends: [Int]) {
        self.bytes = bytes
        self.ends = ends
    }

    var count: Int { ends.count }

    @inline(__always)
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        unsafe source.extracting(range).withUnsafeBufferPointer { text in
            unsafe bytes.append(contentsOf: text)
        }
        ends.append(bytes.count)
    }

    mutating func append(_ text: [UInt8]) {
        bytes += text
        ends.append(bytes.count)
    }

    mutating func append(_ text: ArraySlice<UInt8>) {
        bytes += text
        ends.append(bytes.count)
    }
}
