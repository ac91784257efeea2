import Host

/// Who pushes, as the transport says.
struct Pusher: Hashable, Sendable {
    /// nil: the transport knows nobody.
    var name: String?

    /// Where servers say whom they have authenticated: http servers, gitolite, GitLab, and Gitea
    /// with Forgejo. The first that is set decides; set and empty means nobody.
    private static let variables = [
        "REMOTE_USER", "GL_USER", "GL_USERNAME", "GITEA_PUSHER_NAME",
    ]

    /// Whom the server has authenticated; nil: it says nothing, or nobody.
    static func authenticated(
        _ variable: (String) -> String? = { environmentVariable($0) }
    ) -> String? {
        let said = variables.lazy.compactMap(variable).first
        return said?.isEmpty == false ? said : nil
    }

    /// The first of those variables decides, and without any the system's user.
    /// - Parameter systemUser: only asked when it decides.
    static func find(
        _ variable: (String) -> String? = { environmentVariable($0) },
        systemUser: () async -> String? = systemUserName
    ) async -> Pusher {
        if variables.contains(where: { variable($0) != nil }) {
            return Pusher(name: authenticated(variable))
        }
        return Pusher(name: await systemUser())
    }

    func isBot(_ bot: String?) -> Bool { name != nil && name == bot }

    var text: String { name.map { "`\($0)`" } ?? "nobody that the server knows" }
}

/// The name of the user that we run as, by the system's own tables and no variable.
private func systemUserName() async -> String? {
    // Because a user without a name is nobody.
    let result = try? await ChildProcess.run(
        "id", ["-un"], outputLimitBytes: 1 << 12, deadlineSeconds: 10)
    guard let result, result.status.isSuccess else { return nil }
    let name = result.outputText.split(separator: "\n").first.map(String.init)
    return name?.isEmpty == false ? name : nil
}
