import Glibc

/// Removes a folder and all below it, or a file; what does not exist is fine.
///
/// Read-only folders are made writable first. Links are removed, never followed.
package func removeTree(_ path: String) throws(HostError) {
    if unsafe unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else {
        throw HostError.file(operation: "remove", path: path, number: errno)
    }
    try unlock(AT_FDCWD, path, path: path)
    let folder = try Descriptor(
        opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, operation: "remove")
    try empty(folder, path: path)
    guard unsafe rmdir(path) == 0 || errno == ENOENT else {
        throw HostError.file(operation: "remove", path: path, number: errno)
    }
}

private func empty(_ folder: borrowing Descriptor, path: String) throws(HostError) {
    for name in try readNames(folder, path: path) {
        let below = "\(path)/\(name)"
        if unsafe unlinkat(folder.number, name, 0) == 0 || errno == ENOENT { continue }
        guard errno == EISDIR || errno == EPERM else {
            throw HostError.file(operation: "remove", path: below, number: errno)
        }
        try unlock(folder.number, name, path: below)
        let inner = try openBelow(folder, name, path: below)
        try empty(inner, path: below)
        guard unsafe unlinkat(folder.number, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw HostError.file(operation: "remove", path: below, number: errno)
        }
    }
}

/// Gives the owner all rights on a folder, so that its entries can be removed.
private func unlock(_ folder: Int32, _ name: String, path: String) throws(HostError) {
    var status = stat()
    guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        throw HostError.file(operation: "remove", path: path, number: errno)
    }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_mode & 0o700 != 0o700 else { return }
    guard unsafe fchmodat(folder, name, status.st_mode | 0o700, 0) == 0 else {
        throw HostError.file(operation: "remove", path: path, number: errno)
    }
}
