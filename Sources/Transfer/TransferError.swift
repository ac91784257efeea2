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
    /// A server that keeps data said no.
    case dataRefused(DataRefusal)
    /// A server's answer is not what its protocol says.
    case malformedAnswer(server: String, reason: String)
    /// There are more objects below a prefix than are looked at.
    case tooManyObjects(prefix: String, limit: Int)
    /// Anything else that libcurl reports.
    case library(during: String, message: String)
}

/// What a server that keeps data said instead of giving it.
package struct DataRefusal: Hashable, Sendable {
    package var server: String
    /// `s3://bucket/key`, or the address without its query.
    package var what: String
    package var status: Int
    /// The word of S3, as `NoSuchKey`; nil: the server gave none.
    package var code: String?
    /// The access key that signed; nil: the request was not signed.
    package var keyID: String?

    package init(
        server: String, what: String, status: Int, code: String? = nil, keyID: String? = nil
    ) {
        self.server = server
        self.what = what
        self.status = status
        self.code = code
        self.keyID = keyID
    }

    /// Whether asking again may go better without anybody's doing.
    package var isPassing: Bool { status >= 500 || status == 429 || status == 408 }
}
