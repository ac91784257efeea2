/// The lengths of the texts of a column, in Unicode scalar values; exact.
package struct LengthSummary: Hashable, Codable, Sendable {
    package var count: Int
    package var min: Int
    package var max: Int
    package var mean: Double
    /// The sample deviation (n − 1); nil for a single text.
    package var stdev: Double?
    /// Decimal digits, because they can have more than JSON's numbers.
    package var sum: String
    package var sumOfSquares: String

    /// nil: there are no texts.
    init?(_ lengths: TextLengths) {
        guard lengths.count > 0 else { return nil }
        count = lengths.count
        min = lengths.min
        max = lengths.max
        mean = Double(lengths.sum) / Double(lengths.count)
        if count > 1 {
            let rows = Int128(count)
            let spread = rows * lengths.sumOfSquares - lengths.sum * lengths.sum
            stdev = (Double(spread) / Double(count) / Double(count - 1)).squareRoot()
        }
        sum = String(lengths.sum)
        sumOfSquares = String(lengths.sumOfSquares)
    }

    var sums: TextLengths {
        TextLengths(
            count: count, min: min, max: max, sum: Int128(sum) ?? 0,
            sumOfSquares: Int128(sumOfSquares) ?? 0)
    }

    var isSound: Bool {
        guard count > 0, min >= 0, let sum = Int128(sum), let squares = Int128(sumOfSquares) else {
            return false
        }
        // Far beyond any data, and far enough from where products are out of range.
        return (0...1 << 60).contains(sum) && (0...1 << 76).contains(squares)
    }
}
