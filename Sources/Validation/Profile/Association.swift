/// How strongly a column and the label go together, from the sample of rows.
package struct Association: Hashable, Codable, Sendable {
    /// By what it is measured.
    package enum Measure: String, Hashable, Codable, Sendable {
        /// Pearson's correlation of two columns of numbers, from −1 to 1.
        case pearson
        /// Cramér's V, bias-corrected (Bergsma 2013), from 0 to 1; numbers cut at deciles.
        case cramersV = "cramers_v"
    }

    package var column: String
    package var measure: Measure
    /// nil: undefined, because one of the two has a single value, or of Cramér's V not to be had
    /// from so few rows: under Cochran's rule, that no class of one expects less than 1 row of a
    /// class of the other, and four in five of them 5 at least.
    package var value: Double?
    /// Sampled rows in which neither is missing.
    package var rows: Int
    /// At most; 0 when the sample is the whole data.
    package var standardError: Double
}

/// Associations of sampled columns.
enum SampleAssociation {
    /// Columns of numbers with fewer different values are categories.
    static let categoriesMax = 20

    /// A sampled column.
    struct Column {
        var name: String
        var isNumeric: Bool
        var cells: [UInt32]
    }

    /// Cramér's V, and for two columns of numbers Pearson's correlation too.
    /// - Parameter isWhole: the sample holds every row.
    static func measure(_ column: Column, _ label: Column, isWhole: Bool) -> [Association] {
        let pairs = zip(column.cells, label.cells).filter {
            $0.0 != SampleCell.missing && $0.1 != SampleCell.missing
        }
        let error = isWhole || pairs.isEmpty ? 0 : 1 / Double(pairs.count).squareRoot()
        let left = pairs.map(\.0)
        let right = pairs.map(\.1)
        let table = ContingencyTable(
            enough: classes(left, column.isNumeric), classes(right, label.isNumeric))
        var found = [
            Association(
                column: column.name, measure: .cramersV, value: table?.cramersV,
                rows: pairs.count, standardError: error)
        ]
        if column.isNumeric, label.isNumeric {
            found.append(
                Association(
                    column: column.name, measure: .pearson, value: pearson(left, right),
                    rows: pairs.count, standardError: error))
        }
        return found
    }

    /// Each cell's class: itself, or which tenth of the numbers it lies in.
    static func classes(_ cells: [UInt32], _ isNumeric: Bool) -> [UInt32] {
        guard isNumeric, hasMany(cells) else { return cells }
        let numbers = cells.map { Double(Float(bitPattern: $0)) }
        var ascending = numbers
        sortAscending(&ascending)
        let points = WeightedPoints(ascending: ascending)
        let edges = (1...9).compactMap { points.quantile(Double($0) / 10) }
        return numbers.map { number in
            UInt32(truncatingIfNeeded: edges.count { $0 < number })
        }
    }

    /// Whether more different cells are there than are taken for categories.
    private static func hasMany(_ cells: [UInt32]) -> Bool {
        var known = CountTable()
        for cell in cells where known.add(mixed(UInt64(cell))) == 1 {
            if known.count > categoriesMax { return true }
        }
        return false
    }

    /// Two passes, so that no digits cancel; nil when a column has one value.
    private static func pearson(_ left: [UInt32], _ right: [UInt32]) -> Double? {
        let x = left.map { Double(Float(bitPattern: $0)) }
        let y = right.map { Double(Float(bitPattern: $0)) }
        guard x.count > 1 else { return nil }
        let middleX = x.reduce(0) { $0 + $1 / Double(x.count) }
        let middleY = y.reduce(0) { $0 + $1 / Double(y.count) }
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xx += (a - middleX) * (a - middleX)
            yy += (b - middleY) * (b - middleY)
            xy += (a - middleX) * (b - middleY)
        }
        let scale = (xx * yy).squareRoot()
        return scale > 0 && scale.isFinite ? Swift.max(-1, Swift.min(1, xy / scale)) : nil
    }
}
