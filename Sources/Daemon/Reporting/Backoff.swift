/// How long to wait before something is tried again: twice as long each time, with jitter.
struct Backoff: Hashable, Sendable {
    var firstSeconds: Double
    var secondsMax: Double
    /// How often something is tried at all.
    var attemptsMax: Int

    /// Letters: about a day, so that a mail server's bad night loses none.
    static let letters = Backoff(firstSeconds: 5, secondsMax: 7200, attemptsMax: 20)
    /// A forge as a whole is asked again for as long as the daemon runs.
    static let forge = Backoff(firstSeconds: 2, secondsMax: 600, attemptsMax: .max)
    /// One status or comment that the forge does not take.
    static let status = Backoff(firstSeconds: 2, secondsMax: 21_600, attemptsMax: 16)

    /// Seconds after this many attempts, from 1; `random` is from 0 to 1.
    func seconds(after attempts: Int, random: Double) -> Double {
        let doublings = Double(1 << min(max(attempts - 1, 0), 40))
        // Because many that failed at one moment must not come back at one moment.
        return min(firstSeconds * doublings, secondsMax) * (0.75 + 0.5 * random)
    }
}
