package import Domain
package import Host

/// One command to run; `job.json` in its folder.
package struct Job: Hashable, Codable, Sendable {
    /// What it is for, in words, as process lists and messages show it.
    package var key: String
    /// The job's own folder, absolute; it holds everything about this one attempt.
    package var folder: String
    /// The program and its arguments.
    package var command: [String]
    package var workingFolder: String
    /// All that the command sees.
    package var environment: [String: String]
    package var timeoutSeconds: Int
    /// The most that its processes may hold resident; nil is no limit.
    package var memoryBytes: Int64?

    package init(
        key: String, folder: String, command: [String], workingFolder: String,
        environment: [String: String], timeoutSeconds: Int, memoryBytes: Int64? = nil
    ) {
        self.key = key
        self.folder = folder
        self.command = command
        self.workingFolder = workingFolder
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
        self.memoryBytes = memoryBytes
    }
}

/// How a job ended; `exit.json` in its folder.
package struct ExitRecord: Hashable, Codable, Sendable {
    /// What ended the command.
    package enum Cause: Hashable, Codable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        case memoryExceeded
        case cancelled
        /// The command was never started; why, in words.
        case couldNotStart(String)
    }

    package var cause: Cause
    package var startedAt: Instant
    package var endedAt: Instant
    /// The most that its processes held resident at once, as far as it was seen.
    package var peakMemoryBytes: Int64
    /// In user and kernel mode, of all its processes.
    package var cpuSeconds: Double
    /// The command's process and group; nil when it was never started.
    package var pid: Int32?

    package init(
        cause: Cause, startedAt: Instant, endedAt: Instant, peakMemoryBytes: Int64 = 0,
        cpuSeconds: Double = 0, pid: Int32? = nil
    ) {
        self.cause = cause
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.peakMemoryBytes = peakMemoryBytes
        self.cpuSeconds = cpuSeconds
        self.pid = pid
    }
}

/// Who watches a running job; `supervisor.json` in its folder.
package struct Supervision: Hashable, Codable, Sendable {
    package var supervisor: ProcessIdentity
    package var command: ProcessIdentity
    package var startedAt: Instant
}

/// Where a job stands.
package enum JobStatus: Hashable, Sendable {
    /// It was never submitted.
    case absent
    /// nil: its supervisor is only just starting.
    case running(Supervision?)
    case ended(ExitRecord)
    /// It was submitted, nobody supervises it, and it left no exit record: its supervisor was
    /// killed or the machine went down.
    case lost
}
