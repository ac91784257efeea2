import Domain

/// Counts the values of a column of few different texts, each with its first places, for
/// `outliers_rare`.
///
/// Only when all rows were read is it known which of them are rare.
struct RareTally: CellTally {
    private struct Value: Codable {
        var hash: UInt64
        var count: Int
        var first = FirstPlaces()
    }

    /// By a hash of the text.
    private var counts = CountTable()
    private var places: [UInt64: FirstPlaces] = [:]
    /// The files of the places, in their order.
    private var files: [String] = []
    /// There are more different values than are listed.
    private var isOver = false

    static var checks: [DataCheck.Name] { [.outliersRare] }
    static var readsClassified: Bool { true }
    static var wantsNumbers: Bool { false }
    static var decides: Bool { false }
    static var columnsMax: Int { 64 }

    static func takes(_ kind: ColumnDeclaration.Kind) -> Bool {
        ColumnProfile.Kind(kind) == .text
    }

    init(isHidden: Bool, isOfNumbers: Bool) {}

    mutating func take(_ batch: RowBatch, _ column: Int, quote: UInt8) {
        for row in 0..<batch.rows where batch.state(row, column) == .valid {
            guard !isOver else { return }
            let cell = batch.cell(row, column)
            var hasher = RowHasher()
            if cell.isEscaped {
                unsafe withPadding(batch.text(row, column, quote: quote)) {
                    unsafe hasher.absorb(cell: $0, length: $1)
                }
            } else {
                // In bounds: a cell is a range of the chunk, behind which there is room.
                unsafe hasher.absorb(cell: batch.bytes + cell.start, length: cell.length)
            }
            add(hasher.finish().low, 1) { $0.add { batch.place(row, column) } }
        }
    }

    @inline(__always)
    private mutating func add(
        _ hash: UInt64, _ times: Int, _ see: (inout FirstPlaces) -> Void
    ) {
        let before = counts.add(hash, times) - times
        guard before < FirstPlaces.placesMax else { return }
        see(&places[hash, default: FirstPlaces()])
        guard counts.count > TopValueList.completeMax || counts.isFlooded else { return }
        self = .over
    }

    /// Of a column of more different values than are listed.
    private static var over: RareTally {
        var tally = RareTally(isHidden: false, isOfNumbers: false)
        tally.isOver = true
        return tally
    }

    // Because of such a column nothing is told, whatever else it holds.
    var ofNextPart: RareTally? { isOver ? .over : nil }

    mutating func add(_ next: RareTally, path: String, linesBefore: Int) {
        merge(next) { $0.add($1, path: path, linesBefore: linesBefore) }
        if files.last != path { files.append(path) }
    }

    mutating func append(_ next: RareTally) {
        merge(next) { $0.append($1) }
        files += next.files
    }

    private mutating func merge(
        _ next: RareTally, _ join: (inout FirstPlaces, FirstPlaces) -> Void
    ) {
        if next.isOver { self = .over }
        for value in next.values where !isOver {
            add(value.hash, value.count) { join(&$0, value.first) }
        }
    }

    private var values: [Value] {
        counts.slots.filter { $0.count > 0 }.map {
            Value(hash: $0.key, count: $0.count, first: places[$0.key] ?? FirstPlaces())
        }
    }

    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        guard !isOver else { return [] }
        let values = values
        let total = values.reduce(0) { $0 + $1.count }
        let share = check.parameter ?? OutlierChecks.rareShare
        let rare = values.filter { Double($0.count) < share * Double(total) }
        let order = Dictionary(
            files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let found = rare.flatMap(\.first.places).sorted { left, right in
            (order[left.file] ?? 0, left.line ?? 0, left.column ?? 0)
                < (order[right.file] ?? 0, right.line ?? 0, right.column ?? 0)
        }
        var measurement = Measurement(
            check, column: column, count: rare.reduce(0) { $0 + $1.count }, of: total)
        measurement.places = found.prefix(FirstPlaces.placesMax).map {
            Violation.Occurrence(
                place: $0, value: nil, message: "`\(column)` has a rare value here")
        }
        return [measurement]
    }

    // MARK: Keeping

    private enum CodingKeys: CodingKey {
        case values, files, isOver
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(values, forKey: .values)
        try container.encode(files, forKey: .files)
        try container.encode(isOver, forKey: .isOver)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        files = try container.decode([String].self, forKey: .files)
        isOver = try container.decode(Bool.self, forKey: .isOver)
        for value in try container.decode([Value].self, forKey: .values) {
            counts.add(value.hash, value.count)
            places[value.hash] = value.first
        }
    }
}
