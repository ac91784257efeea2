import Domain

extension DataCheck.Name {
    /// What a check looks at.
    enum Subject {
        /// Each column that it fits.
        case column
        /// The column that is to be predicted.
        case label
        case rows
        /// Columns against those of the version that is live.
        case drift(DriftMeasure)
        /// The dataset as a whole against the version that is live.
        case live
        /// Columns against the requests that were served.
        case served
    }

    var subject: Subject {
        if let measure = DriftMeasure(rawValue: rawValue) { return .drift(measure) }
        switch self {
        case .missingRatio, .mixedMissing, .nonFinite, .constant, .almostConstant,
            .outliersTukey, .outliersRobustZ, .outliersZ, .outliersRare, .mean, .stdev, .sum,
            .min, .max, .quantile, .distinctCount:
            return .column
        case .classBalance, .classMinCount, .labelLeakage, .labelMissing, .missingPattern:
            return .label
        case .rowCountChange, .byteCountChange, .schemaChange, .datasetDrift: return .live
        case .skew: return .served
        default: return .rows
        }
    }

    /// Why the check says nothing about columns of a kind; nil: it does.
    func misfit(_ kind: ColumnProfile.Kind) -> String? {
        guard let (kinds, about) = fits, !kinds.contains(kind) else { return nil }
        return "it is a measure of \(about), and the column holds \(kind.noun)"
    }

    /// The kinds of columns that it says something about, and what they are called; nil: all.
    private var fits: (kinds: [ColumnProfile.Kind], about: String)? {
        switch self {
        case .nonFinite, .outliersTukey, .outliersRobustZ, .outliersZ, .mean, .stdev, .sum, .min,
            .max, .quantile:
            ([.number], "numbers")
        case .ks, .wasserstein: ([.number, .date, .datetime], "numbers")
        case .outliersRare, .lInfinity, .chiSquare, .cramersV, .newCategory: ([.text], "categories")
        default: nil
        }
    }
}

/// The columns of a dataset that a named check is about.
struct CheckColumns {
    let run: CheckRun

    private var checks: [DataCheck] { run.checks }
    private var profile: DatasetProfile { run.profile }

    /// The columns that it fits, and what is said about those that it names and that it does not.
    func of(_ number: Int) -> (fitting: [ColumnProfile], others: [CheckOutcome]) {
        let check = checks[number]
        guard !check.columns.isEmpty else {
            let taken = columnsOfOthers(number)
            return (
                profile.columns.filter {
                    check.name.misfit($0.kind) == nil && !taken.contains($0.name)
                }, []
            )
        }
        var fitting: [ColumnProfile] = []
        var others: [CheckOutcome] = []
        let name = check.name.rawValue
        let absent = Set(self.absent(number))
        for wanted in check.columns {
            if let column = profile.column(wanted) {
                if let why = check.name.misfit(column.kind) {
                    var outcome = CheckOutcome.impossible(name, wanted, why)
                    if check.name.misfit(.number) == nil {
                        outcome.remedy = run.remedyOfTexts(column, check.name)
                    }
                    others.append(outcome)
                } else {
                    fitting.append(column)
                }
            } else if !absent.contains(wanted) {
                others.append(.impossible(name, wanted, "no such column was profiled"))
            }
        }
        return (fitting, others)
    }

    /// Declared columns that no file has and that the check is about all the same: `missing_ratio`
    /// is, because no row has a value of them.
    func absent(_ number: Int) -> [String] {
        let check = checks[number]
        guard check.name == .missingRatio, !profile.columns.isEmpty else { return [] }
        let others = columnsOfOthers(number).union(profile.columns.map(\.name))
        return run.manifest.columns.map(\.name).filter {
            (check.columns.isEmpty || check.columns.contains($0)) && !others.contains($0)
        }
    }

    /// The columns that a check which names none does not fit, and why.
    func unfit(_ number: Int) -> [(column: String, why: String)] {
        let check = checks[number]
        guard check.columns.isEmpty else { return [] }
        let taken = columnsOfOthers(number)
        return profile.columns.filter { !taken.contains($0.name) }.compactMap { column in
            check.name.misfit(column.kind).map { (column: column.name, why: $0) }
        }
    }

    /// A check that names a column is meant instead of one of its name that names none.
    func columnsOfOthers(_ number: Int) -> Set<String> {
        let check = checks[number]
        guard check.columns.isEmpty else { return [] }
        let others = checks.enumerated().filter { other, found in
            other != number && found.name == check.name && found.against == check.against
                && found.measure == check.measure
                && (check.name != .quantile || found.parameter == check.parameter)
        }
        return Set(others.flatMap(\.element.columns))
    }
}
