/// What can go wrong in the gateway outside a single request.
package enum GatewayError: Error, Equatable {
    /// Another process listens there.
    case portInUse(host: String, port: Int)
    case cannotListen(host: String, port: Int, reason: String)
    /// `start` was called twice, or after `stop`.
    case notStartable
    /// A route names a host that is not a numeric address.
    case upstreamAddress(host: String, port: Int)
    /// A probe of a runtime got no answer.
    case noAnswer(host: String, port: Int, reason: String)
}
