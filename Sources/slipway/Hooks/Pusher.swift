import Host

/// Who pushes, as the transport says.
struct Pusher: Hashable, Sendable {
    /// nil: the transport knows nobody.
    var name: String?

    /// The first of REMOTE_USER (http), GL_USER (gitolite) and the system's user decides.
    ///
    /// A variable that is set and empty means that the server has authenticated nobody.
    /// - Parameter systemUser: only asked when it decides.
    static func find(
        _ variable: (String) -> String? = { environmentVariable($0) },
        systemUser: () async -> String? = systemUserName
    ) async -> Pusher {
        for key in ["REMOTE_USER", "GL_USER"] {
            if let name = variable(key) { return Pusher(name: name.isEmpty ? nil : name) }
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
