package import Domain

/// One mail of plain text.
package struct Mail: Sendable {
    /// The longest text that is sent, in bytes.
    package static let textBytesMax = 1 << 20
    /// The most people that one mail goes to.
    package static let recipientsMax = 100

    package var from: MailAddress
    package var to: [MailAddress]
    /// Any Unicode text of one line.
    package var subject: String
    /// Lines end with LF, CR or CRLF.
    package var text: String
    /// Unique in the world and without its brackets: `run-7.example@ci.example.com`.
    ///
    /// The same mail sent twice bears the same one, so that readers see it once.
    package var messageID: String
    package var date: Instant
    /// Further headers, as `In-Reply-To` or `Auto-Submitted`.
    package var headers: [(String, String)]

    package init(
        from: MailAddress, to: [MailAddress], subject: String, text: String, messageID: String,
        date: Instant, headers: [(String, String)] = []
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.messageID = messageID
        self.date = date
        self.headers = headers
    }
}
