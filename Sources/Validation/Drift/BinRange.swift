/// How many rows of each side a bin of categories may have.
///
/// Of texts with many different values the frequent ones are listed, with counts that may be too
/// low; what they have too few the pool of all others has too many.
struct BinRange: Equatable {
    var reference: ClosedRange<Int>
    var current: ClosedRange<Int>

    /// As many as are counted.
    init(_ bin: DriftBin) {
        reference = bin.reference...bin.reference
        current = bin.current...bin.current
    }

    init(reference: ClosedRange<Int>, current: ClosedRange<Int>) {
        (self.reference, self.current) = (reference, current)
    }

    var isExact: Bool { reference.count == 1 && current.count == 1 }

    /// Of two bins together.
    static func + (left: BinRange, right: BinRange) -> BinRange {
        func sum(_ one: ClosedRange<Int>, _ other: ClosedRange<Int>) -> ClosedRange<Int> {
            one.lowerBound + other.lowerBound...one.upperBound + other.upperBound
        }
        return BinRange(
            reference: sum(left.reference, right.reference),
            current: sum(left.current, right.current))
    }

    /// The least and the greatest that a bin adds to a divergence.
    ///
    /// - Parameters:
    ///   - term: convex, 0 where both shares are equal, and less the nearer they are.
    ///   - rows: of both sides, of all bins.
    func extremes(
        of term: (_ reference: Double, _ current: Double) -> Double,
        _ rows: (reference: Double, current: Double)
    ) -> ClosedRange<Double> {
        let p = [reference.lowerBound, reference.upperBound].map { Double($0) / rows.reference }
        let q = [current.lowerBound, current.upperBound].map { Double($0) / rows.current }
        let corners = [term(p[0], q[0]), term(p[0], q[1]), term(p[1], q[0]), term(p[1], q[1])]
        let most = Swift.max(0, corners.max() ?? 0)
        let least = p[1] < q[0] ? term(p[1], q[0]) : q[1] < p[0] ? term(p[0], q[1]) : 0
        return Swift.min(Swift.max(0, least), most)...most
    }
}

extension ColumnProfile {
    /// By how much the count of a value may be too low; `isListed`: it has one.
    func countSlack(isListed: Bool) -> Int {
        if values.isComplete { return 0 }
        return isListed ? values.countError : values.unlistedMax
    }
}
