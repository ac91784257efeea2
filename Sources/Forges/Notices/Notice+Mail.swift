import Domain

/// A notice as a mail without addresses and transport.
package struct MailText: Hashable, Sendable {
    /// One line without control characters; to be encoded when it is not ASCII (RFC 2047).
    package var subject: String
    /// Lines that end in LF.
    package var text: String
    /// For `Message-ID`, without brackets and host: the same whenever the notice is sent again.
    package var id: String
}

extension Notice {
    package var mail: MailText {
        var lines = [title, "", text, ""]
        if let link { lines += [link, ""] }
        lines += ["-- ", "\(event.rawValue), \(at)"]
        return MailText(
            subject: oneLine("[slipway] \(title)", max: 200),
            text: lines.joined(separator: "\n") + "\n", id: id)
    }
}
