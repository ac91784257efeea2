package import Domain

extension ValidationReport {
    /// The report on a dataset that could not be prepared: it has no files, and why is what is
    /// wrong with it.
    ///
    /// - Parameter problems: one at least.
    package init(unprepared manifest: DatasetManifest, because problems: [Diagnostic]) {
        let violation = Violation(
            rule: .preparation, column: nil, total: problems.count,
            occurrences: problems.prefix(Violation.occurrencesMax).map {
                Violation.Occurrence(place: $0.place, value: nil, message: $0.message)
            },
            hint: problems.first?.hint ?? Rule.preparation.hint)
        self.init(dataset: manifest.name, files: [], violations: [violation], cells: 0)
    }
}
