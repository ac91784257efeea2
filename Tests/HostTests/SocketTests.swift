import Domain
import Host
import TestKit
import Testing

@Suite struct SocketTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func whileListening(
        at path: String, deadline: Double = patienceSeconds,
        _ body: () async throws -> Void
    ) async throws {
        let listener = LocalListener(
            path: path, requestLimitBytes: 100, clientDeadlineSeconds: deadline, clientsMax: 2)
        let task = Task { try await listener.run { Array("you said ".utf8) + $0 } }
        #expect(try await eventually { exists(path) })
        try await body()
        task.cancel()
        try await task.value
        #expect(!exists(path))
    }

    private func ask(_ path: String, _ text: String) async throws -> String {
        let answer = try await askSocket(
            path, Array(text.utf8), answerLimitBytes: 1000, deadlineSeconds: patienceSeconds)
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func `every client gets its own answer`() async throws {
        let path = scratch.path("socket")
        try await whileListening(at: path) {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { try await ask(path, "\(number)") == "you said \(number)" }
                }
                for try await right in group { #expect(right) }
            }
        }
    }

    @Test func `a client that says too much does not stop the others`() async throws {
        let path = scratch.path("socket")
        try await whileListening(at: path) {
            let greedy = try? await ask(path, String(repeating: "x", count: 5000))
            #expect(greedy == nil || greedy == "")
            let answer1 = try await ask(path, "hello")
            #expect(answer1 == "you said hello")
        }
    }

    @Test func `clients that never finish are dropped at their deadline`() async throws {
        let path = scratch.path("socket")
        try await whileListening(at: path, deadline: 0.2) {
            // The child connects, says nothing, and reads until it is dropped.
            let script = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(s.recv(10))
                """
            async let silent = ChildProcess.run(
                "python3", ["-c", script, path], outputLimitBytes: 100,
                deadlineSeconds: patienceSeconds)
            let answer2 = try await ask(path, "hello")
            #expect(answer2 == "you said hello")
            let answer3 = try await silent.outputText
            #expect(answer3 == "b''\n")
        }
    }

    @Test func `a path longer than an address works too`() async throws {
        let folder = scratch.path(String(repeating: "long-", count: 30))
        try makeFolder(folder)
        try await whileListening(at: "\(folder)/socket") {
            let answer4 = try await ask("\(folder)/socket", "hello")
            #expect(answer4 == "you said hello")
        }
    }

    @Test func `a second listener at the same path is refused, a dead one replaced`() async throws {
        let path = scratch.path("socket")
        try await whileListening(at: path) {
            await #expect(throws: HostError.self) {
                try await LocalListener(path: path).run { $0 }
            }
            let answer5 = try await ask(path, "still here")
            #expect(answer5 == "you said still here")
        }
        // A file of a listener that was killed: bound once, listened at no more.
        let script = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
        _ = try await ChildProcess.run(
            "python3", ["-c", script, path], outputLimitBytes: 100, deadlineSeconds: patienceSeconds
        )
        #expect(exists(path))
        let task = Task { try await LocalListener(path: path).run { $0 } }
        #expect(try await eventuallyAnswers(path))
        task.cancel()
        try await task.value
    }

    private func eventuallyAnswers(_ path: String) async throws -> Bool {
        let end = monotonicSeconds() + patienceSeconds
        while monotonicSeconds() < end {
            if let answer = try? await ask(path, "x") { return answer == "x" }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test func `nobody listening is an error at once`() async throws {
        await #expect(throws: HostError.self) { _ = try await ask(scratch.path("none"), "x") }
    }
}
