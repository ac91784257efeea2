package import Domain

extension TransferError: CustomStringConvertible {
    /// One line of fact.
    package var description: String {
        switch self {
        case .libraryMissing(let reason): "libcurl cannot be used: \(reason)"
        case .malformedURL(let reason): "a URL cannot be used: \(reason)"
        case .malformedRequest(let reason): "a request cannot be sent: \(reason)"
        case .malformedMail(let reason): "a mail cannot be sent: \(reason)"
        case .unreachable(let server, let reason): "\(server) cannot be reached: \(reason)"
        case .interrupted(let server, let reason):
            "the exchange with \(server) broke off: \(reason)"
        case .deadline(let server, let seconds):
            "\(server) did not answer within \(seconds) s"
        case .cancelled(let server):
            "the exchange with \(server) was ended because its caller was cancelled"
        case .tlsRefused(let server, let reason):
            "there is no trusted connection to \(server): \(reason)"
        case .bodyTooLarge(let server, let limitBytes):
            "\(server) answered with more than \(limitBytes) bytes"
        case .redirectRefused(let server, let reason):
            "a redirect from \(server) is not followed: \(reason)"
        case .mailRejected(let server, let code, let words):
            "the mail server \(server) refused with \(code): \(words)"
        case .tooManyWaiting(let limit): "\(limit) transfers are waiting already"
        case .library(let during, let message): "\(during) failed: \(message)"
        }
    }

    /// What a person does about it, where there is something to do.
    package var hint: String? {
        switch self {
        case .libraryMissing: "apt-get install libcurl4"
        case .tlsRefused:
            "check the server's name and certificate; a private authority's certificate must be "
                + "named in the configuration"
        case .mailRejected(_, let code, _) where [530, 534, 535].contains(code):
            "correct the mail server's user and password"
        case .malformedURL, .malformedRequest, .malformedMail, .unreachable, .interrupted,
            .deadline, .cancelled, .bodyTooLarge, .redirectRefused, .mailRejected,
            .tooManyWaiting, .library:
            nil
        }
    }

    /// What people and the reconcile loop see of this error.
    package var failure: Failure {
        Failure(description, hint: hint, disposition)
    }

    private var disposition: Failure.Disposition {
        switch self {
        case .unreachable, .interrupted, .deadline: .retry(afterSeconds: 15)
        case .cancelled, .tooManyWaiting: .retry(afterSeconds: 10)
        // RFC 5321, section 4.2.1: 4xx may succeed later, 5xx will not.
        case .mailRejected(_, let code, _) where code < 500: .retry(afterSeconds: 60)
        case .mailRejected, .libraryMissing, .malformedURL, .malformedRequest, .malformedMail,
            .tlsRefused, .bodyTooLarge, .redirectRefused, .library:
            .stalled
        }
    }
}
