import ArgumentParser
import Domain
import FoundationEssentials

/// A moment on the command line: `2026-06-01`, `2026-06-01T12:00:00Z`, or `2d` before or after now.
struct Moment: ExpressibleByArgument {
    private enum Kind {
        case at(Instant)
        case distance(seconds: Double)
    }

    private let kind: Kind

    init?(argument: String) {
        if let seconds = durationInSeconds(argument) {
            kind = .distance(seconds: seconds)
            return
        }
        let style = Date.ISO8601FormatStyle()
        // Because what is in neither form is no moment, and the parser says so.
        guard
            let date = (try? style.parse(argument))
                ?? (try? style.year().month().day().parse(argument))
        else { return nil }
        kind = .at(Instant(seconds: Int64(date.timeIntervalSince1970)))
    }

    /// As `init`, and with an example of what can be read.
    @Sendable static func reading(_ text: String) throws -> Moment {
        guard let moment = Moment(argument: text) else {
            throw ValidationError(
                "it is no moment; a day as 2026-12-01, a moment as 2026-12-01T12:00:00Z, "
                    + "or a time as 2d")
        }
        return moment
    }

    func before(_ now: Instant) -> Instant {
        switch kind {
        case .at(let moment): moment
        case .distance(let seconds): now.advanced(bySeconds: -seconds)
        }
    }

    func after(_ now: Instant) -> Instant {
        switch kind {
        case .at(let moment): moment
        case .distance(let seconds): now.advanced(bySeconds: seconds)
        }
    }
}

/// The seconds of `30s`, `10m`, `2h`, `3d`, `2w`; nil for any other text.
private func durationInSeconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let last = text.last, let unit = units[last], let count = UInt32(text.dropLast()) else {
        return nil
    }
    return Double(count) * unit
}
