import Domain
import Transfer

/// From where data may be fetched, and how.
struct DataSources: Sendable {
    /// One prefix with what is needed to read below it.
    struct Source: Sendable {
        var prefix: DataURL
        var client: HTTPClient
        /// Of an object store.
        var endpoint = ""
        var region = ""
        /// Where the parts of the key are; nil: requests are not signed.
        var key: (id: SecretPlace, secret: SecretPlace)?

        /// The object store, with the key as it is now.
        func store() throws(Failure) -> ObjectStore {
            let what = "of the source `\(prefix)`"
            let keyID = try key?.id.text("the access key \(what)")
            let secret = try key?.secret.text("the secret key \(what)")
            do throws(TransferError) {
                var pair: StoreKey?
                if let keyID, let secret {
                    pair = try StoreKey(region: region, keyID: keyID, secret: secret)
                }
                return try ObjectStore(client: client, endpoint: endpoint, key: pair)
            } catch {
                throw error.failure
            }
        }
    }

    let all: [Source]
    /// Where the operator has named them.
    let configuration: String

    /// The source below whose prefix the address lies, the longest first.
    ///
    /// Throws the failure that names the line to add, where there is none.
    func source(of url: DataURL) throws(Failure) -> Source {
        let found = all.filter { url.isBelow($0.prefix) }
            .max { $0.prefix.names.count < $1.prefix.names.count }
        if let found { return found }
        throw Failure(
            "`\(url.shown)` is not below any of the sources that this daemon may read",
            hint: "add {\"prefix\": \"\(proposal(url))\"} to `sources` in \(configuration), "
                + "restart the daemon and push again",
            .wait(for: "a commit, or a changed configuration"))
    }

    /// The shortest prefix that a person would name.
    private func proposal(_ url: DataURL) -> String {
        switch url.scheme {
        case .store, .secureWeb, .web:
            let start = "\(url.scheme.rawValue)://"
            return start + url.text.dropFirst(start.count).prefix { $0 != "/" } + "/"
        case .file: return "file://" + url.text.dropFirst(7).prefix { $0 != "?" }
        }
    }
}

extension DataSources {
    /// The one source that somebody names himself.
    init(_ settings: SourceSettings, _ folder: StateFolder) throws(Failure) {
        all = [try SourceCheck(folder: folder).source(settings, "source")]
        configuration = folder.configuration
    }
}

extension DaemonConfiguration {
    /// Checks everything about sources; the failure names the key, and the mend.
    ///
    /// Files that are not absolute lie in the state folder.
    func dataSources(_ folder: StateFolder) throws(Failure) -> DataSources {
        let check = SourceCheck(folder: folder)
        if let seconds = followSeconds, !(seconds.isFinite && seconds > 0) {
            throw check.wrong("followSeconds", "it is no time above 0", "write it like `60`")
        }
        if let bytes = dataBytesMax, bytes <= 0 {
            throw check.wrong("dataBytesMax", "it is not above 0", "leave it out for 100 GiB")
        }
        var all: [DataSources.Source] = []
        for (index, settings) in (sources ?? []).enumerated() {
            all.append(try check.source(settings, "sources[\(index)]"))
        }
        return DataSources(all: all, configuration: folder.configuration)
    }
}

/// Turns what people wrote into what is read from.
private struct SourceCheck {
    let folder: StateFolder

    func wrong(_ key: String, _ what: String, _ mend: String) -> Failure {
        Failure(
            "`\(key)` of the daemon's configuration: \(what)", at: folder.configuration,
            hint: mend, .wait(for: "a changed configuration"))
    }

    private func path(_ file: String) -> String {
        file.hasPrefix("/") ? file : "\(folder.path)/\(file)"
    }

    func source(_ settings: SourceSettings, _ key: String) throws(Failure) -> DataSources.Source {
        let prefix: DataURL
        do throws(TransferError) {
            prefix = try DataURL(settings.prefix)
        } catch {
            throw wrong(
                "\(key).prefix", error.description,
                "write it like `s3://bucket/` or `https://data.example.org/`")
        }
        guard !settings.prefix.contains("?") || prefix.scheme == .store else {
            throw wrong("\(key).prefix", "it has a query", "leave it out")
        }
        guard prefix.scheme != .file || prefix.path != "/" else {
            throw wrong("\(key).prefix", "it is the whole disk", "name a folder")
        }
        var source = DataSources.Source(
            prefix: prefix,
            client: HTTPClient(
                userAgent: "slipway", limits: fetchLimits,
                authoritiesFile: settings.authoritiesFile.map(path)))
        guard prefix.scheme == .store else {
            if let stranger = settings.storeKeys.first(where: { $0.value != nil }) {
                throw wrong(
                    "\(key).\(stranger.name)", "it means something for `s3://` alone",
                    "take it out")
            }
            return source
        }
        source.region = settings.region ?? "us-east-1"
        source.endpoint = settings.endpoint ?? "https://s3.\(source.region).amazonaws.com"
        source.key = try self.key(settings, key)
        do throws(TransferError) {
            _ = try ObjectStore(client: source.client, endpoint: source.endpoint, key: nil)
            _ = try StoreKey(region: source.region, keyID: "x", secret: "x")
        } catch {
            throw wrong(
                "\(key).endpoint", error.description,
                "write `endpoint` like `https://s3.example.org`, `region` like `eu-central-1`")
        }
        return source
    }

    private func key(
        _ settings: SourceSettings, _ key: String
    ) throws(Failure) -> (id: SecretPlace, secret: SecretPlace)? {
        let id = try place(settings.accessKeyFile, settings.accessKeyEnvironment, key, "access")
        let secret = try place(
            settings.secretKeyFile, settings.secretKeyEnvironment, key, "secret")
        switch (id, secret) {
        case (nil, nil): return nil
        case (let id?, let secret?): return (id, secret)
        case (nil, _?), (_?, nil):
            throw wrong(
                "\(key).\(id == nil ? "access" : "secret")KeyFile", "half of the key is missing",
                "give both parts of the key, or neither")
        }
    }

    private func place(
        _ file: String?, _ variable: String?, _ key: String, _ part: String
    ) throws(Failure) -> SecretPlace? {
        switch (file, variable) {
        case (nil, nil): return nil
        case (let file?, nil): return .file(path(file))
        case (nil, let name?): return .environment(name)
        case (_?, _?):
            throw wrong(
                "\(key).\(part)KeyFile", "its place is not clear",
                "give `\(part)KeyFile` or `\(part)KeyEnvironment`, and not both")
        }
    }
}

/// One transfer may take long, and ends when it stands still; errors of servers are short.
private let fetchLimits = HTTPClient.Limits(
    wholeSeconds: 6 * 3600, responseBytesMax: 1 << 16, atOnce: 4)
