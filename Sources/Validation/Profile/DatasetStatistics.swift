/// What one worker counts of a dataset; workers' statistics are merged.
struct DatasetStatistics {
    var columns: [ColumnStatistics]
    var sample: RowSample
    /// The column whose classes or numbers are to be predicted; nil where there is none.
    let label: String?
    var rows = 0

    init(columns: [ColumnStatistics], label: String? = nil) {
        self.columns = columns
        self.label = label
        sample = RowSample(width: columns.count)
    }

    /// Adds what was counted of another part.
    mutating func merge(_ other: DatasetStatistics) {
        precondition(columns.count == other.columns.count && label == other.label)
        for index in columns.indices { columns[index].merge(other.columns[index]) }
        sample.merge(other.sample)
        rows += other.rows
    }

    /// Goes on from a stored profile, so that appended parts alone are read; nil where the profile
    /// keeps no sample of its columns.
    init(resuming profile: DatasetProfile, limits: StatisticsLimits = StatisticsLimits()) {
        columns = profile.columns.map { ColumnStatistics(resuming: $0, limits: limits) }
        label = profile.label
        sample = profile.sample.rowSample ?? RowSample(width: columns.count)
        rows = profile.rows
    }
}
