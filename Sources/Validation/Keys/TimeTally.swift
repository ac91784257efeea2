/// What was found in a column of times; rows whose cell is missing do not count.
struct TimeTally: Codable, Sendable {
    /// Cells that tell a time.
    var rows = 0
    /// Those that are not later than the limit.
    var notLater = 0
    /// Cells that tell none.
    var unreadable = 0
    private(set) var latest: TimeValue?

    mutating func add(_ value: TimeValue?, limit: TimeValue?) {
        guard let value, value.isNumber == limit?.isNumber ?? value.isNumber,
            value.isNumber == latest?.isNumber ?? value.isNumber
        else { return unreadable += 1 }
        rows += 1
        latest = Swift.max(latest ?? value, value)
        if let limit, value <= limit { notLater += 1 }
    }

    mutating func add(_ next: TimeTally) {
        rows += next.rows
        notLater += next.notLater
        unreadable += next.unreadable
        guard let time = next.latest else { return }
        latest = Swift.max(latest ?? time, time)
    }
}
