import Crypto
import Domain
import Host
import Validation

/// The user's folder for what can be made again; nil: there is none.
var cacheFolder: String? {
    environmentVariable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        ?? environmentVariable("HOME").map { "\($0)/.cache" }
}

/// Where `slipway check` remembers what it found: below the user's cache folder, for each clone a
/// file of each kind, which can be deleted at any time.
struct CheckCache: Sendable {
    /// Because a file can be written to twice within one tick of its clock.
    private static let settledAfterNanoseconds: Int64 = 100_000_000
    /// Of all clones together.
    private static let bytesMax: Int64 = 256 << 20
    private static let daysMax: Int64 = 30

    /// Another build of this program may find something else.
    let program: String
    /// What changed later may change once more and look the same.
    let youngestMax: Int64
    private let folder: String
    private let name: String

    /// nil: there is no folder to remember anything in.
    init?(root: String) {
        // Because without a program to name, what is known could be what another one found.
        guard let cache = cacheFolder, let target = try? readLink("/proc/self/exe"),
            let stamp = FileStamp(target)
        else { return nil }
        program = stamp.text
        youngestMax = now().milliseconds * 1_000_000 - Self.settledAfterNanoseconds
        folder = "\(cache)/slipway"
        name = Domain.Digest(bytes: SHA256.hash(data: Array(root.utf8))).hex
    }

    /// What files of datasets were found to be, in all clones of the user; nil: there is no folder
    /// for it.
    static func parts(isFresh: Bool) -> PartStore? {
        cacheFolder.flatMap { PartStore(folder: "\($0)/slipway/parts", isFresh: isFresh) }
    }

    private func file(_ kind: String) -> String { "\(folder)/\(kind)/\(name)" }

    /// What is remembered; nil: nothing is.
    func read(_ kind: String, bytesMax: Int) -> [UInt8]? {
        // Because a file that is not there, or cannot be read, says nothing.
        try? readFile(file(kind), limitBytes: bytesMax)
    }

    /// Remembers this, if it can be.
    func write(_ bytes: [UInt8], _ kind: String) {
        let path = file(kind)
        // Because who has no place for it looks at everything again, and nothing is lost.
        guard (try? makeFolder(parentFolder(path), mode: 0o700)) != nil else { return }
        let room = fileSize(path) ?? 0
        try? replaceFile(path, bytes, mode: 0o600)  // Because of the same; and below.
        guard bytes.count > room else { return }
        let oldest = now().milliseconds - Self.daysMax * 86_400_000
        try? removeOldFiles(
            below: parentFolder(path), before: Instant(milliseconds: oldest),
            bytesMax: Self.bytesMax)
    }

    /// Whether the file was last changed so long ago that any change since would show.
    func isSettled(_ stamp: FileStamp) -> Bool {
        max(stamp.modifiedAt, stamp.changedAt) < youngestMax
    }
}
