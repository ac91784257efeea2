/// What the errors of quantiles are made from, so that profiles can be merged.
package struct RankNoise: Hashable, Codable, Sendable {
    /// Σ 4^h over the halvings of the sketch; of ranks, not of the numbers.
    package var variance: Double
    /// Rows by which cut points may be off.
    package var slack: Double

    /// nil: there is none, and quantiles are exact.
    init?(variance: Double, slack: Double) {
        guard variance != 0 || slack != 0 else { return nil }
        self.variance = variance
        self.slack = slack
    }

    /// Whether both can be.
    var isSound: Bool { variance >= 0 && slack >= 0 }
}

extension NumberSummary {
    /// What stood beside the other figures before it was told apart from the variance of numbers.
    private enum EarlierKeys: CodingKey {
        case variance, slack
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        count = try values.decode(Int.self, forKey: .count)
        min = try values.decode(Double.self, forKey: .min)
        max = try values.decode(Double.self, forKey: .max)
        leastLarge = try values.decodeIfPresent(Int64.self, forKey: .leastLarge)
        greatestLarge = try values.decodeIfPresent(Int64.self, forKey: .greatestLarge)
        sum = try values.decode(Double.self, forKey: .sum)
        mean = try values.decode(Double.self, forKey: .mean)
        stdev = try values.decodeIfPresent(Double.self, forKey: .stdev)
        deciles = try values.decode([Double].self, forKey: .deciles)
        quartiles = try values.decode(Quartiles.self, forKey: .quartiles)
        lowTail = try values.decode(Double.self, forKey: .lowTail)
        highTail = try values.decode(Double.self, forKey: .highTail)
        histogram = try values.decode(Histogram.self, forKey: .histogram)
        rankError = try values.decode(Double.self, forKey: .rankError)
        uniformError = try values.decode(Double.self, forKey: .uniformError)
        points = try values.decodeIfPresent(String.self, forKey: .points)
        exactSum = try values.decode(ExactSum.self, forKey: .exactSum)
        exactSquares = try values.decode(ExactSum.self, forKey: .exactSquares)
        rankNoise = try values.decodeIfPresent(RankNoise.self, forKey: .rankNoise)
        guard rankNoise == nil else { return }
        let earlier = try decoder.container(keyedBy: EarlierKeys.self)
        rankNoise = RankNoise(
            variance: try earlier.decodeIfPresent(Double.self, forKey: .variance) ?? 0,
            slack: try earlier.decodeIfPresent(Double.self, forKey: .slack) ?? 0)
    }
}
