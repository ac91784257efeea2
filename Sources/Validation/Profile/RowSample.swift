/// A sample of whole rows, for what needs two columns at once: the rows with the smallest keys.
///
/// The keys are hashes of where rows stand (`key(file:row:)`), so that the sample is one without
/// replacement, and the same whatever the order and the split (a bottom-k sample: Cohen and Kaplan
/// 2007). Up to `rowsMax` rows it is the data itself. An association found in it has a standard
/// error of at most 1/√4096 = 1.6 %.
struct RowSample: Equatable {
    static let rowsMax = 4096

    /// Columns of each row.
    let width: Int
    private var keys: [UInt64] = []
    /// `width` cells for each key.
    private var cells: [UInt32] = []
    /// Rows with greater keys are not wanted.
    private(set) var threshold = UInt64.max

    init(width: Int) { self.width = width }

    var count: Int { keys.count }

    /// The key of a row.
    /// - Parameters:
    ///   - file: a hash that names the file, the same in every run (of its path or its digest).
    ///   - row: its number, or the offset of its first byte.
    @inline(__always)
    static func key(file: UInt64, row: Int) -> UInt64 {
        mixed(mixed(file) ^ UInt64(truncatingIfNeeded: row))
    }

    /// Whether a row with this key must be added: ask first, because few must.
    @inline(__always)
    func wants(_ key: UInt64) -> Bool { key <= threshold }

    /// Wants no rows whose keys have fewer zeros at their beginning.
    mutating func want(zeros: Int) { threshold = Swift.min(threshold, UInt64.max >> zeros) }

    /// Adds rows.
    /// - Parameter rows: one cell for each column of each row, by `SampleCell`.
    mutating func add(_ keys: [UInt64], _ rows: [UInt32]) {
        precondition(rows.count == keys.count * width)
        let room = 2 * Self.rowsMax + keys.count
        if self.keys.count > Self.rowsMax / 16, self.keys.capacity < room {
            self.keys.reserveCapacity(room)
            cells.reserveCapacity(room * width)
        }
        self.keys += keys
        cells += rows
        if self.keys.count >= 2 * Self.rowsMax { trim() }
    }

    mutating func merge(_ other: RowSample) {
        precondition(width == other.width)
        // Because of many parts most rows have keys that are too great.
        for (index, key) in other.keys.enumerated() where wants(key) {
            keys.append(key)
            cells += other.row(index)
        }
        trim()
    }

    /// The same rows with their columns in another order.
    ///
    /// - Parameter sources: of each column which one it was; nil: it is missing.
    func arranged(_ sources: [Int?]) -> RowSample {
        var arranged = RowSample(width: sources.count)
        arranged.keys = keys
        arranged.threshold = threshold
        arranged.cells.reserveCapacity(keys.count * sources.count)
        for index in keys.indices {
            for source in sources {
                arranged.cells.append(
                    source.map { cells[index * width + $0] } ?? SampleCell.missing)
            }
        }
        return arranged
    }

    /// Itself with at most `rowsMax` rows, in the order of keys.
    var trimmed: RowSample {
        var copy = self
        copy.trim()
        return copy
    }

    /// One column; call on `trimmed`.
    func column(_ index: Int) -> [UInt32] {
        keys.indices.map { cells[$0 * width + index] }
    }

    var storedKeys: [UInt64] { keys }

    /// Takes over what a profile kept; nil when the columns are not of one length.
    init?(keys: [UInt64], columns: [[UInt32]]) {
        guard columns.allSatisfy({ $0.count == keys.count }) else { return nil }
        width = columns.count
        self.keys = keys
        for row in keys.indices {
            for column in columns { cells.append(column[row]) }
        }
        trim()
    }

    private mutating func trim() {
        if keys.count > Self.rowsMax || !isInOrder { order() }
        if keys.count == Self.rowsMax, let last = keys.last { threshold = last }
    }

    /// Sorts the rows by their keys and leaves out those that are too many.
    private mutating func order() {
        // Equal keys are ordered by their cells, so that the cut is the same in every order.
        let order = KeyOrder.ascending(keys) { row($0).lexicographicallyPrecedes(row($1)) }
        let kept = order.prefix(Self.rowsMax)
        var newCells: [UInt32] = []
        newCells.reserveCapacity(kept.count * width)
        for index in kept { newCells += row(index) }
        keys = kept.map { keys[$0] }
        cells = newCells
    }

    /// Nothing has to be sorted: no two keys are equal.
    private var isInOrder: Bool {
        for index in keys.indices.dropFirst() where keys[index - 1] >= keys[index] { return false }
        return true
    }

    private func row(_ index: Int) -> ArraySlice<UInt32> {
        cells[index * width..<(index + 1) * width]
    }
}

extension RowSample: PartValue {
    func write(to writer: inout PartWriter) {
        let kept = trimmed
        writer.write(kept.width)
        writer.write(kept.keys)
        writer.write(kept.cells)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        width = try reader.int()
        keys = try reader.array(of: UInt64(0))
        cells = try reader.array(of: UInt32(0))
        guard (0...StatisticsLimits.columnsMax).contains(width),
            cells.count == keys.count * width
        else { throw PartDamage() }
        trim()
    }
}

/// A cell in 32 bits, as the sample keeps it: enough for associations.
enum SampleCell {
    /// A missing or non-finite cell: the bits of a NaN.
    static let missing: UInt32 = 0x7FC0_0000

    /// The nearest 32-bit number.
    static func number(_ value: Double) -> UInt32 {
        guard value.isFinite else { return missing }
        let near = Float(value)
        return (near.isFinite ? near + 0 : Float.greatestFiniteMagnitude * (value < 0 ? -1 : 1))
            .bitPattern
    }

    /// The upper half of a cell's hash; two of 4,096 texts fall together once in five hundred.
    static func text(_ hash: UInt64) -> UInt32 {
        let upper = UInt32(truncatingIfNeeded: hash >> 32)
        return upper == missing ? 0 : upper
    }
}
