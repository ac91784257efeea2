import Domain
import Forges
import Host
import Journal
import TestKit
import Testing
import Transfer

@testable import Daemon

private typealias Sample = ReportingSample

/// Letters by mail, over real SMTP with TLS.
@Suite struct ReportingMailTests {
    private func settings(_ port: Int, _ bench: ReportingBench) throws -> ChannelSettings {
        var mail = ChannelSettings(name: "team", kind: .mail)
        mail.server = "localhost:\(port)"
        mail.from = "Slipway <slipway@example.com>"
        mail.to = ["ann@example.com", "bob@example.com"]
        mail.user = "anna"
        mail.passwordFile = try bench.file("mail-password", "correct horse\n")
        mail.authoritiesFile = "localhost.pem"
        return mail
    }

    private func certificate(_ bench: ReportingBench) async throws -> (String, String) {
        let (file, key) = ("\(bench.state.path)/localhost.pem", "\(bench.state.path)/localhost.key")
        let result = try await ChildProcess.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", file,
            ],
            outputLimitBytes: 1 << 20, deadlineSeconds: patienceSeconds)
        try #require(result.status.isSuccess, "\(result.errorText)")
        return (file, key)
    }

    private func headers(_ text: String, _ name: String) -> [String] {
        text.split(separator: "\r\n").map(String.init).filter { $0.hasPrefix("\(name):") }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a mail goes out over TLS, and again with the same Message-ID when its answer is lost`()
        async throws
    {
        let bench = try await ReportingBench()
        let (file, key) = try await certificate(bench)
        try await ReportingServer.mail(
            folder: bench.state.path, certificate: file, key: key, losses: 1
        ) { server in
            bench.configuration.channels = [try settings(server.port, bench)]
            try await bench.decide(
                Sample.commit(1), .judged(Sample.judgement(1, passed: true)))
            let first = try bench.courier("team")
            await first.pass()
            #expect(try await bench.journal.outboxCounts() == [.waiting: 1])
            bench.clock.advance(100)
            // Not even another sender changes what was fixed when it happened.
            bench.configuration.channels?[0].from = "other@example.org"
            await (try bench.courier("team")).pass()
            #expect(try await bench.journal.outboxCounts() == [.sent: 1])
            var mails: [String] = []
            for number in 1...2 {
                let bytes = try readFile("\(bench.state.path)/mail-\(number)", limitBytes: 1 << 20)
                mails.append(String(decoding: bytes, as: UTF8.self))
            }
            let ids = mails.flatMap { headers($0, "Message-ID") }
            #expect(ids.count == 2 && Set(ids).count == 1)
            #expect(ids.first?.hasSuffix(".team@example.com>") == true)
            #expect(headers(mails[0], "Date") == headers(mails[1], "Date"))
            #expect(mails[0].contains("waits for review") && mails[0].contains("ann@example.com"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a wrong password is tried again after it was corrected, and stands nowhere`()
        async throws
    {
        let bench = try await ReportingBench()
        let (file, key) = try await certificate(bench)
        try await ReportingServer.mail(
            folder: bench.state.path, certificate: file, key: key
        ) { server in
            bench.configuration.channels = [try settings(server.port, bench)]
            _ = try bench.file("mail-password", "hunter2-hunter2")
            try await bench.decide(
                Sample.commit(1), .judged(Sample.judgement(1, passed: true)))
            let courier = try bench.courier("team")
            for _ in 0..<3 {
                await courier.pass()
                bench.clock.advance(200)
            }
            let problem = try await bench.journal.problems().first
            #expect(problem?.key == "channel:team")
            #expect(problem?.failure.hint?.contains("password") == true)
            _ = try bench.file("mail-password", "correct horse")
            await courier.pass()
            #expect(try await bench.journal.outboxCounts() == [.sent: 1])
            #expect(try await bench.journal.problems() == [])
            let all = try bench.everything()
            #expect(!all.contains("hunter2") && !all.contains("correct horse"))
        }
    }

    /// `SLIPWAY_TEST_SMTP` is `host:port` of a server without TLS, and after a `=` the folder in
    /// which it files new mail.
    private static let sink = environmentVariable("SLIPWAY_TEST_SMTP")

    @Test(.timeLimit(.minutes(5)), .enabled(if: sink != nil))
    func `a mail server that others wrote takes it`() async throws {
        let parts = try #require(Self.sink).split(separator: "=").map(String.init)
        let folder = try #require(parts.last)
        let bench = try await ReportingBench()
        var mail = ChannelSettings(name: "team", kind: .mail)
        mail.server = parts[0]
        mail.security = MailServer.Security.none
        mail.from = "slipway@example.com"
        mail.to = ["ann@example.com"]
        bench.configuration.channels = [mail]
        try await bench.decide(
            Sample.commit(1), .judged(Sample.judgement(1, passed: false)))
        let event = try #require(try await bench.journal.outbox(.waiting, limit: 1).first?.event)
        await (try bench.courier("team")).pass()
        #expect(try await bench.journal.outboxCounts() == [.sent: 1])
        try await eventually("it is filed") {
            try namesIn(folder).contains { name in
                let bytes = try readFile("\(folder)/\(name)", limitBytes: 1 << 20)
                return String(decoding: bytes, as: UTF8.self).contains("\(event).team@")
            }
        }
    }
}
