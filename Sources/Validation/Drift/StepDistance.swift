/// Distances between two distributions given as points.
enum StepDistance {
    /// sup |F − G|.
    static func kolmogorovSmirnov(_ left: WeightedPoints, _ right: WeightedPoints) -> Double {
        var greatest = 0.0
        walk(left, right) { _, difference in greatest = Swift.max(greatest, difference.magnitude) }
        return greatest
    }

    /// ∫ |F − G| between two bounds: the first Wasserstein distance of the values clipped to them,
    /// because clipping changes neither F nor G inside (Vallender 1974).
    static func wasserstein(
        _ left: WeightedPoints, _ right: WeightedPoints, from low: Double, to high: Double
    ) -> Double {
        var sum = 0.0
        var place = low
        var before = 0.0
        walk(left, right) { value, difference in
            let clipped = Swift.min(high, Swift.max(low, value))
            sum += (clipped - place) * before
            place = clipped
            before = difference.magnitude
        }
        return sum + (high - place) * before
    }

    /// Each value of either side, ascending, with F − G from there on.
    private static func walk(
        _ left: WeightedPoints, _ right: WeightedPoints, _ visit: (Double, Double) -> Void
    ) {
        let n = Double(Swift.max(1, left.count))
        let m = Double(Swift.max(1, right.count))
        var i = 0
        var j = 0
        while i < left.values.count || j < right.values.count {
            let value = Swift.min(
                i < left.values.count ? left.values[i] : .infinity,
                j < right.values.count ? right.values[j] : .infinity)
            if i < left.values.count, left.values[i] == value { i += 1 }
            if j < right.values.count, right.values[j] == value { j += 1 }
            let below = i == 0 ? 0 : Double(left.cumulative[i - 1]) / n
            let above = j == 0 ? 0 : Double(right.cumulative[j - 1]) / m
            visit(value, below - above)
        }
    }
}
