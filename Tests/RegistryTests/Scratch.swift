import Host
import Registry

/// A folder for one test, removed with it, with a store in it.
final class Scratch: Sendable {
    let folder: String
    let store: ArtifactStore

    init() throws {
        folder = try temporaryFolder(in: environmentVariable("TMPDIR") ?? "/tmp", prefix: "slipway")
        store = ArtifactStore(folder: folder + "/store")
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? removeTree(folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws {
        try makeFolder(parentFolder(path(name)))
        try writeFileAtomically(path(name), bytes, mode: mode)
        try setMode(path(name), mode)
    }

    func read(_ name: String) throws -> [UInt8] {
        try readFile(path(name), limitBytes: 1 << 26)
    }

    /// The files of the store, without the folders.
    func stored() throws -> [String] {
        try walk(store.folder).filter { $0.kind == .file }.map(\.path)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
