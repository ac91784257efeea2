import Compute
import Domain
import Host
import Registry

/// Runs the two commands that programs call and that must start at once; nil for all others.
func runWithoutParser(_ arguments: [String]) -> Int32? {
    switch arguments.first {
    case "step":
        guard arguments.count == 2, !arguments[1].hasPrefix("-"),
            missingJob(arguments[1]) == nil
        else { return nil }
        return superviseStep(jobFolder: arguments[1])
    case "hook":
        guard arguments.count == 2, arguments[1] == "post-receive" else { return nil }
        answerPostReceive()
        return 0
    default: return nil
    }
}

extension FilesCheck {
    /// The command as it is called before every commit, which must start at once too; nil: the
    /// parser has to look at the words.
    init?(plain arguments: [String]) {
        guard arguments.first == "check" else { return nil }
        self.init()
        var hasPath = false
        for word in arguments.dropFirst() {
            switch word {
            case "--staged": staged = true
            case "--no-data": noData = true
            case "--fresh": fresh = true
            default:
                guard !hasPath, !word.isEmpty, !word.hasPrefix("-") else { return nil }
                (path, hasPath) = (word, true)
            }
        }
        // Because the parser says what is wrong with them.
        if contradiction != nil { return nil }
    }
}

/// More lines than this are not read: a push of so many refs is noticed by polling.
private let hookLinesMax = 10_000

/// Hands the lines of a push to the daemon and prints what it says.
///
/// Nothing is asked when only the bot's own refs moved. Whatever goes wrong, the push is not
/// disturbed: a daemon that is down finds it when it starts.
func answerPostReceive() {
    var lines: [String] = []
    while lines.count < hookLinesMax, let line = readLine() {
        if !isBotsOwn(line) { lines.append(line) }
    }
    guard !lines.isEmpty else { return }
    let options = PushOptions.given
    if let why = options.why { print("slipway: why: \(why)") }
    guard !options.skips else {
        return print(
            "slipway: the daemon is not woken, as you asked; it finds this push when it next "
                + "looks, and decides on it as on any other")
    }
    // They go first: lines that no `old new ref` looks like. The system's user is not told, because
    // it is the daemon's own: nobody else can reach the socket.
    var first: [String] = []
    if let by = Pusher.authenticated() { first.append("by \(oneLine(by, charactersMax: 200))") }
    if let why = options.why { first.append("why \(why)") }
    ask(first + lines)
}

private func ask(_ lines: [String]) {
    let state = statePath(nil)
    let request = Array(lines.map { $0 + "\n" }.joined().utf8)
    do throws(HostError) {
        let answer = try askSocketBlocking(
            StateFolderPaths.hookSocket(state), request, answerLimitBytes: 1 << 16,
            deadlineSeconds: 0.25)
        print(String(decoding: answer, as: UTF8.self), terminator: "")
    } catch .socketDeadline {
        print("slipway: noted; the daemon is busy, see `slipway status`")
    } catch {
        print("slipway: no daemon runs; it will find this push: slipway daemon --state \(state)")
    }
}

/// Whether a line `old new ref` of post-receive is about a ref that the bot writes.
private func isBotsOwn(_ line: String) -> Bool {
    guard let ref = line.split(separator: " ").last else { return true }
    if ref.hasPrefix("refs/heads/slipway/") || ref.hasPrefix("refs/notes/") { return true }
    guard ref.hasPrefix("refs/tags/") else { return false }
    return GTOTag.isMeant(String(ref.dropFirst("refs/tags/".count)))
}
