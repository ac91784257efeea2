import Glibc

/// A control group that holds a memory limit over a process and all that it starts.
///
/// Both versions of the kernel's interface: v2 (`memory.max`) and v1 (`memory.limit_in_bytes`).
package struct MemoryCage: Sendable {
    private let folder: String
    private let isUnified: Bool

    /// Makes a new cage below, or beside, our own; nil where this machine lets us make none.
    package static func make(name: String, limitBytes: Int64) -> MemoryCage? {
        for place in places() {
            let cage = MemoryCage(folder: "\(place.folder)/\(name)", isUnified: place.isUnified)
            guard unsafe mkdir(cage.folder, 0o755) == 0 else { continue }
            if cage.limit(to: limitBytes) { return cage }
            cage.remove()
        }
        return nil
    }

    /// The file to which a process writes its number to enter the cage.
    package var entryFile: String { "\(folder)/cgroup.procs" }

    /// The most that was held at once; nil where the kernel does not tell.
    package var peakBytes: Int64? {
        number(isUnified ? "memory.peak" : "memory.max_usage_in_bytes")
    }

    /// Whether the kernel killed a process because the cage was full.
    package var wasExceeded: Bool {
        let text = text(isUnified ? "memory.events" : "memory.oom_control")
        for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
            return line != "oom_kill 0"
        }
        return false
    }

    /// Kills everything inside.
    package func killAll() {
        for line in text("cgroup.procs").split(separator: "\n") {
            if let process = Int32(line), process > 1 { _ = kill(process, SIGKILL) }
        }
    }

    /// Takes the cage away once it is empty; tries for at most half a second.
    package func remove() {
        for _ in 0..<50 {
            if unsafe rmdir(folder) == 0 || errno != EBUSY { return }
            killAll()
            _ = usleep(10_000)
        }
    }

    private func limit(to bytes: Int64) -> Bool {
        if isUnified {
            guard write("memory.max", "\(bytes)") else { return false }
            _ = write("memory.swap.max", "0")
            _ = write("memory.oom.group", "1")
            return true
        }
        guard write("memory.limit_in_bytes", "\(bytes)") else { return false }
        _ = write("memory.memsw.limit_in_bytes", "\(bytes)")
        return true
    }

    private func write(_ name: String, _ value: String) -> Bool {
        let number = unsafe open("\(folder)/\(name)", O_WRONLY | O_CLOEXEC)
        guard number >= 0 else { return false }
        defer { _ = close(number) }
        let bytes = Array(value.utf8)
        return unsafe Glibc.write(number, bytes, bytes.count) == bytes.count
    }

    private func text(_ name: String) -> String {
        // Because a file that this kernel does not have says nothing.
        guard let bytes = try? readFile("\(folder)/\(name)", limitBytes: 1 << 20) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func number(_ name: String) -> Int64? {
        text(name).split(separator: "\n").first.flatMap { Int64($0) }
    }

    /// Where a cage could be made, best first.
    private static func places() -> [(folder: String, isUnified: Bool)] {
        // Because without the file there are no control groups here.
        guard let bytes = try? readFile("/proc/self/cgroup", limitBytes: 1 << 16) else { return [] }
        var places: [(folder: String, isUnified: Bool)] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let own = parts[2] == "/" ? "" : String(parts[2])
            if parts[1].split(separator: ",").contains("memory") {
                places.append(("/sys/fs/cgroup/memory\(own)", false))
                if !own.isEmpty { places.append(("/sys/fs/cgroup/memory", false)) }
            } else if parts[0] == "0", exists("/sys/fs/cgroup/cgroup.controllers") {
                // Because v2 forbids limits below a group that holds processes, as ours does, the
                // place beside it comes next.
                places.append(("/sys/fs/cgroup\(own)", true))
                if !own.isEmpty { places.append((parentFolder("/sys/fs/cgroup\(own)"), true)) }
            }
        }
        return places
    }
}
