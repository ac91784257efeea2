import Glibc

/// A folder held open, in which new files are made without following any link.
struct Folder: ~Copyable {
    private let descriptor: Int32

    /// Opens an empty folder, which is made if it does not exist.
    init(emptyAt path: String) throws(GitError) {
        if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
            throw .file(path: path, errno: errno)
        }
        try Self.requireEmpty(path)
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if number < 0 { throw .file(path: path, errno: errno) }
        descriptor = number
    }

    private init(_ name: String, in parent: Int32, at path: String) throws(GitError) {
        let number = unsafe openat(
            parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if number < 0 { throw .file(path: path, errno: errno) }
        descriptor = number
    }

    deinit { close(descriptor) }

    /// Makes a folder in this one; `path` is for messages only, here and below.
    func makeFolder(_ name: String, at path: String) throws(GitError) -> Folder {
        if unsafe mkdirat(descriptor, name, 0o755) != 0 { throw .file(path: path, errno: errno) }
        return try Folder(name, in: descriptor, at: path)
    }

    /// Makes a symbolic link that must not exist yet.
    func makeLink(_ name: String, to target: String, at path: String) throws(GitError) {
        if unsafe symlinkat(target, descriptor, name) != 0 {
            throw .file(path: path, errno: errno)
        }
    }

    /// Makes a read-only file that must not exist yet.
    func makeFile(
        _ name: String, _ bytes: UnsafeRawBufferPointer, isExecutable: Bool, at path: String
    ) throws(GitError) {
        let file = unsafe openat(
            descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            isExecutable ? 0o555 : 0o444)
        if file < 0 { throw .file(path: path, errno: errno) }
        defer { close(file) }
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = unsafe Glibc.write(file, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(path: path, errno: errno)
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private static func requireEmpty(_ path: String) throws(GitError) {
        guard let listing = unsafe opendir(path) else { throw .file(path: path, errno: errno) }
        defer { unsafe closedir(listing) }
        var count = 0
        // `.` and `..` are always there.
        while count <= 2, unsafe readdir(listing) != nil { count += 1 }
        if count > 2 { throw .folderNotEmpty(path) }
    }
}
