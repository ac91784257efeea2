package import Domain

/// What validation found in one dataset. It holds no time and no path of this machine, so that
/// the same files and manifest give the same report.
package struct ValidationReport: Hashable, Codable, Sendable {
    package var dataset: DatasetName
    /// The worst of violations and outcomes.
    package private(set) var verdict: DataVerdict
    /// In the order of the manifest.
    package var files: [CheckedFile]
    /// The worst first: see `Rule.rank`.
    package private(set) var violations: [Violation]
    /// What the checks that the manifest names came to, in its order; empty: it names none, or
    /// they were not carried out.
    package private(set) var outcomes: [CheckOutcome]
    /// How many cells were checked.
    package var cells: Int
    /// How the dataset was prepared, what others are made of first; nil: it was not.
    package var lineage: [PreparationReport]?
    /// The digest of the profile that was kept, so that what comes later is compared with what was
    /// judged here and with nothing else; nil: none was.
    package var profile: Digest?

    package init(
        dataset: DatasetName, files: [CheckedFile], violations: [Violation],
        outcomes: [CheckOutcome] = [], cells: Int, lineage: [PreparationReport]? = nil,
        profile: Digest? = nil
    ) {
        self.lineage = lineage
        self.profile = profile
        self.dataset = dataset
        self.files = files
        self.violations = violations
        self.outcomes = outcomes
        self.cells = cells
        verdict = DataVerdict(
            violations.compactMap(\.severity.checkSeverity) + outcomes.compactMap(\.severity))
    }

    /// Whether nothing stops what would be trained on the data; warnings do not.
    package var passed: Bool { verdict != .failed }

    /// What keeps a file from being read to its end; nil: all of them were.
    package var unread: Diagnostic? {
        let found =
            violations.first { $0.rule.keepsFromReading }
            ?? violations.first { cells == 0 && $0.rule == .recordSize }
        return found.flatMap(\.diagnostics.first)
    }

    /// A file that is named more than once, by its path or by a pattern; nil: there is none.
    package var repeatedFile: Diagnostic? {
        violations.first { $0.rule == .repeatedFile }?.diagnostics.first
    }

    /// How many rows all files have.
    package var rows: Int { files.reduce(0) { $0 + $1.rows } }

    /// Every place of what is wrong as one line for people; the last of a capped rule says how
    /// many more there are. What is tolerated is left out.
    package var diagnostics: [Diagnostic] { violations.flatMap(\.diagnostics) }

    /// The same data under what the manifest says of severities and tolerated shares, with what
    /// its named checks came to.
    package func judged(
        by manifest: DatasetManifest, outcomes: [CheckOutcome]
    ) -> ValidationReport {
        ValidationReport(
            dataset: dataset, files: files, violations: violations.judged(by: manifest),
            outcomes: outcomes, cells: cells, lineage: lineage, profile: profile)
    }
}

/// One file as it was found.
package struct CheckedFile: Hashable, Codable, Sendable {
    /// As in the manifest.
    package var path: String
    /// The digest of the bytes that are there; nil when the file could not be read.
    package var sha256: Digest?
    /// Records without the header.
    package var rows: Int
    package var bytes: Int

    package init(path: String, sha256: Digest?, rows: Int, bytes: Int) {
        self.path = path
        self.sha256 = sha256
        self.rows = rows
        self.bytes = bytes
    }
}

/// One broken rule of one column (or of the file), with the first places where it is broken.
package struct Violation: Hashable, Codable, Sendable {
    /// More places than this are only counted.
    package static let occurrencesMax = 5
    /// More columns than this are not named.
    static let columnsMax = 8

    package var rule: Rule
    /// nil: the rule is about rows or files.
    package var column: String?
    /// How often the rule is broken.
    package var total: Int
    /// The first places, in the order of the files.
    package var occurrences: [Occurrence]
    package var hint: String
    package var severity = Severity.fail
    /// How many cells, or rows, the rule was held against; nil: it is not about a share of them.
    package var of: Int?
    /// Which of the manifest's `rules:`, `unique_keys:` or `foreign_keys:` is broken, from 0; nil:
    /// there is one of its kind, or the column tells.
    package var number: Int?
    /// Of many columns that are one violation the first ones; nil: it is about `column`.
    package var columns: [String]?

    package init(
        rule: Rule, column: String?, total: Int, occurrences: [Occurrence], hint: String
    ) {
        self.rule = rule
        self.column = column
        self.total = total
        self.occurrences = occurrences
        self.hint = hint
    }

    /// What a violation means for the dataset.
    package enum Severity: String, Hashable, Codable, Sendable, CaseIterable {
        case fail, warn
        /// There are no more than the manifest's `mostly` and `max_rows` allow; it is shown and
        /// counts not.
        case tolerated

        /// nil: it counts not.
        package var checkSeverity: CheckSeverity? {
            switch self {
            case .fail: .fail
            case .warn: .warn
            case .tolerated: nil
            }
        }
    }

    /// One place where a rule is broken.
    package struct Occurrence: Hashable, Codable, Sendable {
        /// In data: the line of the file on which the row begins (a CSV header is line 1), and the
        /// number of the cell (CSV) or the byte of the line (JSONL). Otherwise in the manifest.
        package var place: Place
        /// The cell, cut to 40 characters; nil where there is none.
        package var value: String?
        package var message: String

        package init(place: Place, value: String?, message: String) {
            self.place = place
            self.value = value
            self.message = message
        }
    }

    /// One line for each place; the last says how many more there are. None when it is tolerated.
    package var diagnostics: [Diagnostic] {
        guard let severity = severity.checkSeverity else { return [] }
        return occurrences.enumerated().map { index, occurrence in
            let more = total - occurrences.count
            let tail =
                index == occurrences.count - 1 && more > 0 ? " (and \(more) more like this)" : ""
            return Diagnostic(
                severity == .fail ? .error : .warning, at: occurrence.place,
                occurrence.message + tail, hint: hint)
        }
    }
}

/// What validation found in all datasets of a model.
package struct ValidationSummary: Hashable, Codable, Sendable {
    package var passed: Bool
    package var rows: Int
    package var cells: Int
    /// Sorted by dataset.
    package var reports: [ValidationReport]
}

/// Puts the reports of several datasets together, each dataset once.
package func merged(_ reports: [ValidationReport]) -> ValidationSummary {
    var byDataset: [DatasetName: ValidationReport] = [:]
    for report in reports { byDataset[report.dataset] = report }
    let sorted = byDataset.values.sorted { $0.dataset < $1.dataset }
    return ValidationSummary(
        passed: sorted.allSatisfy(\.passed), rows: sorted.reduce(0) { $0 + $1.rows },
        cells: sorted.reduce(0) { $0 + $1.cells }, reports: sorted)
}
