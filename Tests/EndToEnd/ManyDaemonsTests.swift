import Domain
import FoundationEssentials
import Host
import Testing

/// Several repositories watched by one process.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ManyDaemonsTests {
    /// State folders beside that of the harbour, each with a repository of its own.
    private func states(
        _ harbour: Harbour, _ listen: [String], _ name: String = "many"
    ) async throws -> [String] {
        var states: [String] = []
        for (number, address) in listen.enumerated() {
            let state = "\(harbour.folder)/\(name)-\(number)"
            let bare = "\(harbour.folder)/\(name)-\(number).git"
            try await harbour.run("git", "init", "-q", "--bare", "-b", "main", bare)
            try await harbour.slipway(
                "init", "--repository", bare, "--trust", "\(harbour.folder)/signers", "--listen",
                address, "--state", state)
            states.append(state)
        }
        return states
    }

    private func url(_ state: String) throws -> String? {
        guard exists("\(state)/daemon.json") else { return nil }
        struct Address: Decodable { var url: String }
        let bytes = try readFile("\(state)/daemon.json", limitBytes: 10_000)
        // Because it may just be written.
        return (try? JSONDecoder().decode(Address.self, from: Data(bytes)))?.url
    }

    @Test func `each has its own address, a broken one stops no other, and SIGTERM drains all`()
        async throws
    {
        try await Harbour.use { harbour in
            var states = try await states(harbour, ["127.0.0.1:0", "127.0.0.1:0"])
            states.insert("\(harbour.folder)/nothing", at: 1)
            try harbour.start("daemon", ["daemon"] + states.flatMap { ["--state", $0] })
            for state in [states[0], states[2]] {
                try await harbour.until("\(state) is served") {
                    try url(state) != nil
                }
            }
            #expect(try url(states[0]) != url(states[2]))
            for state in [states[0], states[2]] {
                let answer = try await harbour.slipway("status", "--json", "--state", state)
                #expect(answer.contains("\"branch\":\"main\""), "\(answer)")
            }
            let log = harbour.log("daemon")
            #expect(log.contains("there is no Slipway in `\(states[1])`"), "\(log)")
            try await harbour.stop("daemon")
            for state in [states[0], states[2]] { #expect(try url(state) == nil) }
        }
    }

    @Test func `two that want one port are told so, and the first one runs`() async throws {
        try await Harbour.use { harbour in
            // Because a port that the system just gave away is free for a while.
            let free = try await states(harbour, ["127.0.0.1:0"], "free")[0]
            try harbour.start("first", ["daemon", "--state", free])
            try await harbour.until("a port is known") { try url(free) != nil }
            let address = try #require(try url(free)).dropFirst("http://".count)
            try await harbour.stop("first")
            let both = try await states(harbour, [String(address), String(address)])
            try harbour.start("daemon", ["daemon"] + both.flatMap { ["--state", $0] })
            try await harbour.until("the first runs") { try url(both[0]) != nil }
            let log = harbour.log("daemon")
            #expect(log.contains("is wanted by the daemon of \(both[0]) too"), "\(log)")
            #expect(try url(both[1]) == nil)
        }
    }

    @Test func `only when none runs does it end with an error`() async throws {
        try await Harbour.use { harbour in
            let result = try await harbour.attempt(
                "daemon", "--state", "\(harbour.folder)/a", "--state", "\(harbour.folder)/b")
            #expect(result.status == .exited(1), "\(result.errorText)")
            #expect(result.errorText.contains("none of the 2 daemons could be run"))
            let twice = try await harbour.attempt("daemon", "--state", "x", "--state", "./x")
            #expect(twice.status == .exited(64), "\(twice.errorText)")
        }
    }

    @Test func `a webhook that is set up as the documentation says makes the daemon look`()
        async throws
    {
        try await Harbour.use { harbour in
            let state = try await states(harbour, ["127.0.0.1:0"])[0]
            try write("\(harbour.folder)/secret", "an old one\nthe right one\n")
            var text = String(
                decoding: try readFile("\(state)/config.json", limitBytes: 100_000), as: UTF8.self)
            let list = try #require(text.firstRange(of: "\"webhooks\" : ["))
            let webhook = "{\"name\": \"ci\", \"kind\": \"generic\", \"secretFile\": "
            text.insert(
                contentsOf: "\(webhook)\"\(harbour.folder)/secret\"}", at: list.upperBound)
            try write("\(state)/config.json", text)
            try harbour.start("daemon", ["daemon", "--state", state, "--log-level", "debug"])
            try await harbour.until("it is served") { try url(state) != nil }
            let script = """
                body='{"changed": true}'
                code=$(printf %s "$body" | openssl dgst -sha256 -hmac "$1" -r | cut -d' ' -f1)
                curl --silent --noproxy '*' --data "$body" --header "X-Signature: sha256=$code" \\
                  "$0/webhooks/ci"
                """
            let address = try #require(try url(state))
            let wrong = try await harbour.run("bash", "-c", script, address, "a wrong one")
            #expect(wrong.contains("does not belong to this body"), "\(wrong)")
            let right = try await harbour.run("bash", "-c", script, address, "the right one")
            #expect(right == "{\"status\":\"accepted\"}\n")
            try await harbour.until("the hint is counted") {
                try await harbour.run("curl", "-s", "--noproxy", "*", "\(address)/metrics")
                    .contains("slipway_hinted_looks_total 1")
            }
            let log = harbour.log("daemon")
            #expect(log.contains("webhook ci: unknown"), "\(log)")
            for word in ["the right one", "an old one", "a wrong one", "changed"] {
                #expect(!log.contains(word), "\(log)")
            }
        }
    }
}
