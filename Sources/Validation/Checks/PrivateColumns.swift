package import Domain

/// What stands where a cell is not shown.
let hiddenCell = "•••"

extension DatasetManifest {
    /// Columns whose cells are shown nowhere.
    package var privateColumns: Set<String> {
        Set(classifiedColumns.map(\.name))
    }
}

extension CheckOutcome {
    /// Without what is a cell of the column, or gives one away: extremes, quantiles, sums.
    var hidingValues: CheckOutcome {
        var outcome = self
        switch DataCheck.Name(rawValue: check) {
        case .mean, .stdev, .sum, .min, .max, .quantile:
            outcome.value = nil
            outcome.error = nil
            let said =
                verdict == .undecided ? "neither kept nor broken" : isBroken ? "broken" : "kept"
            let bounds = limit.map { "; the bound \(exactText($0)) is \(said)" } ?? ""
            if value != nil { outcome.sentence = "\(check) is \(hiddenCell)\(bounds)" }
        case .freshness:
            guard let value, let limit else { break }
            outcome.value = nil
            outcome.details = [:]
            outcome.sentence =
                "the latest is \(hiddenCell), \(value <= limit ? "not older" : "older") than "
                + "\(ageText(limit)) at the commit"
        case .outliersTukey, .outliersRobustZ, .outliersZ:
            outcome.details = details.filter { ["count", "max_rows"].contains($0.key) }
            if let value {
                let count = details["count"] ?? 0
                let lie = count == 1 ? "lies" : "lie"
                let limits = [limit.map { percentText($0) }, details["max_rows"].map(shortText)]
                    .compactMap(\.self).joined(separator: " and ")
                let within = error.map { ", within \(percentText($0))" } ?? ""
                outcome.sentence =
                    "\(error == nil ? "" : "about ")\(counted(Int(count), "number")) "
                    + "(\(percentText(value))\(within)) \(lie) too far out (at most \(limits))"
            } else if verdict == .couldNotRun {
                outcome.sentence = "the logarithm needs positive numbers"
            }
        default: break
        }
        return outcome
    }

    private var isBroken: Bool { verdict == .warned || verdict == .failed }
}

extension ColumnRules {
    /// The text of a cell for people, unless the column's cells are shown to nobody.
    func shown(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        declaration?.classification == nil ? shownText(bytes, range) : hiddenCell
    }
}
