import Domain

// A message after RFC 5322: header lines, an empty line, the text. All is ASCII with CRLF; what
// is not goes into encoded words (RFC 2047) in headers and into quoted-printable (RFC 2045) in
// the text. Lines are at most 78 characters, except for header values without a space.

extension Mail {
    /// The headers that are written here, or that would change who gets the mail.
    private static let ownNames: Set = [
        "from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version",
        "return-path", "received",
    ]

    /// Returns the bytes of the message; the same for the same mail.
    ///
    /// A header that would break its line is `malformedMail`.
    package func message() throws(TransferError) -> [UInt8] {
        try check()
        var lines = [
            "Date: \(mailDate(date))",
            "From: \(written(from))",
            folded("To", to.map(written).joined(separator: ", ")),
            "Message-ID: <\(messageID)>",
            subjectLine,
        ]
        for (name, value) in headers {
            lines.append(
                value.utf8.allSatisfy { $0 < 128 }
                    ? folded(name, value) : "\(name): \(encodedWords(value))")
        }
        guard lines.allSatisfy(areShort) else {
            throw .malformedMail(reason: "a header has a word that is too long for a line")
        }
        lines += [
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8) + quotedPrintable(text)
    }

    private func check() throws(TransferError) {
        guard (1...Self.recipientsMax).contains(to.count) else {
            throw .malformedMail(
                reason: "it goes to \(to.count) people, not to 1 up to \(Self.recipientsMax)")
        }
        guard text.utf8.count <= Self.textBytesMax else {
            throw .malformedMail(reason: "its text has more than \(Self.textBytesMax) bytes")
        }
        try checkLine(subject, "the subject")
        guard messageID.utf8.count <= 250, messageID.split(separator: "@").count == 2,
            messageID.utf8.allSatisfy({ (33...126).contains($0) && !"<>()".utf8.contains($0) })
        else { throw .malformedMail(reason: "its Message-ID is not of the form left@right") }
        for (name, value) in headers {
            guard isHeaderName(name), !Self.ownNames.contains(name.lowercased()),
                !name.lowercased().hasPrefix("content-")
            else { throw .malformedMail(reason: "a further header has a name it may not have") }
            try checkLine(value, "the header `\(name)`")
        }
    }

    private var subjectLine: String {
        let isPlain =
            subject.utf8.count <= 69 && subject.utf8.allSatisfy { $0 < 128 }
            && !subject.contains("=?") && subject.first != " " && subject.last != " "
        return "Subject: \(isPlain ? subject : encodedWords(subject))"
    }
}

/// The limit of RFC 5322, section 2.1.1, for each of the lines that a header was folded into.
private func areShort(_ header: String) -> Bool {
    header.utf8.split(separator: 10).allSatisfy { $0.count <= 998 }
}

/// Returns the address as a header wants it.
private func written(_ person: MailAddress) -> String {
    guard let name = person.name else { return person.address }
    let isPlain = name.utf8.count <= 60 && name.utf8.allSatisfy { $0 < 128 }
    guard isPlain, !name.contains("=?") else {
        return "\(encodedWords(name))\r\n <\(person.address)>"
    }
    let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(escaped)\" <\(person.address)>"
}

/// Returns a header whose lines break before single spaces, where they get longer than 78.
private func folded(_ name: String, _ value: String) -> String {
    var header = "\(name):"
    var column = header.utf8.count
    for word in value.split(separator: " ") {
        let isNewLine = column + 1 + word.utf8.count > 78 && column > name.utf8.count + 1
        header += isNewLine ? "\r\n \(word)" : " \(word)"
        // Because a word may itself have been folded before, only what is behind that counts.
        let last = word.utf8.split(separator: 10, omittingEmptySubsequences: false).last
        let isFolded = word.utf8.contains(10)
        column = (isNewLine || isFolded ? 0 : column) + 1 + (last?.count ?? 0)
    }
    return header
}

/// Returns the moment as RFC 5322, section 3.3: `Sat, 21 Nov 2026 02:24:42 +0000`.
private func mailDate(_ moment: Instant) -> String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    // `2026-11-21T02:24:42Z`
    let parts = moment.description.split { "-T:Z".contains($0) }.map(String.init)
    let dayNumber = (moment.seconds - (moment.seconds % 86_400 + 86_400) % 86_400) / 86_400
    // The first of January 1970 was a Thursday.
    let day = days[Int(((dayNumber + 4) % 7 + 7) % 7)]
    let month = months[(Int(parts[1]) ?? 1) - 1]
    return "\(day), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
}
