import Glibc

/// An exclusive lock on a file, held as long as this value, or an inheriting child, lives.
///
/// It is `flock`: the kernel drops it when its last holder dies, so it is never stale.
package struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor
    package let path: String

    private init(_ descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The descriptor to hand to a child, which then holds the lock as well.
    var number: Int32 { descriptor.number }

    /// Takes the lock at once, or returns nil when another holds it. Makes the file if needed.
    package static func tryTake(_ path: String) throws(HostError) -> FileLock? {
        let descriptor = try Descriptor(opening: path, O_RDWR | O_CREAT, operation: "lock")
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            if errno == EWOULDBLOCK { return nil }
            throw HostError.file(operation: "lock", path: path, number: errno)
        }
        return FileLock(descriptor, path: path)
    }

    /// Takes the lock, waiting for another holder up to the deadline.
    @concurrent
    package static func take(
        _ path: String, deadlineSeconds: Double
    ) async throws(HostError) -> FileLock {
        let end = monotonicSeconds() + deadlineSeconds
        var pauseMilliseconds = 1
        while true {
            if let lock = try tryTake(path) { return lock }
            guard monotonicSeconds() < end else {
                throw HostError.lockHeld(path: path, seconds: deadlineSeconds)
            }
            do {
                try await Task.sleep(for: .milliseconds(pauseMilliseconds))
            } catch {
                throw HostError.cancelled(executable: "waiting for \(path)")
            }
            pauseMilliseconds = min(100, pauseMilliseconds * 2)
        }
    }

    /// Whether anybody holds the lock now; false when the file does not exist.
    package static func isHeld(_ path: String) -> Bool {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return false }
        defer { _ = close(number) }
        guard flock(number, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        return false
    }

    /// Returns another holder of the same lock: it is free when both are gone.
    package func shared() throws(HostError) -> FileLock {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            throw HostError.file(operation: "lock", path: path, number: errno)
        }
        return FileLock(Descriptor(copy), path: path)
    }

    /// Returns the lock that our parent handed down as this descriptor, if it is that file.
    package static func inherited(_ path: String, descriptor number: Int32) -> FileLock? {
        var ours = stat()
        var theirs = stat()
        guard unsafe fstat(number, &ours) == 0, unsafe stat(path, &theirs) == 0,
            ours.st_ino == theirs.st_ino, ours.st_dev == theirs.st_dev,
            flock(number, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return FileLock(Descriptor(number), path: path)
    }
}
