import Domain
import Host
import Testing

@testable import Transfer

@Suite struct RedirectTests {
    private let client = HTTPClient(userAgent: "t")

    private func ask(
        _ server: Server, _ target: String, _ method: HTTPRequest.Method = .get, status: Int = 302,
        headers: [(String, String)] = [], body: [UInt8] = [], max: Int = 3
    ) async throws(TransferError) -> (status: Int, text: String) {
        let answer = try await client.send(
            HTTPRequest(
                method,
                "http://127.0.0.1:\(server.port)/redirect?status=\(status)&to=\(target)",
                headers: headers, body: body, redirectsMax: max))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test func `a redirect is the answer unless following was asked for`() async throws {
        try await Server.http { server in
            let answer = try await ask(server, "/echo", max: 0)
            #expect(answer.status == 302 && answer.text == "elsewhere")
            #expect(server.lines.count == 1)
        }
    }

    @Test func `the same origin sees the same headers`() async throws {
        try await Server.http { server in
            let answer = try await ask(
                server, "/echo", headers: [("PRIVATE-TOKEN", "t0ken"), ("Accept", "a/b")])
            #expect(answer.text.contains("private-token: t0ken\n"))
            #expect(answer.text.contains("accept: a/b\n"))
        }
    }

    @Test func `another host sees no credentials`() async throws {
        try await Server.http { server in
            let answer = try await ask(
                server, "http://localhost:\(server.port)/echo",
                headers: [
                    ("PRIVATE-TOKEN", "t0ken"), ("Authorization", "Bearer t0ken"),
                    ("Accept", "a/b"),
                ])
            #expect(answer.text.contains("host: localhost"))
            #expect(answer.text.contains("accept: a/b\n"))
            #expect(!answer.text.contains("t0ken"))
        }
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func `each status keeps or changes the method as HTTP says`(
        status: Int, method: String
    ) async throws {
        try await Server.http { server in
            let answer = try await ask(
                server, "/echo", .post, status: status, headers: [("Content-Type", "a/b")],
                body: Array("hello".utf8))
            #expect(answer.text.hasPrefix("\(method) /echo\n"))
            #expect(answer.text.hasSuffix("hello") == (method == "POST"))
            #expect(answer.text.contains("content-type: a/b") == (method == "POST"))
        }
    }

    @Test func `a circle of redirects ends`() async throws {
        try await Server.http { server in
            let circle =
                "/redirect%3Fto=%252Fredirect%253Fto%253D%25252Fredirect"
                + "%25253Fto%25253D%25252Fecho"
            let found = await error { () async throws(TransferError) in
                try await ask(server, circle, max: 2)
            }
            guard case .redirectRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(server.lines.count == 3)
            let answer = try await ask(server, circle, max: 4)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://u:hunter2@localhost/"])
    func `other protocols and logins are not followed`(target: String) async throws {
        try await Server.http { server in
            let found = await error { () async throws(TransferError) in
                try await ask(server, target)
            }
            guard case .redirectRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(found.map { !"\($0)".contains("hunter2") } == true)
            #expect(server.lines.count == 1)
        }
    }
}
