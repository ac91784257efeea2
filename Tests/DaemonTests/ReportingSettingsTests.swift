import Domain
import Forges
import FoundationEssentials
import Host
import Testing

@testable import Daemon

/// What people write about reporting into `config.json`.
@Suite struct ReportingSettingsTests {
    private let base = """
        "repository": "/srv/models.git", "listen": "127.0.0.1:0", "pollSeconds": 2, "runsMax": 4,
        "bot": {"name": "Slipway", "email": "slipway@localhost"}, "review": REVIEW
        """

    private func read(
        _ extra: String, _ edit: (String) -> String = { $0 }
    ) throws -> Result<DaemonConfiguration, Failure> {
        let folder = try temporaryFolder(
            in: environmentVariable("TMPDIR") ?? "/tmp", prefix: "slipway-settings")
        defer {
            // Because a folder left behind among the temporary ones is no reason to fail.
            try? removeTree(folder)
        }
        let review = String(
            decoding: try JSONEncoder().encode(DaemonConfiguration(repository: "x").review),
            as: UTF8.self)
        let text = edit("{\(base.replacing("REVIEW", with: review))\(extra)}")
        try writeFileAtomically("\(folder)/config.json", Array(text.utf8))
        do throws(Failure) {
            return .success(try DaemonConfiguration(stateFolder: folder))
        } catch {
            #expect(error.place == "\(folder)/config.json")
            return .failure(error)
        }
    }

    @Test func `a configuration of before tells nobody, and is written as it was`() throws {
        let configuration = try read("").get()
        #expect(configuration.channels == nil && configuration.forge == nil)
        #expect(configuration.noticeSource.instance.text == "main")
        let written = String(decoding: prettyJSON(configuration), as: UTF8.self)
        #expect(!written.contains("channels") && !written.contains("instance"))
    }

    @Test func `everything that can be set is read and written again`() throws {
        let configuration = try read(
            """
            , "instance": "lab", "publicURL": "https://slipway.example.com/",
            "forge": {"kind": "gitea", "apiURL": "https://git.example.com/api/v1",
              "project": "me/models", "tokenFile": "forge-token", "comments": false},
            "channels": [
              {"name": "team", "kind": "mail", "server": "mail.example.com:465",
               "security": "tls", "from": "Slipway <slipway@example.com>",
               "to": ["ann@example.com"], "user": "slipway", "passwordFile": "mail-password",
               "events": ["gate-failed", "waiting-for-review"], "models": ["fraud-*"]},
              {"name": "chat", "kind": "slack", "urlFile": "/etc/slipway/slack"},
              {"name": "hook", "kind": "webhook", "url": "https://example.com/h",
               "secretFile": "key"}]
            """
        ).get()
        let reporting = try configuration.reporting(StateFolder("/s"))
        #expect(reporting.channels.map(\.name) == ["team", "chat", "hook"])
        #expect(reporting.forge?.hasComments == false)
        #expect(reporting.forge?.token == .file("/s/forge-token"))
        guard case .mail(let mail) = reporting.channels[0].target else {
            Issue.record("no mail")
            return
        }
        #expect(mail.host == "mail.example.com" && mail.port == 465)
        #expect(mail.password == .file("/s/mail-password"))
        #expect(
            configuration.link(ReportingSample.model)
                == "https://slipway.example.com/api/v1/models/m/report")
        let again = try JSONDecoder().decode(
            DaemonConfiguration.self, from: Data(prettyJSON(configuration)))
        #expect(again == configuration)
    }

    private static func forge(_ text: String) -> String { "\"forge\": {\(text)}" }

    private static func channel(_ text: String) -> String {
        "\"channels\": [{\"name\": \"a\", \(text)}]"
    }

    private static func mail(_ text: String) -> String {
        channel("\"kind\": \"mail\", \"from\": \"a@b.c\", \"to\": [\"a@b.c\"]\(text)")
    }

    private static func slack(_ text: String) -> String {
        channel("\"kind\": \"slack\"\(text)")
    }

    private static func hub(_ text: String) -> String {
        forge("\"kind\": \"github\", \"project\": \"a/b\"\(text)")
    }

    /// What is written, the key that the error must name, and a word of its mend or reason.
    private static let wrong: [(String, String, String)] = [
        (#""instance": "Lab!""#, "instance", "InstanceName"),
        (#""publicURL": "example.com""#, "publicURL", "https://"),
        (forge(#""kind": "svn", "project": "a/b""#), "forge.kind", "github, gitlab, gitea"),
        (forge(#""kind": "github""#), "forge.project", "missing"),
        (
            forge(#""kind": "github", "project": "ab", "tokenFile": "t""#), "forge.project",
            "owner"
        ),
        (
            forge(#""kind": "gitlab", "project": "a/b", "tokenFile": "t""#), "forge.apiURL",
            "api/v4"
        ),
        (hub(""), "forge.tokenFile", "tokenEnvironment"),
        (hub(#", "tokenFile": "t", "tokenEnvironment": "T""#), "forge.tokenFile", "not both"),
        (hub(#", "apiURL": "http://g.example.com", "tokenFile": "t""#), "forge.apiURL", "https"),
        (hub(#", "token": "x""#), "forge.token", "no such key"),
        (channel(#""kind": "sms""#), "channels[0].kind", "mail, slack, webhook"),
        (#""channels": [{"name": "A b", "kind": "slack"}]"#, "channels[0].name", "lower-case"),
        (
            slack(#", "url": "https://e"}, {"name": "a", "kind": "slack", "url": "https://e""#),
            "channels[1].name", "another name"
        ),
        (slack(""), "channels[0].url", "urlFile"),
        (slack(#", "url": "nowhere""#), "channels[0].url", "https://"),
        (slack(#", "urlFile": "u", "secretFlie": "x""#), "channels[0].secretFlie", "secretFile"),
        (slack(#", "urlFile": "u", "to": ["a@b.c"]"#), "channels[0].to", "slack"),
        (slack(#", "urlFile": "u", "events": ["gate"]"#), "channels[0].events", "gate-failed"),
        (slack(#", "urlFile": "u", "events": []"#), "channels[0].events", "leave it out"),
        (
            channel(#""kind": "webhook", "url": "https://e""#), "channels[0].secretFile",
            "openssl"
        ),
        (mail(""), "channels[0].server", "mail.example.com"),
        (mail(#", "server": "m:0""#), "channels[0].server", "port"),
        (mail(#", "server": "m", "user": "u""#), "channels[0].user", "passwordFile"),
        (
            mail(#", "server": "m", "user": "u", "passwordFile": "p", "security": "none""#),
            "channels[0].security", "startTLS"
        ),
        (mail(#", "server": "m", "security": "ssl""#), "channels[0].security", "startTLS"),
        (
            channel(#""kind": "mail", "server": "m", "to": ["a@b.c"]"#), "channels[0].from",
            "missing"
        ),
        (
            channel(#""kind": "mail", "server": "m", "from": "a@b.c", "to": ["nobody"]"#),
            "channels[0].to", "nobody"
        ),
        (#""channels": {}"#, "channels", "a list in brackets"),
        (#""chanels": []"#, "chanels", "did you mean `channels`?"),
        (#""followSeconds": "x""#, "followSeconds", "a number is expected here"),
        (#""followSeconds": 0"#, "followSeconds", "at least"),
        (#""dataBytesMax": 1.5"#, "dataBytesMax", "a whole number is expected here"),
        (#""publicURL": 7"#, "publicURL", "a text in quotes is expected here"),
        (#""webhooks": [{"name": "a", "kind": "svn"}]"#, "webhooks[0].kind", "generic"),
        (
            #""webhooks": [{"name": "a", "kind": "github", "secretfile": "s"}]"#,
            "webhooks[0].secretfile", "did you mean `secretFile`?"
        ),
    ]

    @Test(arguments: [("pollSeconds", "2"), ("runsMax", "4")])
    func `a daemon that would never rest or never run anything is refused`(
        key: String, usual: String
    ) throws {
        let found = try read("") {
            $0.replacing("\"\(key)\": \(usual)", with: "\"\(key)\": 0")
        }
        guard case .failure(let failure) = found else {
            Issue.record("it was taken: \(key) is 0")
            return
        }
        #expect(failure.what.contains("`\(key)`") && failure.what.contains("0"), "\(failure.what)")
        #expect(failure.hint?.contains("at least") ?? false)
    }

    @Test func `a key of the first review rule that nobody reads is refused`() throws {
        let found = try read("") { $0.replacing("\"approvals\"", with: "\"aprovals\"") }
        guard case .failure(let failure) = found else {
            Issue.record("it was taken")
            return
        }
        #expect(failure.what.contains("`review.aprovals`"), "\(failure.what)")
        #expect(failure.what.contains("did you mean `approvals`?"), "\(failure.what)")
    }

    @Test(arguments: wrong.indices)
    func `what is wrong is named with its key and its mend`(index: Int) throws {
        let (text, key, word) = Self.wrong[index]
        guard case .failure(let failure) = try read(", \(text)") else {
            Issue.record("it was taken: \(text)")
            return
        }
        let hint = try #require(failure.hint)
        #expect(failure.what.contains("`\(key)`"), "\(failure.what)")
        #expect("\(failure.what) \(hint)".contains(word), "\(failure.what) \(hint)")
    }
}
