import Domain
import Gateway
import Synchronization
import TestKit
import Testing

let digits = ModelName(checked: "digits")

func version(_ minor: Int) -> SemanticVersion { SemanticVersion(1, minor, 0) }

/// Waits until `isTrue`, as long as a test's patience lasts.
func eventually(_ isTrue: () async throws -> Bool) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(patienceSeconds))
    while try await !isTrue() {
        try #require(ContinuousClock.now < end, "did not become true within \(patienceSeconds) s")
        await pause(milliseconds: 2)
    }
}

/// Expects two values to be equal; unlike the macro it takes values that need `try await`.
func expectEqual<Value: Equatable>(
    _ value: Value, _ expected: Value, _ location: SourceLocation = #_sourceLocation
) {
    #expect(value == expected, sourceLocation: location)
}

extension GatewayConfiguration {
    /// One that gives up on nobody before the test does.
    static var patient: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.clientIdleSeconds = patienceSeconds
        configuration.connectTimeoutSeconds = patienceSeconds
        configuration.answerTimeoutSeconds = patienceSeconds
        return configuration
    }
}

extension GatewayServer {
    func route(_ upstream: TestUpstream, minor: Int = 0, number: Int = 1) throws {
        try route(port: upstream.port, minor: minor, number: number)
    }

    func route(port: Int, minor: Int = 0, number: Int = 1) throws {
        try setRoute(
            model: digits,
            route: Route(
                version: version(minor), number: number, upstreamPort: port,
                startedAt: Instant(seconds: 0)))
    }
}

/// Runs a gateway with one upstream that serves `digits` v1.0.0, and stops both.
func withGateway(
    _ configuration: GatewayConfiguration = .patient,
    _ test: @Sendable (GatewayServer, Int, TestUpstream) async throws -> Void
) async throws {
    let gateway = GatewayServer(
        configuration: configuration,
        pages: ["/slipway/live": { GatewayPage(contentType: "text/plain", body: "hello") }])
    let port = try await gateway.start(host: "127.0.0.1", port: 0)
    let upstream = try await TestUpstream.start(version: "v1.0.0")
    try gateway.route(upstream)
    do {
        try await test(gateway, port, upstream)
    } catch {
        await gateway.stop(drainSeconds: 0)
        throw error
    }
    await gateway.stop(drainSeconds: 0)
    upstream.stop()
}

/// A number that several tasks share.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func increase() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}
