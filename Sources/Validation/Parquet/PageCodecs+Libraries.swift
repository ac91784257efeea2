extension PageCodecs {
    /// With zlib and libzstd, each opened when a page first needs it.
    static let system = PageCodecs(
        gzip: { (input, range, count) throws(BinaryFault.Kind) in
            try unpack(.gzip, input, range, count)
        },
        zstd: { (input, range, count) throws(BinaryFault.Kind) in
            try unpack(.zstd, input, range, count)
        })

    private static func unpack(
        _ compression: Compression, _ input: [UInt8], _ range: Range<Int>, _ count: Int
    ) throws(BinaryFault.Kind) -> [UInt8]? {
        let library: UnpackLibrary
        do throws(UnpackLibrary.Missing) {
            library = try UnpackLibrary.shared(compression)
        } catch {
            throw .unsupported("pages need a library that is not there: \(error.reason)")
        }
        guard let stream = library.stream() else { return nil }
        var output = [UInt8](repeating: 0, count: count + pageRoomBytes)
        var (read, written) = (range.lowerBound, 0)
        while true {
            let step = stream.step(input, read..<range.upperBound, &output, written..<count)
            read += step.read
            written += step.written
            if case .damaged = step.state { return nil }
            let isWhole = step.state == .between && read == range.upperBound
            if isWhole || step.read == 0 && step.written == 0 {
                return isWhole && written == count ? output : nil
            }
        }
    }
}
