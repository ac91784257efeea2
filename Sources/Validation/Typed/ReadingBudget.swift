/// What reading one file that knows its types may cost, whatever the file says of itself.
///
/// A few bytes can stand for any number of nulls, for any length of text and for any number of
/// names. So whoever is about to make much of little spends it here first, from one sum for the
/// whole file. It is also where reading notices that nobody waits for it any more.
final class ReadingBudget {
    enum Cost: Int, CaseIterable {
        /// Bytes of the file that hold values, each of which counts as often as it is read.
        case stored
        /// Bytes that compressed ones give.
        case unpacked
        /// Cells, nulls among them; of a list each element besides.
        case cells
        /// Bytes of cells as texts.
        case texts
        /// Bytes that the schema takes: names, as often as they are used, and its parts.
        case schema
        /// Bytes of compressed texts that views lead into, which are in memory at the same time.
        case views
    }

    /// Of cells, their texts and unpacked bytes, any file may have so many, and beyond them
    /// `gainMax` for each byte that it has itself.
    static let freeCount = 1 << 28
    static let gainMax = 4096
    static let schemaBytesMax = 32 << 20
    static let viewsBytesMax = 128 << 20
    /// That a part of the schema takes beside its name.
    static let partBytes = 64

    private let limits: [Int]
    private var spent = [Int](repeating: 0, count: Cost.allCases.count)

    init(sizeBytes: Int, limits: UnpackLimits = UnpackLimits()) {
        let (gain, isOver) = sizeBytes.multipliedReportingOverflow(by: Self.gainMax)
        let most = Swift.min(limits.bytesMax, isOver ? .max : Self.freeCount + gain)
        self.limits = Cost.allCases.map { cost in
            switch cost {
            case .stored: sizeBytes
            case .unpacked, .cells, .texts: most
            case .schema: Self.schemaBytesMax
            case .views: Self.viewsBytesMax
            }
        }
    }

    /// Counts what is about to be read or was read.
    ///
    /// - Parameter offset: where in the file it stands.
    func spend(_ amount: Int, of cost: Cost, at offset: Int) throws(BinaryFault) {
        try checkCancelled(at: offset)
        let (sum, isOver) = spent[cost.rawValue].addingReportingOverflow(amount)
        guard !isOver, sum <= limits[cost.rawValue] else {
            throw fault(cost, at: offset)
        }
        spent[cost.rawValue] = sum
    }

    /// Counts the cells of rows that are about to be read.
    func spend(rows: Int, of columns: Int, at offset: Int) throws(BinaryFault) {
        let (cells, isOver) = rows.multipliedReportingOverflow(by: columns)
        guard !isOver else { throw fault(.cells, at: offset) }
        try spend(cells, of: .cells, at: offset)
    }

    /// What was held of a cost is free again.
    func free(_ cost: Cost) { spent[cost.rawValue] = 0 }

    func checkCancelled(at offset: Int) throws(BinaryFault) {
        if Task.isCancelled { throw BinaryFault(kind: .cancelled, offset: offset) }
    }

    private func fault(_ cost: Cost, at offset: Int) -> BinaryFault {
        let most = limits[cost.rawValue]
        let what =
            switch cost {
            case .stored: "parts of the file overlap"
            case .unpacked: "more than \(most) unpacked bytes"
            case .cells: "more than \(most) cells"
            case .texts: "more than \(most) bytes of cells"
            case .schema: "a schema of more than \(most >> 20) MiB"
            case .views: "compressed texts of more than \(most >> 20) MiB in views"
            }
        return cost == .stored
            ? .damaged(what, at: offset) : BinaryFault(kind: .tooLarge(what), offset: offset)
    }
}
