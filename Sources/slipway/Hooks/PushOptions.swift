import Domain
import Host

/// What was said with `git push -o …`; only options that begin with `slipway.` are ours.
struct PushOptions: Hashable, Sendable {
    private static let optionsMax = 100
    private static let whyCharactersMax = 500

    /// `slipway.skip`: the daemon is not woken.
    private(set) var skips = false
    /// `slipway.why=…`, in one line.
    private(set) var why: String?
    /// Those that do not exist.
    private(set) var unknown: [String] = []

    init(_ options: [String]) {
        for option in options where option.hasPrefix("slipway.") {
            if option == "slipway.skip" {
                skips = true
            } else if option.hasPrefix("slipway.why=") {
                let text = oneLine(
                    String(option.dropFirst("slipway.why=".count)),
                    charactersMax: Self.whyCharactersMax)
                if text.contains(where: { $0 != " " }) {
                    why = why.map { "\($0); \(text)" } ?? text
                }
            } else {
                unknown.append(option)
            }
        }
    }

    /// Those of the push that called this hook, see githooks(5).
    static var given: PushOptions {
        let count = environmentVariable("GIT_PUSH_OPTION_COUNT").flatMap { Int($0) } ?? 0
        return PushOptions(
            (0..<max(0, min(count, optionsMax))).compactMap {
                environmentVariable("GIT_PUSH_OPTION_\($0)")
            })
    }
}
