import Domain
import Host
import TestKit
import Testing

@testable import Transfer

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

    func read(_ name: String) throws -> String {
        String(decoding: try readFile(path(name), limitBytes: 4 << 20), as: UTF8.self)
    }

    /// Makes a certificate that signs itself; the names of its file and of its key's.
    func certificate(for name: String) async throws -> (certificate: String, key: String) {
        let (certificate, key) = (path("\(name).pem"), path("\(name).key"))
        let names = name == "localhost" ? "DNS:localhost,IP:127.0.0.1" : "DNS:\(name)"
        let result = try await ChildProcess.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=\(names)", "-keyout", key, "-out", certificate,
            ],
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return (certificate, key)
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

/// Returns the error with which a transfer ends.
func error<Value>(_ work: () async throws(TransferError) -> Value) async -> TransferError? {
    do throws(TransferError) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}
