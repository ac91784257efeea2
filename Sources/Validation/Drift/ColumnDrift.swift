/// Measures one column of the current profile against the same column of the reference.
///
/// The outcomes have no verdict yet where there is a test: that needs all columns.
struct ColumnDrift {
    /// Fewer rows on a side are not judged.
    static let rowsMin = 200
    /// So many new categories are named.
    private static let newNamedMax = 3

    let reference: ColumnProfile
    let current: ColumnProfile

    func outcome(_ measure: DriftMeasure, _ limits: DriftLimits) -> DriftOutcome {
        var outcome = DriftOutcome(
            column: reference.name, measure: measure, computedAs: measure, limits: limits, error: 0,
            referenceRows: reference.rows, currentRows: current.rows, bins: [],
            verdict: .notEnoughData, sentence: "")
        if measure == .labelDrift {
            outcome.computedAs = isCategorical ? .cramersV : .psi
        }
        guard reference.kind == current.kind || isOfEarlierTimes && measure.isOfCounts else {
            refuse(&outcome)
            return outcome
        }
        switch outcome.computedAs {
        case .psi, .jsDistance, .lInfinity, .chiSquare, .cramersV: measureBins(&outcome)
        case .ks: measureDistance(&outcome)
        case .wasserstein: measureWasserstein(&outcome)
        case .missingChange: measureMissing(&outcome)
        case .distinctChange: measureDistinct(&outcome)
        case .newCategory: measureNew(&outcome)
        case .labelDrift: preconditionFailure("label drift is computed as another measure")
        }
        if outcome.effect == nil { outcome.effect = outcome.value }
        return outcome
    }

    private func refuse(_ outcome: inout DriftOutcome) {
        outcome.verdict = .couldNotRun
        guard isOfEarlierTimes else {
            outcome.sentence =
                "a column of \(reference.kind.rawValue) became one of \(current.kind.rawValue)"
            return
        }
        outcome.sentence =
            "the profile to compare with was made before \(current.kind.noun) were counted as such"
        outcome.remedy =
            "it is measured against every version that is made from now on; until then leave the "
            + "column out of the check"
    }

    /// A side is of a version of Slipway that counted days and moments as texts.
    private var isOfEarlierTimes: Bool {
        [(reference, current), (current, reference)].contains { earlier, later in
            earlier.kind == .text && later.kind.isTime && earlier.type == later.kind.rawValue
        }
    }

    /// Text, or numbers that are few enough to be classes on both sides.
    private var isCategorical: Bool {
        reference.kind == .text
            || [reference, current].allSatisfy {
                $0.values.isComplete && $0.distinct.count <= SampleAssociation.categoriesMax
            }
    }

    private func measureBins(_ outcome: inout DriftOutcome) {
        let asCategories =
            outcome.measure == .labelDrift ? isCategorical : reference.kind == .text
        guard let bins = DriftBins(reference, current, asCategories: asCategories),
            bins.currentRows > 0
        else { return }
        outcome.bins = bins.bins
        outcome.pooledShare = asCategories ? bins.pooledShare : nil
        outcome.referenceRows = bins.referenceRows
        outcome.currentRows = bins.currentRows
        // Reciprocal rows, by which the three statistics become chi-square with B − 1 degrees.
        let scale = 1 / Double(bins.referenceRows) + 1 / Double(bins.currentRows)
        let degrees = Swift.max(1, bins.bins.count - 1)
        outcome.degreesOfFreedom = degrees
        switch outcome.computedAs {
        case .psi:
            outcome.value = bins.psi
            outcome.error = bins.psiError
            outcome.base = "e"
            outcome.significanceLimit =
                ChiSquareLaw.limit(exceededWith: 0.01, degrees: degrees) * scale
            outcome.test(bins.psi, within: outcome.error) {
                ChiSquareLaw.survival($0 / scale, degrees: degrees)
            }
        case .jsDistance:
            // 8 · JSD in base e is PSI's symmetric divergence to second order (Lin 1991).
            let distance = bins.jensenShannonDistance
            let factor = 8 * 0.693_147_180_559_945_3
            outcome.value = distance
            outcome.error = bins.jensenShannonError
            outcome.base = "2"
            outcome.significanceLimit =
                (ChiSquareLaw.limit(exceededWith: 0.01, degrees: degrees) * scale / factor)
                .squareRoot()
            outcome.test(distance, within: outcome.error) {
                ChiSquareLaw.survival(factor * $0 * $0 / scale, degrees: degrees)
            }
        default:
            testHomogeneity(bins, &outcome)
        }
    }

    private func testHomogeneity(_ bins: DriftBins, _ outcome: inout DriftOutcome) {
        guard let pooled = bins.pooledForTest else {
            // One bin on both sides: nothing can have moved.
            if bins.bins.count == 1 {
                outcome.value = 0
                outcome.pValue = 1
            }
            return
        }
        let table = pooled.table
        outcome.degreesOfFreedom = table.degreesOfFreedom
        outcome.test(table.chiSquare, within: pooled.chiSquareError) {
            ChiSquareLaw.survival($0, degrees: table.degreesOfFreedom)
        }
        switch outcome.computedAs {
        case .chiSquare:
            outcome.bins = pooled.bins
            outcome.value = table.chiSquare
            outcome.effect = table.cramersV
            outcome.error = pooled.cramersError
            outcome.significanceLimit = ChiSquareLaw.limit(
                exceededWith: 0.01, degrees: Swift.max(1, table.degreesOfFreedom))
        case .lInfinity:
            outcome.value = bins.lInfinity
            outcome.error = bins.lInfinityError
        default:
            outcome.bins = pooled.bins
            outcome.value = table.cramersV
            outcome.error = pooled.cramersError
        }
    }

    private func measureDistance(_ outcome: inout DriftOutcome) {
        guard let (left, right) = numbers(&outcome) else { return }
        let distance = StepDistance.kolmogorovSmirnov(reference.points, current.points)
        outcome.value = distance
        outcome.error = left.uniformError + right.uniformError
        outcome.test(distance, within: outcome.error) {
            KolmogorovLaw.pValue(distance: $0, left.count, right.count)
        }
    }

    private func measureWasserstein(_ outcome: inout DriftOutcome) {
        guard let (left, right) = numbers(&outcome) else { return }
        if let lack = outcome.measure.lack(of: reference) {
            outcome.verdict = .couldNotRun
            outcome.sentence = lack
            return
        }
        let spread = left.quartiles.range
        if reference.kind.isTime, !reference.isPrivate, !current.isPrivate {
            outcome.note = "of the reference's interquartile range of \(ageText(spread))"
        }
        let (before, now) = (reference.points, current.points)
        let value =
            StepDistance.wasserstein(before, now, from: left.lowTail, to: left.highTail) / spread
        let off = left.rankError + right.rankError
        let spreads = reference.spreads ?? spread...spread
        // The wider the bounds, the greater the distance.
        let (low, high) = reference.tails(left)
        let farthest = StepDistance.wasserstein(
            before, now, from: low.lowerBound, to: high.upperBound)
        let most = (farthest + off * (high.upperBound - low.lowerBound)) / spreads.lowerBound
        let end = Swift.max(low.upperBound, high.lowerBound)
        let nearest = StepDistance.wasserstein(before, now, from: low.upperBound, to: end)
        let least =
            Swift.max(0, nearest - off * (end - low.upperBound)) / spreads.upperBound
        outcome.value = value
        // Because what is beyond all numbers cannot be written.
        outcome.error = Swift.min(
            Swift.max(most - value, value - least), .greatestFiniteMagnitude)
        outcome.test(
            StepDistance.kolmogorovSmirnov(before, now),
            within: left.uniformError + right.uniformError
        ) { KolmogorovLaw.pValue(distance: $0, left.count, right.count) }
    }

    private func numbers(
        _ outcome: inout DriftOutcome
    ) -> (left: NumberSummary, right: NumberSummary)? {
        outcome.referenceRows = reference.numbers?.count ?? 0
        outcome.currentRows = current.numbers?.count ?? 0
        guard let left = reference.numbers, let right = current.numbers else { return nil }
        return (left, right)
    }

    private func measureMissing(_ outcome: inout DriftOutcome) {
        guard reference.rows > 0, current.rows > 0 else { return }
        let before = Double(reference.missing) / Double(reference.rows)
        let now = Double(current.missing) / Double(current.rows)
        let table = ContingencyTable(counts: [
            [reference.missing, current.missing],
            [reference.rows - reference.missing, current.rows - current.missing],
        ])
        outcome.value = (now - before).magnitude
        outcome.degreesOfFreedom = 1
        outcome.pValue =
            table.degreesOfFreedom == 0
            ? 1 : ChiSquareLaw.survival(table.chiSquare, degrees: 1)
    }

    private func measureDistinct(_ outcome: inout DriftOutcome) {
        guard reference.distinct.count > 0 else { return }
        let ratio = Double(current.distinct.count) / Double(reference.distinct.count)
        outcome.value = (ratio - 1).magnitude
        // Three standard errors of the ratio.
        let errors = [reference, current].map(\.distinct.standardError)
        outcome.error =
            3 * ratio * (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
    }

    private func measureNew(_ outcome: inout DriftOutcome) {
        guard current.rows > 0, reference.valueCount > 0 else { return }
        guard reference.values.isComplete else {
            outcome.verdict = .couldNotRun
            outcome.hasTooManyValues = true
            outcome.sentence =
                "the reference has \(reference.distinct.count) categories; all are listed up to "
                + "\(TopValueList.completeMax)"
            return
        }
        let known = Set(reference.values.items.map(\.key))
        let listed = current.values.items.filter { known.contains($0.key) }
        let kept = listed.reduce(0) { $0 + $1.count }
        let unlisted = current.values.isComplete ? 0 : known.count - listed.count
        outcome.value = Double(current.valueCount - kept) / Double(current.rows)
        // Known categories may be among those that are not listed.
        let uncertain =
            unlisted * current.values.unlistedMax + listed.count * current.values.countError
        outcome.error = Double(uncertain) / Double(current.rows)
        outcome.note = newCategories(known)
    }

    /// The most frequent ones with their rows; nil: there are none, or nobody is to see them.
    private func newCategories(_ known: Set<UInt64>) -> String? {
        guard !reference.isPrivate, !current.isPrivate else { return nil }
        let new = current.values.items.filter { !known.contains($0.key) }
        guard !new.isEmpty else { return nil }
        let about = current.values.countError > 0 ? "at least " : ""
        let named = new.prefix(Self.newNamedMax).map { item in
            let text = Array((item.text ?? item.hash ?? "").utf8)
            return "`\(shownText(text.span, text.indices))` (\(about)\(counted(item.count, "row")))"
        }
        let more = new.count - named.count
        let rest =
            if !current.values.isComplete { " and others" } else {
                more > 0 ? " and \(counted(more, "other"))" : ""
            }
        return "new: " + named.joined(separator: ", ") + rest
    }
}
