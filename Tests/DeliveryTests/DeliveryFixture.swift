import Delivery
import Domain
import FoundationEssentials
import Gateway
import Host
import Logging
import TestKit
import Testing

let digits = ModelName(checked: "digits")

/// What a test's runtime does; the first byte of its artifact's digest.
enum Behaviour: UInt8 {
    case good = 1
    /// Listens and never says that it is ready.
    case unhealthy
    /// Ends at once.
    case exits
    /// Is ready and refuses every prediction.
    case cold
}

func deployment(
    _ minor: Int, number: Int, _ behaviour: Behaviour = .good,
    timeoutSeconds: Int = Int(patienceSeconds),
    model: ModelName = digits
) -> Deployment {
    let marks = [behaviour.rawValue, UInt8(minor)] + [UInt8](repeating: 0, count: 30)
    return Deployment(
        model: model, version: SemanticVersion(1, minor, 0), candidate: Fingerprint(bytes: marks),
        artifact: Digest(bytes: marks), number: number,
        commit: CommitID(bytes: [UInt8](repeating: 7, count: 20)),
        serving: ServingSettings(
            runtime: .command("exec python3 serve.py"),
            warmup: .object(["instances": .array([.integer(1)])]),
            startTimeoutSeconds: timeoutSeconds, requirements: nil))
}

/// A whole runtime in the standard library of Python; it runs in the artifact's folder.
private let runtimeScript = """
    import http.server, json, os, sys

    behaviour = int(open("behaviour").read())
    if behaviour == 3:
        sys.exit("no luck today")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def reply(self, status, value):
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

        def do_GET(self):
            self.reply(503 if behaviour == 2 else 200, {})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if b"die" in body:
                os._exit(7)
            if behaviour == 4:
                return self.reply(400, {"error": "wrong shape"})
            version = os.environ["SLIPWAY_MODEL_VERSION"]
            self.reply(200, {"predictions": [version], "pid": os.getpid()})

    port = int(os.environ["SLIPWAY_PORT"])
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
    """

/// One `slipway serve` in small: an agent and its gateway on a folder of their own.
struct Fixture: Sendable {
    struct Answer: Decodable {
        var predictions: [String]
        var pid: Int32
    }

    let agent: ServeAgent
    let gateway: GatewayServer
    let port: Int
    let folder: String

    func want(_ deployments: Deployment...) {
        agent.setDesired(
            DesiredState(
                deployments: Dictionary(uniqueKeysWithValues: deployments.map { ($0.model, $0) })))
    }

    func ask(_ body: String = "{}", model: String = "digits") async throws -> ProbeAnswer {
        try await gateway.probe(
            host: "127.0.0.1", port: port, path: "/v1/models/\(model):predict",
            body: [UInt8](body.utf8), timeoutSeconds: patienceSeconds)
    }

    func predict() async throws -> Answer {
        let answer = try await ask()
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body))
    }

    var live: LiveModel? { agent.live().first { $0.model == digits } }

    func isServing(number: Int) -> Bool {
        live?.health == .serving && live?.number == number
    }
}

/// Waits until `isTrue`, as long as a test's patience lasts.
func eventually(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let end = monotonicSeconds() + patienceSeconds
    while try await !isTrue() {
        try #require(monotonicSeconds() < end, "not within \(patienceSeconds) s: \(what)")
        await pause(milliseconds: 10)
    }
}

func withFolder(_ test: (String) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    let folder = try temporaryFolder(in: root, prefix: "slipway-delivery")
    do {
        try await test(folder)
    } catch {
        try removeTree(folder)
        throw error
    }
    try removeTree(folder)
}

func makeAgent(_ folder: String, _ gateway: GatewayServer, keepResident: Int) -> ServeAgent {
    var configuration = ServeConfiguration(stateFolder: "\(folder)/serve", sklearnRuntime: [])
    configuration.keepResident = keepResident
    configuration.tickSeconds = 0.05
    configuration.graceSeconds = 5
    configuration.drainSeconds = 5
    let hooks = ServeHooks(
        materialise: { digest, path in
            try makeFolder(path)
            try writeFileAtomically("\(path)/behaviour", [UInt8]("\(digest.bytes[0])".utf8))
            try writeFileAtomically("\(path)/serve.py", [UInt8](runtimeScript.utf8))
        },
        environment: { _ in nil })
    return ServeAgent(
        configuration: configuration, gateway: gateway, hooks: hooks,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
}

/// Runs the agent for the time of the test; afterwards none of its runtimes may be left.
func withAgent(
    keepResident: Int = 1, _ test: @Sendable (Fixture) async throws -> Void
) async throws {
    try await withFolder { folder in
        let gateway = GatewayServer()
        let port = try await gateway.start(host: "127.0.0.1", port: 0)
        let agent = makeAgent(folder, gateway, keepResident: keepResident)
        let running = Task { try await agent.run() }
        let fixture = Fixture(agent: agent, gateway: gateway, port: port, folder: folder)
        do {
            try await test(fixture)
        } catch {
            running.cancel()
            _ = await running.result
            throw error
        }
        running.cancel()
        try await running.value
        let path = "\(folder)/serve/runtimes.json"
        let left = exists(path) ? try readFile(path, limitBytes: 1 << 20) : []
        #expect(!String(decoding: left, as: UTF8.self).contains("pid"))
    }
}
