/// How the values of a column spread, as shares of its values, beside those of a baseline.
struct ColumnBars: Equatable {
    struct Bar: Equatable {
        var label: String
        /// 0 to 1.
        var now: Double
        /// nil: there is no baseline, or it does not tell.
        var before: Double?
    }

    var bars: [Bar]

    private static let binsCount = 24
    private static let valuesMax = 12
    private static let rest = "all others"

    /// nil: there is nothing to show.
    init?(_ column: ColumnProfile, baseline: ColumnProfile?) {
        guard column.valueCount > 0 else { return nil }
        // A baseline of another kind has nothing in common with what is there now.
        let before = baseline.flatMap { $0.kind == column.kind && $0.valueCount > 0 ? $0 : nil }
        bars = column.numbers == nil ? Self.values(column, before) : Self.bins(column, before)
        if bars.isEmpty { return nil }
        // Because edges and values are cells.
        guard column.isPrivate || before?.isPrivate == true else { return }
        for index in bars.indices where bars[index].label != Self.rest {
            bars[index].label = "bar \(index + 1)"
        }
    }

    // MARK: Numbers

    /// Bins of equal width over all but the outermost half per cent, which the outer bins take.
    private static func bins(_ column: ColumnProfile, _ before: ColumnProfile?) -> [Bar] {
        let sides = [column, before].compactMap { $0?.points }
        guard let low = sides.compactMap({ $0.quantile(0.005) }).min(),
            let high = sides.compactMap({ $0.quantile(0.995) }).max()
        else { return [] }
        let distinct = column.distinct
        if distinct.standardError == 0, distinct.count <= Self.valuesMax, before == nil {
            return values(column, nil)
        }
        guard high > low else {
            return [Bar(label: column.kind.figureText(low), now: 1, before: before.map { _ in 1 })]
        }
        let width = (high - low) / Double(binsCount)
        let edges = (1..<binsCount).map { low + Double($0) * width }
        let now = shares(column.points, edges)
        let then = before.map { shares($0.points, edges) }
        // Because of bins of days nobody wants the seconds.
        let kind = column.kind == .datetime && width >= 86_400 ? .date : column.kind
        return now.indices.map { index in
            let from = index == 0 ? "up" : kind.figureText(edges[index - 1])
            let to = index == edges.count ? "more" : kind.figureText(edges[index])
            return Bar(label: "\(from) to \(to)", now: now[index], before: then?[index])
        }
    }

    private static func shares(_ points: WeightedPoints, _ edges: [Double]) -> [Double] {
        let all = Double(Swift.max(1, points.count))
        var last = 0
        var shares: [Double] = []
        for edge in edges {
            let count = points.count(atMost: edge)
            shares.append(Double(count - last) / all)
            last = count
        }
        return shares + [Double(points.count - last) / all]
    }

    // MARK: Values

    /// The most frequent values, and all others in one bar.
    private static func values(_ column: ColumnProfile, _ before: ColumnProfile?) -> [Bar] {
        let all = Double(column.valueCount)
        let earlier = before.map { Double($0.valueCount) } ?? 1
        let known = Dictionary(
            (before?.values.items ?? []).map { ($0.key, $0.count) }, uniquingKeysWith: +)
        var bars: [Bar] = []
        var (rest, restBefore) = (1.0, 1.0)
        for (place, item) in column.values.items.prefix(valuesMax).enumerated() {
            let now = Double(item.count) / all
            let then = Double(known[item.key] ?? 0) / earlier
            rest -= now
            restBefore -= then
            let label = item.number.map(column.kind.figureText) ?? item.text
            bars.append(
                Bar(
                    label: label ?? "value \(place + 1)", now: now,
                    before: before.map { _ in then }))
        }
        if rest > 1e-9 || before != nil && restBefore > 1e-9 {
            bars.append(
                Bar(
                    label: Self.rest, now: Swift.max(0, rest),
                    before: before.map { _ in Swift.max(0, restBefore) }))
        }
        return bars
    }
}
