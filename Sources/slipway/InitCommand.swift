import ArgumentParser
import Daemon
import Domain
import Git
import Host
import Review

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Prepare a state folder for a daemon.",
        discussion: """
            Says which repository is watched and whose signatures count. The file of trusted \
            signers is copied; no commit can change it.

            Example:
              echo "ada@example.org namespaces=\\"git\\" $(cat ada.pub)" > trusted-signers
              slipway init --repository models.git --trust trusted-signers
            """)

    @Option(
        help: ArgumentHelp(
            "A bare repository on this machine, or a remote by path, ssh or http(s).",
            valueName: "path|url"))
    var repository: String

    @Option(
        help: ArgumentHelp(
            "Who may approve, in the format of allowed_signers (ssh-keygen(1)).",
            valueName: "file"))
    var trust: String

    @Option(help: "How many must approve at least.")
    var approvals = 1

    @Option(help: ArgumentHelp("Where the API listens.", valueName: "host:port"))
    var listen = "127.0.0.1:7433"

    @OptionGroup var state: StateOption

    @Flag(help: "Replace a configuration that is there.")
    var force = false

    func validate() throws {
        guard (0...100).contains(approvals) else {
            throw ValidationError("--approvals must be a number from 0 to 100.")
        }
    }

    func run() async throws {
        _ = try ListenAddress(listen)
        let folder = state.folder
        if exists(folder.configuration), !force {
            throw Stop(
                .refused, "there is a configuration already", at: folder.configuration,
                hint: "slipway init --force replaces it; or choose another --state")
        }
        let signers = try await readTrust()
        let location = try await reachableRepository()
        try makeFolder(parentFolder(folder.signers))
        try writeFileAtomically(folder.signers, signers)
        let configuration = DaemonConfiguration(
            repository: location, listen: listen, review: ReviewRule(approvals: approvals))
        try configuration.write(stateFolder: folder.path)
        await Console.put(folder.configuration)
        await Console.say(nextSteps(location, folder.path))
    }

    /// The bytes of the trust file, of which at least one line must count.
    private func readTrust() async throws -> [UInt8] {
        let path = absolutePath(trust)
        guard exists(path) else {
            throw Stop(
                .notFound, "there is no such file of trusted signers", at: path,
                hint: "one line each: ada@example.org namespaces=\"git\" ssh-ed25519 AAAA…")
        }
        let bytes = try readFile(path, limitBytes: 4 << 20)
        let (found, diagnostics) = AllowedSigners.parsing(
            String(decoding: bytes, as: UTF8.self), file: trust)
        for diagnostic in diagnostics { await Console.say(line(diagnostic)) }
        guard found.trustsSomebody else {
            throw Stop(
                .wrong,
                found.lines.isEmpty
                    ? "the file trusts nobody who could approve"
                    : "the file trusts nobody who could approve: a principal with a wildcard "
                        + "does not count", at: path,
                hint: "one line each: ada@example.org namespaces=\"git\" ssh-ed25519 AAAA…")
        }
        return bytes
    }

    private func reachableRepository() async throws -> String {
        let beforeSlash = repository.prefix { $0 != "/" }
        let location = beforeSlash.contains(":") ? repository : absolutePath(repository)
        let result = try await gitRunner()(["ls-remote", "--quiet", "--", location], 60)
        guard result.status.isSuccess else {
            let isPath = location.hasPrefix("/")
            throw Stop(
                isPath && !exists(location) ? .notFound : .wrong,
                "the repository cannot be reached: \(lastWords(result.errorText))", at: location,
                hint: isPath
                    ? "git init --bare --initial-branch=main \(repository)"
                    : "git ls-remote \(repository)")
        }
        return location
    }

    private func nextSteps(_ location: String, _ folder: String) -> String {
        let option = state.state == nil ? "" : " --state \(folder)"
        let hook =
            location.hasPrefix("/") && Repository.isBare(at: location)
            ? "  slipway hook install --repository \(location)\(option)\n" : ""
        return """
            next:
            \(hook)  slipway daemon\(option) &
              slipway serve --environment production\(option) &
              git clone \(location) models && slipway new digits models
            """
    }
}
