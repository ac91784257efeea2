import Glibc

/// Sends bytes to a Unix domain socket and returns all that is answered until it closes.
@concurrent
package func askSocket(
    _ path: String, _ bytes: [UInt8], answerLimitBytes: Int, deadlineSeconds: Double
) async throws(HostError) -> [UInt8] {
    try await onThread { () throws(HostError) in
        try askSocketBlocking(
            path, bytes, answerLimitBytes: answerLimitBytes, deadlineSeconds: deadlineSeconds)
    }
}

/// As `askSocket`, for callers that have a thread of their own to block, as a git hook has.
package func askSocketBlocking(
    _ path: String, _ bytes: [UInt8], answerLimitBytes: Int, deadlineSeconds: Double
) throws(HostError) -> [UInt8] {
    ignoreBrokenPipes()
    let end = monotonicSeconds() + deadlineSeconds
    let socket = try connectSocket(path)
    var talk = SocketTalk(socket, path: path, end: end, deadlineSeconds: deadlineSeconds)
    try talk.send(bytes)
    _ = shutdown(talk.number, Int32(SHUT_WR))
    return try talk.receiveAll(limitBytes: answerLimitBytes)
}

/// One side of a connection, with a moment at which it gives up.
struct SocketTalk: ~Copyable {
    private let socket: Descriptor
    private let path: String
    private let end: Double
    private let deadlineSeconds: Double

    init(_ socket: consuming Descriptor, path: String, end: Double, deadlineSeconds: Double) {
        socket.setNonBlocking()
        self.socket = socket
        self.path = path
        self.end = end
        self.deadlineSeconds = deadlineSeconds
    }

    var number: Int32 { socket.number }

    mutating func send(_ bytes: [UInt8]) throws(HostError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    number, buffer.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
            }
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                try wait(for: POLLOUT)
            } else if errno != EINTR {
                throw HostError.socket(operation: "write to", path: path, number: errno)
            }
        }
    }

    /// Reads until the other side closes; more than the limit is an error.
    mutating func receiveAll(limitBytes: Int) throws(HostError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            guard let bytes = try socket.readSome(16_384) else {
                try wait(for: POLLIN)
                continue
            }
            if bytes.isEmpty { return all }
            all += bytes
            guard all.count <= limitBytes else {
                throw HostError.fileTooLarge(path: path, limitBytes: limitBytes)
            }
        }
    }

    private func wait(for event: Int32) throws(HostError) {
        let left = end - monotonicSeconds()
        guard left > 0 else {
            throw HostError.socketDeadline(path: path, seconds: deadlineSeconds)
        }
        var entry = pollfd(fd: number, events: Int16(event), revents: 0)
        _ = unsafe poll(&entry, 1, Int32(min(left * 1000, 60_000).rounded(.up)))
    }
}

/// Connects; a socket without a listener is an error with `ECONNREFUSED`.
func connectSocket(_ path: String) throws(HostError) -> Descriptor {
    let socket = try makeSocket(path)
    let number = unsafe try withAddress(path) { unsafe connect(socket.number, $0, $1) }
    guard number == 0 else {
        throw HostError.socket(operation: "connect to", path: path, number: number)
    }
    return socket
}

/// Listens at a path; a socket file that nobody listens at any more is replaced.
func listenSocket(_ path: String) throws(HostError) -> Descriptor {
    if exists(path) {
        do throws(HostError) {
            _ = try connectSocket(path)
            throw HostError.socket(operation: "listen at", path: path, number: EADDRINUSE)
        } catch HostError.socket(operation: "connect to", path: path, number: ECONNREFUSED) {
            try removeFile(path)
        }
    }
    let socket = try makeSocket(path)
    let number = unsafe try withAddress(path) { unsafe bind(socket.number, $0, $1) }
    guard number == 0 else {
        throw HostError.socket(operation: "listen at", path: path, number: number)
    }
    guard unsafe chmod(path, 0o600) == 0, listen(socket.number, 64) == 0
    else { throw HostError.socket(operation: "listen at", path: path, number: errno) }
    return socket
}

private func makeSocket(_ path: String) throws(HostError) -> Descriptor {
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | 0o2_000_000, 0)
    guard number >= 0 else {
        throw HostError.socket(operation: "make", path: path, number: errno)
    }
    return Descriptor(number)
}

/// Calls `body` with the address of a path and returns its `errno`, 0 when all went well.
///
/// An address holds 107 bytes; a longer path is reached through its opened folder.
private func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws(HostError) -> Int32 {
    guard path.utf8.count > 107 else { return unsafe callWithAddress(path, body) }
    let folder = try Descriptor(opening: parentFolder(path), O_RDONLY | O_DIRECTORY)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let short = "/proc/self/fd/\(folder.number)/\(name)"
    guard short.utf8.count <= 107 else {
        throw HostError.socket(operation: "name", path: path, number: ENAMETOOLONG)
    }
    let number = unsafe callWithAddress(short, body)
    _ = consume folder
    return number
}

private func callWithAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
        unsafe target.copyBytes(from: path.utf8)
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
        }
    }
}
