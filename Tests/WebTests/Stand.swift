import Domain
import Host
import Journal
import Logging
import Synchronization
import TestKit
import Testing
import Web

/// A journal in a folder of its own, and servers that show it.
struct Stand: Sendable {
    private let scratch: Scratch
    let journal: Journal
    let calls: Calls
    var sources: WebSources
    /// Where the server logs.
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// The time that webhooks believe in; nil: the system's.
    var time: Instant?

    init() async throws {
        scratch = try Scratch()
        journal = try Journal(path: scratch.folder + "/journal.sqlite")
        calls = Calls()
        sources = Samples.sources(calls)
        try await Samples.fill(journal)
    }

    func server(
        host: String = "127.0.0.1", port: Int = 0,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> WebServer {
        var clock: (@Sendable () -> Instant)?
        if let time { clock = { time } }
        return WebServer(
            host: host, port: port, journal: journal, sources: sources,
            logger: logger,
            clock: clock, onBound: onBound)
    }

    /// Runs a server while `body` asks it, then cancels it and waits for its end.
    func serve(_ body: @Sendable (Client) async throws -> Void) async throws {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let server = server { port in
            told.yield(port)
            told.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { told.finish() }
                try await server.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw NotAsked(description: "the server ended before it listened")
            }
            try await body(Client(port: port))
            group.cancelAll()
            do {
                try await group.waitForAll()
            } catch is CancellationError {}
        }
    }
}

/// What a server asked its sources.
final class Calls: Sendable {
    private let wakes = Mutex(0)
    private let healths = Mutex(0)

    var wakeCount: Int { wakes.withLock { $0 } }
    var healthCount: Int { healths.withLock { $0 } }

    func wake() { wakes.withLock { $0 += 1 } }
    func health() { healths.withLock { $0 += 1 } }
}

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
