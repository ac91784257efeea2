package import Domain

/// Five fields as in crontab(5): minute, hour, day of the month, month, day of the week.
///
/// A field is `*`, a number, a range `1-5`, a list of these, each with a step `/2`; months and
/// days of the week may be written by the first three letters of their English names; 7 is
/// Sunday too. When both days are restricted, either is enough, as in cron.
package struct CronExpression: Hashable, Sendable {
    private var minutes: Set<Int>
    private var hours: Set<Int>
    private var days: Set<Int>
    private var months: Set<Int>
    private var weekdays: Set<Int>
    private var anyDay: Bool
    private var anyWeekday: Bool

    /// Throws a sentence that says which field is wrong.
    package init(_ text: String) throws(CronError) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 5 else {
            throw CronError("a schedule has five fields, minute hour day month weekday")
        }
        minutes = try field(words[0], "minute", 0...59)
        hours = try field(words[1], "hour", 0...23)
        days = try field(words[2], "day of the month", 1...31)
        months = try field(words[3], "month", 1...12, names: monthNames, firstName: 1)
        let found = try field(words[4], "day of the week", 0...7, names: dayNames, firstName: 0)
        weekdays = Set(found.map { $0 % 7 })
        anyDay = words[2].hasPrefix("*")
        anyWeekday = words[4].hasPrefix("*")
        guard hasAnyDate else { throw CronError("no date has this day in these months") }
    }

    /// Returns the first moment after `moment` that the schedule names in `zone`.
    ///
    /// A wall-clock time that a change of the clocks leaves out is taken when the clocks have
    /// moved on; one that comes twice is taken the first time. nil: none within eight years,
    /// which is how far apart two 29 February can be.
    package func next(after moment: Instant, in zone: ZoneRules) -> Instant? {
        let start = moment.seconds + zone.offsetSeconds(at: moment.seconds)
        var minute = (start >= 0 ? start / 60 : (start - 59) / 60) - 180
        let end = minute + 8 * 366 * 1440 + 360
        while minute < end {
            let time = CivilTime(minutes: minute)
            guard isDate(time) else {
                minute += Int64(1440 - time.hour * 60 - time.minute)
                continue
            }
            guard hours.contains(time.hour) else {
                minute += Int64(60 - time.minute)
                continue
            }
            if minutes.contains(time.minute) {
                let found = Instant(seconds: zone.moment(ofWallClock: minute * 60))
                if found > moment { return found }
            }
            minute += 1
        }
        return nil
    }

    private func isDate(_ time: CivilTime) -> Bool {
        guard months.contains(time.month) else { return false }
        let (day, weekday) = (days.contains(time.day), weekdays.contains(time.weekday))
        return anyDay || anyWeekday ? day && weekday : day || weekday
    }

    private var hasAnyDate: Bool {
        guard anyWeekday else { return true }
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return months.contains { month in days.contains { $0 <= lengths[month - 1] } }
    }
}

/// What is wrong with a schedule, in a sentence.
package struct CronError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

private let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
]
private let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

private func field(
    _ text: String, _ name: String, _ range: ClosedRange<Int>, names: [String] = [],
    firstName: Int = 0
) throws(CronError) -> Set<Int> {
    var values: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count <= 2, let span = span(pieces[0], range, names, firstName) else {
            throw CronError("`\(quoted(String(part)))` is not a \(name) from \(range)")
        }
        guard let step = pieces.count == 2 ? Int(pieces[1]) : 1, step > 0 else {
            throw CronError("`\(quoted(String(part)))` has a step that is not a number from 1")
        }
        // As in cron, a single number with a step goes on to the end of the field.
        let isSingle = pieces.count == 2 && span.count == 1 && pieces[0] != "*"
        let last = isSingle ? range.upperBound : span.upperBound
        values.formUnion(stride(from: span.lowerBound, through: last, by: step))
    }
    return values
}

private func span(
    _ text: String, _ range: ClosedRange<Int>, _ names: [String], _ firstName: Int
) -> ClosedRange<Int>? {
    if text == "*" { return range }
    func number(_ word: Substring) -> Int? {
        if let index = names.firstIndex(of: word.lowercased()) { return index + firstName }
        guard word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(word)
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let first = number(ends[0]),
        let last = ends.count == 2 ? number(ends[1]) : first,
        first <= last, range.contains(first), range.contains(last)
    else { return nil }
    return first...last
}
