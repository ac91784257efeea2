package import Domain
import FoundationEssentials

/// What a forge's answer to something that was sent means.
package enum ForgeAnswer: Hashable, Sendable {
    case confirmed
    /// The forge refused a change to the state that it has already.
    case alreadyThere
    /// It may work later; `afterSeconds` is between 1 and 21,600.
    case retry(afterSeconds: Double)
    /// Sending the same again would have the same answer.
    case permanent(ForgeRefusal)
}

/// Why a forge will not take what was sent, and what a person can do.
package struct ForgeRefusal: Hashable, Codable, Sendable {
    package var reason: String
    package var hint: String

    package init(reason: String, hint: String) {
        self.reason = reason
        self.hint = hint
    }

    /// As a stage reports it.
    package var failure: Failure { Failure(reason, hint: hint, .stalled) }
}

/// Returns what the answer means. Names in `headers` are in lower case.
///
/// A lost connection is not an answer: it is tried again by whoever sends.
package func interpret(
    status: Int, headers: [String: String], body: [UInt8], for kind: Forge.Kind, now: Instant
) -> ForgeAnswer {
    let said = message(in: body)
    let wait = RetryHeaders(headers).waitSeconds(now: now)
    switch status {
    case 200..<300: return .confirmed
    case 400 where kind == .gitlab && said.contains("Cannot transition status"):
        return transition(said)
    case 403 where isRateLimit(said, headers): return .retry(afterSeconds: wait ?? 60)
    case 429: return .retry(afterSeconds: wait ?? 60)
    case 408, 409, 423, 425, 500..<600: return .retry(afterSeconds: wait ?? 30)
    default: return .permanent(refusal(status, said, kind))
    }
}

/// GitLab keeps a machine of states: `Cannot transition status via :run from :running (…)`.
private func transition(_ said: String) -> ForgeAnswer {
    let targets = [
        ":enqueue": ":pending", ":run": ":running", ":success": ":success", ":drop": ":failed",
        ":cancel": ":canceled", ":skip": ":skipped",
    ]
    let words = said.split(separator: " ").map(String.init)
    func word(after name: String) -> String? {
        guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
        return words[index + 1]
    }
    guard let event = word(after: "via"), let state = word(after: "from") else {
        return .permanent(ForgeRefusal(reason: "GitLab says: \(said)", hint: lookHint))
    }
    if targets[event] == state { return .alreadyThere }
    return .permanent(
        ForgeRefusal(
            reason: "GitLab keeps the status at `\(state.dropFirst())`: \(said)",
            hint: "nothing to do: the next state replaces it"))
}

private let lookHint = "see `slipway doctor`"

private func isRateLimit(_ said: String, _ headers: [String: String]) -> Bool {
    let text = said.lowercased()
    return headers["retry-after"] != nil || headers["x-ratelimit-remaining"] == "0"
        || text.contains("rate limit") || text.contains("abuse detection")
}

private func refusal(_ status: Int, _ said: String, _ kind: Forge.Kind) -> ForgeRefusal {
    let answer = "\(kind.title) answers \(status)" + (said.isEmpty ? "" : ": \(said)")
    let hint: String =
        switch status {
        case 300..<400:
            "the project or the API has moved: correct its address and name in the configuration"
        case 401: "the token is wrong or has expired: make a new one"
        case 403: "the token may not do this: give it \(kind.rights)"
        case 404, 410:
            "the forge does not know the project or the commit, or hides it from this token: "
                + "check the project's name, that the commit is pushed, and the token's rights"
        case 422:
            "the forge finds the content wrong; on GitHub also: the commit is not pushed, "
                + "or 1,000 statuses of one context are used up"
        default: lookHint
        }
    return ForgeRefusal(reason: answer, hint: hint)
}

extension Forge.Kind {
    /// What a token needs to report.
    fileprivate var rights: String {
        switch self {
        case .github: "`Commit statuses: write` and `Pull requests: write`"
        case .gitlab: "the scope `api` and the role Developer"
        case .gitea: "`write:repository` and `write:issue`"
        }
    }
}

/// What the forge says about the error, on one line; empty when it says nothing that can be read.
private func message(in body: [UInt8]) -> String {
    struct Said: Decodable {
        var message: JSONValue?
        var error: JSONValue?
    }
    guard body.count <= 1 << 20 else { return "" }
    // Because an answer that is no JSON, such as a proxy's page, tells nothing that we can quote.
    guard let said = try? JSONDecoder().decode(Said.self, from: Data(body)),
        let value = said.message ?? said.error
    else { return "" }
    if case .string(let text) = value { return oneLine(text, max: 200) }
    return oneLine(value.jsonText, max: 200)
}
