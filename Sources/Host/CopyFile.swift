import Glibc

/// Makes `target` a file with the content of `source`; one that exists there is an error.
///
/// Shares the blocks where the disk can (`FICLONE`), else copies inside the kernel.
package func copyFile(_ source: String, to target: String, mode: UInt32? = nil) throws(HostError) {
    let input = try Descriptor(opening: source, O_RDONLY, operation: "read")
    var status = stat()
    guard unsafe fstat(input.number, &status) == 0 else {
        throw HostError.file(operation: "read", path: source, number: errno)
    }
    let bits = mode.map { mode_t($0) } ?? status.st_mode & 0o777
    let output = try Descriptor(
        opening: target, O_WRONLY | O_CREAT | O_EXCL, mode: bits, operation: "write")
    // 0x40049409 is FICLONE of linux/fs.h.
    if ioctl(output.number, 0x4004_9409, input.number) == 0 { return }
    do throws(HostError) {
        try copyBytes(input, output, path: target)
    } catch {
        _ = unsafe unlink(target)
        throw error
    }
}

private func copyBytes(
    _ input: borrowing Descriptor, _ output: borrowing Descriptor, path: String
) throws(HostError) {
    while true {
        let count = sendfile(output.number, input.number, nil, 1 << 30)
        if count > 0 { continue }
        if count == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else {
            throw HostError.file(operation: "write", path: path, number: errno)
        }
        break
    }
    while let bytes = try input.readSome(1 << 20), !bytes.isEmpty {
        try output.writeAll(bytes, path: path)
    }
}

/// Gives a file a second name on the same disk, or copies it where that cannot be.
package func linkOrCopyFile(_ source: String, to target: String) throws(HostError) {
    if unsafe link(source, target) == 0 { return }
    guard errno == EXDEV || errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP else {
        throw HostError.file(operation: "link", path: target, number: errno)
    }
    try copyFile(source, to: target)
}

/// Copies a folder with all below it; links are copied as links. `target` must not exist.
package func copyTree(_ source: String, to target: String) throws(HostError) {
    try makeFolder(target)
    for entry in try walk(source) {
        let (from, to) = ("\(source)/\(entry.path)", "\(target)/\(entry.path)")
        switch entry.kind {
        case .folder: try makeFolder(to, mode: entry.mode | 0o700)
        case .file: try copyFile(from, to: to, mode: entry.mode)
        case .link: try makeLink(at: to, to: try readLink(from))
        case .other:
            throw HostError.file(operation: "copy", path: from, number: EOPNOTSUPP)
        }
    }
}

/// Returns where a symbolic link points.
package func readLink(_ path: String) throws(HostError) -> String {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
        unsafe buffer.withMemoryRebound(to: CChar.self) {
            if let base = $0.baseAddress { count = unsafe readlink(path, base, 4096) }
        }
        used = max(0, count)
    }
    guard count >= 0 else {
        throw HostError.file(operation: "read the link", path: path, number: errno)
    }
    return String(decoding: bytes, as: UTF8.self)
}
