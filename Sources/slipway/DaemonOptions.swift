import ArgumentParser
import Daemon
import Domain
import Host

/// The options by which a command finds the daemon.
struct DaemonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon; else SLIPWAY_DAEMON, else `git config slipway.daemon`, else the one of "
                + "the state folder.", valueName: "url"))
    var daemon: String?

    @OptionGroup var state: StateOption

    /// The daemon's API; stops when nothing says where it is.
    func client() async throws -> APIClient {
        if let daemon { return try APIClient(url: daemon) }
        if let url = environmentVariable("SLIPWAY_DAEMON"), !url.isEmpty {
            return try APIClient(url: url)
        }
        if let url = await gitSetting("slipway.daemon") { return try APIClient(url: url) }
        let file = state.folder.daemonAddress
        if let address = ProcessAddress(file: file) { return try APIClient(url: address.url) }
        throw Stop(
            .unreachable, "no daemon was found", at: file,
            hint: "slipway daemon; or say where it is with --daemon URL, SLIPWAY_DAEMON or "
                + "`git config slipway.daemon URL`")
    }

    /// The daemon's API, or nil when there is none; for commands that can do without.
    func clientIfAny() async -> APIClient? {
        // Because the command says itself what it cannot know without a daemon.
        try? await client()
    }
}

/// The option of every command that reads.
struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON, as the API gives it.")
    var json = false
}
