import Domain
import Host
import Testing

@testable import Transfer

@Suite struct HTTPTests {
    private let client = HTTPClient(userAgent: "slipway-test/1")

    private func text(_ response: HTTPResponse) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    private func url(_ server: Server, _ path: String, host: String = "127.0.0.1") -> String {
        "http://\(host):\(server.port)\(path)"
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func `method, path, headers and body arrive as they are`(
        method: HTTPRequest.Method
    ) async throws {
        try await Server.http { server in
            let answer = try await client.send(
                HTTPRequest(
                    method, url(server, "/echo?a=%20b"),
                    headers: [
                        ("X-One", "1"), ("X-Empty", ""), ("Content-Type", "text/plain"),
                    ],
                    body: Array("ä\0b".utf8)))
            #expect(answer.status == 200)
            let seen = text(answer)
            #expect(seen.hasPrefix("\(method.rawValue) /echo?a=%20b\n"))
            for line in [
                "x-one: 1", "x-empty: ", "content-type: text/plain", "user-agent: slipway-test/1",
                "content-length: 4",
            ] {
                #expect(seen.contains("\n\(line)\n"), "\(line) in \(seen)")
            }
            #expect(seen.hasSuffix("\n\nä\0b"))
            #expect(!seen.contains("expect:"))
        }
    }

    @Test func `requests without a body say nothing of one`() async throws {
        try await Server.http { server in
            let got = try await client.send(HTTPRequest(.get, url(server, "/echo")))
            #expect(text(got).hasPrefix("GET /echo\n"))
            #expect(!text(got).contains("content-"))
            let empty = try await client.send(HTTPRequest(.put, url(server, "/echo")))
            #expect(text(empty).contains("\ncontent-length: 0\n"))
            let deleted = try await client.send(HTTPRequest(.delete, url(server, "/echo")))
            #expect(text(deleted).hasPrefix("DELETE /echo\n"))
            let head = try await client.send(HTTPRequest(.head, url(server, "/echo")))
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func `status and headers come back, names in lower case`() async throws {
        try await Server.http { server in
            let answer = try await client.send(HTTPRequest(.get, url(server, "/twice")))
            #expect(answer.status == 207)
            #expect(answer.headers.filter { $0.0 == "x-thing" }.map(\.1) == ["one", "two"])
            #expect(answer.header("content-length") == "0")
            let missing = try await client.send(HTTPRequest(.get, url(server, "/missing")))
            #expect(missing.status == 404 && text(missing) == "no such thing")
        }
    }

    @Test func `fifty requests at once all come back over eight connections`() async throws {
        try await Server.http { server in
            let address = url(server, "/who")
            let ports = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask { text(try await client.send(HTTPRequest(.get, address))) }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(ports.count == 50)
            #expect((1...8).contains(Set(ports).count), "\(Set(ports))")
            #expect(server.lines.count == 50)
        }
    }

    @Test func `a connection serves the next request too`() async throws {
        try await Server.http { server in
            let first = try await client.send(HTTPRequest(.get, url(server, "/who")))
            let second = try await client.send(HTTPRequest(.get, url(server, "/who")))
            #expect(first.body == second.body)
        }
    }

    @Test func `an answer that is too long ends the transfer`() async throws {
        try await Server.http { server in
            let most = HTTPClient(
                userAgent: "t", limits: HTTPClient.Limits(responseBytesMax: 100_000))
            let whole = try await most.send(HTTPRequest(.get, url(server, "/big?bytes=100000")))
            #expect(whole.body.count == 100_000)
            let expected = TransferError.bodyTooLarge(
                server: "http://127.0.0.1:\(server.port)", limitBytes: 100_000)
            for path in ["/big?bytes=100001", "/endless"] {
                #expect(
                    await error { () async throws(TransferError) in
                        try await most.send(HTTPRequest(.get, url(server, path)))
                    } == expected)
            }
            #expect(expected.failure.disposition == .stalled)
        }
    }

    @Test func `a head that never ends is not held`() async throws {
        try await Server.http { server in
            let found = await error { () async throws(TransferError) in
                try await client.send(HTTPRequest(.get, url(server, "/head")))
            }
            #expect(
                found
                    == .bodyTooLarge(
                        server: "http://127.0.0.1:\(server.port)",
                        limitBytes: HTTPReception.headBytesMax))
        }
    }

    @Test func `the deadline ends a request that nobody answers`() async throws {
        try await Server.http { server in
            let hasty = HTTPClient(userAgent: "t", limits: HTTPClient.Limits(wholeSeconds: 0.5))
            let found = await error { () async throws(TransferError) in
                try await hasty.send(HTTPRequest(.get, url(server, "/slow")))
            }
            #expect(
                found
                    == .deadline(server: "http://127.0.0.1:\(server.port)", seconds: 0.5))
            #expect(found?.failure.disposition == .retry(afterSeconds: 15))
        }
    }

    @Test func `cancelling the task ends its transfer`() async throws {
        try await Server.http { server in
            let address = url(server, "/slow")
            let task = Task { try await client.send(HTTPRequest(.get, address)) }
            let isAsked = try await eventually { server.lines == ["GET /slow"] }
            #expect(isAsked)
            task.cancel()
            await #expect(
                throws: TransferError.cancelled(server: "http://127.0.0.1:\(server.port)")
            ) { try await task.value }
        }
    }

    @Test func `whoever waits for a lane can be cancelled, and the lane stays usable`() async throws
    {
        try await Server.http { server in
            let single = HTTPClient(
                userAgent: "t", limits: HTTPClient.Limits(atOnce: 1, waitingMax: 1))
            let (slow, echo) = (url(server, "/slow"), url(server, "/echo"))
            let first = Task { try await single.send(HTTPRequest(.get, slow)) }
            let isAsked = try await eventually { server.lines == ["GET /slow"] }
            #expect(isAsked)
            let second = Task { try await single.send(HTTPRequest(.get, echo)) }
            let isWaiting = try await eventually { single.lanes.waitingCount == 1 }
            #expect(isWaiting)
            await #expect(throws: TransferError.tooManyWaiting(limit: 1)) {
                try await single.send(HTTPRequest(.get, echo))
            }
            second.cancel()
            let name = "http://127.0.0.1:\(server.port)"
            await #expect(throws: TransferError.cancelled(server: name)) { try await second.value }
            first.cancel()
            await #expect(throws: TransferError.cancelled(server: name)) { try await first.value }
            let answer = try await single.send(HTTPRequest(.get, echo))
            #expect(answer.status == 200)
            #expect(server.lines == ["GET /slow", "GET /echo"])
        }
    }

    @Test func `a server that closes mid-body is told apart from one that is not there`()
        async throws
    {
        let port = try await Server.http { server in
            for path in ["/cut", "/nothing"] {
                let found = await error { () async throws(TransferError) in
                    try await client.send(HTTPRequest(.get, url(server, path)))
                }
                guard case .interrupted = found else {
                    Issue.record("\(path): \(String(describing: found))")
                    continue
                }
                #expect(found?.failure.disposition == .retry(afterSeconds: 15))
            }
            return server.port
        }
        let gone = await error { () async throws(TransferError) in
            try await client.send(HTTPRequest(.get, "http://127.0.0.1:\(port)/"))
        }
        guard case .unreachable(let name, _) = gone else {
            Issue.record("\(String(describing: gone))")
            return
        }
        #expect(name == "http://127.0.0.1:\(port)")
        #expect(gone?.failure.disposition == .retry(afterSeconds: 15))
    }

    @Test func `an unknown name cannot be reached`() async throws {
        let found = await error { () async throws(TransferError) in
            try await client.send(HTTPRequest(.get, "http://nowhere.invalid/secret-path"))
        }
        guard case .unreachable = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(found.map { !$0.description.contains("secret-path") } == true)
    }
}
