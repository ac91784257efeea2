import Glibc
import Synchronization

/// A process that cannot be mistaken for a later one with the same number.
package struct ProcessIdentity: Hashable, Codable, Sendable, CustomStringConvertible {
    package var pid: Int32
    /// When it started, in clock ticks since the machine's start, as /proc/PID/stat says.
    package var startTimeTicks: UInt64

    package init(pid: Int32, startTimeTicks: UInt64) {
        self.pid = pid
        self.startTimeTicks = startTimeTicks
    }

    /// The identity of the process that has this number now; nil when there is none.
    package init?(of pid: Int32) {
        guard let seen = ProcessSample(of: pid) else { return nil }
        self.init(pid: pid, startTimeTicks: seen.startTimeTicks)
    }

    /// Ourselves.
    package static var own: ProcessIdentity {
        ProcessIdentity(of: getpid()) ?? ProcessIdentity(pid: getpid(), startTimeTicks: 0)
    }

    package var description: String { "process \(pid)" }
}

/// Whether exactly this process still runs; one that has ended but was not reaped does not.
package func isAlive(_ identity: ProcessIdentity) -> Bool {
    reapDetached()
    guard let seen = ProcessSample(of: identity.pid) else { return false }
    return seen.startTimeTicks == identity.startTimeTicks && !seen.hasEnded
}

/// Sends a signal to every process of a group; false when there is none.
@discardableResult
package func signalGroup(_ group: Int32, _ signal: Int32) -> Bool {
    precondition(group > 1, "group \(group) is not one that we started")
    return kill(-group, signal) == 0
}

/// Sends a signal to exactly this process; false when it is gone.
@discardableResult
package func signalProcess(_ identity: ProcessIdentity, _ signal: Int32) -> Bool {
    precondition(identity.pid > 1, "process \(identity.pid) is not one that we started")
    return isAlive(identity) && kill(identity.pid, signal) == 0
}

/// Ends this process at once with an exit status.
package func exitProcess(_ status: Int32) -> Never { exit(status) }

/// The signals that Slipway sends, so that only this module needs the C library.
package enum Signals {
    package static var terminate: Int32 { SIGTERM }
    package static var kill: Int32 { SIGKILL }
    package static var interrupt: Int32 { SIGINT }
}

/// Starts a program in a session of its own that outlives us, and returns who it is.
///
/// Standard output and error are appended to files (nil: thrown away). It stays our child while
/// we live; its end is reaped at the next call of this or `isAlive`, so that none stays a zombie.
package func spawnDetached(
    _ arguments: [String], environment: [String: String]? = nil, workingFolder: String? = nil,
    outputFile: String? = nil, errorFile: String? = nil
) throws(HostError) -> ProcessIdentity {
    try spawnDetached(
        arguments, environment, workingFolder, outputFile, errorFile, lockNumber: nil)
}

/// As above, and the child inherits the lock as descriptor 3 and holds it as long as it lives.
package func spawnDetached(
    _ arguments: [String], environment: [String: String]? = nil, workingFolder: String? = nil,
    outputFile: String? = nil, errorFile: String? = nil, holding lock: borrowing FileLock
) throws(HostError) -> ProcessIdentity {
    try spawnDetached(
        arguments, environment, workingFolder, outputFile, errorFile, lockNumber: lock.number)
}

private func spawnDetached(
    _ arguments: [String], _ environment: [String: String]?, _ workingFolder: String?,
    _ outputFile: String?, _ errorFile: String?, lockNumber: Int32?
) throws(HostError) -> ProcessIdentity {
    precondition(!arguments.isEmpty, "a program has at least its own name")
    reapDetached()
    let input = try Descriptor(opening: "/dev/null", O_RDONLY)
    let output = try openForAppending(outputFile)
    let errors = try openForAppending(errorFile ?? outputFile)
    var descriptors = [input.number, output.number, errors.number]
    if let lockNumber { descriptors.append(lockNumber) }
    let process = try Spawn(
        executable: arguments[0], arguments: Array(arguments.dropFirst()),
        environment: environment, workingFolder: workingFolder, descriptors: descriptors
    ).start()
    detached.withLock { _ = $0.insert(process) }
    // Because it is our child and not reaped yet, its entry in /proc exists.
    return ProcessIdentity(of: process) ?? ProcessIdentity(pid: process, startTimeTicks: 0)
}

private func openForAppending(_ path: String?) throws(HostError) -> Descriptor {
    try Descriptor(
        opening: path ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, operation: "append to")
}

private let detached = Mutex<Set<Int32>>([])

/// Takes the exit status of detached children that have ended, so that none stays a zombie.
package func reapDetached() {
    detached.withLock { children in
        for child in children {
            var status: Int32 = 0
            if unsafe waitpid(child, &status, WNOHANG) != 0 { children.remove(child) }
        }
    }
}
