import Domain
import FoundationEssentials
import Host
import Journal
import Testing
import Web

private let json = "application/json; charset=utf-8"
private let plain = "text/plain; charset=utf-8"

@Suite(.timeLimit(.minutes(5))) struct RouteTests {
    /// Every path that is asked with GET, and what comes back.
    static let routes = [
        ("/healthz", plain), ("/metrics", "text/plain; version=0.0.4; charset=utf-8"),
        ("/api/v1/status", json), ("/api/v1/models/digits", json),
        ("/api/v1/models/digits/report", json), ("/api/v1/models/digits/versions", json),
        ("/api/v1/models/digits/tags", json),
        ("/api/v1/models/digits/decisions", json), ("/api/v1/runs", json),
        ("/api/v1/runs/digits/2", json), ("/api/v1/runs/digits/2/events", json),
        ("/api/v1/runs/digits/2/logs", plain), ("/api/v1/live", json), ("/api/v1/plan", json),
        ("/api/v1/previews", json), ("/api/v1/policy", json), ("/api/v1/letters", json),
    ]

    @Test func `every path answers GET, and HEAD with the same headers`() async throws {
        try await Stand().serve { client in
            for (path, type) in Self.routes {
                let answer = try await client.ask(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers["content-type"] == type, "\(path)")
                #expect(answer.headers["content-length"] == "\(answer.body.count)", "\(path)")
                #expect(answer.headers["cache-control"] == "no-store", "\(path)")
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                var head = try await client.ask(path, ["--head"])
                #expect(head.status == 200 && head.body.isEmpty, "\(path)")
                head.headers["date"] = answer.headers["date"]
                #expect(head.headers == answer.headers, "\(path)")
            }
        }
    }

    @Test func `the paths here are those of the documentation`() throws {
        let rows = try documentation().split(separator: "\n").compactMap { line in
            line.hasPrefix("| `GET /") ? line.dropFirst("| `GET ".count).prefix { $0 != "`" } : nil
        }
        let documented = rows.map {
            String($0).replacing("<model>", with: "digits").replacing("<number>", with: "2")
        }
        #expect(documented.sorted() == Self.routes.map(\.0).sorted())
    }

    @Test func `status shows the branch, every model and every problem`() async throws {
        try await Stand().serve { client in
            let status = try await client.ask("/api/v1/status").json(StatusView.self)
            #expect(
                status
                    == StatusView(
                        branch: "main", head: Samples.commit(3), models: Samples.statuses,
                        problems: [Samples.problem]))
            #expect(
                try await client.ask("/api/v1/models/houses").json(ModelStatus.self)
                    == Samples.statuses[1])
        }
    }

    @Test func `runs come newest first, of one model or of all`() async throws {
        try await Stand().serve { client in
            let all = try await client.ask("/api/v1/runs").json([RunView].self)
            #expect(all == Samples.runs.reversed())
            let digits = try await client.ask("/api/v1/runs?model=digits").json([RunView].self)
            #expect(digits == [Samples.runs[2], Samples.runs[0]])
            let newest = try await client.ask("/api/v1/runs?limit=1&model=digits")
            #expect(try newest.json([RunView].self) == [Samples.runs[2]])
            let nobody = try await client.ask("/api/v1/runs?model=nobody")
            #expect(try nobody.json([RunView].self) == [])
            #expect(
                try await client.ask("/api/v1/runs/digits/2").json(RunView.self) == Samples.runs[2])
        }
    }

    @Test func `events are read on from any position`() async throws {
        try await Stand().serve { client in
            let path = "/api/v1/runs/digits/2/events"
            var events: [RunEvent] = []
            while true {
                let after = events.last?.position ?? 0
                let part = try await client.ask("\(path)?after=\(after)&limit=2")
                    .json([RunEvent].self)
                #expect(part.count <= 2)
                if part.isEmpty { break }
                events += part
                try #require(events.count <= Samples.events.count)
            }
            #expect(events == Samples.events)
            #expect(
                try await client.ask("\(path)?after=3").json([RunEvent].self)
                    == Array(Samples.events.suffix(2)))
            #expect(
                try await client.ask("/api/v1/runs/digits/1/events").json([RunEvent].self) == [])
        }
    }

    @Test func `a log is read to its end, part by part`() async throws {
        try await Stand().serve { client in
            var bytes: [UInt8] = []
            for _ in 0..<3 {
                let path = "/api/v1/runs/digits/2/logs?offset=\(bytes.count)&limit=1000"
                let part = try await client.ask(path)
                bytes += part.body
                #expect(part.headers["slipway-step"] == "train")
                #expect(part.headers["slipway-next-offset"] == "\(bytes.count)")
                #expect(part.headers["slipway-total-bytes"] == "2500")
            }
            #expect(bytes == Samples.log)
            let end = try await client.ask("/api/v1/runs/digits/2/logs?offset=2500")
            #expect(end.status == 200 && end.body.isEmpty)
            let named = try await client.ask("/api/v1/runs/digits/2/logs?step=train&attempt=2")
            #expect(named.body == Samples.log)
        }
    }

    @Test func `decisions are read on from any sequence`() async throws {
        try await Stand().serve { client in
            let path = "/api/v1/models/digits/decisions"
            let ours = Samples.decisions.filter { $0.model == Samples.digits }
            #expect(try await client.ask(path).json([DecisionRecord].self) == ours)
            let part = try await client.ask("\(path)?after=6&limit=2").json([DecisionRecord].self)
            #expect(part.map(\.sequence) == [8, 9])
        }
    }

    @Test func `versions come newest first, with where they are`() async throws {
        try await Stand().serve { client in
            let path = "/api/v1/models/digits/versions"
            let versions = try await client.ask(path).json([VersionView].self)
            #expect(versions.map(\.release.version) == [Samples.second, Samples.first])
            #expect(versions.map(\.assignedTo) == [[Samples.production], []])
            #expect(versions.map(\.heldIn) == [[], [Samples.production]])
            let newest = try await client.ask("\(path)?limit=1").json([VersionView].self)
            #expect(newest == [versions[0]])
            #expect(
                try await client.ask("/api/v1/models/houses/versions").json([VersionView].self)
                    == [])
        }
    }

    @Test(arguments: [("", 3), ("?run=2", 2), ("?run=1", 1), ("?version=v1.0.0", 1)])
    func `a report is that of the head, of a run or of a version`(
        query: String, run: Int
    ) async throws {
        try await Stand().serve { client in
            let report = try await client.ask("/api/v1/models/digits/report\(query)")
                .json(ReportView.self)
            #expect(report.run == RunID(model: Samples.digits, number: run))
            #expect(report.commit == Samples.commit(run))
            #expect(report.approvalsNeeded == 2)
            #expect(report.tags == (run == 1 ? [Samples.tag] : []))
            #expect((report.evidenceDigest == nil) == (run == 2))
        }
    }

    @Test func `live shows what each environment says, and what cannot be asked`() async throws {
        try await Stand().serve { client in
            let live = try await client.ask("/api/v1/live").json([EnvironmentName: LiveView].self)
            #expect(live == Samples.live)
        }
    }

    @Test func `a plan is of the revision, or of the head that was processed`() async throws {
        try await Stand().serve { client in
            let head = try await client.ask("/api/v1/plan").json([String: String].self)
            #expect(head == ["revision": Samples.commit(3).hex])
            let named = try await client.ask("/api/v1/plan?revision=a%2Fb%20c")
            #expect(try named.json([String: String].self) == ["revision": "a/b c"])
        }
    }

    @Test func `policy shows what is trusted and what waits`() async throws {
        try await Stand().serve { client in
            let policy = try await client.ask("/api/v1/policy").json(PolicyView.self)
            #expect(policy == Samples.policy)
        }
    }

    @Test func `tags of a model that somebody else wrote are those that the daemon found`()
        async throws
    {
        let stand = try await Stand()
        let tag = ForeignTag(tag: "digits@v9.0.0", kind: .version, version: nil, commit: nil)
        try await stand.journal.setPosition(
            "foreign:digits", String(decoding: try apiJSON([tag]).dropLast(), as: UTF8.self))
        try await stand.serve { client in
            let path = "/api/v1/models/digits/tags"
            #expect(try await client.ask(path).json([ForeignTag].self) == [tag])
            let houses = try await client.ask("/api/v1/models/houses/tags")
            #expect(try houses.json([ForeignTag].self) == [])
            #expect(try await client.ask("/api/v1/models/nobody/tags").status == 404)
        }
    }

    @Test func `letters are those that were given up, and can be tried again`() async throws {
        let stand = try await Stand()
        try await stand.serve { client in
            let dead = try await client.ask("/api/v1/letters?limit=3").json([String].self)
            #expect(dead == ["dead", "3"])
            let sent = try await client.ask("/api/v1/letters?state=sent").json([String].self)
            #expect(sent == ["sent", "1000"])
            #expect(try await client.ask("/api/v1/letters?state=lost").status == 400)
            let post = ["--request", "POST"]
            let one = try await client.ask("/api/v1/letters/retry?id=7", post)
            #expect(try one.json([String: Int].self) == ["retried": 1])
            let all = try await client.ask("/api/v1/letters/retry", post)
            #expect(try all.json([String: Int].self) == ["retried": 2])
            #expect(try await client.ask("/api/v1/letters/retry?id=8", post).status == 404)
            #expect(try await client.ask("/api/v1/letters/retry?id=x", post).status == 400)
        }
    }

    @Test func `wake wakes the loop, once for each request`() async throws {
        let stand = try await Stand()
        try await stand.serve { client in
            let answer = try await client.ask("/api/v1/wake", ["--request", "POST"])
            #expect(answer.status == 202 && answer.body.isEmpty)
        }
        #expect(stand.calls.wakeCount == 1)
    }

    @Test func `forty clients at once each get their answer`() async throws {
        try await Stand().serve { client in
            let path = "/api/v1/runs/digits/2"
            let request = "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<40 { group.addTask { try await client.talk(Array(request.utf8)) } }
                for try await bytes in group {
                    let answer = try #require(Answer(bytes))
                    #expect(try answer.json(RunView.self) == Samples.runs[2])
                }
            }
        }
    }
}

/// The text of `docs/api.md`.
func documentation() throws -> String {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appending(path: "docs/api.md").path(percentEncoded: false)
    return String(decoding: try readFile(path, limitBytes: 1 << 20), as: UTF8.self)
}
