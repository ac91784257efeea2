import Domain
import Hummingbird
import Journal

/// A failure with the HTTP status that says whose turn it is.
struct WebFailure: Error {
    var status: HTTPResponse.Status
    var failure: Failure

    /// There is no such thing.
    static func missing(_ what: String, hint: String? = nil) -> WebFailure {
        WebFailure(status: .notFound, failure: Failure(what, hint: hint))
    }

    /// The request cannot be understood.
    static func malformed(_ what: String, hint: String? = nil) -> WebFailure {
        WebFailure(status: .badRequest, failure: Failure(what, hint: hint))
    }

    init(status: HTTPResponse.Status, failure: Failure) {
        self.status = status
        self.failure = failure
    }

    /// Classes anything that a route or Hummingbird threw.
    init(_ error: any Error) {
        switch error {
        case let error as WebFailure: self = error
        case let error as JournalError:
            self.init(status: .serviceUnavailable, failure: error.failure)
        case let failure as Failure: self = .broken(failure)
        case let error as any HTTPResponseError: self.init(status: error.status)
        default:
            self.init(status: .internalServerError, failure: Failure("\(error)"))
        }
    }

    /// Words for a status that Hummingbird chose.
    init(status: HTTPResponse.Status) {
        let failure =
            switch status {
            case .contentTooLarge:
                Failure("the request's body has more than \(bodyBytesMax) bytes")
            case .tooManyRequests:
                Failure("too many requests", hint: "try again in a few seconds")
            default: Failure("\(status.code) \(status.reasonPhrase)")
            }
        self.init(status: status, failure: failure)
    }

    /// What the daemon was asked for did not work, through no fault of the client.
    static func broken(_ failure: Failure) -> WebFailure {
        if case .retry = failure.disposition {
            return WebFailure(status: .serviceUnavailable, failure: failure)
        }
        return WebFailure(status: .internalServerError, failure: failure)
    }

    /// What the client asked about cannot be worked with, unless it only has to ask again.
    static func refused(_ failure: Failure) -> WebFailure {
        if case .retry = failure.disposition { return .broken(failure) }
        return WebFailure(status: .badRequest, failure: failure)
    }

    /// The loop makes no progress.
    static func unhealthy(_ failure: Failure) -> WebFailure {
        WebFailure(status: .serviceUnavailable, failure: failure)
    }
}

/// The JSON form of an error; a key whose value is nil is left out.
private struct ErrorBody: Encodable {
    var error: String
    var `where`: String?
    var hint: String?
}

/// Returns the answer that carries `failure`.
func errorAnswer(_ failure: WebFailure) -> Response {
    let body = ErrorBody(
        error: failure.failure.what, where: failure.failure.place, hint: failure.failure.hint)
    do {
        var response = try jsonAnswer(body)
        response.status = failure.status
        return response
    } catch {
        return Response(status: failure.status)
    }
}
