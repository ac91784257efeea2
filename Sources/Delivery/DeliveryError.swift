package import Domain
package import Host

/// Why a version does not serve.
package enum DeliveryError: Error, Hashable, Sendable {
    /// The model's files could not be had.
    case artifact(Digest, reason: String, hint: String?)
    /// The Python environment could not be had.
    case environment(reason: String, hint: String?)
    case couldNotStart(HostError)
    /// No port could be had for it.
    case noPort(reason: String)
    /// The runtime ended before it was healthy; with the end of what it wrote.
    case endedEarly(log: String)
    case notHealthy(seconds: Int, last: String, log: String)
    /// The warm-up request was not answered as a prediction.
    case warmUp(status: Int?, answer: String)
    /// It served and ended by itself.
    case died(log: String)
    /// Something else is wanted in the meantime.
    case superseded
    /// Another `slipway serve` uses the state folder.
    case stateFolderInUse(String)
}
