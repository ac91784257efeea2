import Domain

/// What was found in a column of times; rows whose cell is missing do not count.
struct TimeTally: Codable, Sendable {
    /// Cells that tell a time.
    var rows = 0
    /// Those that are not later than the limit.
    var notLater = 0
    /// Cells that tell none.
    var unreadable = 0
    private(set) var latest: TimeValue?
    /// Where those are that are not later.
    private(set) var first = FirstPlaces()

    mutating func add(_ value: TimeValue?, limit: TimeValue?, at place: () -> Place) {
        guard let value, value.isNumber == limit?.isNumber ?? value.isNumber,
            value.isNumber == latest?.isNumber ?? value.isNumber
        else { return unreadable += 1 }
        rows += 1
        latest = Swift.max(latest ?? value, value)
        guard let limit, value <= limit else { return }
        notLater += 1
        first.add(place)
    }

    /// Adds the part that follows; its lines are counted from 0.
    mutating func add(_ next: TimeTally, path: String, linesBefore: Int) {
        addCounts(of: next)
        first.add(next.first, path: path, linesBefore: linesBefore)
    }

    /// Adds what was found in the files that follow.
    mutating func append(_ next: TimeTally) {
        addCounts(of: next)
        first.append(next.first)
    }

    private mutating func addCounts(of next: TimeTally) {
        rows += next.rows
        notLater += next.notLater
        unreadable += next.unreadable
        guard let time = next.latest else { return }
        latest = Swift.max(latest ?? time, time)
    }
}
