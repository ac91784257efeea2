package import Domain

extension CheckOutcome {
    /// `missing_ratio of \`age\``, `private_data (email) of \`note\``
    package var title: String {
        let name = kind.map { "\(check) (\($0.rawValue))" } ?? check
        return column.map { "\(name) of `\($0)`" } ?? name
    }

    /// The line for people where something is wrong, at the check's place in the manifest; nil
    /// where nothing is.
    package func diagnostic(in manifest: DatasetManifest) -> Diagnostic? {
        guard let severity else { return nil }
        let checks = manifest.checks.named
        let place =
            checks.indices.contains(number) ? checks[number].place : Place(file: manifest.path)
        return Diagnostic(
            severity == .fail ? .error : .warning, at: place, "\(title): \(fact)", hint: hint)
    }

    /// The sentence, behind why nothing was decided where that is so.
    package var fact: String {
        let isDecided = ![.undecided, .notEnoughData, .couldNotRun].contains(verdict)
        let compared = baseline.map { "; against \($0.name) (\($0.digest.short))" } ?? ""
        return (isDecided ? sentence : "\(verdict.rawValue): \(sentence)") + compared
    }

    /// How to mend what the check found.
    package var hint: String {
        if let remedy { return remedy }
        switch verdict {
        case .passed, .notMeasured: return ""
        case .notCompared: return "the daemon compares where it knows the other version"
        case .undecided:
            return check == DataCheck.Name.distinctCount.rawValue
                ? "name the column under `columns:`, and its values are counted exactly"
                : "move the limit by more than the estimate may be off, or leave the check out"
        case .notEnoughData: return "leave the check out, or say `columns:` that it can judge"
        case .couldNotRun:
            return "name columns and datasets that it fits, or "
                + (severity == .fail ? "say `severity: warn`" : "leave the check out")
        case .warned, .failed: break
        }
        return DataCheck.Name(rawValue: check)?.hint ?? "look at the data, or change the limit"
    }
}

extension ValidationReport {
    /// What is wrong, a line for each place of violations and for each broken check: what fails
    /// before what warns.
    package func diagnostics(in manifest: DatasetManifest) -> [Diagnostic] {
        let all = diagnostics + outcomes.compactMap { $0.diagnostic(in: manifest) }
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    /// A line for each warning, for reviewers.
    package var warnings: [String] {
        violations.filter { $0.severity == .warn }.map { violation in
            let column = violation.column.map { " of `\($0)`" } ?? ""
            let share = violation.share.map { " (\(percentText($0)))" } ?? ""
            let first = violation.occurrences.first.map { ", first at \($0.place)" } ?? ""
            return "\(violation.rule.rawValue)\(column): \(violation.total)\(share)\(first)"
        }
            + outcomes.filter { $0.severity == .warn }.map { "\($0.title): \($0.fact)" }
    }
}

extension DataCheck.Name {
    fileprivate var hint: String {
        switch self {
        case .missingRatio: "find out why the cells are missing, or raise `max:`"
        case .mixedMissing:
            "write missing cells in one way, or list the others in `missing_values:`"
        case .nonFinite: "leave NaN and infinities out, or write them as missing"
        case .constant, .almostConstant: "leave the column out; it tells a model next to nothing"
        case .outliersTukey, .outliersRobustZ, .outliersZ:
            "look at the extremes; for skewed positive columns say `scale: log`"
        case .outliersRare: "look at the rare values: misspelt ones, or classes to merge"
        case .privateData:
            "say `classification: pii` or `confidential` of the column, or take the cells out"
        case .mixedTypes: "write the cells in one way, or say `meant:` if both kinds are meant"
        case .encodingDamage:
            "read the file in the encoding that it was written in, or repair the texts"
        case .mean, .stdev, .sum, .min, .max, .quantile, .distinctCount:
            "check how the data was made, or move the bound"
        case .classBalance, .classMinCount: "add rows of the small classes, or merge classes"
        case .labelLeakage: "leave the column out of the features if it is not known beforehand"
        case .labelMissing: "label the rows, or leave them out of what is trained on"
        case .missingPattern:
            "find out why it is missing more often in some classes; it gives the label away"
        case .conflictingLabels: "look at the labels of equal rows, or add what tells them apart"
        case .labelNoise: "look at the rows and mend the labels that are wrong, or raise `max:`"
        case .duplicateRows: "leave repeated rows out, or say how many may be: `max:`"
        case .nearDuplicates: "keep one of the texts that are nearly equal, or raise `max:`"
        case .splitOverlap, .keyOverlap: "take the shared rows out of one of the datasets"
        case .timeLeakage: "split by time: all rows later than those trained on"
        case .rowSetDigest: "if the change is meant, write the digest that was found"
        case .freshness: "fetch newer data, or raise `max:`"
        case .splitStratification: "split by the label: the same shares on both sides"
        case .splitRatio, .splitMin: "test on more rows"
        case .rowCountChange, .byteCountChange: "check that the data is whole, or raise `max:`"
        case .schemaChange:
            "if it is meant, what reads the data has to follow; otherwise check how it was made"
        case .psi, .jsDistance, .lInfinity, .ks, .chiSquare, .cramersV, .wasserstein,
            .missingChange, .distinctChange, .newCategory, .labelDrift, .datasetDrift:
            "check how the data was made; if the change is meant, raise the limit with it"
        case .skew:
            "make the column the same way for training and for requests, or train on newer data"
        }
    }
}
