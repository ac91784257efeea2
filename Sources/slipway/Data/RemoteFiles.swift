import Daemon
import Domain
import Host
import Planning
import Transfer

/// Files that a command reads from where they are: `https://…`, `http://…`, `s3://…`.
///
/// They are in a folder below the temporary one, which goes with the value's `remove`.
struct RemoteFiles: Sendable {
    /// Where they are laid out, as in the repository.
    let root: String
    /// By the path in the repository.
    private(set) var urls: [(path: String, url: String)] = []

    /// Whether a text is an address and not a file's name.
    static func isAddress(_ text: String) -> Bool {
        ["https://", "http://", "s3://"].contains(where: text.hasPrefix)
    }

    /// Fetches the files of a dataset, one after the other; each will lie in `data/<dataset>/`.
    init(_ addresses: [String], of dataset: DatasetName) async throws {
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let folder = try temporaryFolder(in: parent, prefix: "slipway-fetch")
        root = "\(folder)/files"
        do {
            for address in addresses {
                let url = try Self.address(address)
                let path = "data/\(dataset)/\(url.names.last ?? "")"
                guard !urls.contains(where: { $0.path == path }) else {
                    throw Stop(
                        .wrong, "two of the files would both be `\(path)`", at: address,
                        hint: "name one in a manifest, with a `path` of its own")
                }
                try await Self.download(url, to: "\(root)/\(path)", scratch: folder)
                urls.append((path, address))
            }
        } catch {
            try removeTree(folder)
            throw error
        }
    }

    func remove() throws { try removeTree(parentFolder(root)) }

    /// The name of the file at an address, which tells its format.
    static func name(of address: String) throws -> String {
        try self.address(address).names.last ?? ""
    }

    /// Names the address, without what may be a secret in it, of what cannot be fetched.
    private static func download(
        _ url: DataURL, to path: String, scratch: String
    ) async throws {
        do {
            try await DataDownload(url, settings(url), scratch: scratch).run(to: path)
        } catch let error as TransferError {
            var failure = error.failure
            failure.place = url.shown
            switch error {
            case .unreachable, .deadline, .interrupted:
                failure.hint = "check the address and the network, and try again"
            case .redirectRefused: failure.hint = "name the address that it leads to"
            default: break
            }
            throw Stop(.wrong, failure)
        }
    }

    private static func address(_ text: String) throws -> DataURL {
        if let name = ObjectAddress.secretParameter(in: text) {
            throw Stop(
                .usage,
                "the address holds a secret, `\(oneLine(name))`, and stands in the manifest",
                hint: "write s3://BUCKET/KEY, or the address without its query")
        }
        let url: DataURL
        do throws(TransferError) {
            url = try DataURL(text)
        } catch {
            throw Stop(.usage, "\(error.description)", at: text)
        }
        guard let name = url.names.last, !name.isEmpty, !name.contains("*") else {
            throw Stop(
                .usage, "the address is that of many files", at: url.shown,
                hint: "name each file, or follow a prefix: source: s3://bucket/prefix/")
        }
        return url
    }

    /// An object store is asked as the variables say that its own programs read.
    private static func settings(_ url: DataURL) -> SourceSettings {
        var settings = SourceSettings(prefix: "\(url.scheme.rawValue)://\(url.authority)/")
        guard url.scheme == .store else { return settings }
        settings.endpoint = environmentVariable("AWS_ENDPOINT_URL")
        settings.region =
            environmentVariable("AWS_REGION") ?? environmentVariable("AWS_DEFAULT_REGION")
        if environmentVariable("AWS_ACCESS_KEY_ID") != nil {
            settings.accessKeyEnvironment = "AWS_ACCESS_KEY_ID"
            settings.secretKeyEnvironment = "AWS_SECRET_ACCESS_KEY"
        }
        return settings
    }
}
