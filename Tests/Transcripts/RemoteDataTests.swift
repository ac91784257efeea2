import Domain
import Host
import TestKit
import Testing

/// Manifests of files that are elsewhere.
@Test func `init reads a file from its address, and keeps the address alone`() async throws {
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        let answers = [
            "/sets/sales.csv": "x,who\n1,a\n2,b\n", "/sets/lines.jsonl": "{\"x\": 1}\n{\"x\": 2}\n",
        ]
        try await StandIn.use(answers, on: desk) {
            let daemon = try desk.text("state/daemon.json")
            let server = daemon.split(separator: "\"").first { $0.hasPrefix("http://") }
            let base = String(try #require(server))
            let made = try await desk.slipway(
                "dataset", "init", "\(base)/sets/sales.csv", in: "models")
            #expect(made.code == 0, "\(made.errors)")
            let text = try desk.text("models/datasets/sales.yaml")
            #expect(
                text.contains(
                    "  - path: data/sales/sales.csv\n    url: \"\(base)/sets/sales.csv\"\n"))
            #expect(text.contains("    rows: 2\n"), "\(text)")
            #expect(!exists(desk.path("models/data")), "nothing is kept")
            let lines = try await desk.slipway(
                "dataset", "init", "\(base)/sets/lines.jsonl", "--name", "log", in: "models")
            #expect(lines.code == 0, "\(lines.errors)")
            #expect(try desk.text("models/datasets/log.yaml").contains("format: jsonl"))

            let checked = try await desk.slipway("check", in: "models")
            #expect(checked.code == 0 && checked.errors.contains("not read: data/sales/sales.csv"))
            let absent = try await desk.slipway(
                "dataset", "init", "\(base)/sets/none.csv", in: "models")
            #expect(absent.code != 0 && absent.errors.contains("404"), "\(absent.errors)")
            let many = try await desk.slipway("dataset", "init", "\(base)/sets/", in: "models")
            #expect(many.code == 64 && many.errors.contains("many files"), "\(many.errors)")
            let again = try await desk.slipway(
                "dataset", "init", "\(base)/sets/sales.csv", in: "models")
            #expect(again.code == 5, "\(again.errors)")
        }
    }
}

@Test func `init reads objects of a store that checks signatures`() async throws {
    try await Desk.use { desk in
        for file in storedFiles { try desk.write("store/sets/\(file.name)", file.text) }
        let log = desk.path("store.log")
        let process = try spawnDetached(
            [
                try findExecutable("python3"), "-c", storeScript, desk.path("store"), "AKTEST",
                "SK/te+st",
            ], environment: ownEnvironment(), workingFolder: desk.folder, outputFile: log)
        defer { _ = signalProcess(process, Signals.kill) }
        let port = try await firstNumber(in: log, of: process)
        try await readStore(
            desk, ["http://127.0.0.1:\(port)", "AKTEST", "SK/te+st", "sets"])
    }
}

@Test(.enabled(if: realStore != nil, "SLIPWAY_TEST_S3 names no object store"))
func `init reads objects of a real store`() async throws {
    let real = try #require(realStore)
    try await Desk.use { desk in try await readStore(desk, real) }
}

/// What the bucket holds; `slipway dataset init` makes one dataset of both.
private let storedFiles = [
    (
        name: "first.csv", text: "x,who\n1,a\n2,b\n",
        sha256: "6e8007548eccf7fdec73c70d1f7cbbc3f781cca357d82af158d67cc181d7d21c"
    ),
    (
        name: "second.csv", text: "x,who\n3,c\n",
        sha256: "6905d96819e5862d8f55955e58ea0072574406cdab80b63e4d3061bcab8cfaf1"
    ),
]

/// `endpoint,key id,secret,bucket` of a store that runs already and has `storedFiles`.
private let realStore: [String]? = {
    let parts = environmentVariable("SLIPWAY_TEST_S3")?.split(separator: ",").map(String.init)
    return parts?.count == 4 ? parts : nil
}()

/// Makes a manifest of objects, and of what cannot be read none.
private func readStore(_ desk: Desk, _ store: [String]) async throws {
    try desk.write("models/slipway.yaml", "branch: main\n")
    let bucket = "s3://\(store[3])"
    func initialised(
        _ names: [String], _ name: String, secret: String
    ) async throws -> Transcript {
        try await desk.slipway(
            ["dataset", "init"] + names.map { "\(bucket)/\($0)" } + ["--name", name], in: "models",
            with: [
                "AWS_ENDPOINT_URL": store[0], "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": store[1], "AWS_SECRET_ACCESS_KEY": secret,
            ])
    }
    let names = storedFiles.map(\.name)
    let made = try await initialised(names, "rows", secret: store[2])
    #expect(made.code == 0 && made.errors.contains("3 rows, 2 columns"), "\(made.errors)")
    let text = try desk.text("models/datasets/rows.yaml")
    for file in storedFiles {
        let entry =
            "  - path: data/rows/\(file.name)\n    url: \"\(bucket)/\(file.name)\"\n"
            + "    sha256: \(file.sha256)\n"
        #expect(text.contains(entry), "\(text)")
    }
    #expect(!exists(desk.path("models/data")), "nothing is kept")
    #expect(try await desk.slipway(["check"], in: "models").code == 0)

    let absent = try await initialised(["none.csv"], "none", secret: store[2])
    #expect(absent.code != 0 && absent.errors.contains("NoSuchKey"), "\(absent.errors)")
    let forged = try await initialised(names, "forged", secret: "wrong")
    #expect(forged.code != 0 && forged.errors.contains("403"), "\(forged.errors)")
    #expect(!forged.errors.contains("wrong"), "\(forged.errors)")
    #expect(!exists(desk.path("models/datasets/forged.yaml")))
}

/// The number that a process prints first.
func firstNumber(in log: String, of process: ProcessIdentity) async throws -> Int {
    let end = monotonicSeconds() + patienceSeconds
    while monotonicSeconds() < end, isAlive(process) {
        let text = exists(log) ? try readFile(log, limitBytes: 1 << 10) : []
        if let line = text.split(separator: 10, omittingEmptySubsequences: false).dropLast().first,
            let number = Int(String(decoding: line, as: UTF8.self))
        {
            return number
        }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Failure("the store did not start")
}
