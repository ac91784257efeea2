import Glibc

/// One program being run to its end by a thread that blocks in `poll`.
struct ChildRun: Sendable {
    var spawn: Spawn
    var input: [UInt8]
    var outputLimitBytes: Int
    var deadlineSeconds: Double
    /// Gets each line of the standard output when it is complete.
    var line: (@Sendable (String) -> Void)?

    /// Returns only after the program has ended and was reaped.
    ///
    /// - Parameter work: is done as soon as the program runs.
    func perform(
        _ alarm: CancelAlarm, beside work: () -> Void = {}
    ) -> Result<ChildResult, HostError> {
        do throws(HostError) {
            return .success(try attend(alarm, work))
        } catch {
            return .failure(error)
        }
    }

    private func attend(
        _ alarm: CancelAlarm, _ work: () -> Void
    ) throws(HostError) -> ChildResult {
        let inputPipe = try Pipe()
        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        var spawn = spawn
        spawn.descriptors = [
            inputPipe.reading.number, outputPipe.writing.number, errorPipe.writing.number,
        ]
        let process = try spawn.start()
        let end = ProcessEnd(of: process)
        var streams = ChildStreams(
            input: inputPipe.intoWriting(), output: outputPipe.intoReading(),
            errors: errorPipe.intoReading(), pending: input)
        work()
        do throws(HostError) {
            try converse(process, end, &streams, alarm)
        } catch {
            _ = endSession(process)
            throw error
        }
        _ = kill(-process, SIGKILL)
        try streams.drain(limitBytes: outputLimitBytes, executable: spawn.executable)
        let status = endSession(process)
        if let line { streams.reportLines(line) }
        return ChildResult(
            status: status, output: streams.collected,
            errorText: String(decoding: streams.collectedErrors, as: UTF8.self))
    }

    /// Feeds and drains the program until it has ended.
    private func converse(
        _ process: Int32, _ end: borrowing ProcessEnd, _ streams: inout ChildStreams,
        _ alarm: CancelAlarm
    ) throws(HostError) {
        let deadline = monotonicSeconds() + deadlineSeconds
        var pauseMilliseconds = end.number < 0 ? 1.0 : 60_000
        while !hasEnded(process) {
            let left = deadline - monotonicSeconds()
            guard left > 0 else {
                throw HostError.deadline(executable: spawn.executable, seconds: deadlineSeconds)
            }
            // Because a grandchild may hold the pipes open after the program has ended, where
            // nothing tells its end, that is looked for at least every 20 ms as well.
            let pause = min(pauseMilliseconds, left * 1000 + 1)
            if end.number < 0 { pauseMilliseconds = min(20, pauseMilliseconds * 1.5) }
            if try streams.exchange(
                alarm: alarm.number, end: end.number, milliseconds: Int32(pause.rounded(.up)),
                limitBytes: outputLimitBytes, executable: spawn.executable)
            {
                throw HostError.cancelled(executable: spawn.executable)
            }
            if let line { streams.reportLines(line) }
        }
    }

    /// Kills what is left of the session and takes the exit status.
    private func endSession(_ process: Int32) -> ExitStatus {
        _ = kill(-process, SIGKILL)
        return reap(process)
    }
}

/// Returns whether the child has ended, without taking its exit status.
func hasEnded(_ process: Int32) -> Bool {
    var information = unsafe siginfo_t()
    let result = unsafe waitid(
        P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe result != 0 || information.si_signo != 0
}

/// Waits for the child's end and takes its exit status.
func reap(_ process: Int32) -> ExitStatus {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return ExitStatus(waitStatus: status)
}
