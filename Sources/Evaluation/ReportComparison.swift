import Domain

/// One number of the candidate beside that of the live version.
struct NumberChange: Hashable {
    var name: String
    var before: Metric?
    var after: Metric

    /// nil unless both are defined.
    var difference: Double? {
        guard let old = before?.value, let new = after.value else { return nil }
        return new - old
    }

    /// How much better it became; negative: worse. Errors are better when they are smaller.
    var gain: Double? {
        guard let difference else { return nil }
        return isError(after.name) ? -difference : difference
    }

    /// Whether the new value lies outside the old one's 95 % interval.
    var isClear: Bool {
        guard let value = after.value, let low = before?.low, let high = before?.high else {
            return false
        }
        return value < low || value > high
    }
}

/// A cell of the confusion matrix that has another count.
struct CellChange: Hashable {
    var truth: String
    var prediction: String
    var before: Int
    var after: Int

    var difference: Int { after - before }
}

/// The metrics over all rows, in the order of the report; macro averages are not repeated.
func metricChanges(from old: Report?, to new: Report) -> [NumberChange] {
    new.metrics.filter { !($0.name.hasSuffix("_macro") && new.rows > 0) }.map { metric in
        NumberChange(name: metric.name, before: old?.metric(metric.name), after: metric)
    }
}

/// The report's key metric in each slice, what became worst first.
func sliceChanges(
    from old: Report?, to new: Report
) -> [(slice: SliceReport, change: NumberChange)] {
    let key = keyMetric(new)
    let found = new.slices.compactMap { slice -> (slice: SliceReport, change: NumberChange)? in
        guard let after = slice.metrics.first(where: { $0.name == key }) else { return nil }
        let earlier = old?.slices.first { $0.column == slice.column && $0.value == slice.value }
        let before = earlier?.metrics.first { $0.name == key }
        return (
            slice,
            NumberChange(name: "\(slice.column)=\(slice.value)", before: before, after: after)
        )
    }
    return found.enumerated().sorted { left, right in
        let gains = (left.element.change.gain ?? .infinity, right.element.change.gain ?? .infinity)
        return gains.0 == gains.1 ? left.offset < right.offset : gains.0 < gains.1
    }.map(\.element)
}

/// The cells whose counts differ, the greatest difference first; labels may have come and gone.
func cellChanges(from old: ConfusionMatrix?, to new: ConfusionMatrix?) -> [CellChange] {
    guard let old, let new else { return [] }
    let before = counts(old)
    let after = counts(new)
    return Set(before.keys).union(after.keys).compactMap { cell -> CellChange? in
        let (left, right) = (before[cell] ?? 0, after[cell] ?? 0)
        guard left != right else { return nil }
        return CellChange(
            truth: cell.truth, prediction: cell.prediction, before: left, after: right)
    }.sorted { left, right in
        let sizes = (abs(left.difference), abs(right.difference))
        guard sizes.0 == sizes.1 else { return sizes.0 > sizes.1 }
        return (left.truth, left.prediction) < (right.truth, right.prediction)
    }
}

/// By which a report is summed up.
func keyMetric(_ report: Report) -> String {
    report.task == .classification ? "accuracy" : "rmse"
}

private struct Cell: Hashable {
    var truth: String
    var prediction: String
}

private func counts(_ matrix: ConfusionMatrix) -> [Cell: Int] {
    var counts: [Cell: Int] = [:]
    for (truth, row) in zip(matrix.labels, matrix.counts) {
        for (prediction, count) in zip(matrix.labels, row) where count > 0 {
            counts[Cell(truth: truth, prediction: prediction)] = count
        }
    }
    return counts
}

/// Whether smaller is better, as far as the name tells.
private func isError(_ name: String) -> Bool {
    ["mse", "rmse", "mae", "mape", "log_loss"].contains(name) || name.hasSuffix("_error")
        || name.hasSuffix("_loss")
}
