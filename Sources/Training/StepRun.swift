import Compute
import Domain
import FoundationEssentials

/// Takes one step to its output: finds it, or runs attempts until one succeeds.
struct StepRun: Sendable {
    let input: TrainingInput
    let work: StepWork
    /// Where the outputs of the needed steps lie.
    let inputs: [StepName: String]
    let cache: StepCache
    let executor: any Executor
    let report: @Sendable (TrainingEvent) -> Void

    /// What a step that ran left.
    struct Made: Sendable {
        var output: StepOutput
        var folder: String
        var record: ExitRecord
    }

    private var name: StepName { work.step.name }
    private var stepFolder: String { "\(input.runFolder)/\(name)" }

    private func place(_ attempt: Int) -> StepPlace {
        StepPlace(run: input.run, step: name, attempt: attempt)
    }

    /// Continues with the latest attempt that exists: one that runs is waited for, one that ended
    /// is judged, and only after that another is started.
    ///
    /// A status other than 0 and a signal use up `retries`. A timeout and a memory limit do not:
    /// the same command would meet the same limit, so they fail at once. A lost supervisor is not
    /// the step's fault and is repeated by itself, at most `lostMax` times.
    func make() async throws(TrainingError) -> Made {
        let earlier = attempts(in: stepFolder)
        var attempt = earlier.last ?? 1
        while true {
            let folder = JobFolder("\(stepFolder)/\(attempt)")
            if let record = try await perform(attempt, folder) {
                report(.stepEnded(step: name, attempt: attempt, record: record))
                if record.cause == .exited(0) { return try await keep(record, folder, attempt) }
                try judge(record.cause, folder, attempt)
            } else {
                report(.stepLost(step: name, attempt: attempt))
                guard try lostCount() < lostMax else { throw TrainingError.lost(place(attempt)) }
            }
            try await pause(beforeAttempt: attempt + 1)
            attempt += 1
        }
    }

    /// Runs or finds one attempt; nil when its supervisor vanished.
    private func perform(
        _ attempt: Int, _ folder: JobFolder
    ) async throws(TrainingError) -> ExitRecord? {
        do throws(ComputeError) {
            switch try await executor.status(of: folder) {
            case .ended(let record):
                started(attempt, at: record.startedAt)
                var tail = MetricsTail(step: name, folder: folder)
                tail.advance(atEnd: true, report)
                return record
            case .lost: return nil
            case .running(let supervision):
                started(attempt, at: supervision?.startedAt ?? input.now())
            case .absent:
                guard !JobFolder(input.runFolder).isCancelled else { return cancelledRecord() }
                try folder.make()
                try await executor.submit(try job(folder))
                started(attempt, at: input.now())
            }
            return try await follow(folder)
        } catch ComputeError.lost {
            return nil
        } catch ComputeError.stoppedWaiting {
            throw TrainingError.stopped(input.run)
        } catch {
            throw TrainingError.compute(place(attempt), error)
        }
    }

    private func started(_ attempt: Int, at moment: Instant) {
        report(.stepStarted(step: name, attempt: attempt, at: moment))
    }

    private func cancelledRecord() -> ExitRecord {
        ExitRecord(cause: .cancelled, startedAt: input.now(), endedAt: input.now())
    }

    /// Waits for the end of the attempt and reports its metrics meanwhile.
    private func follow(_ folder: JobFolder) async throws(ComputeError) -> ExitRecord {
        let (name, report, executor) = (name, report, executor)
        let (result, tail) = await withTaskGroup(
            of: MetricsTail.self, returning: (Result<ExitRecord, ComputeError>, MetricsTail).self
        ) { group in
            group.addTask {
                var tail = MetricsTail(step: name, folder: folder)
                while !Task.isCancelled {
                    tail.advance(atEnd: false, report)
                    // Because the only error is that the step has ended, which ends the loop.
                    try? await Task.sleep(for: .milliseconds(200))
                }
                return tail
            }
            let result = await outcome(executor, folder)
            group.cancelAll()
            let tail = await group.next() ?? MetricsTail(step: name, folder: folder)
            return (result, tail)
        }
        var rest = tail
        rest.advance(atEnd: true, report)
        return try result.get()
    }

    private func outcome(
        _ executor: any Executor, _ folder: JobFolder
    ) async -> Result<ExitRecord, ComputeError> {
        do throws(ComputeError) {
            return .success(try await executor.wait(for: folder))
        } catch {
            return .failure(error)
        }
    }

    /// Throws unless another attempt is allowed.
    private func judge(
        _ cause: ExitRecord.Cause, _ folder: JobFolder, _ attempt: Int
    ) throws(TrainingError) {
        let said = String(folder.logTail(lines: 1).prefix(200))
        switch cause {
        case .cancelled: throw TrainingError.cancelled(input.run)
        case .timedOut, .memoryExceeded:
            throw TrainingError.stepFailed(place(attempt), cause, said: said)
        case .couldNotStart:
            throw TrainingError.stepFailed(place(attempt), cause, said: "")
        case .exited, .signalled:
            guard attempt - (try lostCount()) <= work.step.retries else {
                throw TrainingError.stepFailed(place(attempt), cause, said: said)
            }
        }
    }

    /// How many attempts left no exit record.
    private func lostCount() throws(TrainingError) -> Int {
        var count = 0
        for attempt in attempts(in: stepFolder) {
            do throws(ComputeError) {
                if try JobFolder("\(stepFolder)/\(attempt)").exitRecord() == nil { count += 1 }
            } catch {
                throw TrainingError.compute(place(attempt), error)
            }
        }
        return count
    }

    /// Waits before another attempt: the first backoff, doubled each time, at most a minute.
    private func pause(beforeAttempt attempt: Int) async throws(TrainingError) {
        var seconds = input.backoffSeconds
        for _ in 2..<max(3, attempt) { seconds = min(60, seconds * 2) }
        do {
            try await Task.sleep(for: .seconds(seconds))
        } catch {
            throw TrainingError.stopped(input.run)
        }
    }

    /// Checks that everything declared was written, and stores it.
    private func keep(
        _ record: ExitRecord, _ folder: JobFolder, _ attempt: Int
    ) async throws(TrainingError) -> Made {
        let lacking = folder.lacking(work.step.produces)
        guard lacking.isEmpty else { throw TrainingError.lacking(place(attempt), lacking) }
        do {
            let output = try await cache.store(work, folder.outputFolder)
            return Made(output: output, folder: folder.outputFolder, record: record)
        } catch {
            throw TrainingError.cache(place(attempt), asFailure(error))
        }
    }

    /// The command with the variables of the step contract.
    private func job(_ folder: JobFolder) throws(ComputeError) -> Job {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let parameters: [UInt8]
        do {
            parameters = Array(try encoder.encode(input.parameters))
        } catch {
            throw ComputeError.unreadable(path: "parameters", problem: "\(error)")
        }
        try folder.write("parameters.json", parameters)
        return Job(
            key: "\(input.run)/\(name)", folder: folder.path,
            command: ["/bin/sh", "-c", work.step.run],
            workingFolder: "\(input.checkout)/\(input.modelFolder)",
            environment: environment(folder), timeoutSeconds: work.step.timeoutSeconds,
            memoryBytes: work.step.memoryBytes)
    }

    private func environment(_ folder: JobFolder) -> [String: String] {
        var variables = input.environment
        variables["TMPDIR"] = folder.scratchFolder
        variables["SLIPWAY_PARAMETERS"] = "\(folder.path)/parameters.json"
        variables["SLIPWAY_OUTPUT"] = folder.outputFolder
        variables["SLIPWAY_METRICS"] = "\(folder.path)/\(MetricsTail.fileName)"
        let setting = work.setting ?? StepSetting()
        for (role, path) in input.datasets.merging(setting.datasets, uniquingKeysWith: { $1 }) {
            variables["SLIPWAY_DATASET_\(variableName(role.text))"] = path
        }
        for (step, path) in inputs {
            let name = setting.inputNames[step] ?? step
            variables["SLIPWAY_INPUT_\(variableName(name.text))"] = path
        }
        return variables.merging(setting.variables) { $1 }
    }
}

/// How often a step may lose its supervisor before the run gives up.
let lostMax = 3

/// Upper case, hyphens as underscores: `hold-out` is `HOLD_OUT`.
private func variableName(_ text: String) -> String {
    String(decoding: text.uppercased().utf8.map { $0 == 45 ? 95 : $0 }, as: UTF8.self)
}

/// The failure that a handed-in function threw; anything else may pass by itself.
func asFailure(_ error: any Error) -> Failure {
    error as? Failure ?? Failure("\(error)", .retry(afterSeconds: 30))
}
