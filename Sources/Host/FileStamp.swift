import Glibc

/// What changes when somebody writes to a file, or puts another in its place.
package struct FileStamp: Hashable, Sendable {
    package var sizeBytes: Int64
    package var device: UInt64
    package var inode: UInt64
    /// When its bytes changed, in nanoseconds since 1970.
    package var modifiedAt: Int64
    /// When anything about it changed; nobody can set it.
    package var changedAt: Int64

    /// nil: it is not there, or is no regular file; a link is none.
    package init?(_ path: String, followsLinks: Bool = false) {
        var status = stat()
        guard unsafe (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
            return nil
        }
        self.init(status)
    }

    /// Of an open file.
    package init?(descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// nil: it is no regular file.
    init?(_ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        sizeBytes = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        modifiedAt = Self.nanoseconds(status.st_mtim)
        changedAt = Self.nanoseconds(status.st_ctim)
    }

    /// All of it in one line.
    package var text: String { "\(sizeBytes) \(device) \(inode) \(modifiedAt) \(changedAt)" }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
