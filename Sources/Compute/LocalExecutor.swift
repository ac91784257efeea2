import Host

/// Runs jobs on this machine, each under a supervisor that outlives us.
package struct LocalExecutor: Executor {
    private let launcher: Launcher

    package init(launcher: Launcher) { self.launcher = launcher }

    /// - Parameter stepSupervisor: the command to which the job's folder is appended.
    package init(stepSupervisor: [String]) {
        launcher = .process(stepSupervisor)
    }

    @concurrent
    package func submit(_ job: Job) async throws(ComputeError) {
        let folder = JobFolder(job.folder)
        try folder.make()
        guard !exists(folder.exitFile) else { return }
        // The supervisor inherits the lock, so there is no moment at which nobody holds it.
        guard let lock = try await takeLock(of: folder) else { return }
        guard !exists(folder.exitFile) else { return }
        if exists(folder.jobFile) { try clearLost(folder) }
        try folder.save(job, folder.jobFile)
        try onHost { () throws(HostError) in try launcher.launch(folder, lock) }
    }

    @concurrent
    package func status(of folder: JobFolder) async throws(ComputeError) -> JobStatus {
        if let record = try folder.exitRecord() { return .ended(record) }
        if FileLock.isHeld(folder.lockFile) { return .running(try folder.supervision()) }
        // Because it may have ended between the two looks.
        if let record = try folder.exitRecord() { return .ended(record) }
        return exists(folder.jobFile) ? .lost : .absent
    }

    @concurrent
    package func wait(for folder: JobFolder) async throws(ComputeError) -> ExitRecord {
        let start = monotonicSeconds()
        while true {
            switch try await status(of: folder) {
            case .ended(let record):
                reapDetached()
                return record
            case .absent: throw ComputeError.absent(folder: folder.path)
            case .lost: throw ComputeError.lost(folder: folder.path)
            case .running: break
            }
            // One hundredth of what it has taken so far, from 1 to 50 ms: the job's own timeout
            // bounds this wait, and its supervisor's lock tells when there is nobody to keep it.
            let pause = min(0.05, max(0.001, (monotonicSeconds() - start) / 100))
            do {
                try await Task.sleep(for: .seconds(pause))
            } catch {
                throw ComputeError.stoppedWaiting(folder: folder.path)
            }
        }
    }

    @concurrent
    package func cancel(_ folder: JobFolder) async throws(ComputeError) {
        guard !exists(folder.exitFile), exists(folder.path) else { return }
        try folder.write("cancel", [])
        guard FileLock.isHeld(folder.lockFile) else {
            if exists(folder.jobFile) { killMarked(JobFolder.mark, folder.path) }
            return
        }
        guard let supervisor = try folder.supervision()?.supervisor,
            supervisor != ProcessIdentity.own
        else { return }
        signalProcess(supervisor, Signals.terminate)
    }

    /// Takes the job's lock; nil when somebody keeps it.
    ///
    /// It tries for a moment, because whoever asks for the status holds it for an instant.
    private func takeLock(of folder: JobFolder) async throws(ComputeError) -> FileLock? {
        do throws(HostError) {
            return try await FileLock.take(folder.lockFile, deadlineSeconds: 0.05)
        } catch .lockHeld {
            return nil
        } catch {
            throw ComputeError.host(error)
        }
    }

    /// Ends what an attempt without a supervisor left running.
    private func clearLost(_ folder: JobFolder) throws(ComputeError) {
        killMarked(JobFolder.mark, folder.path)
        try onHost { () throws(HostError) in try removeFile(folder.supervisorFile) }
    }
}

/// How a supervisor is brought to life.
package struct Launcher: Sendable {
    let launch: @Sendable (JobFolder, borrowing FileLock) throws(HostError) -> Void

    /// A process of its own that outlives us.
    package static func process(_ stepSupervisor: [String]) -> Launcher {
        Launcher { (folder, lock) throws(HostError) in
            _ = try spawnDetached(
                stepSupervisor + [folder.path], workingFolder: "/",
                errorFile: "\(folder.path)/supervisor.log", holding: lock)
        }
    }

    /// A thread of this process, which dies with it: for tests and one-shot commands.
    /// - Parameter usesCages: whether memory is limited by the kernel where it lets us.
    package static func thread(usesCages: Bool = true) -> Launcher {
        Launcher { (folder, lock) throws(HostError) in
            let held = HeldLock(try lock.shared())
            onNewThread {
                _ = StepSupervisor(folder: folder, alarm: nil, usesCages: usesCages).run(held)
            }
        }
    }
}

/// A lock that a closure can carry.
final class HeldLock: Sendable {
    private let lock: FileLock
    init(_ lock: consuming FileLock) { self.lock = lock }
}
