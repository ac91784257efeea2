import Domain

/// When a forge wants to be asked again.
///
/// `Retry-After` (RFC 9110, section 10.2.3) stands first; then `X-RateLimit-Reset`, a Unix time,
/// when nothing is left, as GitHub and Gitea send it; then GitLab's `RateLimit-Reset`.
struct RetryHeaders {
    private let headers: [String: String]
    private static let secondsMax = 21_600.0

    init(_ headers: [String: String]) { self.headers = headers }

    /// Seconds from `now`, between 1 and 21,600; nil: the forge does not say.
    func waitSeconds(now: Instant) -> Double? {
        let seconds = retryAfter(now) ?? reset(now)
        return seconds.map { min(max($0, 1), Self.secondsMax) }
    }

    private func retryAfter(_ now: Instant) -> Double? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = number(text) { return Double(seconds) }
        return httpDate(text).map { Double($0 - now.seconds) }
    }

    private func reset(_ now: Instant) -> Double? {
        for name in ["x-ratelimit", "ratelimit"] where headers[name + "-remaining"] == "0" {
            if let moment = headers[name + "-reset"].flatMap({ number($0[...]) }) {
                return Double(moment - now.seconds)
            }
        }
        return nil
    }

    private func number(_ text: some StringProtocol) -> Int64? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the form that senders must use.
    private func httpDate(_ text: String) -> Int64? {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = number(parts[1]), day <= 31,
            let index = months.firstIndex(of: String(parts[2])), let year = number(parts[3]),
            (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { number($0) }
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] < 61 else { return nil }
        // Howard Hinnant's `days_from_civil`.
        let month = Int64(index + 1)
        let shifted = month <= 2 ? year - 1 : year
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = shifted / 400 * 146_097 + dayOfEra - 719_468
        return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }
}
