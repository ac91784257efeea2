import Domain

/// Checks of rows: from the profile's counts, and from what was measured beside it.
extension CheckRun {
    func rowOutcomes(_ check: DataCheck) -> [CheckOutcome] {
        switch check.name {
        case .duplicateRows: [duplicates(check)]
        case .splitRatio: [ratio(check)]
        case .splitMin:
            [
                SplitChecks.minimum(
                    test: profile.rows, limit: check.min ?? 100,
                    severity: check.severity ?? .warn)
            ]
        default: measured(check)
        }
    }

    private func decided(_ found: Measurement, _ check: DataCheck) -> CheckOutcome? {
        switch check.name {
        case .privateData: privateData(found, check)
        case .mixedTypes: mixedTypes(found, check)
        case .encodingDamage: encodingDamage(found, check)
        case .freshness: freshness(found, check)
        case .rowSetDigest: rowSetDigest(found, check)
        case .splitStratification: stratification(found, check)
        default: nil
        }
    }

    /// Over 5 % fails and any at all warns, unless the manifest says how many may be.
    private func duplicates(_ check: DataCheck) -> CheckOutcome {
        guard let found = profile.duplicates else {
            return .impossible(check.name.rawValue, nil, "the rows were not compared")
        }
        var outcome = SplitChecks.duplicates(
            found, limit: check.limits(0.05), warns: check.max == nil && check.maxRows == nil,
            severity: check.severity ?? .fail)
        outcome.places = measurements.found(for: check).first?.places
        return outcome
    }

    private func ratio(_ check: DataCheck) -> CheckOutcome {
        guard let dataset = check.dataset, let rows = measurements.rows[dataset] else {
            return .impossible(
                check.name.rawValue, nil,
                "the rows of \(check.dataset.map { "`\($0)`" } ?? "the other dataset") are not "
                    + "known")
        }
        return SplitChecks.ratio(
            train: rows, test: profile.rows, limit: check.min ?? 0.01,
            severity: check.severity ?? .warn)
    }

    private func measured(_ check: DataCheck) -> [CheckOutcome] {
        let found = measurements.found(for: check)
        guard !found.isEmpty else {
            return [.impossible(check.name.rawValue, nil, "it was not measured")]
        }
        return found.map { outcome($0, check) }
    }

    private func outcome(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        if let problem = found.problem {
            return .impossible(check.name.rawValue, found.column, problem)
        }
        if var decided = decided(found, check) {
            decided.places = found.places
            return decided
        }
        var outcome = SplitChecks.share(
            check.name.rawValue, found.count, found.total, check.limits(0),
            check.severity ?? (check.name.isOfCandidates ? .warn : .fail),
            what: check.name.whatIsCounted(check))
        outcome.column = found.column
        outcome.places = found.places
        if let note = found.note { outcome.sentence += "; \(note)" }
        return outcome
    }
}

extension DataCheck.Name {
    /// What it finds is likely and not certain.
    fileprivate var isOfCandidates: Bool { self == .nearDuplicates || self == .labelNoise }

    fileprivate func whatIsCounted(_ check: DataCheck) -> String {
        let other = check.dataset.map { "`\($0)`" } ?? "the other dataset"
        return switch self {
        case .splitOverlap: "rows also occur in \(other)"
        case .keyOverlap: "keys also occur in \(other)"
        case .timeLeakage: "rows are not later than the last one of \(other)"
        case .nearDuplicates:
            "texts are \(percentText(check.parameter ?? nearnessMin)) or more like "
                + (check.dataset == nil ? "an earlier one" : "one of \(other)")
        case .conflictingLabels: "rows have features that occur with more than one label"
        case .labelNoise: "rows look like another class than their label says"
        default: "rows"
        }
    }
}
