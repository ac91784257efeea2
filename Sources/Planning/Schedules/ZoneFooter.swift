/// The rule for all time to come at the end of a TZif file, as POSIX writes it in `TZ`:
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneFooter: Hashable {
    /// The day and second at which clocks change, counted on the clocks before the change.
    private struct Turn: Hashable {
        var date: Date
        var seconds: Int64

        enum Date: Hashable {
            /// Month, week (5 is the last), weekday from Sunday.
            case weekday(Int, Int, Int)
            /// Day of the year from 1, 29 February never counted.
            case julian(Int)
            /// Day of the year from 0.
            case ordinal(Int)
        }
    }

    private var standard: Int64
    private var summer: Int64?
    private var start: Turn?
    private var end: Turn?

    /// nil for an empty text or one that is not such a rule.
    init?(_ text: String) {
        var words = Words(rest: Array(text.utf8)[...])
        guard words.name(), let ahead = words.time() else { return nil }
        standard = -ahead
        guard !words.rest.isEmpty else { return }
        guard words.name() else { return nil }
        summer = standard + 3600
        if words.rest.first != comma {
            guard let ahead = words.time() else { return nil }
            summer = -ahead
        }
        guard words.take(comma), let start = words.turn(), words.take(comma),
            let end = words.turn(), words.rest.isEmpty
        else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Seconds that clocks are ahead of UTC at a moment.
    func offset(at moment: Int64) -> Int64 {
        guard let summer, let start, let end else { return standard }
        let wall = moment + standard
        let minutes = wall >= 0 ? wall / 60 : (wall - 59) / 60
        let year = CivilTime(minutes: minutes).year
        let from = second(of: start, year) - standard
        let until = second(of: end, year) - summer
        let isSummer =
            from < until ? moment >= from && moment < until : moment >= from || moment < until
        return isSummer ? summer : standard
    }

    private func second(of turn: Turn, _ year: Int) -> Int64 {
        let first = daysFromCivil(year, 1, 1)
        let day: Int64
        switch turn.date {
        case .ordinal(let number): day = first + Int64(number)
        case .julian(let number):
            let isLeap = daysFromCivil(year, 3, 1) - daysFromCivil(year, 2, 28) == 2
            day = first + Int64(number - 1) + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let begin = CivilTime(year: year, month: month, day: 1)
            let shift = (weekday - begin.weekday + 7) % 7 + (week - 1) * 7
            let next = month == 12 ? (year + 1, 1) : (year, month + 1)
            let length = daysFromCivil(next.0, next.1, 1) - daysFromCivil(year, month, 1)
            let inside = Int64(shift) < length ? Int64(shift) : Int64(shift) - 7
            day = daysFromCivil(year, month, 1) + inside
        }
        return day * 86_400 + turn.seconds
    }

    private struct Words {
        var rest: ArraySlice<UInt8>

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        /// Letters, or anything between `<` and `>`.
        mutating func name() -> Bool {
            if take(UInt8(ascii: "<")) {
                rest = rest.drop { $0 != UInt8(ascii: ">") }
                return take(UInt8(ascii: ">"))
            }
            let before = rest.count
            rest = rest.drop { ($0 | 32) >= 97 && ($0 | 32) <= 122 }
            return rest.count < before
        }

        mutating func integer() -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard !digits.isEmpty, digits.count < 6 else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int64? {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            guard let hours = integer() else { return nil }
            var seconds = Int64(hours) * 3600
            for unit in [Int64(60), 1] where take(UInt8(ascii: ":")) {
                guard let value = integer() else { return nil }
                seconds += Int64(value) * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func turn() -> Turn? {
            guard let date = date() else { return nil }
            guard take(UInt8(ascii: "/")) else { return Turn(date: date, seconds: 7200) }
            return time().map { Turn(date: date, seconds: $0) }
        }

        private mutating func date() -> Turn.Date? {
            if take(UInt8(ascii: "J")) { return integer().map { .julian($0) } }
            guard take(UInt8(ascii: "M")) else { return integer().map { .ordinal($0) } }
            guard let month = integer(), (1...12).contains(month), take(UInt8(ascii: ".")),
                let week = integer(), (1...5).contains(week), take(UInt8(ascii: ".")),
                let weekday = integer(), (0...6).contains(weekday)
            else { return nil }
            return .weekday(month, week, weekday)
        }
    }
}

private let comma = UInt8(ascii: ",")
