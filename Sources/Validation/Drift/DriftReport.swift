import Domain

/// What is compared, in words.
package enum DriftSides: Sendable {
    /// A dataset with what it was before, or with another.
    case versions
    /// What was trained on with what was asked.
    case served

    fileprivate var reference: String { self == .versions ? "in the reference" : "trained on" }
    fileprivate var before: String { self == .versions ? "before" : "trained on" }
    fileprivate var current: String { self == .versions ? "now" : "served" }
}

/// How a dataset has moved from the reference: each column by its measures, and as a whole.
package struct DriftReport: Hashable, Codable, Sendable {
    /// In the order of the reference's columns.
    package var outcomes: [DriftOutcome]
    /// How many columns have drifted.
    package var drifted: DriftedColumns
    /// Columns of one side only; they are a question of the schema, not of drift.
    package var columnsOfReferenceOnly: [String]
    package var columnsOfCurrentOnly: [String]

    /// The level of the tests, after adjustment.
    package static let significance = 0.01
    /// The level of `ks` under 1,000 rows on a side, where fewer rows show less.
    package static let significanceOfFewRows = 0.05

    /// `dataset_drift` by the default limit.
    package var dataset: CheckOutcome { drifted.outcome() }

    /// Compares two profiles.
    /// - Parameters:
    ///   - checks: what to measure of a column, with limits; nil: `DriftMeasure.standard`, and
    ///     `label_drift` for the label.
    ///   - sides: what the rows of both are called in sentences.
    package init(
        reference: DatasetProfile, current: DatasetProfile,
        checks: [String: [DriftMeasure: DriftLimits]]? = nil, sides: DriftSides = .versions
    ) {
        var found: [DriftOutcome] = []
        var ofNumbers: Set<String> = []
        for column in reference.columns {
            guard let now = current.column(column.name) else { continue }
            let drift = ColumnDrift(reference: column, current: now)
            if holdNumbers(column, now) { ofNumbers.insert(column.name) }
            let wanted =
                checks.map { $0[column.name] ?? [:] }
                ?? standard(column, now, isLabel: column.name == reference.label)
            for measure in DriftMeasure.allCases {
                guard let limits = wanted[measure] else { continue }
                found.append(drift.outcome(measure, limits))
            }
        }
        outcomes = judged(found, sides)
        // Because every new number would be a new category.
        drifted = DriftedColumns(
            outcomes.filter { $0.measure != .newCategory || !ofNumbers.contains($0.column) })
        let here = Set(reference.columns.map(\.name))
        let there = Set(current.columns.map(\.name))
        columnsOfReferenceOnly = reference.columns.map(\.name).filter { !there.contains($0) }
        columnsOfCurrentOnly = current.columns.map(\.name).filter { !here.contains($0) }
    }
}

private func standard(
    _ column: ColumnProfile, _ now: ColumnProfile, isLabel: Bool
) -> [DriftMeasure: DriftLimits] {
    let measures = DriftMeasure.standard(column, now, isLabel: isLabel)
    return Dictionary(uniqueKeysWithValues: measures.map { ($0, $0.defaultLimits) })
}

/// Adjusts the p-values of each measure over the columns, then decides.
private func judged(_ outcomes: [DriftOutcome], _ sides: DriftSides) -> [DriftOutcome] {
    var outcomes = outcomes
    for measure in DriftMeasure.allCases {
        let tested = outcomes.indices.filter {
            outcomes[$0].measure == measure && outcomes[$0].pValue != nil
                && hasEnoughRows(outcomes[$0])
        }
        let adjusted = FalseDiscovery.adjusted(tested.compactMap { outcomes[$0].pValue })
        for (index, value) in zip(tested, adjusted) { outcomes[index].adjustedPValue = value }
        let least = FalseDiscovery.adjusted(
            tested.compactMap { outcomes[$0].leastPValue ?? outcomes[$0].pValue })
        for (index, value) in zip(tested, least) where outcomes[index].leastPValue != nil {
            outcomes[index].leastAdjustedPValue = value
        }
    }
    for index in outcomes.indices { outcomes[index].decide(sides) }
    return outcomes
}

private func hasEnoughRows(_ outcome: DriftOutcome) -> Bool {
    Swift.min(outcome.referenceRows, outcome.currentRows) >= ColumnDrift.rowsMin
}

extension DriftOutcome {
    fileprivate mutating func decide(_ sides: DriftSides) {
        guard verdict != .couldNotRun else { return }
        guard hasEnoughRows(self) else {
            verdict = .notEnoughData
            sentence =
                "not enough rows: \(referenceRows) \(sides.reference), \(currentRows) "
                + "\(sides.current), \(ColumnDrift.rowsMin) needed on each side"
            return
        }
        guard let value, let effect else {
            verdict = .notEnoughData
            sentence = "\(measure.rawValue) is undefined for these values"
            return
        }
        verdict = verdictByLimits(effect)
        if let pooledShare, pooledShare > DriftBins.pooledMax, !isBroken {
            // Because the pool hides change, and makes none: what is over a limit is so all the
            // same, but nothing follows from what is not.
            verdict = .couldNotRun
            hasTooManyValues = true
            (self.value, self.effect, error, bins) = (nil, nil, 0, [])
            (pValue, adjustedPValue) = (nil, nil)
            (leastPValue, leastAdjustedPValue) = (nil, nil)
            sentence =
                "too many different values to be categories: \(percentText(pooledShare)) of the "
                + "values have a share under \(percentText(DriftBins.shareMin)) each, and those "
                + "count as one category"
            return
        }
        sentence = text(value, effect, sides)
    }

    /// What the limits say of the effect, wherever in its error it lies.
    private func verdictByLimits(_ effect: Double) -> CheckVerdict {
        let sides = (side(of: limits.fail, effect), side(of: limits.warn, effect))
        guard isSignificant else {
            // Because where the error makes it significant, it may make it too great as well.
            return sides == (.within, .within) || !mayBeSignificant ? .passed : .undecided
        }
        return switch sides {
        case (.over, _): .failed
        case (.unknown, _), (.within, .unknown): .undecided
        case (.within, .over): .warned
        case (.within, .within): .passed
        }
    }

    /// In words, with the p-value; nil: there is no test.
    private var significance: String? {
        func text(_ pValue: Double) -> String {
            pValue < 1e-6 ? "below 1e-6" : shortText(pValue)
        }
        guard let adjustedPValue else { return nil }
        let at = "significant at \(shortText(level)): adjusted p"
        if isSignificant { return "\(at) \(text(adjustedPValue))" }
        guard mayBeSignificant, let leastAdjustedPValue else {
            return "not \(at) \(text(adjustedPValue))"
        }
        return "perhaps \(at) \(text(leastAdjustedPValue)) to \(text(adjustedPValue))"
    }

    private func text(
        _ value: Double, _ effect: Double, _ sides: DriftSides
    ) -> String {
        var text = "\(measure.rawValue)"
        if computedAs != measure { text += " (\(computedAs.rawValue))" }
        if let base { text += " (base \(base))" }
        // Because the limits are about the effect, it stands beside them.
        text +=
            effect == value
            ? " is \(shortText(value))"
            : " is \(shortText(value)), and Cramér's V of it \(shortText(effect))"
        if let note { text += "; \(note)" }
        let named = [(limits.warn, "warns"), (limits.fail, "fails")]
            .compactMap { limit, word in limit.map { "\(word) over \(exactText($0))" } }
        let of = effect == value || named.isEmpty ? "" : "V "
        if !named.isEmpty { text += "; \(of)" + named.joined(separator: ", ") }
        if error > 0 { text += "; within \(shortText(error))" }
        if let significance { text += "; \(significance)" }
        return text + "; \(counted(referenceRows, "row")) \(sides.before), "
            + "\(currentRows) \(sides.current)"
            + (bins.isEmpty ? "" : ", \(counted(bins.count, "bin"))")
    }
}
