import Glibc

/// Our ends of a child's three standard streams, and what went through them.
struct ChildStreams: ~Copyable {
    private var input: Descriptor?
    private var output: Descriptor?
    private var errors: Descriptor?
    private let pending: [UInt8]
    private var sent = 0
    private(set) var collected: [UInt8] = []
    private(set) var collectedErrors: [UInt8] = []
    private var reported = 0

    private static var chunkBytes: Int { 65_536 }

    init(
        input: consuming Descriptor, output: consuming Descriptor, errors: consuming Descriptor,
        pending: [UInt8]
    ) {
        input.setNonBlocking()
        output.setNonBlocking()
        errors.setNonBlocking()
        self.input = pending.isEmpty ? nil : consume input
        self.output = consume output
        self.errors = consume errors
        self.pending = pending
    }

    /// Waits for one of the streams or the end, moves what can be moved; true when the alarm rang.
    mutating func exchange(
        alarm: Int32, end: Int32, milliseconds: Int32, limitBytes: Int, executable: String
    ) throws(HostError) -> Bool {
        // A negative number is skipped by `poll`.
        var entries = [
            pollfd(fd: alarm, events: Int16(POLLIN), revents: 0),
            pollfd(fd: number(input), events: Int16(POLLOUT), revents: 0),
            pollfd(fd: number(output), events: Int16(POLLIN), revents: 0),
            pollfd(fd: number(errors), events: Int16(POLLIN), revents: 0),
            pollfd(fd: end, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return false }
        if entries[0].revents != 0 { return true }
        if entries[1].revents != 0 { feed() }
        if entries[2].revents != 0 {
            try takeOutput(limitBytes: limitBytes, executable: executable)
        }
        if entries[3].revents != 0 { try takeErrors() }
        return false
    }

    /// Reads what the pipes still hold after the child's end.
    mutating func drain(limitBytes: Int, executable: String) throws(HostError) {
        while try takeOutput(limitBytes: limitBytes, executable: executable) {}
        while try takeErrors() {}
    }

    /// Hands on the complete lines of the output that were not handed on yet.
    mutating func reportLines(_ report: (String) -> Void) {
        while let end = collected[reported...].firstIndex(of: UInt8(ascii: "\n")) {
            report(String(decoding: collected[reported..<end], as: UTF8.self))
            reported = end + 1
        }
    }

    private func number(_ descriptor: borrowing Descriptor?) -> Int32 {
        switch descriptor {
        case .some(let open): open.number
        case nil: -1
        }
    }

    private mutating func feed() {
        let number = number(input)
        let count = unsafe pending.withUnsafeBytes { buffer in
            unsafe write(number, buffer.baseAddress.map { unsafe $0 + sent }, pending.count - sent)
        }
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        sent += max(0, count)
        // A child that closes its input has read what it wanted.
        if count < 0 || sent == pending.count { input = nil }
    }

    @discardableResult
    private mutating func takeOutput(
        limitBytes: Int, executable: String
    ) throws(HostError) -> Bool {
        guard let bytes = try Self.take(&output) else { return false }
        collected += bytes
        guard collected.count <= limitBytes else {
            throw HostError.outputLimit(executable: executable, limitBytes: limitBytes)
        }
        return true
    }

    @discardableResult
    private mutating func takeErrors() throws(HostError) -> Bool {
        guard let bytes = try Self.take(&errors) else { return false }
        collectedErrors += bytes
        let excess = collectedErrors.count - Self.chunkBytes
        if excess > 0 { collectedErrors.removeFirst(excess) }
        return true
    }

    /// Reads once; nil when nothing is there now or ever again.
    private static func take(_ stream: inout Descriptor?) throws(HostError) -> [UInt8]? {
        guard let open = stream.take() else { return nil }
        guard let bytes = try open.readSome(chunkBytes) else {
            stream = consume open
            return nil
        }
        if bytes.isEmpty { return nil }
        stream = consume open
        return bytes
    }
}
