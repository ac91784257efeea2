import Domain
import Planning
import Provenance
import Transfer

/// What a prefix holds, compared with what is pinned of it.
struct FollowedObjects: Sendable {
    /// One object that belongs to the dataset.
    struct Item: Hashable, Sendable {
        var object: StoredObject
        /// Where it is laid in a checkout.
        var path: String
        var url: String
    }

    /// Most of the objects that were left out are counted and not named.
    private static let namedMax = 5

    /// Those of the dataset's format, in the order of their keys.
    private(set) var items: [Item] = []
    /// Why others are left out, with how many and the first of them.
    private(set) var leftOut: [(reason: String, keys: [String])] = []

    /// The folder in which the objects of a dataset are laid out, with a slash at its end.
    static func root(of dataset: DatasetName) -> String { "data/\(dataset)/" }

    init(_ objects: [StoredObject], of manifest: DatasetManifest, below prefix: DataURL) {
        var reasons: [String: [String]] = [:]
        for object in objects.sorted(by: { $0.key < $1.key }) {
            let rest = String(object.key.dropFirst(prefix.path.count))
            if object.key.hasSuffix("/") { continue }
            if datasetFormat(of: object.key) != manifest.format {
                let reason = "not named like \(manifest.format.rawValue)"
                reasons[reason, default: []].append(object.key)
            } else if !Self.isPath(rest) {
                reasons["no path of a file", default: []].append(object.key)
            } else {
                items.append(
                    Item(
                        object: object, path: Self.root(of: manifest.name) + rest,
                        url: "s3://\(prefix.authority)/\(object.key)"))
            }
        }
        leftOut = reasons.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    var sizeBytes: Int { items.reduce(0) { $0 + $1.object.sizeBytes } }

    /// Names this content of the prefix: keys, etags and sizes.
    var digest: Digest {
        sha256(
            items.map { "\($0.object.key)\0\($0.object.etag)\0\($0.object.sizeBytes)\n" }
                .joined().utf8.map { $0 })
    }

    /// Those that no pin stands for; objects whose pin has another key, etag or size.
    func changed(since pins: PinFile?) -> [Item] {
        let known = Dictionary((pins?.files ?? []).map { ($0.url, $0) }) { first, _ in first }
        return items.filter { item in
            guard let pin = known[item.url] else { return true }
            return pin.etag != item.object.etag || pin.bytes != item.object.sizeBytes
        }
    }

    /// Whether the pins say just what is there.
    func isPinned(by pins: PinFile?) -> Bool {
        guard let pins else { return false }
        return changed(since: pins).isEmpty && pins.files.count == items.count
    }

    /// What was left out, a line each.
    var omissions: [String] {
        leftOut.map { reason, keys in
            let named = keys.prefix(Self.namedMax).map { oneLine($0, charactersMax: 120) }.joined(
                separator: ", ")
            let more = keys.count - Self.namedMax
            return "\(counted(keys.count, "object")) left out, \(reason): \(named)"
                + (more > 0 ? " and \(more) more" : "")
        }
    }

    /// Whether the part of a key below the prefix can be a path in a checkout.
    private static func isPath(_ text: String) -> Bool {
        text.utf8.count <= 1000
            && !text.unicodeScalars.contains { $0.value < 32 || (127...159) ~= $0.value }
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { name in
                !["", ".", ".."].contains(name) && name.lowercased() != ".git"
                    && name.utf8.count <= 255
            }
    }
}

/// `1 object`, `2 objects`.
func counted(_ number: Int, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
}
