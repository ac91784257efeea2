import Crypto
import Domain
import Host
import Validation

/// What data was found to be, so that `slipway check` reads only what changed since.
///
/// It is a file below the user's cache folder, one for each clone; it can be deleted at any time.
/// A dataset is known by its declaration, its files and those it is compared with: by their sizes,
/// inodes and times, as git's index knows files.
struct CheckMemory: Sendable {
    private static let form = "slipway-checks 1"
    private static let kind = "checks"
    private static let bytesMax = 64 << 20

    /// What is known of one dataset.
    struct Known: Sendable {
        var rows: Int
        /// Nothing is to be said of it.
        var isClean: Bool
        fileprivate var json: ArraySlice<UInt8>

        /// nil: it is damaged.
        var report: ValidationReport? {
            // Because then the data is read again.
            try? decodeJSON(ValidationReport.self, Array(json))
        }
    }

    private let root: String
    private let cache: CheckCache
    private let datasets: [DatasetName: DatasetManifest]
    private var known: [String: Known] = [:]
    private var used: [String: Known] = [:]
    private var isChanged = false

    /// nil: there is no folder to remember anything in.
    ///
    /// - Parameter isFresh: what was known is forgotten.
    init?(root: String, _ datasets: [DatasetName: DatasetManifest], isFresh: Bool) {
        guard let cache = CheckCache(root: root) else { return nil }
        self.root = root
        self.cache = cache
        self.datasets = datasets
        if !isFresh, let bytes = cache.read(Self.kind, bytesMax: Self.bytesMax) { read(bytes) }
    }

    /// What names a dataset as it is now; nil: it cannot be remembered.
    func key(of manifest: DatasetManifest) -> String? {
        var text = "\(Self.form)\n\(cache.program)\n"
        for name in [manifest.name] + manifest.comparedDatasets.sorted() {
            guard let one = name == manifest.name ? manifest : datasets[name] else { return nil }
            let files = one.rawFiles
            let declared = Set(files.map(\.digestPlace.file) + [one.path] + one.sourcePaths)
                .sorted()
            let data = files.map(\.path)
            guard files.allSatisfy({ $0.folder == nil }) else { return nil }
            text += "\(name)\n"
            for path in declared + data {
                guard let stamp = FileStamp("\(root)/\(path)") else {
                    guard !exists("\(root)/\(path)") else { return nil }
                    text += "\(path)\n-\n"
                    continue
                }
                guard cache.isSettled(stamp) else { return nil }
                text += "\(path)\n\(stamp.text)\n"
            }
        }
        return Domain.Digest(bytes: SHA256.hash(data: Array(text.utf8))).hex
    }

    subscript(key: String) -> Known? { known[key] }

    /// Keeps what was known of a dataset that is still there.
    mutating func keep(_ known: Known, _ key: String) { used[key] = known }

    mutating func remember(_ report: ValidationReport, _ key: String) throws {
        let json = try compactJSON(report).dropLast()
        let isClean =
            report.violations.isEmpty
            && report.outcomes.allSatisfy { $0.severity == nil && !$0.isNoted }
        used[key] = Known(rows: report.rows, isClean: isClean, json: json)
        isChanged = true
    }

    /// Writes what is known now.
    func save() {
        guard isChanged || used.count != known.count else { return }
        var bytes = Array("\(Self.form)\n".utf8)
        for (key, one) in used.sorted(by: { $0.key < $1.key }) {
            bytes += Array("\(key) \(one.rows) \(one.isClean ? "clean" : "-") ".utf8)
            bytes += one.json
            bytes.append(UInt8(ascii: "\n"))
        }
        if bytes.count <= Self.bytesMax { cache.write(bytes, Self.kind) }
    }

    private mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard lines.first.map({ $0.elementsEqual(Self.form.utf8) }) == true else { return }
        for line in lines.dropFirst() {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
            guard parts.count == 4,
                let rows = Int(String(decoding: parts[1], as: UTF8.self))
            else { continue }
            known[String(decoding: parts[0], as: UTF8.self)] = Known(
                rows: rows, isClean: parts[2].elementsEqual("clean".utf8), json: parts[3])
        }
    }
}
