/// The bounds that the gateway keeps; every wait and every buffer has one.
package struct GatewayConfiguration: Sendable {
    /// Event loops, one thread each; 0: one for each core.
    package var threads = 0
    /// The longest request body that is accepted; a longer one is answered 413.
    package var requestBodyBytesMax = 64 << 20
    /// What all request bodies under way may hold together; beyond it 503 is answered.
    package var bufferedBytesMax = 512 << 20
    /// Client connections at one time; a further one is closed at once.
    package var connectionsMax = 8192
    /// Idle connections to one runtime that each event loop keeps.
    package var idleUpstreamsMax = 64
    /// An idle connection to a runtime is closed after this.
    package var upstreamIdleSeconds = 30.0
    /// A client that sends nothing, or half a request, for so long is closed.
    package var clientIdleSeconds = 75.0
    package var connectTimeoutSeconds = 2.0
    /// How long a runtime may be silent before a request is answered 504.
    package var answerTimeoutSeconds = 60.0

    package init() {}
}
