package import Domain
import Glibc

/// Returns the moment by the wall clock.
package func now() -> Instant {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}

/// Returns seconds by a clock that never jumps, for deadlines; it starts anywhere.
package func monotonicSeconds() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Blocks this thread, which must be one that may block.
package func pauseThread(milliseconds: Int) {
    precondition((0...1000).contains(milliseconds), "a pause of \(milliseconds) ms is too long")
    _ = usleep(UInt32(milliseconds) * 1000)
}
