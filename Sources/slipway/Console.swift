import Domain
import Host
import NIOCore
import NIOPosix

/// Where commands write: data to standard output, everything else to standard error.
///
/// Each call is written at once, through the descriptors that we were given, so that the order
/// of both streams is kept when they go to one file.
enum Console {
    private static let files = NonBlockingFileIO(threadPool: .singleton)
    private static let output = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: 1)
    private static let errors = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: 2)

    private enum Stream: Int32 {
        case output = 1
        case errors

        var handle: NIOFileHandle { self == .output ? Console.output : Console.errors }
    }

    /// Writes lines of data; the last is ended if it is not.
    static func put(_ text: String) async { await put(bytes: ended(text)) }

    /// Writes data as it is.
    static func put(bytes: [UInt8]) async { await write(bytes, to: .output) }

    /// Writes lines of talk; the last is ended if it is not.
    static func say(_ text: String) async { await write(ended(text), to: .errors) }

    /// Replaces the line that the cursor is in, on a terminal.
    static func redraw(_ line: String) async {
        await write(Array("\r\u{1B}[2K\(line)".utf8), to: .errors)
    }

    /// Whether standard error is a terminal that understands cursor movements.
    static var talksToTerminal: Bool {
        guard environmentVariable("TERM") != "dumb" else { return false }
        // Because a descriptor that cannot be looked at is no terminal.
        guard let target = try? readLink("/proc/self/fd/2") else { return false }
        return target.hasPrefix("/dev/pts/") || target.hasPrefix("/dev/tty")
    }

    private static func ended(_ text: String) -> [UInt8] {
        guard !text.isEmpty else { return [] }
        return Array(visible(text.hasSuffix("\n") ? text : text + "\n").utf8)
    }

    /// The text with a replacement character for everything that a terminal obeys or that turns the
    /// direction of writing: names of tags, comments and causes were written by others.
    private static func visible(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isLayout = scalar == "\t" || scalar == "\n"
            shown.append(scalar.isUnprintable && !isLayout ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }

    private static func write(_ bytes: [UInt8], to stream: Stream) async {
        // Because nearly always all is taken at once, and then no threads are made that can wait.
        let rest = bytes.dropFirst(writeAtOnce(bytes, to: stream.rawValue))
        guard !rest.isEmpty else { return }
        // Because when nobody can be written to, nobody can be told.
        _ = try? await files.write(fileHandle: stream.handle, buffer: ByteBuffer(bytes: rest))
    }
}
