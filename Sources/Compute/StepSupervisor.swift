import Domain
import Host

/// The body of `slipway step FOLDER`: supervises the one job in that folder to its end.
///
/// Returns the exit status: 0 once the exit record stands, 75 when another supervises the job,
/// 1 when the record could not be written. SIGTERM and SIGINT cancel the job.
package func superviseStep(jobFolder: String) -> Int32 {
    let folder = JobFolder(jobFolder)
    do throws(HostError) {
        let alarm = try TerminationAlarm.install()
        var lock = FileLock.inherited(folder.lockFile, descriptor: 3)
        if lock == nil { lock = try FileLock.tryTake(folder.lockFile) }
        guard let held = lock else { return 75 }
        return StepSupervisor(folder: folder, alarm: alarm, usesCages: true).run(HeldLock(held))
    } catch {
        return 1
    }
}

/// Starts one job's command, keeps it within its limits, and records how it ended.
struct StepSupervisor: Sendable {
    let folder: JobFolder
    let alarm: TerminationAlarm?
    /// Whether memory is limited by the kernel where it lets us.
    let usesCages: Bool

    /// How long a command has between being asked to end and being killed.
    static var graceSeconds: Double { 5 }

    /// Runs while the lock is held; returns the exit status of a process that does only this.
    func run(_ lock: HeldLock) -> Int32 {
        defer { withExtendedLifetime(lock) {} }
        if exists(folder.exitFile) { return 0 }
        let startedAt = now()
        var record: ExitRecord
        do throws(ComputeError) {
            record = try supervise(startedAt)
        } catch {
            record = ExitRecord(
                cause: .couldNotStart(error.description), startedAt: startedAt, endedAt: now())
        }
        do throws(ComputeError) {
            try folder.save(record, folder.exitFile)
            try onHost { () throws(HostError) in try removeTree(folder.scratchFolder) }
            return 0
        } catch {
            // Because there is nowhere left to say so: without a record the job counts as lost.
            return 1
        }
    }

    private func supervise(_ startedAt: Instant) throws(ComputeError) -> ExitRecord {
        guard let job = try folder.job() else {
            throw ComputeError.absent(folder: folder.path)
        }
        if folder.isCancelled {
            return ExitRecord(cause: .cancelled, startedAt: startedAt, endedAt: now())
        }
        let cage = cage(for: job, startedAt)
        defer { cage?.remove() }
        let child = try start(job, in: cage)
        let command = child.identity
        try folder.save(
            Supervision(supervisor: .own, command: command, startedAt: startedAt),
            folder.supervisorFile)
        var watch = StepWatch(job: job, folder: folder, command: command, cage: cage)
        watch.follow(child, alarm)
        let ending = child.finish()
        endSurvivors(command.pid, seconds: now().seconds(since: startedAt), cage: cage)
        return ExitRecord(
            cause: watch.cause(ending), startedAt: startedAt, endedAt: now(),
            peakMemoryBytes: max(ending.peakBytes, watch.peakBytes), cpuSeconds: ending.cpuSeconds,
            pid: command.pid)
    }

    private func cage(for job: Job, _ startedAt: Instant) -> MemoryCage? {
        guard usesCages, let limit = job.memoryBytes else { return nil }
        let name = "slipway-\(ProcessIdentity.own.pid)-\(startedAt.milliseconds)"
        return MemoryCage.make(name: name, limitBytes: limit)
    }

    private func start(_ job: Job, in cage: MemoryCage?) throws(ComputeError) -> SupervisedChild {
        try onHost { () throws(HostError) in
            guard let name = job.command.first else { throw HostError.executableNotFound("") }
            let path = try findExecutable(
                name, environment: job.environment, in: job.workingFolder)
            var arguments = [path] + job.command.dropFirst()
            if let cage {
                // The shell enters the cage and becomes the command, so that nothing of the
                // command ever runs outside.
                let script = "echo $$ >\"$0\" && exec \"$@\""
                arguments = ["/bin/sh", "-c", script, cage.entryFile] + arguments
            }
            var environment = job.environment
            environment[JobFolder.mark] = folder.path
            return try SupervisedChild(
                arguments, environment: environment, workingFolder: job.workingFolder,
                logFile: folder.logFile)
        }
    }

    /// Kills every process of the job that outlived its command, wherever it went.
    private func endSurvivors(_ group: Int32, seconds: Double, cage: MemoryCage?) {
        cage?.killAll()
        // Because looking at every process takes milliseconds, a short job looks only at those
        // with greater numbers than its own, which is all of them unless the numbers wrapped.
        killMarked(JobFolder.mark, folder.path, newerThan: seconds < 1 ? group : 0)
        for _ in 0..<500 {
            guard groupIsAlive(group) else { return }
            signalGroup(group, Signals.kill)
            pauseThread(milliseconds: 10)
        }
    }
}
