import ArgumentParser

/// The hooks of git that are ours.
enum HookName: String, CaseIterable, ExpressibleByArgument, Sendable {
    case preCommit = "pre-commit"
    case commitMessage = "commit-msg"
    case prePush = "pre-push"
    case preReceive = "pre-receive"
    case postReceive = "post-receive"

    /// Whether it belongs where pushes arrive.
    var isServers: Bool {
        switch self {
        case .preCommit, .commitMessage, .prePush: false
        case .preReceive, .postReceive: true
        }
    }
}
