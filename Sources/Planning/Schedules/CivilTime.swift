/// A minute on a wall clock, which no zone has said anything about.
struct CivilTime: Hashable {
    var year: Int
    /// From 1.
    var month: Int
    /// From 1.
    var day: Int
    var hour: Int
    var minute: Int

    /// Minutes since 1970-01-01 00:00 on the same wall clock.
    var minutes: Int64 {
        (daysFromCivil(year, month, day) * 24 + Int64(hour)) * 60 + Int64(minute)
    }

    init(minutes: Int64) {
        let day = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440
        let rest = Int(minutes - day * 1440)
        (year, month, self.day) = civil(fromDays: day)
        (hour, minute) = (rest / 60, rest % 60)
    }

    init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute) = (hour, minute)
    }

    /// 0 is Sunday.
    var weekday: Int {
        let days = daysFromCivil(year, month, day)
        return Int(((days + 4) % 7 + 7) % 7)
    }
}

/// Days from 1970-01-01, by Howard Hinnant's `days_from_civil`.
func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

/// The date of a day, by Howard Hinnant's `civil_from_days`.
private func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))
}
