/// How far the counts of bins of numbers may be off, where the numbers themselves are not kept.
///
/// Each edge between two bins has a number of rows below it, which may be off up or down; what one
/// bin has too much its neighbours have too little.
struct BinDoubt {
    /// Of each edge, what may be off on both sides.
    private let edges: [(reference: EdgeDoubt, current: EdgeDoubt)]
    /// Of each bin, one more than there are edges.
    private let shares: [(reference: Double, current: Double)]

    /// - Parameter bins: those between the edges, and outside of them.
    /// - Returns: nil where all counts are exact.
    init?(
        _ bins: [DriftBin], at edges: [Double], _ reference: ColumnProfile,
        _ current: ColumnProfile
    ) {
        let (before, now) = (CountDoubt(reference), CountDoubt(current))
        guard !(before.isExact && now.isExact) else { return nil }
        self.edges = edges.map { edge in
            let way = before.way(of: edge)
            return (
                before.doubt(at: edge, Swift.max(before.rowsOfSketch, before.rows(on: way, edge))),
                now.doubt(at: edge, now.rowsOfSketch + now.rows(on: way, edge))
            )
        }
        shares = bins.map {
            (Double($0.reference) / before.rowsMax, Double($0.current) / now.rowsMax)
        }
    }

    /// By how much a sum over the bins may be off.
    ///
    /// The greatest sum that the edges allow, less the sum: with a function that is convex, as
    /// those of divergences are, the greatest lies at a corner of all that is allowed, which one
    /// walk over the bins finds; and the least is no further away than the greatest.
    func error(of term: (_ reference: Double, _ current: Double) -> Double) -> Double {
        var reached = [Reached()]
        var sum = 0.0
        for (index, share) in shares.enumerated() {
            sum += term(share.reference, share.current)
            let last = reached
            reached = corners(behind: index).map { corner in
                var next = Reached(corner: corner)
                if index < edges.count { next.off = corner.off(edges[index]) }
                let sums = last.filter { corner.mayFollow($0.corner) }.map { before in
                    let p = share.reference + next.off.reference - before.off.reference
                    let q = share.current + next.off.current - before.off.current
                    return before.sum + term(Swift.max(0, p), Swift.max(0, q))
                }
                next.sum = sums.max() ?? 0
                return next
            }
        }
        return Swift.max(0, (reached.first?.sum ?? sum) - sum)
    }

    /// The greatest sum of the bins up to an edge that is off in one way.
    private struct Reached {
        var corner = EdgeCorner()
        var off: (reference: Double, current: Double) = (0, 0)
        var sum = 0.0
    }

    private func corners(behind bin: Int) -> [EdgeCorner] {
        bin < edges.count ? EdgeCorner.all : [EdgeCorner()]
    }
}

/// What lies below an edge may be off by so much, as shares of all rows.
private struct EdgeDoubt {
    /// By the halvings of a sketch.
    var ofSketch: Double
    /// By points that stand for rows on both sides of the edge.
    var ofPoint: Double
}

/// One way in which an edge is off as far as it can be.
private struct EdgeCorner {
    /// −1, 0 or 1, because a halving moves the rows of a bin by no more than those below an edge.
    private var sketches: (reference: Int, current: Int) = (0, 0)
    /// −1 or 1; 0 outside of all bins.
    private var points: (reference: Int, current: Int) = (0, 0)

    static let all: [EdgeCorner] = {
        var all: [EdgeCorner] = []
        for number in 0..<36 {
            var corner = EdgeCorner()
            corner.sketches = (number % 3 - 1, number / 3 % 3 - 1)
            corner.points = (number / 9 % 2 * 2 - 1, number / 18 * 2 - 1)
            all.append(corner)
        }
        return all
    }()

    func mayFollow(_ last: EdgeCorner) -> Bool {
        abs(sketches.reference - last.sketches.reference) <= 1
            && abs(sketches.current - last.sketches.current) <= 1
    }

    func off(
        _ edge: (reference: EdgeDoubt, current: EdgeDoubt)
    ) -> (reference: Double, current: Double) {
        func off(_ doubt: EdgeDoubt, _ sketch: Int, _ point: Int) -> Double {
            Double(sketch) * doubt.ofSketch + Double(point) * doubt.ofPoint
        }
        return (
            off(edge.reference, sketches.reference, points.reference),
            off(edge.current, sketches.current, points.current)
        )
    }
}

/// How far counts of one column may be off.
private struct CountDoubt {
    private let points: WeightedPoints
    /// All that are in bins; at least 1.
    let rowsMax: Double
    /// By which a count may be off wherever the sketch has halved its numbers.
    let rowsOfSketch: Double
    /// Of points that are cut down, the most that one stands for on a side of it.
    private let rowsOfPoint: Double

    init(_ column: ColumnProfile) {
        points = column.points
        rowsMax = Double(Swift.max(1, column.valueCount + column.missing))
        let count = Double(points.count)
        let error = column.numbers?.uniformError ?? 0
        let isCut =
            column.numbers.map { $0.points != nil && !StoredPoints.isExact(rows: $0.count) }
            ?? false
        rowsOfSketch = count * Swift.max(0, isCut ? error - StoredPoints.rankError : error)
        rowsOfPoint = isCut ? (count * StoredPoints.rankError).rounded(.up) : 0
    }

    var isExact: Bool { rowsOfSketch == 0 && rowsOfPoint == 0 }

    func doubt(at edge: Double, _ rowsOfSketch: Double) -> EdgeDoubt {
        let ofPoint =
            rowsOfPoint == 0 ? 0 : Swift.min(rowsOfPoint, Double(points.doubt(at: edge)))
        return EdgeDoubt(ofSketch: rowsOfSketch / rowsMax, ofPoint: ofPoint / rowsMax)
    }

    /// Where a quantile may be that was estimated to be here; nil: it is exact.
    func way(of edge: Double) -> ClosedRange<Double>? {
        guard rowsOfSketch > 0 else { return nil }
        let count = Double(points.count)
        let (rank, error) = (Double(points.count(atMost: edge)) / count, rowsOfSketch / count)
        guard let low = points.quantile(Swift.max(0, rank - error)),
            let high = points.quantile(Swift.min(1, rank + error))
        else { return nil }
        return Swift.min(low, edge)...Swift.max(high, edge)
    }

    /// How many rows are on the longer part of a way, before the edge or behind it.
    func rows(on way: ClosedRange<Double>?, _ edge: Double) -> Double {
        guard let way else { return 0 }
        let here = points.count(atMost: edge)
        return Double(
            Swift.max(
                points.count(atMost: way.upperBound) - here,
                here - points.count(atMost: way.lowerBound)))
    }
}
