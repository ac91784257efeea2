/// p-values of many columns, raised so that a limit on them bounds the share of false alarms.
enum FalseDiscovery {
    /// Benjamini and Hochberg 1995, step up: p₍ᵢ₎ · N / i, made monotone from the greatest down.
    static func adjusted(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted {
            (pValues[$0], $0) < (pValues[$1], $1)
        }
        var adjusted = pValues
        var least = 1.0
        for rank in stride(from: order.count, through: 1, by: -1) {
            let index = order[rank - 1]
            least = Swift.min(least, pValues[index] * Double(order.count) / Double(rank))
            adjusted[index] = least
        }
        return adjusted
    }
}
