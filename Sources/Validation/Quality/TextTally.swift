import Domain

/// What is counted in one column of texts, for the checks of one name.
///
/// Counts are sums, and places are the first ones: neither chunks nor workers change them.
protocol TextTally: Codable, Sendable {
    static var check: DataCheck.Name { get }
    /// Whether columns with a classification are read too.
    static var readsClassified: Bool { get }
    /// - Parameter isHidden: no cell may be quoted.
    init(isHidden: Bool)
    /// Counts a cell that is neither missing nor empty, in the order of the part.
    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place)
    /// Adds the part that follows; its lines are counted from 0.
    mutating func add(_ next: Self, path: String, linesBefore: Int)
    /// Adds what was counted in the files that follow.
    mutating func append(_ next: Self)
    /// What a check is told of the column.
    func measurements(_ check: DataCheck, column: String) -> [Measurement]
}
