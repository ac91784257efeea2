/// A way to say how far a column's distribution has moved from the reference.
package enum DriftMeasure: String, Hashable, Codable, Sendable, CaseIterable {
    /// Population stability index, natural logarithm.
    case psi
    /// Jensen–Shannon distance, base 2.
    case jsDistance = "js_distance"
    /// Greatest change of a share.
    case lInfinity = "l_infinity"
    /// Kolmogorov–Smirnov distance.
    case ks
    /// Homogeneity of the table of bins; judged by Cramér's V and its own p-value.
    case chiSquare = "chi_square"
    /// Bias-corrected Cramér's V of bins × {R, C}.
    case cramersV = "cramers_v"
    /// W1 of values clipped to R's [0.5 %, 99.5 %], divided by R's interquartile range.
    case wasserstein
    /// Change of the share of missing cells.
    case missingChange = "missing_change"
    /// |distinct values of C / of R − 1|.
    case distinctChange = "distinct_change"
    /// Share of C's rows whose category R lacks.
    case newCategory = "new_category"
    /// Cramér's V on the label, or PSI where it is a number with many values.
    case labelDrift = "label_drift"

    /// It compares how many cells or values there are, whatever those are.
    var isOfCounts: Bool { self == .missingChange || self == .distinctChange }

    /// The limits of a manifest that only names the check. Those without a second source warn.
    package var defaultLimits: DriftLimits {
        switch self {
        case .psi: DriftLimits(warn: 0.1, fail: 0.25)
        case .jsDistance: DriftLimits(warn: 0.1, fail: 0.3)
        case .lInfinity: DriftLimits(warn: 0.1)
        case .ks, .chiSquare, .cramersV: DriftLimits(warn: 0.1, fail: 0.2)
        case .wasserstein: DriftLimits(warn: 0.1)
        case .missingChange: DriftLimits(warn: 0.05)
        case .distinctChange: DriftLimits(warn: 0.5)
        case .newCategory: DriftLimits(warn: 0)
        case .labelDrift: DriftLimits(warn: 0.15)
        }
    }

    /// What is measured of a column unless its manifest says otherwise, without what would never
    /// pass because it cannot be measured of this reference.
    ///
    /// - Parameter current: nil: the column is gone.
    static func standard(
        _ reference: ColumnProfile, _ current: ColumnProfile?, isLabel: Bool
    ) -> [DriftMeasure] {
        let measures: [DriftMeasure] =
            switch reference.kind {
            case _ where isLabel: [.labelDrift]
            case .number, .date, .datetime: [.psi, .ks, .wasserstein, .missingChange]
            case .text: [.psi, .cramersV, .newCategory, .missingChange]
            }
        return measures.filter { measure in
            measure.lack(of: reference) == nil
                && !(measure == .newCategory && holdNumbers(reference, current))
        }
    }
}

/// Whether two columns of texts hold numbers that nobody declared, of which every new one is no new
/// category.
func holdNumbers(_ reference: ColumnProfile, _ current: ColumnProfile?) -> Bool {
    [reference, current].allSatisfy { column in
        column.map { $0.kind == .text && $0.type == nil && $0.looksLikeNumbers } ?? false
    }
}

/// Effects over a limit are a warning or a failure.
package struct DriftLimits: Hashable, Codable, Sendable {
    package var warn: Double?
    package var fail: Double?

    package init(warn: Double? = nil, fail: Double? = nil) {
        self.warn = warn
        self.fail = fail
    }
}

/// One measure of one column with everything it was made from.
package struct DriftOutcome: Hashable, Codable, Sendable {
    package var column: String
    package var measure: DriftMeasure
    /// What the value was computed as, where `measure` leaves a choice (`label_drift`).
    package var computedAs: DriftMeasure
    /// nil: it could not be computed.
    package var value: Double?
    /// What is compared with the limits: the value, but Cramér's V for `chi_square`.
    package var effect: Double?
    package var limits: DriftLimits
    /// How far the effect may be off, up or down, because counts and quantiles are estimates.
    package var error: Double
    /// The base of the logarithm, as text: "e" or "2"; nil where there is none.
    package var base: String?
    package var degreesOfFreedom: Int?
    /// The value at which a difference is significant at 0.01 before adjustment, where it is known.
    package var significanceLimit: Double?
    /// Of the least effect that the error allows; nil: the measure has no test, and every effect
    /// counts.
    package var pValue: Double?
    /// After Benjamini–Hochberg over the columns that were judged by this measure.
    package var adjustedPValue: Double?
    /// The same two of the greatest effect that the error allows; nil: there is no error.
    package var leastPValue: Double?
    package var leastAdjustedPValue: Double?
    /// Rows of the reference and of the current data that took part.
    package var referenceRows: Int
    package var currentRows: Int
    /// Empty for measures without bins.
    package var bins: [DriftBin]
    /// Of a side's values, the share that stands in one bin because each is too rare to be a
    /// category of its own: the greater one of both sides, 0 where that bin is a small part of the
    /// rows; nil: there are no categories.
    package var pooledShare: Double?
    /// It could not run, because there are too many different values to be categories.
    package var hasTooManyValues = false
    /// What was found beside the value, in words; nil: nothing, or nobody is to see it.
    package var note: String?
    package var verdict: CheckVerdict
    package var sentence: String
    /// What mends it, where the data tells; nil: it does not.
    package var remedy: String?
}
