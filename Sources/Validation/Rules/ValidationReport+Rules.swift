import Domain

extension ValidationReport {
    /// The report with further violations in their places; those of one rule stay in their order.
    func adding(_ more: [Violation]) -> ValidationReport {
        guard !more.isEmpty else { return self }
        let all = (violations + more).enumerated().sorted { left, right in
            (left.element.rule.rank, left.offset) < (right.element.rule.rank, right.offset)
        }
        return ValidationReport(
            dataset: dataset, files: files, violations: all.map(\.element).worstFirst,
            outcomes: outcomes, cells: cells, lineage: lineage, profile: profile)
    }
}
