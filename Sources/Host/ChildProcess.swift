import Glibc

/// How a program ended.
package enum ExitStatus: Hashable, Codable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// Decodes what `wait` reports.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
    }

    /// Whether it ended by itself with 0.
    package var isSuccess: Bool { self == .exited(0) }
}

/// What a program left behind when it ended.
package struct ChildResult: Hashable, Sendable {
    package var status: ExitStatus
    /// All of its standard output.
    package var output: [UInt8]
    /// The end of its standard error, at most 64 KiB, decoded lossily.
    package var errorText: String

    /// The standard output as text, decoded lossily.
    package var outputText: String { String(decoding: output, as: UTF8.self) }
}

/// Runs programs to their end and collects what they say.
package enum ChildProcess {
    /// Runs one program in its own session and waits for its end.
    ///
    /// The whole session is killed on the deadline, when the task is cancelled, when the output
    /// passes the limit, and at the end, so that nothing it started in its group survives.
    /// - Parameters:
    ///   - environment: nil inherits ours.
    ///   - line: gets each line of the standard output when it is complete.
    @concurrent
    package static func run(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil,
        workingFolder: String? = nil, input: [UInt8] = [], outputLimitBytes: Int,
        deadlineSeconds: Double, line: (@Sendable (String) -> Void)? = nil
    ) async throws(HostError) -> ChildResult {
        if Task.isCancelled { throw HostError.cancelled(executable: executable) }
        let alarm = try CancelAlarm()
        let run = ChildRun(
            spawn: Spawn(
                executable: executable, arguments: arguments, environment: environment,
                workingFolder: workingFolder, descriptors: []),
            input: input, outputLimitBytes: outputLimitBytes, deadlineSeconds: deadlineSeconds,
            line: line)
        let result: Result<ChildResult, HostError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onNewThread {
                    continuation.resume(returning: run.perform(alarm))
                }
            }
        } onCancel: {
            alarm.ring()
        }
        return try result.get()
    }

    /// As `run`, for callers that have a thread of their own to block.
    ///
    /// - Parameter work: is done as soon as the program runs; never, when it cannot be started.
    package static func runBlocking(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil,
        workingFolder: String? = nil, input: [UInt8] = [], outputLimitBytes: Int,
        deadlineSeconds: Double, beside work: () -> Void = {}
    ) throws(HostError) -> ChildResult {
        let run = ChildRun(
            spawn: Spawn(
                executable: executable, arguments: arguments, environment: environment,
                workingFolder: workingFolder, descriptors: []),
            input: input, outputLimitBytes: outputLimitBytes, deadlineSeconds: deadlineSeconds)
        return try run.perform(try CancelAlarm(), beside: work).get()
    }
}

/// Wakes a thread that polls, from a task that was cancelled.
final class CancelAlarm: Sendable {
    private let readingNumber: Int32
    private let writingNumber: Int32

    init() throws(HostError) {
        (readingNumber, writingNumber) = try makePipe()
        _ = fcntl(writingNumber, F_SETFL, O_WRONLY | O_NONBLOCK)
    }

    deinit {
        _ = close(readingNumber)
        _ = close(writingNumber)
    }

    var number: Int32 { readingNumber }

    func ring() {
        var byte: UInt8 = 1
        _ = unsafe write(writingNumber, &byte, 1)
    }
}
