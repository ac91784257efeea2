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

    /// Up to here a number is among the least, and from here on among the greatest.
    private var reach: (low: Double, high: Double) {
        let isFull = least.count >= FirstPlaces.placesMax
        return isFull
            ? (least[least.count - 1].value, greatest[greatest.count - 1].value)
            : (.infinity, -.infinity)
    }

    mutating func take(_ batch: RowBatch, _ column: Int, quote: UInt8) {
        var (low, high) = reach
        for row in 0..<batch.rows where batch.state(row, column) == .valid {
            let value = batch.number(row, column)
            guard value < low || value > high else { continue }
            add(Extreme(value: value, place: batch.place(row, column)))
            (low, high) = reach
        }
    }

    /// Adds one that stands behind all others.
    private mutating func add(_ number: Extreme) {
        Self.insert(number, into: &least) { $0 < $1 }
        Self.insert(number, into: &greatest) { $0 > $1 }
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

/// A number with its place in the data.
package struct Extreme: Hashable, Codable, Sendable {
    package var value: Double
    package var place: Place
}

extension Measurement {
    /// The numbers that lie beyond fences, as far as they are known: the furthest first.
    ///
    /// - Parameters:
    ///   - count: how many there are in all.
    ///   - scale: on which distances are taken.
    func beyond(
        _ low: Double, _ high: Double, _ scale: DataCheck.Scale, count: Int
    ) -> [Extreme] {
        func image(_ value: Double) -> Double {
            scale == .log ? naturalLogarithm(Swift.max(value, .leastNonzeroMagnitude)) : value
        }
        let below = (least ?? []).filter { $0.value < low }.map {
            (image(low) - image($0.value), $0)
        }
        let above = (greatest ?? []).filter { $0.value > high }
            .map { (image($0.value) - image(high), $0) }
        // Because the order of equal ones is that of the rows, within a side.
        let ranked = (below + above).enumerated().sorted { left, right in
            left.element.0 != right.element.0
                ? left.element.0 > right.element.0 : left.offset < right.offset
        }
        return ranked.prefix(Swift.min(count, FirstPlaces.placesMax)).map(\.element.1)
    }
}
