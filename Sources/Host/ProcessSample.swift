import Glibc

/// What /proc/PID/stat says about a process now.
package struct ProcessSample: Hashable, Sendable {
    package var pid: Int32
    package var parent: Int32
    package var group: Int32
    package var session: Int32
    package var startTimeTicks: UInt64
    /// Time on processors in user and kernel mode, its reaped children not counted.
    package var cpuTicks: UInt64
    package var residentBytes: Int64
    /// A zombie, or on its way to be one.
    package var hasEnded: Bool

    /// nil when there is no such process.
    ///
    /// The second field is the name in parentheses and may hold anything, so the last closing
    /// parenthesis is where counting starts; see proc(5).
    package init?(of pid: Int32) {
        // Because a process that is gone and one that cannot be read are the same here.
        guard let text = try? readFile("/proc/\(pid)/stat", limitBytes: 8192),
            let end = text.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 21, let state = fields[0].first else { return nil }
        func number(_ index: Int) -> Int64 {
            Int64(String(decoding: fields[index], as: UTF8.self)) ?? 0
        }
        self.pid = pid
        parent = Int32(truncatingIfNeeded: number(1))
        group = Int32(truncatingIfNeeded: number(2))
        session = Int32(truncatingIfNeeded: number(3))
        cpuTicks = UInt64(clamping: number(11) + number(12))
        startTimeTicks = UInt64(clamping: number(19))
        residentBytes = number(21) * Int64(sysconf(Int32(_SC_PAGESIZE)))
        hasEnded = state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
    }
}

/// Returns the numbers of all processes, in no order.
package func allProcesses() -> [Int32] {
    // Because without /proc there is nothing to sample and nothing else to say.
    guard let names = try? namesIn("/proc") else { return [] }
    return names.compactMap { Int32($0) }
}

/// Memory and processor time of a process group at one moment.
package struct GroupSample: Hashable, Sendable {
    package var processes: [ProcessSample]
    /// Summed over the processes; memory that they share counts for each.
    package var residentBytes: Int64 { processes.reduce(0) { $0 + $1.residentBytes } }
    /// Summed over the processes that still run.
    package var cpuSeconds: Double {
        Double(processes.reduce(0) { $0 + $1.cpuTicks }) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Looks at every process whose group or session is `group`.
    package init(ofGroup group: Int32) {
        processes = allProcesses().compactMap { ProcessSample(of: $0) }
            .filter { ($0.group == group || $0.session == group) && !$0.hasEnded }
    }
}
