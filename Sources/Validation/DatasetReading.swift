/// What reading a dataset once gave.
struct DatasetReading<Sink: TableSink>: Sendable {
    var report: ValidationReport
    var sink: Sink
    /// What the checks that compare rows are decided from.
    var measurements: Measurements
}
