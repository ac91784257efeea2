import Domain

/// What lies outside of the others, and where outside begins.
struct OutlierFigures {
    /// How many numbers lie outside.
    var outside: Int
    /// Of how many.
    var count: Int
    /// Fences, reach, centre: by the names under which reports have them.
    var bounds: [String: Double]
}

/// By which numbers a check calls outliers.
enum OutlierRule: Hashable, Sendable {
    /// Outside [Q1 − k·IQR, Q3 + k·IQR] (Tukey 1977).
    case tukey(k: Double, scale: DataCheck.Scale)
    /// |0.6745·(x − median)/MAD| > threshold (Iglewicz and Hoaglin 1993).
    case robustZ(threshold: Double)
    /// |x − mean|/stdev > threshold.
    case z(threshold: Double)

    /// nil: the check is about something else.
    init?(_ check: DataCheck) {
        switch check.name {
        case .outliersTukey:
            self = .tukey(k: check.parameter ?? 3, scale: check.scale ?? .linear)
        case .outliersRobustZ: self = .robustZ(threshold: check.parameter ?? 3.5)
        case .outliersZ: self = .z(threshold: check.parameter ?? 3)
        default: return nil
        }
    }

    /// The check that it is of.
    var name: DataCheck.Name {
        switch self {
        case .tukey: .outliersTukey
        case .robustZ: .outliersRobustZ
        case .z: .outliersZ
        }
    }

    var isOfLogarithms: Bool { if case .tukey(_, .log) = self { true } else { false } }

    /// Where outliers lie, for people.
    func place(_ found: OutlierFigures) -> String {
        func bound(_ name: String) -> String { shortText(found.bounds[name] ?? 0) }
        return switch self {
        case .tukey: "outside [\(bound("low_fence")), \(bound("high_fence"))]"
        case .robustZ: "further than \(bound("reach")) from the median \(bound("median"))"
        case .z: "further than \(bound("reach")) from the mean \(bound("mean"))"
        }
    }

    /// Counts the outliers; nil: the numbers have none of that kind, because there is one number,
    /// or some are not positive.
    func figures(of numbers: NumberDistribution) -> OutlierFigures? {
        switch self {
        case .tukey(let k, .linear): fenced(numbers.points, numbers.quartiles, k)
        case .tukey(let k, .log): logarithmic(numbers.points, k)
        case .robustZ(let threshold): scored(numbers.points, threshold)
        case .z(let threshold): deviating(numbers, threshold)
        }
    }

    private func logarithmic(_ points: WeightedPoints, _ k: Double) -> OutlierFigures? {
        guard points.values.first ?? 0 > 0 else { return nil }
        let logarithms = points.ascending(naturalLogarithm)
        guard let first = logarithms.quantile(0.25), let third = logarithms.quantile(0.75) else {
            return nil
        }
        let (low, high) = (first - k * (third - first), third + k * (third - first))
        let below = logarithms.count(below: low)
        let within = logarithms.count(atMost: high)
        // Because a power of a logarithm need not be the number that it was of.
        var (least, most) = (exponential(low), exponential(high))
        if below < points.count { least = Swift.min(least, points.value(atRank: below)) }
        if below > 0 { least = Swift.max(least, points.value(atRank: below - 1).nextUp) }
        if within > 0 { most = Swift.max(most, points.value(atRank: within - 1)) }
        if within < points.count { most = Swift.min(most, points.value(atRank: within).nextDown) }
        return figures(of: points, ["low_fence": least, "high_fence": most, "k": k])
    }

    private func fenced(
        _ points: WeightedPoints, _ quartiles: NumberSummary.Quartiles, _ k: Double
    ) -> OutlierFigures {
        let low = quartiles.first - k * quartiles.range
        let high = quartiles.third + k * quartiles.range
        return figures(of: points, ["low_fence": low, "high_fence": high, "k": k])
    }

    /// With MAD = 0 the score is (x − median)/(1.2533·mean absolute deviation from the median); if
    /// that is 0 too, there are no outliers.
    private func scored(_ points: WeightedPoints, _ threshold: Double) -> OutlierFigures? {
        guard let median = points.quantile(0.5) else { return nil }
        let deviations = points.distances(from: median)
        let spread = deviations.quantile(0.5) ?? 0
        let unit =
            spread > 0
            ? spread / 0.6745 : 1.2533 * deviations.sum { $0 / Double(points.count) }
        return figures(
            of: points, ["median": median, "reach": threshold * unit], isSpread: unit > 0)
    }

    private func deviating(
        _ numbers: NumberDistribution, _ threshold: Double
    ) -> OutlierFigures? {
        guard let stdev = numbers.stdev else { return nil }
        return figures(
            of: numbers.points, ["mean": numbers.mean, "reach": threshold * stdev],
            isSpread: stdev > 0)
    }

    /// - Parameter isSpread: not all numbers are the same.
    private func figures(
        of points: WeightedPoints, _ bounds: [String: Double], isSpread: Bool = true
    ) -> OutlierFigures {
        let fences = OutlierFences(self, bounds)
        return OutlierFigures(
            outside: isSpread ? points.count(where: fences.isOutside) : 0, count: points.count,
            bounds: bounds)
    }
}
