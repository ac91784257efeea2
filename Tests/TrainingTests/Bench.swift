import Compute
import Domain
import FoundationEssentials
import Synchronization
import TestKit
import Testing
import Training

/// A run's surroundings in a folder of its own: checkout, run folder, and a cache that remembers
/// where outputs lie.
final class Bench: Sendable {
    let folder: String
    let executor = LocalExecutor(launcher: .thread())
    private let kept = Mutex<[Fingerprint: String]>([:])
    private let seen = Mutex<[TrainingEvent]>([])
    private let storeFails = Mutex(false)

    init() throws {
        folder =
            FileManager.default.temporaryDirectory.path + "/slipway-training-"
            + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder + "/checkout/models/m", withIntermediateDirectories: true)
    }

    deinit {
        // Because a test that fails to clean up must still report what it found.
        try? FileManager.default.removeItem(atPath: folder)
    }

    var events: [TrainingEvent] { seen.withLock { $0 } }
    var stored: Int { kept.withLock { $0.count } }
    func failStores(_ fails: Bool) { storeFails.withLock { $0 = fails } }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    var cache: StepCache {
        StepCache(
            look: { [self] fingerprint in
                kept.withLock { $0[fingerprint] }.map { _ in output(fingerprint) }
            },
            store: { [self] work, folder in
                if storeFails.withLock({ $0 }) { throw Failure("the disk is full") }
                kept.withLock { $0[work.fingerprint] = folder }
                return output(work.fingerprint)
            },
            materialise: { [self] output, target in
                let fingerprint = try #require(Fingerprint(output.artifact.hex))
                let source = try #require(kept.withLock { $0[fingerprint] })
                try FileManager.default.copyItem(atPath: source, toPath: target)
            })
    }

    private func output(_ fingerprint: Fingerprint) -> StepOutput {
        StepOutput(artifact: Digest(checked: fingerprint.hex), files: [:])
    }

    /// A fingerprint made of a digit, so that tests choose which are equal.
    func work(
        _ name: String, _ run: String, needs: [String] = [], produces: [String] = [],
        timeout: Int = Int(patienceSeconds), retries: Int = 0, fingerprint: Character? = nil
    ) -> StepWork {
        let digit =
            fingerprint ?? Character(String(name.utf8.reduce(0) { ($0 + $1) % 16 }, radix: 16))
        return StepWork(
            step: StepDeclaration(
                name: StepName(checked: name), run: run, needs: needs.map(StepName.init(checked:)),
                produces: produces, timeoutSeconds: timeout, retries: retries),
            fingerprint: Fingerprint(checked: String(repeating: digit, count: 64)))
    }

    func input(_ steps: [StepWork], run: String = "run") -> TrainingInput {
        TrainingInput(
            run: RunID(model: ModelName(checked: "m"), number: 17), steps: steps,
            checkout: path("checkout"), modelFolder: "models/m", runFolder: path(run),
            environment: stepEnvironment(path: "/usr/bin:/bin", home: "/nowhere"),
            backoffSeconds: 0.01,
            now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) })
    }

    @discardableResult
    func train(_ input: TrainingInput) async throws(TrainingError) -> TrainingResult {
        try await Training.train(input, cache: cache, executor: executor) { [self] event in
            seen.withLock { $0.append(event) }
        }
    }

    /// Polls until the file says something; false when a test's patience ends before.
    func appears(_ name: String) async throws -> Bool {
        for _ in 0..<Int(patienceSeconds * 200) {
            if exists(name), try !read(name).isEmpty { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Polls until the step's attempt has ended; false when a test's patience ends before.
    func ends(_ name: String) async throws -> Bool {
        for _ in 0..<Int(patienceSeconds * 200) {
            let hasEnded = events.contains { event in
                if case .stepEnded(let step, _, _) = event { step.text == name } else { false }
            }
            if hasEnded { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// How many attempts were started, by step.
    var starts: [String] {
        events.compactMap { event in
            if case .stepStarted(let step, let attempt, _) = event {
                "\(step)/\(attempt)"
            } else {
                nil
            }
        }
    }
}

/// What comes back after being encoded and decoded.
func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}
