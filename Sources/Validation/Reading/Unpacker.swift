/// Undoes the compression of a file as it is read, in bounded memory.
///
/// It reads and writes blocks of a fixed size, so that where it stops because of a fault does not
/// depend on how its text is taken.
struct Unpacker {
    private static let inputBytes = 64 << 10
    private static let outputBytes = 256 << 10

    private let stream: UnpackStream
    private let compression: Compression
    private let limits: UnpackLimits
    private var input = [UInt8](repeating: 0, count: Self.inputBytes)
    /// What of the input is not read yet, and what stands before the input in the file.
    private var unread = 0..<0
    private var bytesBefore = 0
    private var output = [UInt8](repeating: 0, count: Self.outputBytes)
    /// What of the output is not taken yet.
    private var untaken = 0..<0
    private var textBytes = 0
    /// A member or frame has begun and not ended.
    private var isInside = false
    /// Zeros stand behind the last member.
    private var isPadded = false
    private var isAtEnd = false
    /// Why the text ends before the file.
    private(set) var fault: SourceFault?

    init(_ compression: Compression, path: String, limits: UnpackLimits) throws(ValidationError) {
        let library: UnpackLibrary
        do throws(UnpackLibrary.Missing) {
            library = try UnpackLibrary.shared(compression)
        } catch {
            throw .libraryMissing(
                compression.library.name, package: compression.library.package, path: path,
                reason: error.reason)
        }
        guard let stream = library.stream() else {
            throw .libraryMissing(
                compression.library.name, package: compression.library.package, path: path,
                reason: "there is no memory for it")
        }
        self.stream = stream
        self.compression = compression
        self.limits = limits
    }

    /// Gives the next bytes of the text; returns how many, 0 at its end or at a fault.
    mutating func read(
        into storage: inout [UInt8], at offset: Int, atMost limit: Int, from file: inout RawFile
    ) throws(ValidationError) -> Int {
        if untaken.isEmpty { try refill(from: &file) }
        let count = Swift.min(limit, untaken.count)
        let end = untaken.lowerBound + count
        storage.replaceSubrange(offset..<offset + count, with: output[untaken.lowerBound..<end])
        untaken = end..<untaken.upperBound
        return count
    }

    /// Fills the output, as far as the file and the limits go.
    private mutating func refill(from file: inout RawFile) throws(ValidationError) {
        var filled = 0
        while filled < output.count, fault == nil, !isAtEnd {
            if unread.isEmpty { try readInput(from: &file) }
            let isMore = !unread.isEmpty
            dropPadding()
            guard fault == nil else { break }
            if isMore, unread.isEmpty { continue }
            let step = stream.step(input, unread, &output, filled..<output.count)
            let offset = bytesBefore + unread.lowerBound + step.read
            let isIdle = step.read == 0 && step.written == 0
            unread = unread.lowerBound + step.read..<unread.upperBound
            filled += step.written
            textBytes += step.written
            switch step.state {
            case .damaged(let reason):
                fault = .damaged(compression, offset: offset, reason: reason)
            case .between: isInside = false
            case .inside: isInside = isInside || !isIdle
            }
            if !limits.allows(textBytes, from: offset) {
                fault = .tooLarge(compression, limits, offset: offset)
                filled = 0
            }
            if isIdle, unread.isEmpty, fault == nil {
                isAtEnd = true
                if isInside { fault = .cut(compression, offset: offset) }
            }
        }
        untaken = 0..<filled
    }

    private mutating func readInput(from file: inout RawFile) throws(ValidationError) {
        bytesBefore += unread.upperBound
        var count = 0
        while count < input.count {
            let found = try file.read(into: &input, at: count, atMost: input.count - count)
            if found == 0 { break }
            count += found
        }
        unread = 0..<count
        if bytesBefore == 0, !compression.begins(with: input[0..<count]) {
            let found = ForeignFile(signature: input[0..<Swift.min(count, ForeignFile.headBytes)])
            fault = .foreign(compression, found: found?.name)
        }
    }

    /// Zeros fill up the last block of some tapes and disks; no member begins with one, and
    /// nothing may stand behind them.
    private mutating func dropPadding() {
        guard compression == .gzip, !isInside, bytesBefore + unread.lowerBound > 0 else { return }
        let zeros = input[unread].prefix { $0 == 0 }.count
        isPadded = isPadded || zeros > 0
        unread = unread.lowerBound + zeros..<unread.upperBound
        guard isPadded, !unread.isEmpty else { return }
        fault = .damaged(
            compression, offset: bytesBefore + unread.lowerBound,
            reason: "something stands behind the zeros at the end")
    }
}
