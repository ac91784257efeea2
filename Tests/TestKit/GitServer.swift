import FoundationEssentials

/// Where the git server of a test answers, and how people reach it.
package struct GitServer: Sendable {
    /// What can be in front of a repository.
    package enum Kind: String, CaseIterable, Sendable { case http, ssh, gitolite }

    /// A repository on the server.
    package struct Place: Sendable {
        /// Where it lies on this machine.
        package var bare: String
        /// The address of each person: `robot`, `ada` and `bob`.
        package var address: @Sendable (_ person: String) -> String
        /// The variables that git needs of each person.
        package var variables: @Sendable (_ person: String) -> [String: String]
    }

    /// What the server keeps there is the test's to remove.
    package let folder: String
    private let addresses: [String: String]

    /// Reads what the program has written into `ready`.
    package init(folder: String, ready: String) {
        self.folder = folder
        addresses = Dictionary(
            uniqueKeysWithValues: ready.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                return words.count == 2 ? (words[0], words[1]) : nil
            })
    }

    /// The one repository of this name; nil: this kind of server could not be started.
    ///
    /// `client` is a person whose key has no name on the ssh server.
    package func place(_ kind: Kind) -> Place? {
        guard let address = addresses[kind.rawValue] else { return nil }
        let (folder, name) = (folder, kind == .gitolite ? "models" : "models.git")
        return Place(
            bare: kind == .gitolite
                ? "\(folder)/gitolite/repositories/models.git" : "\(folder)/repos/models.git",
            address: { person in
                let start = kind == .http ? "http://\(person):secret@" : "http://"
                return address.replacing("http://", with: start) + "/\(name)"
            },
            variables: { person in
                guard kind != .http else { return ["GIT_TERMINAL_PROMPT": "0"] }
                return [
                    "GIT_SSH_COMMAND": "ssh -F none -i \(folder)/\(person) -o IdentitiesOnly=yes "
                        + "-o BatchMode=yes -o UserKnownHostsFile=\(folder)/known_hosts"
                ]
            })
    }

    /// Why a test with such a server cannot run here; nil: it can.
    package static func lacking(_ kind: Kind) -> String? {
        let needed: [(program: String, package: String)] =
            switch kind {
            case .http: [("python3", "python3")]
            case .ssh: [("python3", "python3"), ("sshd", "openssh-server")]
            case .gitolite:
                [("python3", "python3"), ("sshd", "openssh-server"), ("gitolite", "gitolite3")]
            }
        let lacking = needed.first { !hasProgram($0.program) }
        return lacking.map { "there is no \($0.program): apt-get install \($0.package)" }
    }
}

private func hasProgram(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    // Because the path of ordinary users does not have what is started as a service.
    for folder in "\(path):/usr/sbin".split(separator: ":") {
        if FileManager.default.fileExists(atPath: "\(folder)/\(name)") { return true }
    }
    return false
}
