import CUnpack

/// A library that undoes a compression, opened when a file first needs it.
@safe
struct UnpackLibrary: Sendable {
    /// Filled before anybody else sees them and never changed, so that all threads may read them.
    private nonisolated(unsafe) let zlib: UnsafePointer<slipway_zlib>?
    private nonisolated(unsafe) let zstd: UnsafePointer<slipway_zstd>?

    /// Why it is not there; the words are the system's.
    struct Missing: Error, Equatable {
        var reason: String
    }

    private static let openedZlib = open(.gzip, Compression.gzip.library.name)
    private static let openedZstd = open(.zstd, Compression.zstd.library.name)

    /// Returns the library of this process; every call returns or throws the same.
    static func shared(_ compression: Compression) throws(Missing) -> UnpackLibrary {
        switch compression {
        case .gzip: try openedZlib.get()
        case .zstd: try openedZstd.get()
        }
    }

    /// Opens a library by its name; not for two threads at once.
    static func open(_ compression: Compression, _ name: String) -> Result<UnpackLibrary, Missing> {
        var reason: UnsafePointer<CChar>?
        switch compression {
        case .gzip:
            if let found = unsafe slipway_zlib_load(name, &reason) {
                return .success(unsafe UnpackLibrary(zlib: found, zstd: nil))
            }
        case .zstd:
            if let found = unsafe slipway_zstd_load(name, &reason) {
                return .success(unsafe UnpackLibrary(zlib: nil, zstd: found))
            }
        }
        return .failure(
            Missing(reason: unsafe reason.map { unsafe String(cString: $0) } ?? name))
    }

    /// A stream of zlib's own format, as PNG has it; nil: there is no memory, or it is not zlib.
    func zlibStream() -> UnpackStream? {
        guard let zlib = unsafe zlib, let stream = unsafe slipway_zlib_open(zlib) else {
            return nil
        }
        return unsafe UnpackStream(.gzip(zlib, stream))
    }

    /// A stream at its beginning; nil: there is no memory.
    func stream() -> UnpackStream? {
        if let zlib = unsafe zlib, let stream = unsafe slipway_gzip_open(zlib) {
            return unsafe UnpackStream(.gzip(zlib, stream))
        }
        if let zstd = unsafe zstd,
            let context = unsafe slipway_zstd_open(zstd, Int32(UnpackStream.windowBitsMax))
        {
            return unsafe UnpackStream(.zstd(zstd, context))
        }
        return nil
    }
}

/// One compressed stream, which is closed with its owner.
@safe
final class UnpackStream {
    /// Frames of zstd that look back further than 2 to the power of this are refused, because the
    /// library holds as many bytes.
    static let windowBitsMax = 26

    @unsafe
    enum Handle {
        case gzip(UnsafePointer<slipway_zlib>, UnsafeMutablePointer<slipway_zlib_stream>)
        case zstd(UnsafePointer<slipway_zstd>, UnsafeMutableRawPointer)
    }

    /// What a step came to.
    struct Step {
        enum State: Equatable {
            case inside
            /// Behind a whole member or frame.
            case between
            /// The words are the library's.
            case damaged(String)
        }

        var state: State
        var read: Int
        var written: Int
    }

    private let handle: Handle

    init(_ handle: Handle) { unsafe self.handle = unsafe handle }

    deinit {
        switch unsafe handle {
        case .gzip(let zlib, let stream): unsafe slipway_gzip_close(zlib, stream)
        case .zstd(let zstd, let context): unsafe slipway_zstd_close(zstd, context)
        }
    }

    /// Unpacks from `input[from]` to `output[to]` and on, as far as both go.
    func step(
        _ input: [UInt8], _ from: Range<Int>, _ output: inout [UInt8], _ to: Range<Int>
    ) -> Step {
        precondition(from.upperBound <= input.count && to.upperBound <= output.count)
        precondition(from.lowerBound >= 0 && to.lowerBound >= 0)
        let found = unsafe input.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output -> slipway_unpack_step? in
                guard let source = input.baseAddress, let target = output.baseAddress else {
                    return nil
                }
                // In bounds by the preconditions.
                return unsafe step(
                    source + from.lowerBound, from.count, target + to.lowerBound, to.count)
            }
        }
        guard let found = unsafe found else { return Step(state: .inside, read: 0, written: 0) }
        let reason = unsafe found.reason.map { unsafe String(cString: $0) } ?? ""
        let state: Step.State =
            switch unsafe found.state.rawValue {
            case SLIPWAY_UNPACK_DAMAGED.rawValue: .damaged(reason)
            case SLIPWAY_UNPACK_BETWEEN.rawValue: .between
            default: .inside
            }
        return Step(state: state, read: unsafe found.read, written: unsafe found.written)
    }

    private func step(
        _ source: UnsafeRawPointer, _ sourceCount: Int, _ target: UnsafeMutableRawPointer,
        _ targetCount: Int
    ) -> slipway_unpack_step {
        switch unsafe handle {
        case .gzip(let zlib, let stream):
            unsafe slipway_gzip_step(zlib, stream, source, sourceCount, target, targetCount)
        case .zstd(let zstd, let context):
            unsafe slipway_zstd_step(zstd, context, source, sourceCount, target, targetCount)
        }
    }
}
