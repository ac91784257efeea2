import Domain
import Host
import TestKit
import Testing

/// A folder for one test, removed with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        folder = try temporaryFolder(in: environmentVariable("TMPDIR") ?? "/tmp", prefix: "slipway")
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? removeTree(folder)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ text: String) throws {
        try makeFolder(parentFolder(path(name)))
        try writeFileAtomically(path(name), Array(text.utf8))
    }

    /// Whether the file exists and says something.
    func holds(_ name: String) throws -> Bool {
        guard exists(path(name)) else { return false }
        return try !read(name).isEmpty
    }

    func read(_ name: String) throws -> String {
        String(decoding: try readFile(path(name), limitBytes: 1 << 20), as: UTF8.self)
    }
}

/// Polls until the condition holds; false when a test's patience ends before.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    let end = monotonicSeconds() + patienceSeconds
    while monotonicSeconds() < end {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return try condition()
}
