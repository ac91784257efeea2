import Domain
import Host
import TestKit
import Testing

/// Answers of the web that are no file: what is said, and how the command ends.
struct RemoteErrorTests {
    /// The first name of a path tells the status; `/to/N/x.csv` redirects N times.
    private static let program = """
        import http.server, sys

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                parts = self.path.split("?")[0].strip("/").split("/")
                body = b""
                if parts[0] == "to":
                    left = int(parts[1])
                    target = "/to/%d/x.csv" % (left - 1) if left > 1 else "/200/x.csv"
                    self.send_response(302)
                    self.send_header("Location", target)
                else:
                    status = int(parts[0])
                    body = b"x,y\\n1,2\\n" if status == 200 else b"no"
                    self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    private func withServer(_ body: (Desk, String) async throws -> Void) async throws {
        try await Desk.use { desk in
            try desk.write("models/slipway.yaml", "branch: main\n")
            let log = desk.path("web.log")
            let process = try spawnDetached(
                [try findExecutable("python3"), "-c", Self.program], environment: ownEnvironment(),
                workingFolder: desk.folder, outputFile: log)
            defer { _ = signalProcess(process, Signals.kill) }
            let port = try await firstNumber(in: log, of: process)
            try await body(desk, "http://127.0.0.1:\(port)")
        }
    }

    @Test func `a refusal names the address without its query, the status and a way out`()
        async throws
    {
        try await withServer { desk, base in
            for (status, hint) in [
                (404, "mend the address"), (403, "name an address that anybody may read"),
                (500, "the server may answer later"),
            ] {
                let address = "\(base)/\(status)/x.csv"
                let answer = try await desk.slipway(
                    "dataset", "init", "\(address)?who=s3cr3t", in: "models")
                #expect(answer.code == 1, "\(answer.errors)")
                #expect(answer.errors.contains("\(status)"), "\(answer.errors)")
                #expect(answer.errors.contains("where: \(address)\n"), "\(answer.errors)")
                #expect(answer.errors.contains("hint: ") && answer.errors.contains(hint))
                #expect(!answer.errors.contains("s3cr3t"))
            }
        }
    }

    @Test func `a server that is not there is no mistake of ours`() async throws {
        try await Desk.use { desk in
            try desk.write("models/slipway.yaml", "branch: main\n")
            // Because nothing listens on port 1 (tcpmux) of a machine of today.
            let answer = try await desk.slipway(
                "dataset", "init", "http://127.0.0.1:1/x.csv", in: "models")
            #expect(answer.code == 1, "\(answer.errors)")
            #expect(answer.errors.contains("127.0.0.1:1 cannot be reached"), "\(answer.errors)")
            #expect(answer.errors.contains("where: http://127.0.0.1:1/x.csv\n"))
            #expect(answer.errors.contains("hint: check the address and the network"))
        }
    }

    @Test func `redirects are followed to a bound`() async throws {
        try await withServer { desk, base in
            let near = try await desk.slipway(
                "dataset", "init", "\(base)/to/5/x.csv", in: "models")
            #expect(near.code == 0, "\(near.errors)")
            let far = try await desk.slipway(
                "dataset", "init", "\(base)/to/6/x.csv", "--name", "far", in: "models")
            #expect(far.code == 1, "\(far.errors)")
            #expect(far.errors.contains("more than 5 of them"), "\(far.errors)")
        }
    }
}
