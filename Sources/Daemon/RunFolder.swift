import Compute
import Domain
import Host
import Logging
import Provenance
import Validation

/// The folder of one run, `<state>/runs/<model>/<number>`, or of a part of it.
///
///     <step>/<attempt>/      the attempt: job, log, metrics, exit record; `output` while it runs
///     <step>/input-<step>/   a needed output that was laid out
///     _source/, _datasets/   the checkout and what was made of it
///     _prepared/             rows that are made of data; no file of the commit is in it
///     _references/           data that is only compared with; no step runs while it is there
///     _baseline-<version>/   a run's folder again, for the baseline on new test rows
///     ended.json             how it ended; what it held besides logs is freed before
///
/// Names with an underscore cannot be those of steps.
struct RunFolder: Sendable {
    let path: String

    init(_ path: String) { self.path = path }

    var source: String { "\(path)/_source" }
    var datasets: String { "\(path)/_datasets" }
    /// Where the model's own data lies.
    var data: DataPlace { DataPlace(root: source, prepared: "\(path)/_prepared") }
    var references: String { "\(path)/_references" }
    private var endFile: String { "\(path)/ended.json" }

    /// How the run ended; nil while it has not, or when the file does not say.
    func end() throws -> RunEnd? {
        guard exists(endFile) else { return nil }
        return try decodeJSON(RunEnd.self, readFile(endFile, limitBytes: 16 << 20))
    }

    /// Frees everything but logs and records, then writes down how the run ended.
    ///
    /// What the steps made is in the artifact store, and what a failed step left half done is
    /// made again from the same inputs.
    func close(_ end: RunEnd) throws {
        guard exists(path) else { return }
        for name in try namesIn(path) {
            let inner = "\(path)/\(name)"
            if name.hasPrefix("_baseline-") {
                try RunFolder(inner).close(end)
            } else if name.hasPrefix("_") || name.hasPrefix(".") {
                try removeTree(inner)
            } else if StepName(name) != nil, isFolder(inner) {
                try freeStep(inner)
            }
        }
        try writeFileAtomically(endFile, canonicalJSON(end))
    }

    private func freeStep(_ folder: String) throws {
        for name in try namesIn(folder) {
            if name.hasPrefix("input-") || name.hasPrefix(".") {
                try removeTree("\(folder)/\(name)")
            } else if Int(name) != nil {
                let attempt = JobFolder("\(folder)/\(name)")
                try removeTree(attempt.outputFolder)
                try removeTree(attempt.scratchFolder)
            }
        }
    }

    /// Forgets everything, so that the run begins anew.
    func wipe() throws { try removeTree(path) }

    /// The attempts of the run and of its baseline parts.
    func attempts() throws -> [JobFolder] {
        guard exists(path) else { return [] }
        let parts = try namesIn(path).filter { $0.hasPrefix("_baseline-") }
        return attemptFolders(inRun: path)
            + parts.flatMap { attemptFolders(inRun: "\(path)/\($0)") }
    }

    /// The runs below the state folder that were begun and never closed.
    static func unfinished(in state: StateFolder) -> [RunID] {
        // Because a folder that is not there yet holds no runs.
        let models = (try? namesIn(state.runs)) ?? []
        return models.compactMap(ModelName.init).flatMap { model in
            // Because what is no folder holds no runs either.
            let numbers = (try? namesIn("\(state.runs)/\(model)")) ?? []
            return numbers.compactMap { Int($0) }.filter { $0 > 0 }
                .map { RunID(model: model, number: $0) }
                .filter { !exists(RunFolder(state.run($0)).endFile) }
        }
    }
}

/// Waits until the steps of a run that was told to stop have ended, and closes its folder.
struct RunClosing: Sendable {
    let workshop: Workshop
    let id: RunID
    /// Longer than a supervisor lets its command take to end.
    private let waitSecondsMax = 60.0

    init(workshop: Workshop, id: RunID) {
        self.workshop = workshop
        self.id = id
    }

    @concurrent
    func run() async {
        let folder = RunFolder(workshop.folder.run(id))
        let end = monotonicSeconds() + waitSecondsMax
        do {
            while try await isRunning(folder) {
                // Because the next start finds it again.
                guard monotonicSeconds() < end else { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            try folder.close(.cancelled)
        } catch {
            if Task.isCancelled { return }
            workshop.logger.warning("\(id): \(Daemon.failure(of: error).what)")
        }
    }

    private func isRunning(_ folder: RunFolder) async throws -> Bool {
        for attempt in try folder.attempts() {
            if case .running = try await workshop.executor.status(of: attempt) { return true }
        }
        return false
    }
}
