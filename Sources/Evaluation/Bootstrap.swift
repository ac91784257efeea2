/// The values of some metrics on every resample, and their percentile intervals.
struct Bootstrap {
    /// Undefined values are left out; `values[metric]` is sorted.
    private var values: [String: [Double]] = [:]
    private let resamples: Int

    init(resamples: Int) { self.resamples = resamples }

    /// Adds the values of one metric, one for each resample; nil or NaN where it is undefined.
    mutating func add(_ metric: String, _ found: [Double]) {
        values[metric] = found.filter { !$0.isNaN }.sorted()
    }

    /// The two-sided percentile interval; nil when more than half of the resamples are undefined.
    func interval(_ metric: String, confidence: Double) -> (low: Double, high: Double)? {
        guard let sorted = values[metric], !sorted.isEmpty, sorted.count * 2 >= resamples else {
            return nil
        }
        let tail = (1 - confidence) / 2
        return (quantile(sorted, tail), quantile(sorted, 1 - tail))
    }

    mutating func merge(_ other: Bootstrap) {
        values.merge(other.values) { first, _ in first }
    }
}

/// How many resamples `wanted` becomes where each costs `size` draws.
///
/// At most 20 million draws in all, but never fewer than 200 resamples unless fewer are wanted.
func affordableResamples(_ wanted: Int, size: Int) -> Int {
    let bounded = Swift.max(0, Swift.min(wanted, 100_000))
    return Swift.min(bounded, Swift.max(200, 20_000_000 / Swift.max(1, size)))
}

/// Linear interpolation between the two nearest values: type 7, the default of NumPy and R.
func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Swift.max(0, Swift.min(Int(position.rounded(.down)), sorted.count - 1))
    let above = Swift.min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}
