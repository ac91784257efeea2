/// An open file whose bytes can be read at any place.
struct BinaryFile: ByteSource, ~Copyable {
    let reader: FileReader
    let sizeBytes: Int
    let budget: ReadingBudget

    init(_ reader: consuming FileReader, sizeBytes: Int, limits: UnpackLimits) {
        self.reader = reader
        self.sizeBytes = sizeBytes
        budget = ReadingBudget(sizeBytes: sizeBytes, limits: limits)
    }

    func bytes(_ range: Range<Int>, room: Int) throws(BinaryFault) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= sizeBytes else {
            throw BinaryFault(kind: .cut, offset: range.lowerBound)
        }
        var storage = [UInt8](repeating: 0, count: range.count + room)
        var done = 0
        while done < range.count {
            let count = reader.read(
                into: &storage, at: done, atMost: range.count - done,
                from: range.lowerBound + done)
            guard count >= 0 else {
                throw BinaryFault(
                    kind: .unreadable(Int32(truncatingIfNeeded: -count)), offset: range.lowerBound)
            }
            guard count > 0 else {
                throw BinaryFault(kind: .cut, offset: range.lowerBound + done)
            }
            done += count
        }
        return storage
    }
}
