import CCurl
import FoundationEssentials

/// A mail server that takes our mails.
package struct MailServer: Hashable, Sendable {
    /// How the connection is protected.
    package enum Security: String, Hashable, Codable, Sendable {
        /// Not at all; with a user and a password only on this machine itself.
        case none
        /// The connection is encrypted before anything is said, or not used (port 587).
        case startTLS
        /// The connection is encrypted from its first byte (port 465).
        case tls
    }

    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    package var password: String?
    /// Certificates (PEM) that are trusted besides the system's.
    package var authoritiesFile: String?
    package var connectSeconds: Double
    /// For the whole of one mail.
    package var wholeSeconds: Double

    /// How many mails this process sends at once, and how many more may wait.
    private static let lanes = Lanes(atOnce: 4, waitingMax: 1000)

    package init(
        host: String, port: Int, security: Security, user: String? = nil,
        password: String? = nil, authoritiesFile: String? = nil, connectSeconds: Double = 10,
        wholeSeconds: Double = 60
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.authoritiesFile = authoritiesFile
        self.connectSeconds = connectSeconds
        self.wholeSeconds = wholeSeconds
    }

    /// Sends one mail to all its recipients, or to none when one of them is refused.
    ///
    /// After `interrupted` and `deadline` the mail may have arrived; its Message-ID tells.
    package func send(_ mail: Mail) async throws(TransferError) {
        try check()
        let message = try mail.message()
        let (from, to) = (mail.from.address, mail.to.map(\.address))
        try await Self.lanes.run(to: name) { (stop: StopFlag) throws(TransferError) in
            let dialogue = MailDialogue(message)
            // Because closing the handle inside says goodbye to the server.
            defer { withExtendedLifetime(dialogue) {} }
            try converse(dialogue, from: from, to: to, bytes: message.count, stop)
        }
    }

    private func check() throws(TransferError) {
        guard isHost(host, isBracketed: true), (1...65_535).contains(port) else {
            throw .malformedMail(reason: "the mail server has no legal host or port")
        }
        guard (user == nil) == (password == nil) else {
            throw .malformedMail(reason: "the mail server has a user or a password, not both")
        }
        for text in [user, password].compactMap(\.self) {
            try checkLine(text, "the mail server's user or password")
        }
        guard password == nil || security != .none || isLoopback(host.lowercased()) else {
            throw .malformedMail(
                reason: "the password would be readable on its way; use startTLS or tls")
        }
    }

    /// One mail over a connection of its own; blocks this thread.
    private func converse(
        _ dialogue: MailDialogue, from: String, to: [String], bytes: Int, _ stop: StopFlag
    ) throws(TransferError) {
        let easy = try EasyHandle()
        let recipients = try TextList(to.map { "<\($0)>" }, easy.library)
        try easy.prepare(
            host: host.lowercased(), authoritiesFile: authoritiesFile,
            connectSeconds: min(connectSeconds, wholeSeconds), wholeSeconds: wholeSeconds)
        try easy.set(CURLOPT_URL, "\(security == .tls ? "smtps" : "smtp")://\(name)")
        try easy.allow("smtp,smtps", bits: 1 << 16 | 1 << 17)
        // 3 is CURLUSESSL_ALL, an enum or a macro by libcurl's version.
        try easy.set(CURLOPT_USE_SSL, security == .startTLS ? 3 : 0)
        if let user { try easy.set(CURLOPT_USERNAME, user) }
        if let password { try easy.set(CURLOPT_PASSWORD, password) }
        try easy.set(CURLOPT_MAIL_FROM, "<\(from)>")
        try easy.set(CURLOPT_MAIL_RCPT, recipients)
        try easy.set(CURLOPT_UPLOAD, 1)
        try easy.set(CURLOPT_INFILESIZE_LARGE, offset: bytes)
        try easy.hear(dialogue)
        let outcome = try easy.perform(stop)
        withExtendedLifetime(recipients) {}
        if outcome.code != CURLE_OK { throw error(outcome, dialogue) }
    }

    private func error(_ outcome: Outcome, _ dialogue: MailDialogue) -> TransferError {
        let error = outcome.error(
            server: name, connectSeconds: connectSeconds, wholeSeconds: wholeSeconds,
            secrets: secrets)
        switch error {
        case .deadline, .cancelled, .tlsRefused, .unreachable: return error
        default: break
        }
        let (code, words) = dialogue.reply
        if code >= 400 {
            return .mailRejected(
                server: name, code: code, words: secrets.cleaned(words, or: outcome.plainText))
        }
        // 535 says that there is no way to log in: here libcurl found none that both sides know.
        return outcome.code == CURLE_LOGIN_DENIED
            ? .mailRejected(server: name, code: 535, words: outcome.plainText) : error
    }

    /// What is sent to log in, in the forms in which a server might repeat it.
    private var secrets: Secrets {
        guard let user, let password else { return Secrets([]) }
        return Secrets([
            password, Data(password.utf8).base64EncodedString(),
            Data("\0\(user)\0\(password)".utf8).base64EncodedString(),
        ])
    }

    private var name: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension MailServer: CustomStringConvertible, CustomDebugStringConvertible {
    /// Host and port, without the password.
    package var description: String { name }
    package var debugDescription: String { name }
}
