import Domain

/// What is counted in one column, for the checks of some names.
///
/// Counts are sums, and places are the first ones or those of the least and greatest: neither
/// chunks nor workers change them.
protocol CellTally: Codable, Sendable {
    static var checks: [DataCheck.Name] { get }
    /// Whether columns with a classification are read too.
    static var readsClassified: Bool { get }
    /// Whether it needs the values of numbers.
    static var wantsNumbers: Bool { get }
    /// What is looked at, in words.
    static var subject: String { get }
    /// Whether it takes columns of a type.
    static func takes(_ kind: ColumnDeclaration.Kind) -> Bool
    /// Whether its checks are decided from it alone, so that what it cannot read is to be said.
    static var decides: Bool { get }
    /// Of so many columns at most, because of the memory that each takes.
    static var columnsMax: Int { get }
    /// - Parameter isHidden: no cell may be quoted.
    init(isHidden: Bool, isOfNumbers: Bool)
    /// Counts the cells of a column, in the order of the part.
    mutating func take(_ batch: RowBatch, _ column: Int, quote: UInt8)
    /// Adds the part that follows; its lines are counted from 0.
    mutating func add(_ next: Self, path: String, linesBefore: Int)
    /// Adds what was counted in the files that follow.
    mutating func append(_ next: Self)
    /// The tally that the part begins with which follows; nil: an empty one.
    var ofNextPart: Self? { get }
    /// What a check is told of the column.
    func measurements(_ check: DataCheck, column: String) -> [Measurement]
}

extension CellTally {
    static var columnsMax: Int { .max }
    static var subject: String { "cells" }
    var ofNextPart: Self? { nil }
}

/// What is counted in one column of texts.
protocol TextTally: CellTally {
    static var check: DataCheck.Name { get }
    /// Counts a cell that is neither missing nor empty, in the order of the part.
    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>, at place: () -> Place)
}

extension TextTally {
    static var checks: [DataCheck.Name] { [check] }
    static var wantsNumbers: Bool { false }
    static var decides: Bool { true }
    static var subject: String { "texts" }

    static func takes(_ kind: ColumnDeclaration.Kind) -> Bool { kind.isText }

    mutating func take(_ batch: RowBatch, _ column: Int, quote: UInt8) {
        for row in 0..<batch.rows where batch.state(row, column) != .missing {
            let cell = batch.cell(row, column)
            guard cell.length > 0 else { continue }
            if cell.isEscaped {
                let text = batch.text(row, column, quote: quote)
                take(text.span, text.indices) { batch.place(row, column) }
            } else {
                batch.withBytes { take($0, cell.range) { batch.place(row, column) } }
            }
        }
    }
}

extension RowBatch {
    /// Where a cell stands in the part, whose lines are counted from 0.
    func place(_ row: Int, _ column: Int) -> Place {
        Place(file: "", line: line(row), column: placeColumn(row, column))
    }
}

extension Place {
    /// Of a cell of a part, where it stands in its file.
    func inFile(_ path: String, linesBefore: Int) -> Place {
        Place(file: path, line: (line ?? 0) + linesBefore + 1, column: column)
    }
}
