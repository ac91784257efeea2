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
        case .dataRefused(let refusal): refusal.sentence
        case .malformedAnswer(let server, let reason):
            "the answer of \(server) cannot be read: \(reason)"
        case .tooManyObjects(let prefix, let limit):
            "`\(prefix)` holds more than \(limit) objects"
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
        case .dataRefused(let refusal): refusal.hint
        case .tooManyObjects: "name a longer prefix, or put several objects into one"
        case .malformedAnswer, .malformedURL, .malformedRequest, .malformedMail, .unreachable,
            .interrupted,
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
        // Because keys are changed and objects put there without a word to us.
        case .dataRefused(let refusal): .retry(afterSeconds: refusal.isPassing ? 15 : 60)
        case .malformedAnswer: .retry(afterSeconds: 60)
        case .tooManyObjects, .mailRejected, .libraryMissing, .malformedURL, .malformedRequest,
            .malformedMail,
            .tlsRefused, .bodyTooLarge, .redirectRefused, .library:
            .stalled
        }
    }
}

extension DataRefusal {
    fileprivate var sentence: String {
        let word = code.map { " \($0)" } ?? ""
        return switch status {
        case 404: "`\(what)` is not there: \(server) answered 404\(word)"
        case 300..<400: "`\(what)`: \(server) sends elsewhere (\(status)\(word))"
        default: "`\(what)` was not given: \(server) answered \(status)\(word)"
        }
    }

    fileprivate var hint: String? {
        what.hasPrefix("s3://") ? storeHint : webHint
    }

    private var webHint: String? {
        switch status {
        case 401, 403:
            "no user and no key are sent over http: name an address that anybody may read, or an "
                + "object store"
        case 404, 410: "mend the address, or put the file there"
        case 300..<400: "name the address that it leads to"
        case 408, 429, 500...: "the server may answer later; try again"
        default: nil
        }
    }

    private var storeHint: String? {
        switch status {
        case 401, 403:
            guard let keyID else {
                return "the request was not signed: give the source in config.json its keys"
            }
            return "the access key `\(keyID)` must be right and be allowed to read and list it"
        case 404: return "put it there; or mend the bucket, the key or the endpoint"
        case 301, 307, 308:
            return "name the right `region` and `endpoint` of the source in config.json"
        case 300..<400: return "name the address that it leads to"
        default: return nil
        }
    }
}
