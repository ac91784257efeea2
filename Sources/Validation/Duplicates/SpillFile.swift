import Glibc

/// A file for what does not fit into memory; without a name, it goes with its owner.
final class SpillFile: Sendable {
    private let descriptor: Int32

    /// - Parameter folder: on a disk with room; an error is an errno.
    init(in folder: String) throws(SpillFault) {
        let path = "\(folder)/slipway-rows-\(UInt64.random(in: .min ... .max))"
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
        let found = unsafe open(path, flags, 0o600)
        guard found >= 0 else { throw SpillFault(code: errno) }
        unsafe unlink(path)
        descriptor = found
    }

    /// The file that is there, or a new one, which then is.
    static func opened(_ file: inout SpillFile?, in folder: String) throws(SpillFault) -> SpillFile
    {
        if let file { return file }
        let made = try SpillFile(in: folder)
        file = made
        return made
    }

    /// Makes a file with a name, which stays.
    init(creating path: String) throws(SpillFault) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpillFault(code: errno) }
    }

    /// Opens a file that was written before.
    init(reading path: String) throws(SpillFault) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SpillFault(code: errno) }
    }

    deinit { close(descriptor) }

    /// Writes all entries from an offset on.
    func write(
        _ entries: ArraySlice<some BitwiseCopyable>, at offset: Int
    ) throws(SpillFault) {
        let code = unsafe entries.withUnsafeBytes { unsafe write($0, at: offset) }
        guard code == 0 else { throw SpillFault(code: code) }
    }

    /// Writes all bytes from an offset on.
    func write(bytes: [UInt8], at offset: Int) throws(SpillFault) {
        let code = unsafe bytes.withUnsafeBytes { unsafe write($0, at: offset) }
        guard code == 0 else { throw SpillFault(code: code) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        var done = 0
        while done < bytes.count {
            // In bounds: `done` is below the number of bytes.
            let count = unsafe pwrite(
                descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : ENOSPC }
            done += count
        }
        return 0
    }

    /// Reads as many entries as were written at an offset; `empty` is any one of their type.
    func read<Entry: BitwiseCopyable>(
        _ count: Int, at offset: Int, of empty: Entry
    ) throws(SpillFault) -> [Entry] {
        var entries = [Entry](repeating: empty, count: count)
        let code = unsafe entries.withUnsafeMutableBytes { unsafe read($0, at: offset) }
        guard code == 0 else { throw SpillFault(code: code) }
        return entries
    }

    /// Reads as many bytes as were written at an offset.
    func read(bytes count: Int, at offset: Int) throws(SpillFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let code = unsafe bytes.withUnsafeMutableBytes { unsafe read($0, at: offset) }
        guard code == 0 else { throw SpillFault(code: code) }
        return bytes
    }

    private func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        var done = 0
        while done < bytes.count {
            // In bounds: `done` is below the number of bytes.
            let count = unsafe pread(
                descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            done += count
        }
        return 0
    }
}

/// The system refused to write or read what did not fit into memory; the errno says why.
struct SpillFault: Error, Equatable {
    /// More than fits into memory, and no folder to write it to.
    static let noFolder = SpillFault(code: ENOMEM)

    /// Rows that were kept from an earlier run are gone or damaged.
    static let lost = SpillFault(code: ESTALE)

    /// Nobody waits for what would have been read.
    static let cancelled = SpillFault(code: ECANCELED)

    var code: Int32
}
