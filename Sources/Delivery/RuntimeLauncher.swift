import Crypto
import Domain
import FoundationEssentials
import Gateway
import Host

/// Takes one deployment to a runtime that has answered its warm-up request.
struct RuntimeLauncher: Sendable {
    let configuration: ServeConfiguration
    let hooks: ServeHooks
    let gateway: GatewayServer
    let records: RuntimeRecords
    let folders: ModelFolders

    private static let logBytesMax = 16 << 20

    /// Starts a runtime and returns once it is healthy and warm; on any error none is left.
    ///
    /// Gives up with `superseded` as soon as `isWanted` says false or the task is cancelled.
    func start(
        _ deployment: Deployment, isWanted: @Sendable () -> Bool
    ) async throws(DeliveryError) -> RuntimeProcess {
        do throws(DeliveryError) {
            let model = try await materialise(deployment.artifact)
            let bin = try await environment(deployment.serving.requirements)
            guard isWanted(), !Task.isCancelled else { throw .superseded }
            let runtime = try await spawn(deployment, model: model, bin: bin)
            try await makeReady(deployment, runtime, isWanted)
            return runtime
        } catch {
            folders.release(deployment.artifact)
            throw error
        }
    }

    private func makeReady(
        _ deployment: Deployment, _ runtime: RuntimeProcess, _ isWanted: @Sendable () -> Bool
    ) async throws(DeliveryError) {
        do throws(DeliveryError) {
            try await waitUntilHealthy(deployment, runtime, isWanted)
            try await warmUp(deployment, runtime)
        } catch {
            await end(runtime)
            throw error
        }
    }

    /// Ends a runtime that was started, and everything in its process group.
    ///
    /// Also for one that has ended by itself: what it started may still run.
    func stop(_ runtime: RuntimeProcess, artifact: Domain.Digest) async {
        await end(runtime)
        folders.release(artifact)
    }

    private func end(_ runtime: RuntimeProcess) async {
        await stopProcesses([runtime.process], graceSeconds: configuration.graceSeconds)
        records.remove(runtime)
    }

    /// The end of what a runtime wrote, for the sentence that says how it failed.
    func logTail(_ deployment: Deployment) -> String {
        // Because a log that cannot be read only makes the message shorter.
        guard let bytes = try? readFile(logPath(deployment), limitBytes: Self.logBytesMax)
        else { return "" }
        return String(decoding: bytes.suffix(2000), as: UTF8.self)
    }

    // MARK: Its files

    private func materialise(_ artifact: Domain.Digest) async throws(DeliveryError) -> String {
        do {
            return try await folders.use(artifact) { try await hooks.materialise(artifact, $0) }
        } catch {
            let (reason, hint) = reason(error)
            throw .artifact(artifact, reason: reason, hint: hint)
        }
    }

    private func environment(
        _ requirements: Domain.Digest?
    ) async throws(DeliveryError) -> String? {
        guard let requirements else { return nil }
        do {
            return try await hooks.environment(requirements)
        } catch {
            let (reason, hint) = reason(error)
            throw .environment(reason: reason, hint: hint)
        }
    }

    private func reason(_ error: any Error) -> (String, String?) {
        switch error {
        case let failure as Failure: (failure.what, failure.hint)
        case let error as HostError: (error.failure.what, error.failure.hint)
        default: ("\(error)", nil)
        }
    }

    // MARK: Its process

    private func spawn(
        _ deployment: Deployment, model: String, bin: String?
    ) async throws(DeliveryError) -> RuntimeProcess {
        let port: Int
        do throws(GatewayError) {
            port = try await gateway.pickPort()
        } catch {
            throw .noPort(reason: error.failure.what)
        }
        do throws(HostError) {
            let log = try freshLog(deployment)
            let process = try spawnDetached(
                command(deployment.serving.runtime, bin: bin),
                environment: variables(deployment, model: model, bin: bin, port: port),
                workingFolder: model, outputFile: log)
            let runtime = RuntimeProcess(process: process, port: port)
            try records.add(runtime, about: "\(deployment.model) \(deployment.version)")
            return runtime
        } catch {
            throw .couldNotStart(error)
        }
    }

    private func command(
        _ runtime: ServingDeclaration.Runtime, bin: String?
    ) throws(HostError) -> [String] {
        switch runtime {
        case .command(let line): ["/bin/sh", "-c", line]
        case .sklearn: [bin.map { "\($0)/python" } ?? configuration.python, try script()]
        }
    }

    /// Writes the built-in runtime under a name made of its content, and returns its path.
    private func script() throws(HostError) -> String {
        let bytes = configuration.sklearnRuntime
        let digest = Domain.Digest(bytes: SHA256.hash(data: bytes))
        let folder = "\(configuration.stateFolder)/runtimes"
        let path = "\(folder)/sklearn-\(digest.short).py"
        if !exists(path) {
            try makeFolder(folder)
            try writeFileAtomically(path, bytes)
        }
        return path
    }

    private func variables(
        _ deployment: Deployment, model: String, bin: String?, port: Int
    ) -> [String: String] {
        var variables = ownEnvironment().filter { !$0.key.hasPrefix("SLIPWAY_") }
        variables["SLIPWAY_PORT"] = String(port)
        variables["SLIPWAY_MODEL"] = model
        variables["SLIPWAY_MODEL_NAME"] = deployment.model.text
        variables["SLIPWAY_MODEL_VERSION"] = deployment.version.description
        variables["PYTHONUNBUFFERED"] = "1"
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        if let bin {
            variables["PATH"] = "\(bin):\(variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")"
            variables["VIRTUAL_ENV"] = parentFolder(bin)
            variables["PYTHONHOME"] = nil
        }
        return variables
    }

    private func logPath(_ deployment: Deployment) -> String {
        "\(configuration.stateFolder)/logs/\(deployment.model)-\(deployment.version).log"
    }

    /// Makes the log's folder, and empties the log: it holds one process's words.
    private func freshLog(_ deployment: Deployment) throws(HostError) -> String {
        let path = logPath(deployment)
        try makeFolder(parentFolder(path))
        try replaceFile(path, [])
        return path
    }

    // MARK: Its health

    private func waitUntilHealthy(
        _ deployment: Deployment, _ runtime: RuntimeProcess, _ isWanted: @Sendable () -> Bool
    ) async throws(DeliveryError) {
        let limit = deployment.serving.startTimeoutSeconds
        let deadline = monotonicSeconds() + Double(limit)
        var pauseMilliseconds = 10.0
        while true {
            guard isWanted(), !Task.isCancelled else { throw .superseded }
            guard isAlive(runtime.process) else {
                throw .endedEarly(log: logTail(deployment))
            }
            let last = await health(runtime)
            if last == nil { return }
            guard monotonicSeconds() < deadline else {
                throw .notHealthy(seconds: limit, last: last ?? "", log: logTail(deployment))
            }
            await pause(milliseconds: Int(pauseMilliseconds))
            pauseMilliseconds = min(200, pauseMilliseconds * 1.5)
        }
    }

    /// Returns nil when the runtime says that it is ready, else what it says.
    private func health(_ runtime: RuntimeProcess) async -> String? {
        do throws(GatewayError) {
            let answer = try await gateway.probe(
                host: "127.0.0.1", port: runtime.port, path: "/v2/health/ready", timeoutSeconds: 2)
            return answer.status == 200 ? nil : "GET /v2/health/ready answers \(answer.status)"
        } catch {
            return "GET /v2/health/ready gets no answer"
        }
    }

    private func warmUp(
        _ deployment: Deployment, _ runtime: RuntimeProcess
    ) async throws(DeliveryError) {
        guard let request = deployment.serving.warmup else { return }
        let answer: ProbeAnswer
        do throws(GatewayError) {
            answer = try await gateway.probe(
                host: "127.0.0.1", port: runtime.port,
                path: "/v1/models/\(deployment.model):predict", body: encodeFile(request),
                timeoutSeconds: configuration.warmupSeconds)
        } catch {
            throw .warmUp(status: nil, answer: error.failure.what)
        }
        guard answer.status == 200, isPrediction(answer.body) else {
            throw .warmUp(
                status: answer.status, answer: String(decoding: answer.body, as: UTF8.self))
        }
    }
}

/// Whether the body is an object with `predictions` (or `outputs`, the column form's answer).
///
/// JSON5 is accepted because TensorFlow Serving's answers may hold bare `NaN` and `Infinity`.
private func isPrediction(_ body: [UInt8]) -> Bool {
    struct Answer: Decodable {
        struct Anything: Decodable { init(from decoder: any Decoder) throws {} }
        var predictions: Anything?
        var outputs: Anything?
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    // Because a body that cannot be read is no prediction, whatever is wrong with it.
    guard let answer = try? decoder.decode(Answer.self, from: Data(body)) else { return false }
    return answer.predictions != nil || answer.outputs != nil
}
