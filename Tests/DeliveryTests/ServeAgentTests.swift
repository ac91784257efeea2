import Delivery
import Domain
import FoundationEssentials
import Gateway
import Host
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct ServeAgentTests {
    @Test func `a version that is wanted serves once it is warm`() async throws {
        try await withAgent { serve in
            #expect(try await serve.ask().status == 404)
            serve.want(deployment(0, number: 1))
            #expect(try await serve.ask().status == 503)
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            #expect(try await serve.predict().predictions == ["v1.0.0"])
            // Because a request is counted once its answer is on the way.
            try await eventually("both are counted") { serve.live?.requests == 2 }
            let live = try #require(serve.live)
            #expect(live.version == SemanticVersion(1, 0, 0))
            #expect(live.problem == nil)
        }
    }

    @Test func `a new version takes over without a failed request`() async throws {
        try await withAgent { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            let asking = Task {
                var seen: Set<String> = []
                while !Task.isCancelled {
                    seen.formUnion(try await serve.predict().predictions)
                }
                return seen
            }
            serve.want(deployment(1, number: 2))
            try await eventually("v1.1.0 serves") { serve.isServing(number: 2) }
            _ = try await serve.predict()
            asking.cancel()
            #expect(try await asking.value.contains("v1.0.0"))
            #expect(try await serve.predict().predictions == ["v1.1.0"])
        }
    }

    @Test func `a revert to a loaded version starts no process`() async throws {
        try await withAgent { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            let first = try await serve.predict().pid
            serve.want(deployment(1, number: 2))
            try await eventually("v1.1.0 serves") { serve.isServing(number: 2) }
            #expect(serve.live?.resident == [SemanticVersion(1, 0, 0)])
            serve.want(deployment(0, number: 3))
            try await eventually("v1.0.0 is back") { serve.isServing(number: 3) }
            #expect(try await serve.predict().pid == first)
            #expect(serve.live?.resident == [SemanticVersion(1, 1, 0)])
        }
    }

    @Test func `what is not kept loaded is stopped`() async throws {
        try await withAgent(keepResident: 0) { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            let pid = try await serve.predict().pid
            let process = try #require(ProcessIdentity(of: pid))
            serve.want(deployment(1, number: 2))
            try await eventually("v1.1.0 serves") { serve.isServing(number: 2) }
            try await eventually("v1.0.0 is stopped") { !isAlive(process) }
            #expect(serve.live?.resident == [])
        }
    }

    @Test(arguments: [
        (Behaviour.unhealthy, "answers 503"), (.exits, "no luck today"), (.cold, "wrong shape"),
    ])
    func `a version that cannot serve leaves the old one in place`(
        behaviour: Behaviour, reason: String
    ) async throws {
        try await withAgent { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            // Only what never becomes healthy waits for its whole time; on a busy machine the
            // others need long to begin.
            let timeout = behaviour == .unhealthy ? 5 : Int(patienceSeconds)
            serve.want(deployment(1, number: 2, behaviour, timeoutSeconds: timeout))
            try await eventually("the problem is told") { serve.live?.problem != nil }
            let live = try #require(serve.live)
            #expect(live.health == .failing)
            #expect(live.version == SemanticVersion(1, 0, 0))
            #expect(live.problem?.what.contains(reason) == true, "\(live.problem as Any)")
            #expect(live.problem?.place == "digits v1.1.0")
            #expect(try await serve.predict().predictions == ["v1.0.0"])
            serve.want(deployment(2, number: 3))
            try await eventually("v1.2.0 serves") { serve.isServing(number: 3) }
            #expect(serve.live?.problem == nil)
        }
    }

    @Test func `a runtime that dies is started again`() async throws {
        try await withAgent { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            let first = try await serve.predict().pid
            // 502 when the death cut the answer off, 503 when the connection was tried once more.
            #expect([502, 503].contains(try await serve.ask("die").status))
            let meanwhile = try await serve.ask().status
            #expect(meanwhile == 503 || meanwhile == 200)
            try await eventually("another process answers") {
                guard serve.isServing(number: 1) else { return false }
                return try await serve.ask().status == 200
            }
            #expect(try await serve.predict().pid != first)
        }
    }

    @Test func `a model that is removed is stopped, and the others go on`() async throws {
        let other = ModelName(checked: "other")
        try await withAgent { serve in
            serve.want(deployment(0, number: 1), deployment(0, number: 1, model: other))
            try await eventually("digits serves") { serve.isServing(number: 1) }
            try await eventually("other serves") {
                try await serve.ask(model: "other").status == 200
            }
            let process = try #require(ProcessIdentity(of: try await serve.predict().pid))
            serve.want(deployment(0, number: 1, model: other))
            try await eventually("digits is gone") { try await serve.ask().status == 404 }
            try await eventually("its runtime is stopped") { !isAlive(process) }
            #expect(try await serve.ask(model: "other").status == 200)
            #expect(serve.live == nil)
        }
    }

    @Test func `a file that cannot be read takes nothing down`() async throws {
        try await withAgent { serve in
            serve.want(deployment(0, number: 1))
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            serve.agent.setDesired(
                DesiredState(files: ["models/digits.json": [UInt8]("{".utf8)]))
            serve.agent.wake()
            #expect(try await serve.predict().predictions == ["v1.0.0"])
            #expect(serve.isServing(number: 1))
        }
    }

    @Test func `runtimes that an earlier serve left behind are stopped`() async throws {
        try await withFolder { folder in
            try makeFolder("\(folder)/serve")
            let left = try spawnDetached(["sleep", "600"])
            let records =
                #"[{"about":"x","port":1,"process":{"pid":\#(left.pid),"#
                + #""startTimeTicks":\#(left.startTimeTicks)}}]"#
            try writeFileAtomically("\(folder)/serve/runtimes.json", [UInt8](records.utf8))
            let gateway = GatewayServer()
            let agent = makeAgent(folder, gateway, keepResident: 1)
            let running = Task { try await agent.run() }
            try await eventually("it is stopped") { !isAlive(left) }
            running.cancel()
            try await running.value
        }
    }

    @Test func `what a runtime started ends with it`() async throws {
        try await withAgent { serve in
            var wanted = deployment(0, number: 1)
            wanted.serving.runtime = .command("sleep 600 & echo $! > child; exec python3 serve.py")
            serve.want(wanted)
            try await eventually("v1.0.0 serves") { serve.isServing(number: 1) }
            let path = "\(serve.folder)/serve/models/\(wanted.artifact)/child"
            let text = String(decoding: try readFile(path, limitBytes: 100), as: UTF8.self)
            let pid = try #require(Int32(text.filter(\.isNumber)))
            let child = try #require(ProcessIdentity(of: pid))
            serve.want()
            try await eventually("the child is gone") { !isAlive(child) }
        }
    }

    @Test func `two agents never share a state folder`() async throws {
        try await withAgent { serve in
            // Because the lock's file is there before the lock is.
            serve.want(deployment(0, number: 1))
            try await eventually("the first serves") { serve.isServing(number: 1) }
            let gateway = GatewayServer()
            let second = makeAgent(serve.folder, gateway, keepResident: 1)
            await #expect(throws: Failure.self) { try await second.run() }
            await gateway.stop()
        }
    }
}
