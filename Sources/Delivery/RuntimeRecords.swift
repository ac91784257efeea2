import FoundationEssentials
import Gateway
import Host
import Synchronization

/// Which runtimes are running, in `<state>/runtimes.json`, so that a later serve finds them.
///
/// A serve that starts stops what an earlier one left behind instead of adopting it: an adopted
/// runtime is no child of ours, so its end could not be told apart from a reused process id for
/// long, and its answers could be those of files that changed since.
final class RuntimeRecords: Sendable {
    private struct Record: Codable, Sendable {
        var process: ProcessIdentity
        var port: Int
        /// For people who read the file.
        var about: String
    }

    private let path: String
    private let records = Mutex<[Record]>([])

    init(stateFolder: String) { path = "\(stateFolder)/runtimes.json" }

    func add(_ runtime: RuntimeProcess, about: String) throws(HostError) {
        try records.withLock { records throws(HostError) in
            records.append(Record(process: runtime.process, port: runtime.port, about: about))
            try replaceFile(path, encodeFile(records))
        }
    }

    func remove(_ runtime: RuntimeProcess) {
        records.withLock { records in
            records.removeAll { $0.process == runtime.process }
            // Because a record of a process that is gone is found to be so by the next serve.
            _ = try? replaceFile(path, encodeFile(records))
        }
    }

    /// Stops the runtimes that an earlier serve recorded and did not stop; returns how many.
    func stopLeftovers(graceSeconds: Double) async -> Int {
        // Because without a readable file nothing is known to be left.
        guard let bytes = try? readFile(path, limitBytes: 4 << 20),
            let old = try? JSONDecoder().decode([Record].self, from: Data(bytes))
        else { return 0 }
        let alive = old.map(\.process).filter(isAlive)
        await stopProcesses(alive, graceSeconds: graceSeconds)
        return alive.count
    }
}

/// Ends processes and their groups: TERM to all, and KILL to what is left after the grace.
///
/// It takes its time even in a task that was cancelled. A process that has already ended has the
/// rest of its group killed: the group's number cannot be another's while one of it lives.
func stopProcesses(_ processes: [ProcessIdentity], graceSeconds: Double) async {
    for process in processes where isAlive(process) {
        signalGroup(process.pid, Signals.terminate)
    }
    await wait(for: processes, seconds: graceSeconds)
    for process in processes { signalGroup(process.pid, Signals.kill) }
    // Because only a process that has ended gives its memory and its port back.
    await wait(for: processes, seconds: 5)
}

private func wait(for processes: [ProcessIdentity], seconds: Double) async {
    let deadline = monotonicSeconds() + seconds
    while processes.contains(where: isAlive), monotonicSeconds() < deadline {
        await pause(milliseconds: 10)
    }
}
