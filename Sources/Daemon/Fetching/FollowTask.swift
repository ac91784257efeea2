import Domain
import Planning
import Registry
import Transfer

/// A look at the prefix that a dataset follows, with what is pinned of it now.
struct FollowOrder: Sendable {
    var manifest: DatasetManifest
    /// The prefix.
    var source: String
    /// The bytes of the pins in the head commit; nil: there are none.
    var pinned: [UInt8]?
    /// What an earlier look has read already.
    var read: [StoredObject: Arrival.Kept]
    /// The content that the bot pinned last.
    var lastPinned: Digest?
}

/// What a look came to.
enum FollowEnd: Sendable {
    /// The pins say what is there; the digest names it.
    case pinned(Digest)
    /// The pins of this content were taken back by somebody.
    case takenBack
    case changed(FollowChange)
    /// An object changed while it was read; what was read is not lost.
    case moving([StoredObject: Arrival.Kept])
    case failed(Failure)
}

/// New pins, and what is new in them.
struct FollowChange: Sendable {
    var pins: PinFile
    /// Names the content of the prefix.
    var content: Digest
    var subject: String
    /// What changed, a line each.
    var lines: [String]
}

/// Looks at a prefix beside the loop, and reads what is new there.
struct FollowTask: Sendable {
    let data: DataFetcher
    let order: FollowOrder

    /// More objects are a problem that is told, and nothing is pinned.
    static let objectsMax = 10_000
    private static let linesMax = 20
    private static let atOnce = 4

    @concurrent
    func run() async -> FollowEnd {
        do {
            return try await look()
        } catch {
            var failure = Daemon.failure(of: error)
            failure.what = "dataset `\(order.manifest.name)`: \(failure.what)"
            failure.place = failure.place ?? "\(order.manifest.path), source \(order.source)"
            return .failed(failure)
        }
    }

    private func look() async throws -> FollowEnd {
        let prefix = try DataURL(order.source)
        let listed = try await data.list(prefix, objectsMax: Self.objectsMax)
        let objects = FollowedObjects(listed, of: order.manifest, below: prefix)
        try check(objects, listed)
        let pins = known
        let content = objects.digest
        if objects.isPinned(by: pins) { return .pinned(content) }
        if pins != nil, content == order.lastPinned { return .takenBack }
        var read = order.read
        let isWhole = try await self.read(objects.changed(since: pins), into: &read)
        guard isWhole else { return .moving(read) }
        return .changed(change(objects, pins, read, content))
    }

    /// The pins of this prefix; what cannot be read, or is of another, says nothing.
    private var known: PinFile? {
        // Because pins that cannot be read are written anew.
        guard let bytes = order.pinned, let pins = try? PinFile(decoding: bytes),
            pins.source == order.source, !pins.files.isEmpty
        else { return nil }
        return pins
    }

    private func check(_ objects: FollowedObjects, _ listed: [StoredObject]) throws(Failure) {
        guard !objects.items.isEmpty else {
            let what =
                listed.isEmpty
                ? "the prefix `\(order.source)` is empty"
                : "of \(counted(listed.count, "object")) at `\(order.source)` none is of "
                    + "the format `\(order.manifest.format.rawValue)`"
            throw Failure(
                what, hint: "what was pinned stays pinned; put the objects there, or mend `source`",
                .retry(afterSeconds: 60), details: [])
        }
        guard objects.sizeBytes <= data.bytesMax else {
            throw Failure(
                "`\(order.source)` holds \(objects.sizeBytes) bytes, more than \(data.bytesMax)",
                hint: "name a longer prefix, or raise `dataBytesMax` in config.json",
                .retry(afterSeconds: 600))
        }
    }

    /// Reads the objects, a few at once; returns false when one was another than the listed one.
    private func read(
        _ items: [FollowedObjects.Item], into read: inout [StoredObject: Arrival.Kept]
    ) async throws -> Bool {
        var isWhole = true
        var rest = items.filter { read[$0.object] == nil }[...]
        try await withThrowingTaskGroup(of: (StoredObject, Arrival.Kept, String?).self) { group in
            func begin(_ item: FollowedObjects.Item) {
                group.addTask {
                    let found = try await data.fetch(try DataURL(item.url))
                    return (item.object, found.kept, found.etag)
                }
            }
            for item in rest.prefix(Self.atOnce) { begin(item) }
            rest = rest.dropFirst(Self.atOnce)
            while let (object, kept, etag) = try await group.next() {
                if etag == object.etag, kept.sizeBytes == object.sizeBytes {
                    read[object] = kept
                } else {
                    isWhole = false
                }
                if let next = rest.popFirst() { begin(next) }
            }
        }
        return isWhole
    }

    private func change(
        _ objects: FollowedObjects, _ pins: PinFile?, _ read: [StoredObject: Arrival.Kept],
        _ content: Digest
    ) -> FollowChange {
        let before = Dictionary((pins?.files ?? []).map { ($0.url, $0) }) { first, _ in first }
        var files: [PinFile.File] = []
        var (added, changed): ([String], [String]) = ([], [])
        for item in objects.items {
            let line = "\(item.path) (\(item.object.sizeBytes) bytes)"
            if let kept = read[item.object] {
                if before[item.url] == nil {
                    added.append("+ \(line)")
                } else {
                    changed.append("~ \(line)")
                }
                files.append(
                    PinFile.File(
                        path: item.path, url: item.url, sha256: kept.digest,
                        bytes: kept.sizeBytes, etag: item.object.etag))
            } else if let pin = before[item.url] {
                files.append(pin)
            }
        }
        let now = Set(objects.items.map(\.url))
        let removed = (pins?.files ?? []).filter { !now.contains($0.url) }.map { "- \($0.path)" }
        let all = added + changed + removed
        var lines = Array(all.prefix(Self.linesMax))
        if all.count > lines.count { lines.append("and \(all.count - lines.count) more") }
        let counts = [(added, "added"), (changed, "changed"), (removed, "removed")]
            .filter { !$0.0.isEmpty }.map { "\($0.0.count) \($0.1)" }.joined(separator: ", ")
        return FollowChange(
            pins: PinFile(source: order.source, files: files), content: content,
            subject: "\(order.manifest.name): \(counts), now \(counted(files.count, "object")), "
                + "\(objects.sizeBytes) bytes",
            lines: lines + objects.omissions)
    }
}
