@testable import Validation

/// How a column goes with the label, from all rows at once; the definition, written as it reads.
struct PlainAssociation {
    /// Classes of cells; nil: missing.
    static func classes(_ cells: [String?], isNumber: Bool) -> [String?] {
        guard isNumber else { return cells }
        let numbers = cells.map { $0.flatMap(Double.init) }
        let ascending = numbers.compactMap(\.self).sorted()
        guard Set(ascending).count > 20 else { return numbers.map { $0.map { "\($0 + 0)" } } }
        let points = WeightedPoints(ascending: ascending)
        let cuts = (1...9).compactMap { points.quantile(Double($0) / 10) }
        return numbers.map { number in
            number.map { number in "part \(cuts.filter { $0 < number }.count)" }
        }
    }

    /// Bias-corrected Cramér's V, and of how many rows.
    static func cramersV(_ left: [String?], _ right: [String?]) -> (value: Double?, rows: Int) {
        var (pairs, lefts, rights): ([[String]: Int], [String: Int], [String: Int]) = (
            [:], [:], [:]
        )
        for case (let one?, let other?) in zip(left, right) {
            pairs[[one, other], default: 0] += 1
            lefts[one, default: 0] += 1
            rights[other, default: 0] += 1
        }
        let count = lefts.values.reduce(0, +)
        guard lefts.count > 1, rights.count > 1 else { return (nil, count) }
        let n = Double(count)
        var chiSquare = 0.0
        for (one, ones) in lefts {
            for (other, others) in rights {
                let expected = Double(ones) * Double(others) / n
                let difference = Double(pairs[[one, other]] ?? 0) - expected
                chiSquare += difference * difference / expected
            }
        }
        let (r, c) = (Double(lefts.count), Double(rights.count))
        let phi = max(0, chiSquare / n - (r - 1) * (c - 1) / (n - 1))
        let least = min(r - (r - 1) * (r - 1) / (n - 1), c - (c - 1) * (c - 1) / (n - 1)) - 1
        return (least > 1e-9 ? min(1, (phi / least).squareRoot()) : 0, count)
    }
}
