import Glibc

/// Kills every process that carries `NAME=value` in the environment it was started with.
///
/// So even a daemon that left its session is found; what a process may not be read is not ours.
/// - Parameter newerThan: only processes with a greater number are looked at; 0 looks at all.
package func killMarked(_ name: String, _ value: String, newerThan: Int32 = 0) {
    let mark = Array("\(name)=\(value)".utf8)
    // Because a process may be forking while we look: again until a look finds none.
    for _ in 0..<20 {
        let found = allProcesses().filter { $0 > newerThan && $0 != getpid() && carries($0, mark) }
        if found.isEmpty { return }
        for process in found { _ = kill(process, SIGKILL) }
        _ = usleep(1000)
    }
}

/// Whether any process of the group has not ended; zombies do not count.
package func groupIsAlive(_ group: Int32) -> Bool {
    guard kill(-group, 0) == 0 else { return false }
    return !GroupSample(ofGroup: group).processes.isEmpty
}

private func carries(_ process: Int32, _ mark: [UInt8]) -> Bool {
    // Because a process that is gone, or not ours to read, carries no mark of ours.
    guard let bytes = try? readFile("/proc/\(process)/environ", limitBytes: 4 << 20) else {
        return false
    }
    return bytes.split(separator: 0).contains { $0.elementsEqual(mark) }
}
