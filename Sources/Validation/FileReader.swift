import Glibc
import Host

/// Why a file of a dataset is not open.
enum OpenFault: Error, Equatable {
    case missing
    /// The path, or the link that it is, leaves the root.
    case outside
    case notAFile
    case notAFolder
    /// The path cannot be followed, now or later; the system's errno.
    case broken(Int32)
    /// The system's errno.
    case unreadable(Int32)
}

/// The folder that a manifest's paths are relative to.
struct RootFolder {
    /// Without links.
    private let path: String

    init(_ path: String) throws(ValidationError) {
        guard let resolved = resolvedPath(path) else { throw .noRoot(path) }
        self.path = resolved
    }

    /// How many bytes a file has, if it is one; a hint, because it says nothing of where it lies.
    func sizeBytes(_ relative: String) -> Int? { fileSize("\(path)/\(relative)") }

    /// What a file is now; nil: it is none.
    func stamp(_ relative: String) -> FileStamp? {
        FileStamp("\(path)/\(relative)", followsLinks: true)
    }

    /// What happened to a file while it was read; nil: the path leads to it still, and it is as
    /// long as it was.
    ///
    /// - Parameter opened: what it was when it was opened.
    func change(of relative: String, since opened: FileStamp?) -> SourceFault? {
        guard let opened else { return nil }
        guard let now = stamp(relative) else { return .vanished }
        guard (now.device, now.inode) == (opened.device, opened.inode) else { return .replaced }
        let (before, after) = (Int(opened.sizeBytes), Int(now.sizeBytes))
        if after > before { return .grew(fromBytes: before) }
        return after < before ? .shrank(fromBytes: before, toBytes: after) : nil
    }

    /// Opens a regular file for reading, following links only while they stay inside.
    func open(_ relative: String) -> Result<Int32, OpenFault> {
        let resolved: String
        switch inside(relative) {
        case .failure(let fault): return .failure(fault)
        case .success(let path): resolved = path
        }
        // Non-blocking, because opening a pipe would wait for its writer.
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = unsafe Glibc.open(resolved, flags)
        guard descriptor >= 0 else { return .failure(.unreadable(errno)) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return .failure(.notAFile)
        }
        return .success(descriptor)
    }

    /// The absolute path of a folder, when it stays inside.
    func resolve(_ relative: String) -> Result<String, OpenFault> {
        inside(relative).flatMap { resolved in
            var status = stat()
            guard unsafe stat(resolved, &status) == 0 else { return .failure(.unreadable(errno)) }
            return status.st_mode & S_IFMT == S_IFDIR ? .success(resolved) : .failure(.notAFolder)
        }
    }

    /// The path without links, when it stays inside.
    private func inside(_ relative: String) -> Result<String, OpenFault> {
        let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
        if relative.hasPrefix("/") || parts.contains("..") { return .failure(.outside) }
        if relative.utf8.contains(0) || relative.isEmpty { return .failure(.missing) }
        guard let resolved = resolvedPath("\(path)/\(relative)") else {
            let code = errno
            switch code {
            case ENOENT, ENOTDIR: return .failure(.missing)
            case ELOOP, ENAMETOOLONG: return .failure(.broken(code))
            default: return .failure(.unreadable(code))
            }
        }
        let inside = path == "/" ? path : "\(path)/"
        return resolved.utf8.starts(with: inside.utf8) ? .success(resolved) : .failure(.outside)
    }
}

/// An open file that is read from its beginning to its end and closed with its owner.
struct FileReader: ~Copyable {
    private let descriptor: Int32
    /// How long the file was when it was opened.
    let sizeBytes: Int
    private let progress: ReadingProgress?

    /// - Parameter progress: hears of every byte that is read.
    init(descriptor: Int32, progress: ReadingProgress? = nil) {
        self.descriptor = descriptor
        self.progress = progress
        var status = stat()
        sizeBytes = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : .max
    }

    deinit { close(descriptor) }

    /// Whether the file is longer than that now.
    func hasMore(behind bytes: Int) -> Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && Int(status.st_size) > bytes
    }

    /// Reads the next bytes to `offset` of the storage and on; returns how many, 0 at the end,
    /// −errno on an error.
    func read(into storage: inout [UInt8], at offset: Int, atMost limit: Int) -> Int {
        precondition(offset >= 0 && limit >= 0 && offset + limit <= storage.count)
        while true {
            let count = unsafe storage.withUnsafeMutableBytes { buffer in
                // In bounds by the precondition.
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + offset }, limit)
            }
            if count >= 0 {
                progress?.add(bytes: count)
                return count
            }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// As `read`, from a place of the file, without moving on.
    func read(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int, from place: Int
    ) -> Int {
        precondition(offset >= 0 && limit >= 0 && offset + limit <= storage.count)
        while true {
            let count = unsafe storage.withUnsafeMutableBytes { buffer in
                // In bounds by the precondition.
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + offset }, limit, place)
            }
            if count >= 0 {
                progress?.add(bytes: count)
                return count
            }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// What changes when somebody writes to the file; nil when the system does not say.
    var stamp: FileStamp? { FileStamp(descriptor: descriptor) }
}

/// The absolute path without links; nil, with errno set, when something on it is not there.
private func resolvedPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

/// The system's words for an errno.
func errorText(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
