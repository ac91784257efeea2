import CGit2
import Domain
import Glibc

/// The names of an error number in the system's words.
func systemMessage(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}

/// Process-wide state of libgit2.
enum Library {
    /// The memory that libgit2 may keep for objects it has read; its own default is 256 MiB.
    static let cacheBytesMax = 16 << 20
    /// Because a folder of ten thousand models is a tree of that size, and a commit is compared
    /// with the one before, whose tree was read then.
    static let cachedTreeBytesMax = 1 << 20

    /// nil: it has not started, and nothing of it may be called.
    fileprivate nonisolated(unsafe) static let functions: UnsafePointer<slipway_git>? =
        // Because why it has not started is said by `start`.
        unsafe try? started.get()
    private nonisolated(unsafe) static let started = unsafe open("libgit2.so.\(LIBGIT2_SOVERSION)")

    /// Opens and starts the library of that name; not for two threads at once.
    static func open(_ name: String) -> Result<UnsafePointer<slipway_git>, GitError> {
        var reason: UnsafePointer<CChar>?
        guard let git = unsafe slipway_git_load(name, &reason) else {
            let words = unsafe reason.map { unsafe String(cString: $0) } ?? name
            return unsafe .failure(.libraryMissing(reason: words))
        }
        _ = unsafe git.pointee.libgit2_init()
        unsafe slipway_git_cache_max_bytes(git, cacheBytesMax)
        unsafe slipway_git_cache_tree_bytes(git, cachedTreeBytesMax)
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        _ = unsafe git.pointee.libgit2_version(&major, &minor, &revision)
        // Structures may change between minor versions, so that nothing but an equal one is safe.
        guard major == LIBGIT2_VER_MAJOR, minor == LIBGIT2_VER_MINOR else {
            let running = "\(major).\(minor).\(revision)"
            return unsafe .failure(.libraryMismatch(built: LIBGIT2_VERSION, running: running))
        }
        return unsafe .success(git)
    }

    /// Starts libgit2 once; must come before any other call.
    static func start() throws(GitError) { _ = unsafe try started.get() }
}

/// libgit2's functions, opened when a repository first is, so that other commands start without it
/// and the twenty libraries behind it; filled before anybody sees them and never changed.
nonisolated(unsafe) let git: slipway_git = {
    guard let functions = unsafe Library.functions else {
        preconditionFailure("libgit2 is called before it has started")
    }
    return unsafe functions.pointee
}()

/// Returns `code` unless it is negative; then throws what libgit2 said on this thread.
///
/// libgit2 keeps its last error per thread, so that this must run right after the call.
@discardableResult
func check(_ code: Int32, _ doing: String) throws(GitError) -> Int32 {
    guard code < 0 else { return code }
    var message = "no message"
    if let last = unsafe git.error_last(), let text = unsafe last.pointee.message {
        message = unsafe String(cString: text)
    }
    unsafe git.error_clear()
    throw .library(during: doing, code: code, message: message)
}

/// The only owner of one object of libgit2; frees it when it goes.
@safe
struct Handle: ~Copyable {
    let pointer: OpaquePointer
    private let free: @convention(c) (OpaquePointer?) -> Void

    /// Takes ownership of what `make` puts into its argument.
    init(
        _ doing: String, free: @escaping @convention(c) (OpaquePointer?) -> Void,
        _ make: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var made: OpaquePointer?
        try check(unsafe make(&made), doing)
        guard let made = unsafe made else {
            throw .library(during: doing, code: 0, message: "no object came back")
        }
        unsafe self.pointer = made
        unsafe self.free = free
    }

    deinit { unsafe free(pointer) }
}

extension GitError {
    /// Whether libgit2 said that the thing asked for does not exist.
    var isNotFound: Bool {
        if case .library(_, GIT_ENOTFOUND.rawValue, _) = self { return true }
        return false
    }
}

extension ObjectID {
    init(_ oid: git_oid) {
        self.init(checked: hexadecimal(oid))
    }

    /// The id as libgit2 wants it; this libgit2 knows only SHA-1.
    func raw() throws(GitError) -> git_oid {
        var oid = git_oid()
        guard hex.utf8.count == Int(GIT_OID_HEXSZ) else { throw .notFound("object \(hex)") }
        try check(unsafe git.oid_fromstr(&oid, hex), "reading the object id \(hex)")
        return oid
    }
}

private func hexadecimal(_ oid: git_oid) -> String {
    unsafe withUnsafeBytes(of: oid.id) { bytes in
        unsafe String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                unsafe text[2 * index] = digit(byte >> 4)
                unsafe text[2 * index + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }
}

private func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }

/// Whether two raw ids are the same.
func same(_ left: git_oid, _ right: git_oid) -> Bool {
    var (left, right) = (left, right)
    return unsafe git.oid_equal(&left, &right) == 1
}
