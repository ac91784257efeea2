package import Domain
import Registry
package import Transfer

/// One file that a person fetches himself, from an address that he answers for.
package struct DataDownload: Sendable {
    private let fetcher: DataFetcher
    private let url: DataURL

    /// - Parameters:
    ///   - settings: how the store is asked, its prefix above the address.
    ///   - scratch: a folder of the caller's that goes with it.
    package init(_ url: DataURL, _ settings: SourceSettings, scratch: String) throws(Failure) {
        self.url = url
        fetcher = DataFetcher(
            try DataSources(settings, StateFolder(scratch)),
            ArtifactStore(folder: "\(scratch)/artifacts"),
            // Because a person named the address, and not a commit that anybody may write.
            redirectsMax: 5)
    }

    /// Fetches the file and writes it to a place where nothing is.
    package func run(to path: String) async throws {
        let kept = try await fetcher.fetch(url).kept
        try fetcher.store.place(kept.digest, at: path)
    }
}
