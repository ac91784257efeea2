import Glibc

/// Declared here, because Swift imports glibc without `_GNU_SOURCE`.
@_silgen_name("sched_getaffinity")
private func processorsOfProcess(
    _ process: pid_t, _ bytes: Int, _ set: UnsafeMutablePointer<cpu_set_t>
) -> Int32

/// Returns how many processors this process may use, at least 1.
///
/// Fewer than the machine has where `taskset`, a container or a unit file says so.
package func usableProcessors() -> Int {
    var set = cpu_set_t()
    guard unsafe processorsOfProcess(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    return unsafe withUnsafeBytes(of: &set) { bytes in
        unsafe max(1, bytes.reduce(0) { $0 + $1.nonzeroBitCount })
    }
}
