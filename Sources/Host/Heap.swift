import Glibc

/// Declared here, because Swift does not import malloc.h.
@_silgen_name("mallopt")
private func setHeapOption(_ option: Int32, _ value: Int32) -> Int32

/// Prepares the heap for a command that fills some megabytes at once and ends soon after.
///
/// Of a small file the system would else spend a tenth of the time on handing out memory in pages
/// of 4 KiB: so all threads share one heap, which grows in large steps, keeps what is freed, and
/// has pages of 2 MiB where Linux gives them on request. Call it before there are other threads.
package func prepareHeapForBurst() {
    let stepBytes = 64 << 20
    // By number, as malloc.h has them: M_ARENA_MAX, M_TOP_PAD, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD.
    let options: [(Int32, Int)] = [(-8, 1), (-2, stepBytes), (-1, 4 * stepBytes), (-3, 4 << 20)]
    for (option, value) in options { _ = setHeapOption(option, Int32(value)) }
    guard let before = unsafe sbrk(0) else { return }
    // Because more than the heap has is asked for, it takes its next step.
    unsafe free(room(bytes: 1 << 20))
    let hugePageBytes: UInt = 2 << 20
    let first = UInt(bitPattern: before) + hugePageBytes - 1
    guard let end = unsafe sbrk(0),
        let start = unsafe UnsafeMutableRawPointer(
            bitPattern: first / hugePageBytes * hugePageBytes),
        unsafe start < end
    else { return }
    // Where there are none, this is an error that changes nothing.
    _ = unsafe madvise(start, end - start, 14)  // MADV_HUGEPAGE
}

/// Never inlined, because a compiler that sees it freed unused leaves it out.
@inline(never)
private func room(bytes: Int) -> UnsafeMutableRawPointer? { unsafe malloc(bytes) }
