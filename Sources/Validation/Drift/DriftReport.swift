package import Domain

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
    /// `dataset_drift`: drifted columns / judged columns < limit.
    package var dataset: CheckOutcome
    /// Columns of one side only; they are a question of the schema, not of drift.
    package var columnsOfReferenceOnly: [String]
    package var columnsOfCurrentOnly: [String]

    /// The level of the tests, after adjustment.
    package static let significance = 0.01
    /// The level of `ks` under 1,000 rows on a side, where fewer rows show less.
    package static let significanceOfFewRows = 0.05

    /// Compares two profiles.
    /// - Parameters:
    ///   - checks: what to measure of a column, with limits; nil: `DriftMeasure.standard`, and
    ///     `label_drift` for the label.
    ///   - datasetLimit: of the share of drifted columns.
    ///   - sides: what the rows of both are called in sentences.
    package init(
        reference: DatasetProfile, current: DatasetProfile,
        checks: [String: [DriftMeasure: DriftLimits]]? = nil, datasetLimit: Double = 0.5,
        datasetSeverity: CheckSeverity = .warn, sides: DriftSides = .versions
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
        dataset = datasetOutcome(
            outcomes.filter { $0.measure != .newCategory || !ofNumbers.contains($0.column) },
            limit: datasetLimit, severity: datasetSeverity)
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
        let isFew = computedAs == .ks && Swift.min(referenceRows, currentRows) < 1000
        let level = isFew ? DriftReport.significanceOfFewRows : DriftReport.significance
        let isSignificant = adjustedPValue.map { $0 <= level } ?? true
        verdict = isSignificant ? verdictByLimits(effect) : .passed
        if let pooledShare, pooledShare > DriftBins.pooledMax, !isBroken {
            // Because the pool hides change, and makes none: what is over a limit is so all the
            // same, but nothing follows from what is not.
            verdict = .couldNotRun
            hasTooManyValues = true
            (self.value, self.effect, bins) = (nil, nil, [])
            (pValue, adjustedPValue) = (nil, nil)
            sentence =
                "too many different values to be categories: \(percentText(pooledShare)) of the "
                + "values have a share under \(percentText(DriftBins.shareMin)) each, and those "
                + "count as one category"
            return
        }
        sentence = text(value, effect, isSignificant, level, sides)
    }

    /// What the limits say of an effect that is significant, wherever in its error it lies.
    private func verdictByLimits(_ effect: Double) -> CheckVerdict {
        switch (side(of: limits.fail, effect), side(of: limits.warn, effect)) {
        case (.over, _): .failed
        case (.unknown, _), (.within, .unknown): .undecided
        case (.within, .over): .warned
        case (.within, .within): .passed
        }
    }

    private func text(
        _ value: Double, _ effect: Double, _ isSignificant: Bool, _ level: Double,
        _ sides: DriftSides
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
        if let adjustedPValue {
            text +=
                "; \(isSignificant ? "" : "not ")significant at \(shortText(level)): adjusted p "
                + (adjustedPValue < 1e-6 ? "below 1e-6" : shortText(adjustedPValue))
        }
        return text + "; \(counted(referenceRows, "row")) \(sides.before), "
            + "\(currentRows) \(sides.current)"
            + (bins.isEmpty ? "" : ", \(counted(bins.count, "bin"))")
    }
}

private func datasetOutcome(
    _ outcomes: [DriftOutcome], limit: Double, severity: CheckSeverity
) -> CheckOutcome {
    var drifted: Set<String> = []
    var pooled: Set<String> = []
    var seen: Set<String> = []
    for outcome in outcomes {
        switch outcome.verdict {
        case .passed: seen.insert(outcome.column)
        case .warned, .failed, .undecided:
            // Of what cannot be decided, only what warns at least.
            guard outcome.isOverWarning else { continue }
            seen.insert(outcome.column)
            drifted.insert(outcome.column)
        case .couldNotRun:
            // Because a list that is cut off (`new_category`) leaves the shares to be compared.
            if outcome.hasTooManyValues, outcome.measure != .newCategory {
                pooled.insert(outcome.column)
            }
        case .notEnoughData, .notCompared, .notMeasured: break
        }
    }
    // Because that as many cells are missing says nothing of the values.
    pooled.subtract(drifted)
    seen.subtract(pooled)
    let rest =
        pooled.isEmpty
        ? ""
        : "; \(counted(pooled.count, "column")) with too many different values to be categories "
            + "could not be compared"
    guard !seen.isEmpty else {
        return .tooLittle("dataset_drift", nil, "no column could be judged\(rest)")
    }
    let value = Double(drifted.count) / Double(seen.count)
    return CheckOutcome(
        "dataset_drift", nil, value: value, limit: limit,
        value >= limit ? severity.verdict : .passed,
        "\(drifted.count) of \(counted(seen.count, "column")) "
            + "\(seen.count == 1 ? "has" : "have") drifted: \(percentText(value)), the limit is "
            + "less than \(percentText(limit))\(rest)",
        details: ["drifted": Double(drifted.count), "columns": Double(seen.count)])
}
