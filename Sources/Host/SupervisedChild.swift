import Glibc

/// A program in a session of its own whose supervisor blocks a thread on it.
package struct SupervisedChild: ~Copyable {
    package let identity: ProcessIdentity
    private let end: ProcessEnd

    /// Why `wait` returned.
    package enum Wakening: Sendable { case ended, alarm, timeout }

    /// How the program ended and what it used, its reaped descendants included.
    package struct Ending: Hashable, Sendable {
        package var status: ExitStatus
        package var cpuSeconds: Double
        /// The most that any one of its processes held resident.
        package var peakBytes: Int64
    }

    /// Starts the program; standard output and error are appended to one file.
    package init(
        _ arguments: [String], environment: [String: String], workingFolder: String,
        logFile: String
    ) throws(HostError) {
        precondition(!arguments.isEmpty, "a program has at least its own name")
        let input = try Descriptor(opening: "/dev/null", O_RDONLY)
        let log = try Descriptor(
            opening: logFile, O_WRONLY | O_CREAT | O_APPEND, operation: "append to")
        let process = try Spawn(
            executable: arguments[0], arguments: Array(arguments.dropFirst()),
            environment: environment, workingFolder: workingFolder,
            descriptors: [input.number, log.number, log.number]
        ).start()
        identity =
            ProcessIdentity(of: process) ?? ProcessIdentity(pid: process, startTimeTicks: 0)
        end = ProcessEnd(of: process)
    }

    /// Blocks until the program has ended, the alarm rings, or the time is up.
    package func wait(_ alarm: TerminationAlarm?, milliseconds: Double) -> Wakening {
        if hasEnded(identity.pid) { return .ended }
        var entries = [
            pollfd(fd: end.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: alarm?.number ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        // Because without that descriptor the end is only seen by looking.
        let most: Double = end.number < 0 ? 10 : 60_000
        _ = unsafe poll(&entries, 2, Int32(min(max(0, milliseconds), most).rounded(.up)))
        if hasEnded(identity.pid) { return .ended }
        return entries[1].revents != 0 ? .alarm : .timeout
    }

    /// Kills what is left of the session and takes the exit status; blocks until it has ended.
    package consuming func finish() -> Ending {
        _ = kill(-identity.pid, SIGKILL)
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(identity.pid, &status, 0, &usage) < 0 && errno == EINTR {}
        return Ending(
            status: ExitStatus(waitStatus: status),
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakBytes: Int64(usage.ru_maxrss) * 1024)
    }
}

private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
}
