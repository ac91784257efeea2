import Domain
import Host
import Testing
import Web

@Suite(.timeLimit(.minutes(5))) struct ListeningTests {
    @Test func `a port in use is named, with how to choose another`() async throws {
        let stand = try await Stand()
        try await stand.serve { client in
            let failure = await #expect(throws: Failure.self) {
                try await stand.server(port: client.port).run()
            }
            #expect(failure?.what == "port \(client.port) on 127.0.0.1 is in use")
            let hint = failure?.hint ?? ""
            #expect(hint.contains("`listen`") && hint.contains("config.json"))
            #expect(hint.contains("\(client.port)"))
            let answer = try await client.ask("/healthz")
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["192.0.2.1", "no such host"])
    func `an address that is not this machine's is named`(host: String) async throws {
        let stand = try await Stand()
        let failure = await #expect(throws: Failure.self) {
            try await stand.server(host: host).run()
        }
        #expect(failure?.what.hasPrefix("could not listen on \(host):0: ") == true)
        #expect(failure?.hint?.contains("`listen`") == true)
    }

    @Test func `a stopped server answers what it was asked and lets everybody go`() async throws {
        let stand = try await Stand()
        let stopped = try await withThrowingTaskGroup(of: Void.self) { group in
            let (clients, told) = AsyncStream.makeStream(of: Client.self)
            group.addTask {
                try await stand.serve { client in
                    told.yield(client)
                    told.finish()
                    let wereAllHeard = try await eventually { stand.calls.healthCount == 3 }
                    #expect(wereAllHeard)
                }
            }
            let client = try #require(await clients.first { _ in true })
            for _ in 0..<3 {
                group.addTask {
                    // Because nothing asks for it, only the server's end closes the connection.
                    let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                    let bytes = try await client.talk(Array(request.utf8))
                    #expect(Answer(bytes)?.text == "ok\n")
                }
            }
            try await group.waitForAll()
            return client
        }
        let result = try await stopped.curl("/healthz")
        #expect(result.status == .exited(7), "curl's 7 is: nobody listens")
        #expect(result.output.isEmpty)
    }
}
