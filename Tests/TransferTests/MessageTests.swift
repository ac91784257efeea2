import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

@testable import Transfer

/// Reads a message with Python's email package and prints what a reader sees, part by part.
private let readerScript = """
    import email, email.header, email.policy, email.utils, json, sys
    whole = sys.stdin.buffer.read()
    message = email.message_from_bytes(whole, policy=email.policy.default)
    # Because the newer parser puts a space between the encoded words of a name.
    to = email.utils.getaddresses([email.message_from_bytes(whole)["to"]])
    print(json.dumps({
        "subject": message["subject"], "from": str(message["from"].addresses[0].display_name),
        "to": [a.addr_spec for a in message["to"].addresses],
        "names": [str(email.header.make_header(email.header.decode_header(n))) for n, _ in to],
        "id": message["message-id"], "date": message["date"].datetime.isoformat(),
        "thing": message["x-thing"], "text": message.get_content().replace("\\r\\n", "\\n"),
        "defects": [str(d) for d in message.defects]
            + [str(d) for k in message.keys() for d in message[k].defects],
    }))
    """

private struct Seen: Decodable {
    var subject, from, id, date, text: String
    var to, names, defects: [String]
    var thing: String?
}

@Suite struct MessageTests {
    private func mail(
        subject: String = "a subject", text: String = "a text\n", from: String = "ci@example.com",
        to: [String] = ["anna@example.com"], id: String = "1@example.com",
        headers: [(String, String)] = []
    ) throws -> Mail {
        Mail(
            from: try MailAddress(from), to: try to.map { try MailAddress($0) }, subject: subject,
            text: text, messageID: id, date: Instant(seconds: 1_795_227_882), headers: headers)
    }

    private func read(_ mail: Mail) async throws -> Seen {
        let bytes = try mail.message()
        expectLegal(bytes)
        let result = try await ChildProcess.run(
            "python3", ["-c", readerScript], input: bytes, outputLimitBytes: 4 << 20,
            deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        let seen = try JSONDecoder().decode(Seen.self, from: Data(result.output))
        #expect(seen.defects.isEmpty)
        return seen
    }

    /// ASCII, CRLF and nothing else that ends a line, no line too long or beginning with a dot.
    private func expectLegal(_ bytes: [UInt8]) {
        #expect(bytes.allSatisfy { (32...126).contains($0) || [9, 10, 13].contains($0) })
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.last == "")
        for line in lines {
            #expect(!line.utf8.contains(10) && !line.utf8.contains(13))
            #expect(line.utf8.count <= 78 && !line.hasPrefix("."), "\(line)")
        }
    }

    @Test func `a plain mail is as short as it looks`() throws {
        let text = String(decoding: try mail(text: "hello\nworld").message(), as: UTF8.self)
        #expect(
            text
                == """
                Date: Sat, 21 Nov 2026 02:24:42 +0000
                From: ci@example.com
                To: anna@example.com
                Message-ID: <1@example.com>
                Subject: a subject
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                hello
                world

                """.replacing("\n", with: "\r\n"))
    }

    @Test(arguments: [
        "plain", "grün 🚢 gebaut", String(repeating: "ß→🚢 ", count: 60),
        "=?utf-8?B?QQ==?=",
        String(repeating: "x", count: 500), "  spaces  around  ", "",
    ])
    func `a subject of any text comes back`(subject: String) async throws {
        let seen = try await read(try mail(subject: subject))
        #expect(seen.subject == subject)
        #expect(seen.date == "2026-11-21T02:24:42+00:00")
    }

    @Test(arguments: [
        ".\n..\n.x\n", "From here\n>From\n", "tab\t\nspace \n = equals =3D\n", "grün\n",
        String(repeating: "long ", count: 1000), String(repeating: "ä.", count: 300),
        String(repeating: ".", count: 200) + "\nFrom " + String(repeating: "From ", count: 99),
        "nul \0 and bell \u{7}\n", "\n\n\n",
    ])
    func `a text of any lines comes back`(text: String) async throws {
        let seen = try await read(try mail(text: text))
        #expect(seen.text == (text.hasSuffix("\n") ? text : text + "\n"))
    }

    @Test func `all ends of lines become one`() async throws {
        let seen = try await read(try mail(text: "a\rb\r\nc\n\r\nd"))
        #expect(seen.text == "a\nb\nc\n\nd\n")
    }

    @Test func `names of people come back`() async throws {
        let people = [
            "Anna <anna@example.com>", "\"Bert \\ \"the\" B, jr.\" <b@example.com>",
            "Jürgen Groß-Söhne mit einem sehr langen Namen 🚢 <j@example.com>",
            "d@example.com",
        ]
        let seen = try await read(try mail(from: "Slipway <ci@example.com>", to: people))
        #expect(seen.from == "Slipway")
        #expect(
            seen.to == [
                "anna@example.com", "b@example.com", "j@example.com", "d@example.com",
            ])
        #expect(
            seen.names == [
                "Anna", "Bert \\ \"the\" B, jr.",
                "Jürgen Groß-Söhne mit einem sehr langen Namen 🚢", "",
            ])
    }

    @Test func `a hundred recipients and further headers fit`() async throws {
        let people = (0..<100).map { "Person \($0) <person\($0)@example.com>" }
        let seen = try await read(try mail(to: people, headers: [("X-Thing", "ä thing")]))
        #expect(seen.to.count == 100 && seen.to[99] == "person99@example.com")
        #expect(seen.thing == "ä thing")
    }

    @Test func `nothing breaks out of its header`() throws {
        let evil = "x\r\nBcc: eve@example.com"
        let mails = [
            try mail(subject: evil), try mail(subject: "a\nb"), try mail(subject: "a\0b"),
            try mail(id: "1@x>\r\nBcc: e@e"), try mail(id: "none"),
            try mail(headers: [("X-A", evil)]), try mail(headers: [("X-A\r\nBcc", "e@e")]),
            try mail(headers: [("Bcc", "e@e")]), try mail(headers: [("content-type", "x/y")]),
            try mail(headers: [("X-A", String(repeating: "x", count: 2000))]),
            try mail(to: []), try mail(to: Array(repeating: "a@b.c", count: 101)),
            try mail(text: String(repeating: "x", count: Mail.textBytesMax + 1)),
        ]
        for (index, mail) in mails.enumerated() {
            do {
                _ = try mail.message()
                Issue.record("mail \(index) was written")
            } catch {
                guard case .malformedMail = error else {
                    Issue.record("mail \(index): \(error)")
                    continue
                }
                #expect(error.failure.disposition == .stalled)
            }
        }
    }

    @Test(arguments: [
        "", "anna", "@", "a@", "@b", "a@b@c", "a b@c", "ä@b.c", "a@b..c", ".a@b.c", "a@b.c>",
        "Anna <a@b.c", "Anna <a@b.c> x", "a@b.c\r\nRCPT TO:<e@e>", "A\nB <a@b.c>", "<a@b>c@d>",
        "a@-b.c", "a@b,c@d",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: TransferError.self) { try MailAddress(text) }
    }
}

extension String {
    /// Foundation's name for it, without Foundation.
    fileprivate func components(separatedBy end: String) -> [String] {
        split(separator: end, omittingEmptySubsequences: false).map(String.init)
    }
}
