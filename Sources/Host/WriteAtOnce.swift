import Glibc

/// Writes what an open file takes without waiting, and returns how many of the bytes that were.
///
/// Fewer than all when a pipe is full, or when nobody reads it.
package func writeAtOnce(_ bytes: [UInt8], to number: Int32) -> Int {
    // POSIX: a pipe that can be written to has room for so much.
    let roomBytes = 4096
    var done = 0
    while done < bytes.count {
        var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&entry, 1, 0) == 1, entry.revents == Int16(POLLOUT) else { break }
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(
                number, buffer.baseAddress.map { unsafe $0 + done },
                min(roomBytes, bytes.count - done))
        }
        guard count > 0 else { break }
        done += count
    }
    return done
}
