import Domain

/// How likely each class is for a row by its other columns, when the row itself is left out.
///
/// Naive Bayes: P(c) ∝ π(c) · exp(Σ e(v, c) / √m). The evidence e(v, c) of each value is the
/// logarithm of P(c | v) / π(c). Values of one row repeat each other, so their sum is divided by
/// the root of how many speak: m = (Σ a)² / Σ a² of the greatest magnitudes a(v).
struct NoiseScore {
    private let evidence: NoiseEvidence
    /// The rows of each class.
    let rows: [Int]
    /// The logarithms of the classes' shares of the rows without one of another class, and without
    /// one of their own.
    private let priors: [Double]
    private let ownPriors: [Double]
    /// Of the last row.
    private(set) var shares: [Double]

    init(_ evidence: NoiseEvidence, rows: [Int]) {
        self.evidence = evidence
        self.rows = rows
        let all = Double(rows.reduce(0, +) - 1)
        priors = rows.map { naturalLogarithm(Double($0) / all) }
        ownPriors = rows.map { naturalLogarithm(Double($0 - 1) / all) }
        shares = rows.map { _ in 0 }
    }

    /// Scores a row of a class that has others.
    ///
    /// - Returns: the logarithm of its class's share of the other rows; nil: no value of the row
    ///   is in another one.
    mutating func take(_ row: NoiseRow, _ label: Int, _ cuts: NoiseCuts) -> Double? {
        for number in shares.indices { shares[number] = 0 }
        var (sum, squares) = (0.0, 0.0)
        cuts.values(of: row) { value in
            let most = evidence.add(value, of: label, to: &shares)
            sum += most
            squares += most * most
        }
        guard squares > 0 else { return nil }
        normalise(label, divisor: sum / squares.squareRoot())
        return ownPriors[label]
    }

    /// Makes shares of sums of evidence.
    private mutating func normalise(_ label: Int, divisor: Double) {
        var most = -Double.infinity
        for number in shares.indices {
            let prior = number == label ? ownPriors[number] : priors[number]
            shares[number] = shares[number] / divisor + prior
            most = Swift.max(most, shares[number])
        }
        var sum = 0.0
        for number in shares.indices {
            shares[number] = exponential(shares[number] - most)
            sum += shares[number]
        }
        for number in shares.indices { shares[number] /= sum }
    }
}
