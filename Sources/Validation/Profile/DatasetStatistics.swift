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

    /// Adds what was counted of the files that follow, which may have other columns: a column that
    /// some files do not have is missing in all of their rows.
    mutating func append(_ next: DatasetStatistics) {
        guard !columns.isEmpty else {
            self = next
            return
        }
        var places: [String: Int] = [:]
        for (place, column) in columns.enumerated() { places[column.name] = place }
        var sources = [Int?](repeating: nil, count: columns.count)
        for (source, column) in next.columns.enumerated() {
            if let place = places[column.name] {
                sources[place] = source
            } else {
                var added = ColumnStatistics(
                    name: column.name, kind: column.kind, isPrivate: column.isPrivate,
                    limits: column.limits)
                added.add(missing: rows, spelling: "")
                columns.append(added)
                sources.append(source)
            }
        }
        for (place, source) in sources.enumerated() {
            if let source {
                columns[place].merge(next.columns[source])
            } else {
                columns[place].add(missing: next.rows, spelling: "")
            }
        }
        if sample.width < columns.count {
            sample = sample.arranged(columns.indices.map { $0 < sample.width ? $0 : nil })
        }
        let isSame = sources == columns.indices.map { $0 }
        sample.merge(isSame ? next.sample : next.sample.arranged(sources))
        rows += next.rows
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

extension DatasetStatistics: PartValue {
    func write(to writer: inout PartWriter) {
        writer.write(columns)
        sample.write(to: &writer)
        writer.write(label ?? "")
        writer.write(label != nil)
        writer.write(rows)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        columns = try reader.values(ColumnStatistics.self)
        sample = try RowSample(from: &reader)
        let name = try reader.text()
        label = try reader.bool() ? name : nil
        rows = try reader.int()
        guard sample.width == columns.count else { throw PartDamage() }
    }
}
