/// Why a request or a mail did not get through; no case holds a path, a header or a password.
package enum TransferError: Error, Hashable, Sendable {
    /// libcurl is not installed; the text is the loader's.
    case libraryMissing(reason: String)
    /// The URL cannot be sent to; it is not named, because it may hold a secret.
    case malformedURL(reason: String)
    /// The request cannot be written down as HTTP.
    case malformedRequest(reason: String)
    /// The mail or the mail server's settings cannot be written down as SMTP.
    case malformedMail(reason: String)
    /// The server's name is unknown or nobody answers there; nothing was sent.
    case unreachable(server: String, reason: String)
    /// The connection broke or spoke nonsense; the server may have acted on what was sent.
    case interrupted(server: String, reason: String)
    /// The server did not answer in time; it may have acted on what was sent.
    case deadline(server: String, seconds: Double)
    /// The task was cancelled, and the transfer ended.
    case cancelled(server: String)
    /// There is no trusted and encrypted connection to this server.
    case tlsRefused(server: String, reason: String)
    /// The answer is longer than the caller wants to hold.
    case bodyTooLarge(server: String, limitBytes: Int)
    /// A redirect that is not followed.
    case redirectRefused(server: String, reason: String)
    /// The mail server said no, with its code of RFC 5321 and its words.
    case mailRejected(server: String, code: Int, words: String)
    /// So many transfers wait already that one more is not accepted.
    case tooManyWaiting(limit: Int)
    /// Anything else that libcurl reports.
    case library(during: String, message: String)
}
