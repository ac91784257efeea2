import Domain
import FoundationEssentials
import Host
import TestKit
import Testing

/// A daemon that gives the same answers every time, so that what the program makes of them shows.
enum StandIn {
    /// Answers GET by the whole target, query included; anything else is a 404.
    private static let program = """
        import http.server, json, os, sys

        with open(sys.argv[1]) as file:
            answers = json.load(file)

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                found = answers.get(self.path)
                body = found if found is not None else json.dumps(
                    {"error": "there is nothing at " + self.path, "hint": "slipway status"})
                data = body.encode()
                self.send_response(404 if found is None else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
        with open(sys.argv[2] + ".new", "w") as file:
            json.dump({"url": "http://127.0.0.1:%d" % server.server_port, "pid": os.getpid()}, file)
        os.rename(sys.argv[2] + ".new", sys.argv[2])
        server.serve_forever()
        """

    /// Runs it as the daemon of the desk's state folder while `body` asks it.
    static func use(
        _ answers: [String: String], on desk: Desk, _ body: () async throws -> Void
    ) async throws {
        let file = desk.path("answers.json")
        try makeFolder(desk.path("state"))
        try replaceFile(file, Array(try JSONEncoder().encode(answers)))
        let address = desk.path("state/daemon.json")
        let process = try spawnDetached(
            [try findExecutable("python3"), "-c", program, file, address],
            environment: ownEnvironment(), workingFolder: desk.folder,
            outputFile: desk.path("stand-in.log"))
        defer { _ = signalProcess(process, Signals.kill) }
        let end = monotonicSeconds() + patienceSeconds
        while !exists(address) {
            guard monotonicSeconds() < end, isAlive(process) else {
                throw Failure("the stand-in did not start: \(try desk.text("stand-in.log"))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await body()
    }
}

/// A value as the API writes it.
func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
