import Domain
import Host
import Testing

@testable import Transfer

@Suite struct TLSTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `a certificate is trusted only with its authority`() async throws {
        let (certificate, key) = try await scratch.certificate(for: "localhost")
        try await Server.http(certificate: certificate, key: key) { server in
            let request = HTTPRequest(
                .get, "https://localhost:\(server.port)/echo",
                headers: [("Authorization", "Bearer t0ken")])
            let found = await error { () async throws(TransferError) in
                try await HTTPClient(userAgent: "t").send(request)
            }
            guard case .tlsRefused(let name, _) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(name == "https://localhost:\(server.port)")
            #expect(found?.failure.disposition == .stalled)
            #expect(server.lines.isEmpty)
            let trusting = HTTPClient(userAgent: "t", authoritiesFile: certificate)
            let answer = try await trusting.send(request)
            #expect(answer.status == 200)
            #expect(server.lines == ["GET /echo"])
        }
    }

    @Test func `a certificate for another name is refused`() async throws {
        let (certificate, key) = try await scratch.certificate(for: "elsewhere.example")
        try await Server.http(certificate: certificate, key: key) { server in
            let client = HTTPClient(userAgent: "t", authoritiesFile: certificate)
            let found = await error { () async throws(TransferError) in
                try await client.send(
                    HTTPRequest(.get, "https://localhost:\(server.port)/echo"))
            }
            guard case .tlsRefused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(server.lines.isEmpty)
        }
    }

    @Test func `a file of authorities that does not exist is no trust in anybody`() async throws {
        let (certificate, key) = try await scratch.certificate(for: "localhost")
        try await Server.http(certificate: certificate, key: key) { server in
            let client = HTTPClient(userAgent: "t", authoritiesFile: scratch.path("missing"))
            let found = await error { () async throws(TransferError) in
                try await client.send(
                    HTTPRequest(.get, "https://localhost:\(server.port)/echo"))
            }
            #expect(found?.failure.disposition == .stalled, "\(String(describing: found))")
            #expect(server.lines.isEmpty)
        }
    }

    @Test func `TLS does not fall back to a connection in clear`() async throws {
        try await Server.http { server in
            let found = await error { () async throws(TransferError) in
                try await HTTPClient(userAgent: "t").send(
                    HTTPRequest(.get, "https://localhost:\(server.port)/echo"))
            }
            #expect(found != nil)
            #expect(server.lines.isEmpty)
        }
    }

    @Test func `a redirect from https to http is not followed`() async throws {
        let (certificate, key) = try await scratch.certificate(for: "localhost")
        try await Server.http { open in
            try await Server.http(certificate: certificate, key: key) { server in
                let client = HTTPClient(userAgent: "t", authoritiesFile: certificate)
                let found = await error { () async throws(TransferError) in
                    try await client.send(
                        HTTPRequest(
                            .get,
                            "https://localhost:\(server.port)/redirect"
                                + "?to=http://localhost:\(open.port)/echo",
                            redirectsMax: 3))
                }
                guard case .redirectRefused = found else {
                    Issue.record("\(String(describing: found))")
                    return
                }
                #expect(open.lines.isEmpty)
            }
        }
    }
}
