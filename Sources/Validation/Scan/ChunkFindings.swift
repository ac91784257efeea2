/// What was found in a part of a file, with lines and bytes counted from its beginning.
struct ChunkFindings<Sink: Sendable>: Sendable {
    /// Records without the header.
    var rows = 0
    /// As `ScanPlan.columns`.
    var columns: [ColumnFindings]
    /// What breaks the format, and records of another width.
    var faults: [Rule: Tally] = [:]
    /// Of JSON lines.
    var lines: LineFindings?
    var sink: Sink
    var end = SplitEnd(consumed: 0, lines: 0, isSkipping: false)
}

/// What was found in the cells of one column.
struct ColumnFindings: Sendable {
    /// The rules that a cell can break by itself.
    static let rules: [Rule] = [
        .required, .type, .range, .length, .values, .pattern, .format,
    ]

    var cells = 0
    var missing = 0
    /// As `rules`; empty while nothing is broken.
    var tallies: [Tally] = []

    mutating func add(_ rule: Rule, _ finding: @autoclosure () -> Finding) {
        if tallies.isEmpty { tallies = Self.rules.map { _ in Tally() } }
        let slot =
            switch rule {
            case .required: 0
            case .type: 1
            case .range: 2
            case .length: 3
            case .values: 4
            case .pattern: 5
            default: 6
            }
        tallies[slot].add(finding())
    }
}

/// How often a rule is broken, and the first places.
struct Tally: Sendable {
    var total = 0
    private(set) var first: [Finding] = []

    /// The finding is asked for only while there is room.
    mutating func add(_ finding: @autoclosure () -> Finding, times: Int = 1) {
        total += times
        if first.count < Violation.occurrencesMax { first.append(finding()) }
    }
}

/// One place where a rule is broken.
struct Finding: Sendable {
    enum What: Sendable {
        case cell(value: String, message: String)
        case fault(ScanFault)
        case ragged(cells: Int, expected: Int)
    }

    var line: Int
    /// The number of the cell, or of JSON lines the byte of the line; from 1.
    var column: Int
    var what: What
}
