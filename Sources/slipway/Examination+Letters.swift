import ArgumentParser
import Daemon
import Domain
import Host
import Journal

extension Examination {
    /// How many letters are shown one by one.
    private static let lettersMax = 10
    /// As many as are asked for at once.
    private static let lettersCountedMax = 1000

    /// What people and other programs could not be told.
    mutating func letters() async {
        guard exists(folder.configuration) else { return }
        do {
            let options = try DaemonOptions.parse(["--state", folder.path])
            let box = try await LetterBox.find(options)
            let dead = try await box.letters(.dead, limit: Self.lettersCountedMax)
            guard !dead.isEmpty else { return add(.ok, "letters", "none was given up") }
            for letter in dead.prefix(Self.lettersMax) {
                let kind = letter.kind.map { " (\($0))" } ?? ""
                let error = oneLine(letter.lastError ?? "no reason is known", charactersMax: 200)
                add(
                    .warn, "letter \(letter.id)",
                    "\(letter.channel) was not told of `\(letter.title)`\(kind), "
                        + "\(count(letter.attempts, "attempt")): \(error)",
                    "slipway letters --retry \(letter.id)")
            }
            let more = dead.count - Self.lettersMax
            if more > 0 {
                add(
                    .warn, "letters", "and \(more) more were given up",
                    "slipway letters --limit 1000; slipway letters --retry all")
            }
        } catch let stop as Stop where stop.code == .unreachable {
            // Because there is neither a daemon nor anything that one left.
            return
        } catch {
            add(.warn, "letters", words(for: error).what, words(for: error).hint)
        }
    }
}
