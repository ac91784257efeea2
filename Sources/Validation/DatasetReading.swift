/// What reading a dataset once gave.
struct DatasetReading<Sink: Sendable>: Sendable {
    var report: ValidationReport
    var sink: Sink
    /// What the checks that compare rows are decided from.
    var measurements: Measurements
    /// nil: equal rows were not counted.
    var duplicates: DuplicateRows?
}
