import Domain
import Host

/// Calls `body` with a git server that is gone afterwards.
package func withGitServer(_ body: (GitServer) async throws -> Void) async throws {
    let folder = try temporaryFolder(in: "/tmp", prefix: "slipway-server")
    var environment = ownEnvironment()
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    let process = try spawnDetached(
        ["python3", "-c", gitServerProgram, folder, try readLink("/proc/self")],
        environment: environment, outputFile: "\(folder)/log")
    do {
        try await body(try await ready(folder, process))
    } catch {
        try await stop(process, folder)
        throw error
    }
    try await stop(process, folder)
}

/// Waits until the server answers.
private func ready(_ folder: String, _ process: ProcessIdentity) async throws -> GitServer {
    let end = monotonicSeconds() + patienceSeconds
    while monotonicSeconds() < end, isAlive(process) {
        if exists("\(folder)/ready") {
            let text = try readFile("\(folder)/ready", limitBytes: 10_000)
            return GitServer(folder: folder, ready: String(decoding: text, as: UTF8.self))
        }
        try await Task.sleep(for: .milliseconds(20))
    }
    let said = String(decoding: try readFile("\(folder)/log", limitBytes: 10_000), as: UTF8.self)
    throw Failure("the git server does not start: \(said)")
}

private func stop(_ process: ProcessIdentity, _ folder: String) async throws {
    _ = signalProcess(process, Signals.terminate)
    let end = monotonicSeconds() + 20
    while isAlive(process), monotonicSeconds() < end {
        // Because who was cancelled stops the server all the same.
        try? await Task.sleep(for: .milliseconds(20))
    }
    _ = signalProcess(process, Signals.kill)
    try removeTree(folder)
}
