package import Domain

extension GatewayError {
    /// The error as people see it.
    package var failure: Failure {
        switch self {
        case .portInUse(let host, let port):
            Failure(
                "the gateway cannot listen: port \(port) is in use", at: "\(host):\(port)",
                hint: "stop what listens there, or change `gateway: listen:` in environments/")
        case .cannotListen(let host, let port, let reason):
            Failure(
                "the gateway cannot listen: \(reason)", at: "\(host):\(port)",
                hint: "change `gateway: listen:` in environments/ to an address of this machine")
        case .notStartable:
            Failure("the gateway was already started")
        case .upstreamAddress(let host, let port):
            Failure(
                "the runtime's host is not a numeric address", at: "\(host):\(port)")
        case .noAnswer(let host, let port, let reason):
            Failure(
                "the runtime does not answer: \(reason)", at: "\(host):\(port)",
                .retry(afterSeconds: 1))
        }
    }
}
