import Domain
import Host
import TestKit
import Testing

@testable import Transfer

@Suite struct MailServerTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func mail(to: [String] = ["anna@example.com", "bert@example.com"]) throws -> Mail {
        Mail(
            from: try MailAddress("ci@example.com"), to: try to.map { try MailAddress($0) },
            subject: "grün", text: "first\n.\n..dots\n" + String(repeating: "x", count: 40_000),
            messageID: "7@example.com", date: Instant(seconds: 1_795_227_882))
    }

    private func server(
        _ port: Int, _ security: MailServer.Security, password: String? = "correct horse",
        authorities: String? = nil, seconds: Double = patienceSeconds
    ) -> MailServer {
        MailServer(
            host: "localhost", port: port, security: security,
            user: password.map { _ in "anna" }, password: password, authoritiesFile: authorities,
            wholeSeconds: seconds)
    }

    @Test(arguments: [MailServer.Security.none, .startTLS, .tls])
    func `a mail arrives as it was written`(security: MailServer.Security) async throws {
        let (certificate, key) = try await scratch.certificate(for: "localhost")
        try await Server.mail(
            folder: scratch.folder, security: security.rawValue, certificate: certificate, key: key
        ) { running in
            let mail = try mail()
            try await server(running.port, security, authorities: certificate).send(mail)
            #expect(try readFile(scratch.path("message"), limitBytes: 1 << 20) == mail.message())
            let envelope = try scratch.read("envelope").split(separator: "\n")
            #expect(envelope.first == "anna")
            #expect(
                envelope.dropFirst(2) == [
                    "RCPT TO:<anna@example.com>", "RCPT TO:<bert@example.com>",
                ])
            #expect(envelope.dropFirst().first?.hasPrefix("MAIL FROM:<ci@example.com>") == true)
            let isSafe = running.lines.filter { $0.hasSuffix("AUTH") || $0.hasSuffix("DATA") }
                .allSatisfy { $0.hasPrefix(security == .none ? "plain" : "secure") }
            #expect(isSafe, "\(running.lines)")
        }
    }

    @Test func `many mails at once all arrive`() async throws {
        try await Server.mail(folder: scratch.folder, security: "none") { running in
            let target = server(running.port, .none, password: nil)
            let mail = try mail()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<12 { group.addTask { try await target.send(mail) } }
                try await group.waitForAll()
            }
            #expect(running.lines.filter { $0 == "plain DATA" }.count == 12)
        }
    }

    @Test func `without STARTTLS neither password nor mail is sent`() async throws {
        try await Server.mail(folder: scratch.folder, security: "none") { running in
            let found = await error { () async throws(TransferError) in
                try await server(running.port, .startTLS).send(try someMail())
            }
            guard case .tlsRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(found?.failure.disposition == .stalled)
            #expect(!running.lines.contains("plain AUTH") && !running.lines.contains("plain MAIL"))
        }
    }

    @Test(arguments: [MailServer.Security.startTLS, .tls])
    func `an untrusted mail server gets no password`(security: MailServer.Security) async throws {
        let (certificate, key) = try await scratch.certificate(for: "localhost")
        try await Server.mail(
            folder: scratch.folder, security: security.rawValue, certificate: certificate, key: key
        ) { running in
            let found = await error { () async throws(TransferError) in
                try await server(running.port, security).send(try someMail())
            }
            guard case .tlsRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(!running.lines.contains { $0.hasSuffix("AUTH") })
        }
    }

    @Test func `a wrong password is permanent and stands in no error`() async throws {
        try await Server.mail(folder: scratch.folder, security: "none") { running in
            let target = server(running.port, .none, password: "hunter2")
            let found = await error { () async throws(TransferError) in
                try await target.send(try someMail())
            }
            guard case .mailRejected(_, 535, let words) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(found?.failure.disposition == .stalled)
            // The server repeats it, plain and in base64.
            #expect(!words.contains("hunter2") && !words.contains("AGFubmE"), "\(words)")
            #expect(!"\(target)".contains("hunter2") && !"\([target])".contains("hunter2"))
        }
    }

    @Test(arguments: [
        ("full", 451, true), ("busy", 421, true), ("spam", 554, false), ("nobody", 550, false),
    ])
    func `a refusal has the server's code, and 4xx is tried again`(
        fault: String, code: Int, isTemporary: Bool
    ) async throws {
        try await Server.mail(folder: scratch.folder, security: "none", faults: fault) { running in
            let mail = try mail(
                to: fault == "nobody"
                    ? ["anna@example.com", "nobody@example.com"] : ["anna@example.com"])
            let found = await error { () async throws(TransferError) in
                try await server(running.port, .none, password: nil).send(mail)
            }
            guard case .mailRejected("localhost:\(running.port)", code, let words) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(words.contains("."), "\(words)")
            #expect(
                found?.failure.disposition
                    == (isTemporary ? .retry(afterSeconds: 60) : .stalled))
            #expect(!exists(scratch.path("message")))
        }
    }

    @Test func `a server that hangs up is tried again`() async throws {
        try await Server.mail(folder: scratch.folder, security: "none", faults: "hangup") {
            running in
            let found = await error { () async throws(TransferError) in
                try await server(running.port, .none, password: nil).send(try someMail())
            }
            guard case .interrupted = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(found?.failure.disposition == .retry(afterSeconds: 15))
        }
    }

    @Test func `a server that says nothing meets the deadline, or the end of the task`()
        async throws
    {
        try await Server.mail(folder: scratch.folder, security: "none", faults: "silent") {
            running in
            let name = "localhost:\(running.port)"
            let found = await error { () async throws(TransferError) in
                try await server(running.port, .none, password: nil, seconds: 1)
                    .send(try someMail())
            }
            guard case .deadline(name, _) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            let patient = server(running.port, .none, password: nil)
            let mail = try mail()
            let task = Task { try await patient.send(mail) }
            task.cancel()
            await #expect(throws: TransferError.cancelled(server: name)) { try await task.value }
        }
    }

    @Test func `a password never goes readable over a network`() async throws {
        let open = MailServer(
            host: "mail.example.com", port: 25, security: .none, user: "anna",
            password: "hunter2")
        let half = MailServer(host: "localhost", port: 25, security: .tls, user: "anna")
        let odd = MailServer(host: "local host/x", port: 25, security: .tls)
        for server in [open, half, odd] {
            let found = await error { () async throws(TransferError) in
                try await server.send(try someMail())
            }
            guard case .malformedMail = found else {
                Issue.record("\(String(describing: found))")
                continue
            }
            #expect(found.map { !$0.failure.description.contains("hunter2") } == true)
        }
    }

    private func someMail() throws(TransferError) -> Mail {
        Mail(
            from: try MailAddress("ci@example.com"), to: [try MailAddress("anna@example.com")],
            subject: "s", text: "t", messageID: "8@example.com", date: Instant(seconds: 0))
    }
}
