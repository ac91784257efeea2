/// An effect and its limits, where the effect may be off.
extension DriftOutcome {
    /// On which side of a limit an effect lies.
    enum Side { case within, over, unknown }

    /// - Parameter limit: nil: there is none.
    func side(of limit: Double?, _ effect: Double) -> Side {
        guard let limit else { return .within }
        if effect - error > limit { return .over }
        // Because categories that are not listed can only have been known.
        let most = computedAs == .newCategory ? effect : effect + error
        return most > limit ? .unknown : .within
    }

    /// At which level it is tested.
    var level: Double {
        let isFew = computedAs == .ks && Swift.min(referenceRows, currentRows) < 1000
        return isFew ? DriftReport.significanceOfFewRows : DriftReport.significance
    }

    /// It is, wherever in its error it lies.
    var isSignificant: Bool { adjustedPValue.map { $0 <= level } ?? true }

    /// It is, where it is as great as its error allows.
    var mayBeSignificant: Bool { leastAdjustedPValue.map { $0 <= level } ?? isSignificant }

    /// Takes the p-values of the least and the greatest that a statistic may be.
    mutating func test(
        _ statistic: Double, within error: Double, _ pValue: (Double) -> Double
    ) {
        self.pValue = pValue(Swift.max(0, statistic - error))
        if error > 0 { leastPValue = pValue(statistic + error) }
    }

    /// What it means is known, and is not that all is well.
    var isBroken: Bool { verdict == .warned || verdict == .failed }

    /// It warns or fails, or does one or the other.
    var isOverWarning: Bool {
        guard verdict == .undecided, isSignificant, let effect else { return isBroken }
        return [limits.warn, limits.fail].contains { $0 != nil && side(of: $0, effect) == .over }
    }

    /// What people are told: it is over a limit, or may be.
    package var isFinding: Bool { isBroken || verdict == .undecided }

    /// The sentence, behind why nothing was decided where that is so.
    package var fact: String {
        verdict == .undecided ? "\(verdict.rawValue): \(sentence)" : sentence
    }

    /// The limit that decided, or that did not.
    var limit: Double? {
        switch verdict {
        case .failed: limits.fail
        case .undecided where isOverWarning: limits.fail ?? limits.warn
        default: limits.warn ?? limits.fail
        }
    }
}
