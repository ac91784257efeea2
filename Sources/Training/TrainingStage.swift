package import Compute
import Domain
import FoundationEssentials

/// Takes a step graph to finished artifacts.
///
/// Steps whose output is known by its fingerprint do not run; steps that do not need each other run
/// at the same time. After one failed, no other is started, but those that run are waited for and
/// stored, so that the next try does not repeat them. Called again with the same run folder it
/// finds attempts that run or ended and starts none twice. Cancelling the task leaves steps
/// running: `cancelRun` stops them.
@concurrent
package func train(
    _ input: TrainingInput, cache: StepCache, executor: any Executor,
    report: @escaping @Sendable (TrainingEvent) -> Void
) async throws(TrainingError) -> TrainingResult {
    let graph = try StepGraph(steps: input.steps.map(\.step))
        .leading(to: input.goals, given: Set(input.presets.keys))
    var run = TrainingRun(input: input, graph: graph)
    let outcome: Result<TrainingResult, TrainingError> = await withTaskGroup(
        of: StepEnd.self
    ) { group in
        while true {
            for work in run.startable() {
                run.running.insert(work.step.name)
                let known = run.result
                group.addTask {
                    await takeStep(work, input, known, cache, executor, report)
                }
            }
            guard let end = await group.next() else { return run.outcome }
            run.finish(end)
        }
    }
    return try outcome.get()
}

/// Stops every step of a run, and lets none start any more.
@concurrent
package func cancelRun(folder: String, executor: any Executor) async throws(ComputeError) {
    // The mark on the run comes first, so that no step starts behind our back.
    let run = JobFolder(folder)
    try run.make()
    try await executor.cancel(run)
    for attempt in attemptFolders(inRun: folder) { try await executor.cancel(attempt) }
}

/// How one step ended.
private struct StepEnd: Sendable {
    enum Way: Sendable {
        case preset(String)
        case cached(StepOutput)
        case made(StepRun.Made)
    }
    var step: StepName
    var way: Result<Way, TrainingError>
    /// Cached outputs of needed steps that were laid out on the way.
    var materialised: [StepName: String] = [:]
}

/// Where a run stands; only the parent task touches it.
private struct TrainingRun {
    let input: TrainingInput
    let graph: StepGraph
    var running: Set<StepName> = []
    var done: Set<StepName> = []
    var firstError: TrainingError?
    var result = TrainingResult()

    /// The steps to start now; none once one has failed.
    func startable() -> [StepWork] {
        guard firstError == nil else { return [] }
        let ready = graph.ready(done: done, running: running, failed: [])
        return ready.prefix(max(0, input.parallelMax - running.count)).compactMap { name in
            input.steps.first { $0.step.name == name }
        }
    }

    var outcome: Result<TrainingResult, TrainingError> {
        if let firstError { return .failure(firstError) }
        precondition(done.count == graph.steps.count, "a graph without rings comes to its end")
        return .success(result)
    }

    mutating func finish(_ end: StepEnd) {
        running.remove(end.step)
        result.folders.merge(end.materialised) { first, _ in first }
        switch end.way {
        case .failure(let error): firstError = firstError ?? error
        case .success(let way):
            done.insert(end.step)
            switch way {
            case .preset(let folder): result.folders[end.step] = folder
            case .cached(let output):
                result.outputs[end.step] = output
                result.cached.insert(end.step)
            case .made(let made):
                result.outputs[end.step] = made.output
                result.folders[end.step] = made.folder
                result.records[end.step] = made.record
            }
        }
    }
}

private func takeStep(
    _ work: StepWork, _ input: TrainingInput, _ known: TrainingResult, _ cache: StepCache,
    _ executor: any Executor, _ report: @escaping @Sendable (TrainingEvent) -> Void
) async -> StepEnd {
    var end = StepEnd(step: work.step.name, way: .failure(.stopped(input.run)))
    do throws(TrainingError) {
        if let folder = input.presets[work.step.name] {
            end.way = .success(.preset(folder))
        } else if let output = try await look(work, input, cache) {
            report(.stepCached(step: work.step.name))
            end.way = .success(.cached(output))
        } else {
            let inputs = try await layOut(work, input, known, cache)
            end.materialised = inputs
            let run = StepRun(
                input: input, work: work, inputs: inputs, cache: cache, executor: executor,
                report: report)
            end.way = .success(.made(try await run.make()))
        }
    } catch {
        end.way = .failure(error)
    }
    return end
}

private func look(
    _ work: StepWork, _ input: TrainingInput, _ cache: StepCache
) async throws(TrainingError) -> StepOutput? {
    do {
        return try await cache.look(work.fingerprint)
    } catch {
        let place = StepPlace(run: input.run, step: work.step.name, attempt: 0)
        throw TrainingError.cache(place, asFailure(error))
    }
}

/// Returns where the outputs of the needed steps lie, and lays out those that are only cached.
private func layOut(
    _ work: StepWork, _ input: TrainingInput, _ known: TrainingResult, _ cache: StepCache
) async throws(TrainingError) -> [StepName: String] {
    let place = StepPlace(run: input.run, step: work.step.name, attempt: 0)
    var folders: [StepName: String] = [:]
    for need in work.step.needs {
        if let folder = known.folders[need] {
            folders[need] = folder
        } else if let output = known.outputs[need] {
            do {
                // Each step that needs it gets its own, so that two never build the same folder.
                let folder = "\(input.runFolder)/\(work.step.name)/input-\(need)"
                try await layOut(output, at: folder, cache)
                folders[need] = folder
            } catch {
                throw TrainingError.cache(place, asFailure(error))
            }
        } else {
            preconditionFailure("step \(need) is done but has no output")
        }
    }
    return folders
}

/// Makes the folder under another name first, so that half of one is never taken for the whole.
private func layOut(_ output: StepOutput, at folder: String, _ cache: StepCache) async throws {
    let files = FileManager.default
    if files.fileExists(atPath: folder) { return }
    let partial = "\(folder).partial"
    if files.fileExists(atPath: partial) { try files.removeItem(atPath: partial) }
    let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
    try files.createDirectory(atPath: "/\(parent)", withIntermediateDirectories: true)
    try await cache.materialise(output, partial)
    try files.moveItem(atPath: partial, toPath: folder)
}
