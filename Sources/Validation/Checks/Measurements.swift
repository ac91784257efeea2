package import Domain

/// What checks need to know beyond a profile; each is counted where its rows are read.
///
/// A check that is asked for and stands not here could not run, and says so.
package struct Measurements: Hashable, Codable, Sendable {
    /// How many rows the datasets have that a check compares with.
    package var rows: [DatasetName: Int] = [:]
    package var found: [Measurement] = []

    package init() {}

    /// What was found for a check, whatever its limits are.
    func found(for check: DataCheck) -> [Measurement] {
        let asked = check.question
        return found.filter { $0.question == asked }
    }
}

/// A count of rows, keys or texts that one check is about.
package struct Measurement: Hashable, Codable, Sendable {
    /// What was measured: `DataCheck.question`.
    package var question: DataCheck
    /// nil: the check is about rows.
    package var column: String?
    /// What of all that the check looks for was found; nil: it looks for one thing, or found none.
    package var kind: PrivateKind?
    /// The cells are numbers; nil: they are not.
    package var isOfNumbers: Bool?
    /// Rows of this dataset and of the other by class, the most frequent first; nil: none asked.
    package var classes: [[Int]]?
    /// The latest moment of the column; nil: nobody asked, or there is none.
    package var moment: Instant?
    /// How the column goes with the label; nil: nobody asked.
    package var association: LabelAssociation?
    /// The digest of the rows.
    package var digest: String?
    /// What the check's definition names, by the names of reports; nil: nothing.
    package var figures: [String: Double]?
    /// What counts against the data.
    package var count: Int
    /// Of how many.
    package var total: Int
    /// Where some of it is, the first or the worst; nil: that is not known.
    package var places: [Violation.Occurrence]?
    /// The numbers that lie furthest out, with their places; nil: nobody asked.
    package var least: [Extreme]?
    package var greatest: [Extreme]?
    /// One line of fact beside the counts; nil: nothing.
    package var note: String?
    /// Why nothing could be counted; nil: it was.
    package var problem: String?

    /// What was counted for a check.
    package init(
        _ check: DataCheck, column: String? = nil, count: Int, of total: Int, note: String? = nil
    ) {
        question = check.question
        self.column = column
        self.count = count
        self.total = total
        self.note = note
    }

    /// Why nothing could be counted for a check.
    package init(_ check: DataCheck, column: String? = nil, problem: String) {
        self.init(check, column: column, count: 0, of: 0)
        self.problem = problem
    }
}

extension DataCheck {
    /// The check without its limits, its severity and its place: what has to be measured.
    package var question: DataCheck {
        var question = DataCheck(name, columns: columns)
        // Because that of `mixed_types` is a limit.
        question.parameter = name == .mixedTypes ? nil : parameter
        question.scale = scale
        question.dataset = dataset
        question.kinds = kinds
        return question
    }

    /// Whether rows, of this dataset or of another, must be looked at for it beyond what a profile
    /// counts.
    package var needsRows: Bool {
        switch name {
        case .duplicateRows, .conflictingLabels, .splitOverlap, .keyOverlap,
            .timeLeakage, .splitRatio, .privateData, .nearDuplicates,
            .freshness, .rowSetDigest, .splitStratification, .mixedTypes, .encodingDamage,
            .labelNoise, .labelLeakage, .missingPattern, .outliersTukey, .outliersRobustZ,
            .outliersZ, .outliersRare:
            true
        // Because of columns that nobody names what the profile estimates has to do.
        case .distinctCount: !columns.isEmpty
        default: false
        }
    }
}
