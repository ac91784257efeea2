import Domain

/// Where the outliers of a rule lie: for those who count them, and those who name them.
enum OutlierFences {
    /// Below the one or above the other.
    case between(low: Double, high: Double, DataCheck.Scale)
    /// Further than the reach from the centre.
    case around(centre: Double, reach: Double)

    /// - Parameter bounds: as the rule's figures have them.
    init(_ rule: OutlierRule, _ bounds: [String: Double]) {
        // Because nothing lies beyond what is no number.
        func bound(_ name: String) -> Double { bounds[name] ?? .nan }
        switch rule {
        case .tukey(_, let scale):
            self = .between(low: bound("low_fence"), high: bound("high_fence"), scale)
        case .robustZ: self = .around(centre: bound("median"), reach: bound("reach"))
        case .z:
            let (mean, reach) = (bound("mean"), bound("reach"))
            self = .between(low: mean - reach, high: mean + reach, .linear)
        }
    }

    func isOutside(_ value: Double) -> Bool { isBelow(value) || isAbove(value) }

    func isBelow(_ value: Double) -> Bool {
        switch self {
        case .between(let low, _, _): value < low
        case .around(let centre, let reach): centre - value > reach
        }
    }

    func isAbove(_ value: Double) -> Bool {
        switch self {
        case .between(_, let high, _): value > high
        case .around(let centre, let reach): value - centre > reach
        }
    }

    /// How far beyond the fence an outlier lies, on the rule's scale.
    func excess(_ value: Double) -> Double {
        switch self {
        case .around(let centre, let reach): (value - centre).magnitude - reach
        case .between(let low, let high, .linear): value < low ? low - value : value - high
        case .between(let low, let high, .log):
            value < low
                ? Self.logarithm(low) - Self.logarithm(value)
                : Self.logarithm(value) - Self.logarithm(high)
        }
    }

    private static func logarithm(_ value: Double) -> Double {
        naturalLogarithm(Swift.max(value, .leastNonzeroMagnitude))
    }
}
