import Domain
import Forges
import Host
import Transfer

extension DaemonConfiguration {
    /// Checks everything about reporting; the failure names the key in `file`, and the mend.
    ///
    /// Files that are not absolute lie in the state folder.
    func reporting(_ folder: StateFolder) throws(Failure) -> Reporting {
        let check = SettingsCheck(folder: folder)
        var channels: [Channel] = []
        var names: Set<String> = []
        for (index, settings) in (self.channels ?? []).enumerated() {
            let key = "channels[\(index)]"
            guard isName(settings.name) else {
                throw check.wrong(
                    "\(key).name", "`\(settings.name)` is no name for a channel",
                    "use lower-case letters, digits and hyphens")
            }
            guard names.insert(settings.name).inserted else {
                throw check.wrong(
                    "\(key).name", "two channels are called `\(settings.name)`",
                    "give one another name")
            }
            channels.append(try check.channel(settings, key))
        }
        if let publicURL, !isWebAddress(publicURL) {
            throw check.wrong(
                "publicURL", "`\(publicURL)` is no web address",
                "write it like `https://slipway.example.com`")
        }
        var target: Reporting.Target?
        if let forge { target = try check.forge(forge) }
        return Reporting(
            instance: instance ?? Reporting.usualInstance, publicURL: publicURL, forge: target,
            channels: channels)
    }
}

private func isWebAddress(_ text: String) -> Bool {
    (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count < 1000
        && text.utf8.allSatisfy { (33...126).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }
}

/// Whether what is sent there stays on this machine.
private func isLocal(_ host: some StringProtocol) -> Bool {
    ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host.lowercased())
}

/// Turns what people wrote into what is sent to.
private struct SettingsCheck {
    let folder: StateFolder

    func wrong(_ key: String, _ what: String, _ mend: String) -> Failure {
        Failure(
            "`\(key)` of the daemon's configuration: \(what)", at: folder.configuration,
            hint: mend, .wait(for: "a changed configuration"))
    }

    func path(_ file: String) -> String {
        file.hasPrefix("/") ? file : "\(folder.path)/\(file)"
    }

    func forge(_ settings: ForgeSettings) throws(Failure) -> Reporting.Target {
        let usual = settings.kind == .github ? "https://api.github.com" : nil
        guard let url = settings.apiURL ?? usual else {
            throw wrong(
                "forge.apiURL", "it is missing",
                settings.kind == .gitlab
                    ? "write it like `https://gitlab.com/api/v4`"
                    : "write it like `https://git.example.com/api/v1`")
        }
        let forge: Forge
        do throws(ForgesError) {
            forge = try Forge(
                kind: settings.kind, apiURL: url, project: settings.project,
                tokenHeader: settings.tokenHeader)
        } catch {
            let failure = error.failure
            var key = "forge.apiURL"
            if case .projectWrong = error { key = "forge.project" }
            throw wrong(key, failure.what, failure.hint ?? "mend it")
        }
        let host = url.dropFirst("http://".count).prefix { !"/:".contains($0) }
        guard url.hasPrefix("https://") || isLocal(host) || url.hasPrefix("http://[::1]") else {
            throw wrong(
                "forge.apiURL", "the token would be readable on its way", "use https")
        }
        let token: SecretPlace
        switch (settings.tokenFile, settings.tokenEnvironment) {
        case (let file?, nil): token = .file(path(file))
        case (nil, let name?): token = .environment(name)
        case (nil, nil), (_?, _?):
            throw wrong(
                "forge.tokenFile", "the token's place is not clear",
                "give `tokenFile` or `tokenEnvironment`, and not both")
        }
        return Reporting.Target(
            forge: forge, token: token, authoritiesFile: settings.authoritiesFile.map(path),
            hasComments: settings.comments ?? true)
    }

    func channel(_ settings: ChannelSettings, _ key: String) throws(Failure) -> Channel {
        if settings.events?.isEmpty ?? false {
            throw wrong("\(key).events", "the channel wants nothing", "leave it out for all events")
        }
        try refuseStrangers(settings, key)
        let target: Channel.Target
        switch settings.kind {
        case .slack: target = .slack(try address(settings, key))
        case .webhook:
            guard let file = settings.secretFile else {
                throw wrong(
                    "\(key).secretFile", "it is missing, and a webhook is always signed",
                    "echo whsec_$(openssl rand -base64 32) > FILE")
            }
            target = .webhook(try address(settings, key), keys: .file(path(file)))
        case .mail: target = .mail(try mail(settings, key))
        }
        return Channel(
            name: settings.name, target: target,
            authoritiesFile: settings.authoritiesFile.map(path))
    }

    /// Keys that mean nothing for the channel's kind were meant for another.
    private func refuseStrangers(_ settings: ChannelSettings, _ key: String) throws(Failure) {
        let web = ["url": settings.url, "urlFile": settings.urlFile]
        let mail = [
            "server": settings.server, "from": settings.from, "to": settings.to?.first,
            "security": settings.security?.rawValue, "user": settings.user,
            "passwordFile": settings.passwordFile,
        ]
        var strange = settings.kind == .mail ? web : mail
        if settings.kind != .webhook { strange["secretFile"] = settings.secretFile }
        guard let name = strange.filter({ $0.value != nil }).keys.min() else { return }
        throw wrong(
            "\(key).\(name)", "it means nothing for the kind `\(settings.kind.rawValue)`",
            "take it out, or change the kind")
    }

    private func address(
        _ settings: ChannelSettings, _ key: String
    ) throws(Failure) -> SecretPlace {
        switch (settings.url, settings.urlFile) {
        case (nil, let file?): return .file(path(file))
        case (let url?, nil):
            guard isWebAddress(url) else {
                throw wrong("\(key).url", "it is no web address", "write it like `https://…`")
            }
            return .plain(url)
        case (nil, nil), (_?, _?):
            throw wrong(
                "\(key).url", "where to send is not clear", "give `url` or `urlFile`, and not both")
        }
    }

    private func mail(
        _ settings: ChannelSettings, _ key: String
    ) throws(Failure) -> Channel.MailTarget {
        let security = settings.security ?? .startTLS
        let (host, port) = try server(settings.server, security, key)
        guard let from = settings.from else {
            throw wrong("\(key).from", "it is missing", "write it like `slipway@example.com`")
        }
        guard let to = settings.to, !to.isEmpty, to.count <= Mail.recipientsMax else {
            throw wrong(
                "\(key).to", "it is missing or too long",
                "name 1 to \(Mail.recipientsMax) addresses")
        }
        guard (settings.user == nil) == (settings.passwordFile == nil) else {
            throw wrong(
                "\(key).user", "there is a user or a password, not both",
                "give `user` and `passwordFile`, or neither")
        }
        guard settings.user == nil || security != .none || isLocal(host) else {
            throw wrong(
                "\(key).security", "the password would be readable on its way",
                "use `startTLS` or `tls`")
        }
        var recipients: [MailAddress] = []
        for address in to { recipients.append(try mailAddress(address, "\(key).to")) }
        return Channel.MailTarget(
            host: host, port: port, security: security,
            from: try mailAddress(from, "\(key).from"), to: recipients, user: settings.user,
            password: settings.passwordFile.map { .file(path($0)) })
    }

    private func mailAddress(_ text: String, _ key: String) throws(Failure) -> MailAddress {
        do throws(TransferError) {
            return try MailAddress(text)
        } catch {
            throw wrong(key, "`\(text)` is no mail address", "write it like `team@example.com`")
        }
    }

    /// `host`, `host:port`, or `[IPv6]:port`.
    private func server(
        _ text: String?, _ security: MailServer.Security, _ key: String
    ) throws(Failure) -> (host: String, port: Int) {
        let mend = "write it like `mail.example.com:587`"
        guard let text, !text.isEmpty else { throw wrong("\(key).server", "it is missing", mend) }
        let usual: Int =
            switch security {
            case .none: 25
            case .startTLS: 587
            case .tls: 465
            }
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
            return (text, usual)
        }
        guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port),
            colon > text.startIndex
        else { throw wrong("\(key).server", "`\(text)` has no legal port", mend) }
        return (String(text[..<colon]), port)
    }
}
