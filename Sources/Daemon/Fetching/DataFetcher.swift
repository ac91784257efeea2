import Domain
import FoundationEssentials
import Host
import Registry
import Transfer

/// Brings data that lies outside git into the artifact store, from where the operator allows it.
package struct DataFetcher: Sendable {
    /// The longest object, and the most of a prefix that is followed, unless configured.
    static let bytesMaxUsual = 100 << 30
    /// How often an object is asked for before its failure is told.
    private static let triesMax = 3
    /// How many objects are fetched at once.
    private static let atOnce = 4

    /// Where something is laid out, and what it is.
    struct Piece: Hashable, Sendable {
        /// Relative to the checkout.
        var path: String
        var digest: Digest
    }

    let store: ArtifactStore
    let bytesMax: Int
    /// How many redirects are followed on the web.
    private let redirectsMax: Int
    private let sources: Result<DataSources, Failure>
    private let turns = FetchTurns()

    init(_ configuration: DaemonConfiguration, _ folder: StateFolder, _ store: ArtifactStore) {
        self.store = store
        bytesMax = configuration.dataBytesMax ?? Self.bytesMaxUsual
        // Because a redirect would lead out of the operator's `sources`.
        redirectsMax = 0
        sources = Result { () throws(Failure) in try configuration.dataSources(folder) }
    }

    /// Fetches from some sources, objects of any size that is usual.
    init(_ sources: DataSources, _ store: ArtifactStore, redirectsMax: Int) {
        self.store = store
        bytesMax = Self.bytesMaxUsual
        self.redirectsMax = redirectsMax
        self.sources = .success(sources)
    }

    /// Brings all of these files here, a few at once; says after each how many are.
    ///
    /// They must have a `url`. The failure names the place at which the file is declared.
    func fetch(
        _ files: [DatasetFile], progress: @escaping @Sendable (Int, Int) async -> Void
    ) async throws -> [Piece] {
        var orders: [Order] = []
        for file in files { orders += try await self.orders(file) }
        let total = orders.count
        await progress(0, total)
        return try await withThrowingTaskGroup(of: Piece.self) { group in
            var rest = orders[...]
            var pieces: [Piece] = []
            for order in rest.prefix(Self.atOnce) { group.addTask { try await piece(order) } }
            rest = rest.dropFirst(Self.atOnce)
            while let piece = try await group.next() {
                pieces.append(piece)
                await progress(pieces.count, total)
                if let next = rest.popFirst() { group.addTask { try await self.piece(next) } }
            }
            return pieces
        }
    }

    /// One object that is wanted.
    private struct Order: Sendable {
        var path: String
        /// The likeliest first; a later one is asked when the earlier is not there.
        var urls: [DataURL]
        var expected: Arrival.Expected
        /// Where it is declared.
        var place: String
    }

    private func piece(_ order: Order) async throws -> Piece {
        Piece(path: order.path, digest: try await digest(order))
    }

    /// What one file of a manifest consists of; of a folder its list is fetched for that.
    private func orders(_ file: DatasetFile) async throws -> [Order] {
        let place = file.digestPlace.description
        guard let text = file.url else { preconditionFailure("the commit holds \(file.path)") }
        let url = try await at(place) { try DataURL(text) }
        guard let pin = file.pin else {
            return [
                Order(path: file.path, urls: [url], expected: .sha256(file.sha256), place: place)
            ]
        }
        let remote = DVCRemote(of: pin, at: url)
        func order(_ path: String, md5: String, isFolder: Bool) async throws -> Order {
            let urls = try await at(place) { try remote.urls(md5: md5, isFolder: isFolder) }
            return Order(
                path: path, urls: urls,
                expected: .md5(md5, ofLines: pin.isOfLines && !isFolder), place: place)
        }
        let own = try await order(file.path, md5: pin.md5, isFolder: pin.isFolder)
        guard pin.isFolder else { return [own] }
        let list = try store.read(try await digest(own), limitBytes: DVCFolder.bytesMax)
        let folder = try await at(place) { try DVCFolder(list) }
        var orders: [Order] = []
        for inner in folder.files {
            orders.append(
                try await order("\(file.path)/\(inner.path)", md5: inner.md5, isFolder: false))
        }
        return orders
    }

    /// Adds the place to what goes wrong.
    private func at<Value>(
        _ place: String, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch {
            if Task.isCancelled { throw error }
            var failure = failure(of: error)
            failure.place = place
            switch error {
            case TransferError.malformedURL: failure.disposition = .wait(for: "a commit")
            case TransferError.bodyTooLarge:
                failure.hint = "raise `dataBytesMax` in config.json, or make it smaller"
            default: break
            }
            throw failure
        }
    }

    private func digest(_ order: Order) async throws -> Digest {
        if let known = try store.known(order.expected) { return known }
        let name = "\(order.expected)"
        await turns.take(name)
        do {
            let digest = try await at(order.place) { try await arrived(order) }
            await turns.pass(name)
            return digest
        } catch {
            await turns.pass(name)
            throw error
        }
    }

    private func arrived(_ order: Order) async throws -> Digest {
        // Because somebody else may have fetched it while we waited.
        if let known = try store.known(order.expected) { return known }
        for (index, url) in order.urls.enumerated() {
            do {
                let kept = try await fetch(url, order.expected).kept
                try store.remember(order.expected, kept.digest)
                return kept.digest
            } catch TransferError.dataRefused(let refusal)
                where refusal.status == 404 && index + 1 < order.urls.count
            {}
        }
        preconditionFailure("an object without an address: \(order.path)")
    }

    /// Every object below a prefix that is followed.
    func list(_ prefix: DataURL, objectsMax: Int) async throws -> [StoredObject] {
        let source = try sources.get().source(of: prefix)
        return try await source.store().list(
            prefix.authority, prefix: prefix.path, objectsMax: objectsMax)
    }

    /// Reads one object, whatever it is; also its etag, where the server names one.
    func fetch(
        _ url: DataURL, _ expected: Arrival.Expected = .anything
    ) async throws -> (kept: Arrival.Kept, etag: String?) {
        let source = try sources.get().source(of: url)
        var tries = 0
        while true {
            tries += 1
            do {
                return try await fetchOnce(url, source, expected)
            } catch let error as TransferError {
                guard error.mayPass, tries < Self.triesMax else { throw error }
                try await pause(after: tries, server: url.authority)
            }
        }
    }

    private func fetchOnce(
        _ url: DataURL, _ source: DataSources.Source, _ expected: Arrival.Expected
    ) async throws -> (kept: Arrival.Kept, etag: String?) {
        let arrival = try store.arrival(of: expected)
        let sink = BodySink(bytesMax: bytesMax) { arrival.take($0) }
        var etag: String?
        do {
            switch url.scheme {
            case .store:
                etag = try await source.store().get(url.authority, url.path, into: sink).etag
            case .web, .secureWeb:
                let answer = try await source.client.receive(
                    HTTPRequest(.get, url.text, redirectsMax: redirectsMax), into: sink)
                guard answer.status == 200 else {
                    throw TransferError.dataRefused(
                        DataRefusal(
                            server: url.authority, what: url.shown, status: answer.status))
                }
            case .file: try await copy(url, below: source.prefix, into: arrival)
            }
        } catch {
            // Because a transfer that a full disk has ended does not know about the disk.
            throw arrival.fault ?? error
        }
        return (try arrival.keep(), etag)
    }

    /// Reads a file of this machine, which must lie below the prefix behind all links too.
    private func copy(
        _ url: DataURL, below prefix: DataURL, into arrival: Arrival
    ) async throws {
        let missing = TransferError.dataRefused(
            DataRefusal(server: "this machine", what: url.text, status: 404))
        guard exists(url.path), exists(prefix.path) else { throw missing }
        let (path, root) = (try canonicalPath(url.path), try canonicalPath(prefix.path))
        guard path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            throw Failure(
                "`\(url)` is a link that leads out of `\(prefix)`",
                hint: "name in `sources` where it leads to", .wait(for: "a commit"))
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard attributes[.type] as? FileAttributeType == .typeRegular else { throw missing }
        var offset = 0
        while true {
            try Task.checkCancellation()
            let piece = try readFile(path, from: offset, limitBytes: 1 << 20)
            if piece.isEmpty { return }
            offset += piece.count
            guard offset <= bytesMax else {
                throw TransferError.bodyTooLarge(server: "this machine", limitBytes: bytesMax)
            }
            guard arrival.take(piece) else { return }
            await Task.yield()
        }
    }
}
