import Glibc

/// One thing found by walking a folder.
package struct FileEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case file, folder, link, other }

    /// Relative to the folder that was walked.
    package var path: String
    package var kind: Kind
    /// In bytes; for a link the length of its target.
    package var sizeBytes: Int64
    /// The permission bits alone.
    package var mode: UInt32
    /// nil: it is no regular file.
    package var stamp: FileStamp?

    /// Whether it is a file that its owner may run.
    package var isExecutable: Bool { kind == .file && mode & 0o100 != 0 }
}

/// Lists everything below a folder, sorted by the bytes of the path; links are not followed.
///
/// - Parameters:
///   - unopened: what is below folders of this name is not listed, nor are they opened.
///   - entriesMax: more than this many is an error, so that no walk is endless.
package func walk(
    _ folder: String, unopened: String? = nil, entriesMax: Int = 10_000_000
) throws(HostError) -> [FileEntry] {
    let root = try Descriptor(
        opening: folder, O_RDONLY | O_DIRECTORY, operation: "list the folder")
    var walker = FolderWalk(root: folder, unopened: unopened, entriesMax: entriesMax)
    try walker.list(root, prefix: "")
    return walker.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
}

/// How many bytes a file has, behind links; nil: it is not there, or is none.
package func fileSize(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}

/// Lists the names in one folder, sorted.
package func namesIn(_ folder: String) throws(HostError) -> [String] {
    let root = try Descriptor(
        opening: folder, O_RDONLY | O_DIRECTORY, operation: "list the folder")
    return try readNames(root, path: folder).sorted()
}

private struct FolderWalk {
    let root: String
    let unopened: String?
    let entriesMax: Int
    var entries: [FileEntry] = []

    mutating func list(_ folder: borrowing Descriptor, prefix: String) throws(HostError) {
        for name in try readNames(folder, path: "\(root)/\(prefix)") {
            var status = stat()
            guard unsafe fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                // Because it may have been removed since its name was read.
                if errno == ENOENT { continue }
                throw HostError.file(
                    operation: "look at", path: "\(root)/\(prefix)\(name)", number: errno)
            }
            let entry = FileEntry(
                path: prefix + name, kind: kind(status.st_mode), sizeBytes: Int64(status.st_size),
                mode: UInt32(status.st_mode & 0o7777), stamp: FileStamp(status))
            guard entries.count < entriesMax else {
                throw HostError.file(operation: "list all of", path: root, number: EOVERFLOW)
            }
            entries.append(entry)
            if entry.kind == .folder, name != unopened {
                let below = try openBelow(folder, name, path: "\(root)/\(entry.path)")
                try list(below, prefix: entry.path + "/")
            }
        }
    }

    private func kind(_ mode: mode_t) -> FileEntry.Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }
}

/// Opens a folder inside an open one, never through a link.
func openBelow(
    _ folder: borrowing Descriptor, _ name: String, path: String
) throws(HostError) -> Descriptor {
    let number = unsafe openat(
        folder.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else {
        throw HostError.file(operation: "list the folder", path: path, number: errno)
    }
    return Descriptor(number)
}

/// Reads the names in an open folder, without `.` and `..`, in no order.
func readNames(_ folder: borrowing Descriptor, path: String) throws(HostError) -> [String] {
    // Because closing the stream closes its descriptor too.
    let copy = fcntl(folder.number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
        throw HostError.file(operation: "list the folder", path: path, number: errno)
    }
    defer { _ = unsafe closedir(stream) }
    unsafe rewinddir(stream)
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(cString: $0)
            }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
