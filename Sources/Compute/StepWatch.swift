import Domain
import Host

/// Watches a running command: its time, its memory, and whether it shall stop.
struct StepWatch {
    let job: Job
    let folder: JobFolder
    let command: ProcessIdentity
    let cage: MemoryCage?
    private(set) var peakBytes: Int64 = 0
    /// Why we ended it; nil when it ended by itself.
    private var verdict: ExitRecord.Cause?
    /// When a command that was asked to end is killed, by the monotonic clock.
    private var killAt: Double?

    init(job: Job, folder: JobFolder, command: ProcessIdentity, cage: MemoryCage?) {
        self.job = job
        self.folder = folder
        self.command = command
        self.cage = cage
    }

    /// Blocks until the command has ended, by itself or by our hand.
    mutating func follow(_ child: borrowing SupervisedChild, _ alarm: TerminationAlarm?) {
        let deadline = monotonicSeconds() + Double(job.timeoutSeconds)
        var tickSeconds = 0.01
        while true {
            let end = killAt ?? deadline
            let pause = min(tickSeconds, max(0, end - monotonicSeconds()))
            // Once it was asked to end, the alarm has nothing more to say.
            switch child.wait(verdict == nil ? alarm : nil, milliseconds: pause * 1000) {
            case .ended: return
            case .alarm: stop(.cancelled)
            case .timeout: break
            }
            if folder.isCancelled { stop(.cancelled) }
            if monotonicSeconds() >= deadline { stop(.timedOut) }
            if let killAt, monotonicSeconds() >= killAt { killGroup() }
            let lookedFor = look()
            tickSeconds = min(tickMostSeconds, max(tickSeconds * 1.5, lookedFor * 20))
        }
    }

    /// What ended the command, now that it has.
    func cause(_ ending: SupervisedChild.Ending) -> ExitRecord.Cause {
        if let verdict { return verdict }
        if let cage, cage.wasExceeded, !ending.status.isSuccess { return .memoryExceeded }
        switch ending.status {
        case .exited(let code): return .exited(code)
        case .signalled(let number): return .signalled(number)
        }
    }

    /// A limit without a cage depends on our looking often.
    private var tickMostSeconds: Double { job.memoryBytes != nil && cage == nil ? 0.1 : 0.25 }

    private mutating func stop(_ cause: ExitRecord.Cause) {
        guard verdict == nil else { return }
        verdict = cause
        killAt = monotonicSeconds() + StepSupervisor.graceSeconds
        signalGroup(command.pid, Signals.terminate)
    }

    private func killGroup() {
        signalGroup(command.pid, Signals.kill)
    }

    /// Looks at the memory held now; returns how many seconds that took.
    private mutating func look() -> Double {
        let start = monotonicSeconds()
        if let cage {
            peakBytes = max(peakBytes, cage.peakBytes ?? 0)
            if cage.wasExceeded { exceed() }
        } else {
            let resident = GroupSample(ofGroup: command.pid).residentBytes
            peakBytes = max(peakBytes, resident)
            if let limit = job.memoryBytes, resident > limit { exceed() }
        }
        return monotonicSeconds() - start
    }

    private mutating func exceed() {
        if verdict == nil { verdict = .memoryExceeded }
        killGroup()
    }
}
