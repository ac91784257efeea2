import Glibc

/// An open file descriptor with one owner; closed when the owner lets go.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        precondition(number >= 0, "not a descriptor")
        self.number = number
    }

    /// Opens a path; the descriptor never leaks into children.
    init(
        opening path: String, _ flags: Int32, mode: mode_t = 0o644, operation: String = "open"
    ) throws(HostError) {
        let number = unsafe open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else {
            throw HostError.file(operation: operation, path: path, number: errno)
        }
        self.number = number
    }

    deinit { _ = close(number) }

    /// Makes reads and writes return at once.
    func setNonBlocking() {
        let flags = fcntl(number, F_GETFL)
        _ = fcntl(number, F_SETFL, flags | O_NONBLOCK)
    }

    /// Reads up to `limitBytes`; nil when nothing is there yet, empty at the end.
    func readSome(_ limitBytes: Int) throws(HostError) -> [UInt8]? {
        var result = 0
        var failed: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limitBytes) { buffer, count in
            repeat {
                result = unsafe read(number, buffer.baseAddress, limitBytes)
            } while result < 0 && errno == EINTR
            if result < 0 { failed = errno }
            count = max(0, result)
        }
        if failed == EAGAIN { return nil }
        guard failed == 0 else {
            throw HostError.file(operation: "read", path: "descriptor \(number)", number: failed)
        }
        return bytes
    }

    /// Writes everything, waiting as long as it takes.
    func writeAll(_ bytes: [UInt8], path: String) throws(HostError) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    number, buffer.baseAddress.map { unsafe $0 + offset },
                    bytes.count - offset)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw HostError.file(operation: "write", path: path, number: errno)
            }
            offset += count
        }
    }
}

/// Both ends of a pipe.
struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(HostError) {
        let ends = try makePipe()
        reading = Descriptor(ends.reading)
        writing = Descriptor(ends.writing)
    }

    /// Keeps the reading end and closes the other.
    consuming func intoReading() -> Descriptor { reading }

    /// Keeps the writing end and closes the other.
    consuming func intoWriting() -> Descriptor { writing }
}

/// Makes a pipe whose ends do not leak into programs that we start.
func makePipe() throws(HostError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
        throw HostError.file(operation: "make", path: "a pipe", number: errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}
