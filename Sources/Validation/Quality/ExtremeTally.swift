package import Domain

/// Keeps the numbers of a column that lie furthest out, with their places, for checks of outliers.
///
/// Only when all rows were read is it known from where on a number is an outlier; if any are, those
/// are among them.
struct ExtremeTally: CellTally {
    /// Ascending and descending; of equal ones the first.
    private var least: [Extreme] = []
    private var greatest: [Extreme] = []

    static var checks: [DataCheck.Name] { [.outliersTukey, .outliersRobustZ, .outliersZ] }
    static var readsClassified: Bool { true }
    static var wantsNumbers: Bool { true }
    static var decides: Bool { false }

    static func takes(_ kind: ColumnDeclaration.Kind) -> Bool {
        kind == .integer || kind == .number
    }

    init(isHidden: Bool, isOfNumbers: Bool) {}

    mutating func take(_ batch: RowBatch, _ column: Int, quote: UInt8) {
        var low = Furthest(behind: least) { $0 < $1 }
        var high = Furthest(behind: greatest) { $0 > $1 }
        // In bounds: the batch has so many of each column.
        let states = unsafe batch.states + column * batch.rowsMax
        let numbers = unsafe batch.numbers + column * batch.rowsMax
        for row in 0..<batch.rows where unsafe states[row] == .valid {
            let value = unsafe numbers[row]
            if value < low.bound { low.add(value, row) }
            if value > high.bound { high.add(value, row) }
        }
        // Places are made of those alone that are left of the batch.
        for row in low.rows {
            Self.insert(Extreme(batch, row, column, quote), into: &least) { $0 < $1 }
        }
        for row in high.rows {
            Self.insert(Extreme(batch, row, column, quote), into: &greatest) { $0 > $1 }
        }
    }

    private static func insert(
        _ number: Extreme, into list: inout [Extreme], _ isFurther: (Double, Double) -> Bool
    ) {
        let index = list.firstIndex { isFurther(number.value, $0.value) } ?? list.count
        guard index < FirstPlaces.placesMax else { return }
        list.insert(number, at: index)
        if list.count > FirstPlaces.placesMax { list.removeLast() }
    }

    mutating func add(_ next: ExtremeTally, path: String, linesBefore: Int) {
        var moved = next
        for index in moved.least.indices {
            moved.least[index].place = moved.least[index].place.inFile(
                path, linesBefore: linesBefore)
        }
        for index in moved.greatest.indices {
            moved.greatest[index].place = moved.greatest[index].place.inFile(
                path, linesBefore: linesBefore)
        }
        append(moved)
    }

    mutating func append(_ next: ExtremeTally) {
        for number in next.least { Self.insert(number, into: &least) { $0 < $1 } }
        for number in next.greatest { Self.insert(number, into: &greatest) { $0 > $1 } }
    }

    func measurements(_ check: DataCheck, column: String) -> [Measurement] {
        var measurement = Measurement(check, column: column, count: 0, of: 0)
        measurement.least = least
        measurement.greatest = greatest
        return [measurement]
    }
}

/// The numbers of a batch that lie furthest out on one side, of equal ones the first.
private struct Furthest {
    /// Only what lies further out than this can be among them.
    private(set) var bound: Double
    private var count = 0
    /// Of so many as can be kept, the furthest first; those behind `count` mean nothing.
    private var values = [Double](repeating: 0, count: FirstPlaces.placesMax)
    private var places = [Int](repeating: 0, count: FirstPlaces.placesMax)
    private let isFurther: (Double, Double) -> Bool

    /// The furthest first.
    var rows: ArraySlice<Int> { places.prefix(count) }

    /// - Parameter known: those of the batches before, the furthest first.
    init(behind known: [Extreme], _ isFurther: @escaping (Double, Double) -> Bool) {
        self.isFurther = isFurther
        let isFull = known.count >= FirstPlaces.placesMax
        bound = isFull ? known[known.count - 1].value : isFurther(0, 1) ? .infinity : -.infinity
    }

    /// Adds one that lies further out than the bound, and behind all others; in a column that is
    /// in order that is every one.
    mutating func add(_ value: Double, _ row: Int) {
        count = Swift.min(count + 1, values.count)
        var index = count - 1
        while index > 0, isFurther(value, values[index - 1]) {
            values[index] = values[index - 1]
            places[index] = places[index - 1]
            index -= 1
        }
        values[index] = value
        places[index] = row
        if count == values.count { bound = values[count - 1] }
    }
}

/// A number with its place in the data.
package struct Extreme: Hashable, Codable, Sendable {
    package var value: Double
    /// With all digits; nil: the value has them, or it is no integer.
    package var integer: Int64?
    package var place: Place

    fileprivate init(_ batch: RowBatch, _ row: Int, _ column: Int, _ quote: UInt8) {
        value = batch.number(row, column)
        place = batch.place(row, column)
        guard LargeInteger.mayBe(value) else { return }
        let text = batch.text(row, column, quote: quote)
        integer = integerValue(text.span, text.indices)
    }

    /// For people.
    var text: String { integer.map(String.init) ?? exactText(value) }
}

extension Measurement {
    /// The numbers that a rule calls outliers, as far as they are known: the furthest first.
    ///
    /// - Parameter count: how many there are in all.
    func outlying(_ fences: OutlierFences, count: Int) -> [Extreme] {
        let below = (least ?? []).filter { fences.isBelow($0.value) }
        let above = (greatest ?? []).filter { fences.isAbove($0.value) }
        let found = (below + above).map { (fences.excess($0.value), $0) }
        // Because the order of equal ones is that of the rows, within a side.
        let ranked = found.enumerated().sorted { left, right in
            left.element.0 != right.element.0
                ? left.element.0 > right.element.0 : left.offset < right.offset
        }
        return ranked.prefix(Swift.min(count, FirstPlaces.placesMax)).map(\.element.1)
    }
}
