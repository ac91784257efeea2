import Glibc
import Synchronization

/// Returns the whole content of a file; an error when it holds more than `limitBytes`.
package func readFile(_ path: String, limitBytes: Int) throws(HostError) -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY, operation: "read")
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else {
        throw HostError.file(operation: "read", path: path, number: errno)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
        throw HostError.file(operation: "read", path: path, number: EISDIR)
    }
    // Because files in /proc say size 0: one byte more than the size shows whether that was all.
    var bytes: [UInt8] = []
    var chunk = min(limitBytes, max(4095, Int(status.st_size))) + 1
    while let more = try file.readSome(chunk), !more.isEmpty {
        if bytes.isEmpty { bytes = more } else { bytes += more }
        guard bytes.count <= limitBytes else {
            throw HostError.fileTooLarge(path: path, limitBytes: limitBytes)
        }
        chunk = 65_536
    }
    return bytes
}

/// Returns what a file holds from `offset` on, at most `limitBytes` of it.
package func readFile(
    _ path: String, from offset: Int, limitBytes: Int
) throws(HostError) -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY, operation: "read")
    guard lseek(file.number, off_t(offset), SEEK_SET) >= 0 else {
        throw HostError.file(operation: "read", path: path, number: errno)
    }
    return try file.readSome(limitBytes) ?? []
}

/// Returns the end of a file, at most `limitBytes` of it.
package func readTail(_ path: String, limitBytes: Int) throws(HostError) -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY, operation: "read")
    let size = lseek(file.number, 0, SEEK_END)
    guard size >= 0, lseek(file.number, max(0, size - off_t(limitBytes)), SEEK_SET) >= 0 else {
        throw HostError.file(operation: "read", path: path, number: errno)
    }
    return try file.readSome(limitBytes) ?? []
}

/// Replaces a file as a whole: after a crash it holds either the old or the new content.
///
/// Writes to a temporary name in the same folder, syncs, renames, and syncs the folder.
package func writeFileAtomically(
    _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644
) throws(HostError) {
    try replaceFile(path, bytes, mode: mode, syncing: true)
}

/// Replaces a file as a whole for readers, without waiting for the disk: a crash of the machine
/// may lose it, a crash of the process may not.
package func replaceFile(
    _ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644, syncing: Bool = false
) throws(HostError) {
    try replaceFile(path, blocks: [bytes], mode: mode, syncing: syncing)
}

/// As above, with what stands in blocks, one behind the other.
package func replaceFile(
    _ path: String, blocks: [[UInt8]], mode: UInt32 = 0o644, syncing: Bool = false
) throws(HostError) {
    let temporary = "\(path).\(uniqueSuffix()).tmp"
    do throws(HostError) {
        let file = try Descriptor(
            opening: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode_t(mode), operation: "write")
        for block in blocks { try file.writeAll(block, path: path) }
        if syncing && fsync(file.number) != 0 {
            throw HostError.file(operation: "sync", path: path, number: errno)
        }
        guard unsafe rename(temporary, path) == 0 else {
            throw HostError.file(operation: "rename to", path: path, number: errno)
        }
    } catch {
        _ = unsafe unlink(temporary)
        throw error
    }
    if syncing { try syncFolder(parentFolder(path)) }
}

/// Makes a folder's entries durable.
package func syncFolder(_ path: String) throws(HostError) {
    let folder = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY, operation: "sync")
    guard fsync(folder.number) == 0 || errno == EINVAL else {
        throw HostError.file(operation: "sync", path: path, number: errno)
    }
}

/// Makes a file's content durable.
package func syncFile(_ path: String) throws(HostError) {
    let file = try Descriptor(opening: path, O_RDONLY, operation: "sync")
    guard fsync(file.number) == 0 else {
        throw HostError.file(operation: "sync", path: path, number: errno)
    }
}

/// Appends bytes to a file, which is made when it does not exist.
package func appendToFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
    let file = try Descriptor(
        opening: path, O_WRONLY | O_CREAT | O_APPEND, operation: "append to")
    try file.writeAll(bytes, path: path)
}

/// Makes a folder and those above it; one that exists is fine.
package func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(HostError) {
    if unsafe mkdir(path, mode_t(mode)) == 0 || (errno == EEXIST && isFolder(path)) { return }
    let number = errno
    let parent = parentFolder(path)
    guard number == ENOENT, parent != path else {
        throw HostError.file(operation: "make the folder", path: path, number: number)
    }
    try makeFolder(parent, mode: mode)
    guard unsafe mkdir(path, mode_t(mode)) == 0 || errno == EEXIST else {
        throw HostError.file(operation: "make the folder", path: path, number: errno)
    }
}

/// Makes a new, empty folder with a name nobody else has and returns its path.
package func temporaryFolder(in folder: String, prefix: String = "tmp") throws(HostError) -> String
{
    let path = "\(folder)/\(prefix)-\(uniqueSuffix())"
    guard unsafe mkdir(path, 0o700) == 0 else {
        throw HostError.file(operation: "make the folder", path: path, number: errno)
    }
    return path
}

/// Says that a file was used now, by its time of change; one that is not there is passed over.
package func touchFile(_ path: String) {
    _ = unsafe utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW)
}

/// Whether anything has this path; a link counts, wherever it points.
package func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
}

/// Whether the path is a folder or a link to one.
package func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Removes one file or link; one that does not exist is fine.
package func removeFile(_ path: String) throws(HostError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
        throw HostError.file(operation: "remove", path: path, number: errno)
    }
}

/// Gives a file or folder a new name on the same disk, replacing a file that has it.
package func renamePath(_ old: String, to new: String) throws(HostError) {
    guard unsafe rename(old, new) == 0 else {
        throw HostError.file(operation: "rename to", path: new, number: errno)
    }
}

/// Makes a symbolic link at `path`; one that exists there already is an error.
package func makeLink(at path: String, to target: String) throws(HostError) {
    guard unsafe symlink(target, path) == 0 else {
        throw HostError.file(operation: "make the link", path: path, number: errno)
    }
}

/// Sets the permission bits of a file or folder.
package func setMode(_ path: String, _ mode: UInt32) throws(HostError) {
    guard unsafe chmod(path, mode_t(mode)) == 0 else {
        throw HostError.file(operation: "change the mode of", path: path, number: errno)
    }
}

/// Returns the path without links, `.` and `..`; an error when it does not exist.
package func canonicalPath(_ path: String) throws(HostError) -> String {
    guard let text = unsafe realpath(path, nil) else {
        throw HostError.file(operation: "find", path: path, number: errno)
    }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
}

/// Returns the folder in which a path lies: `.` for a bare name, `/` for the root.
package func parentFolder(_ path: String) -> String {
    let trimmed = path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
}

private let counter = Atomic<UInt64>(0)

/// A suffix that no other process or thread of this machine uses now.
func uniqueSuffix() -> String {
    let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
    let random = UInt32.random(in: .min ... .max)
    return "\(getpid())-\(number)-\(String(random, radix: 36))"
}
