/// Undoes the compression of one LZ4 block that gives `count` bytes and no others; nil: it is
/// damaged. Behind them are `pageRoomBytes` zeros.
func lz4Inflate(_ input: Span<UInt8>, count: Int) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: count + pageRoomBytes)
    return lz4Inflate(input, into: &output, at: 0, limit: count) == count ? output : nil
}

/// Undoes the compression of one LZ4 block behind what came before it, to which it may refer.
///
/// Source: lz4/doc/lz4_Block_format.md. A sequence is a byte of two lengths, bytes to take as they
/// are, and a copy of at least four bytes that came up to 64 KiB before; the last has no copy.
///
/// - Parameters:
///   - start: where the output goes; the bytes before it are those that came before.
///   - limit: where it must end at the latest.
/// - Returns: where it ends; nil: the block is damaged.
func lz4Inflate(
    _ input: Span<UInt8>, into output: inout [UInt8], at start: Int, limit: Int
) -> Int? {
    precondition(start >= 0 && start <= limit && limit <= output.count)
    return unsafe input.withUnsafeBufferPointer { bytes in
        unsafe output.withUnsafeMutableBufferPointer { buffer -> Int? in
            guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return nil }
            // In bounds: every length is held against the ends of both before it is used.
            let block = unsafe LZ4Block(
                input: from, inputCount: bytes.count, output: to, outputCount: limit)
            return unsafe block.copy(from: start)
        }
    }
}

@unsafe
private struct LZ4Block {
    let input: UnsafePointer<UInt8>
    let inputCount: Int
    let output: UnsafeMutablePointer<UInt8>
    let outputCount: Int

    func copy(from start: Int) -> Int? {
        var (at, filled) = (0, start)
        while unsafe at < inputCount {
            let token = unsafe Int(input[at])
            at += 1
            guard let literals = unsafe length(token >> 4, &at),
                unsafe literals <= inputCount - at, unsafe literals <= outputCount - filled
            else { return nil }
            unsafe (output + filled).update(from: input + at, count: literals)
            at += literals
            filled += literals
            if unsafe at == inputCount { return filled }
            guard unsafe inputCount - at >= 2 else { return nil }
            let distance = unsafe Int(input[at]) | Int(input[at + 1]) << 8
            at += 2
            guard let more = unsafe length(token & 15, &at), distance > 0, distance <= filled,
                unsafe more + 4 <= outputCount - filled
            else { return nil }
            unsafe repeatBytes(at: filled, distance, more + 4)
            filled += more + 4
        }
        return nil
    }

    /// A length of four bits goes on in bytes while they are full.
    @inline(__always)
    private func length(_ short: Int, _ at: inout Int) -> Int? {
        guard short == 15 else { return short }
        var length = 15
        while true {
            guard unsafe at < inputCount else { return nil }
            let byte = unsafe Int(input[at])
            at += 1
            length += byte
            if byte < 255 { return length }
        }
    }

    /// Copies bytes that may overlap what they give.
    @inline(__always)
    private func repeatBytes(at filled: Int, _ distance: Int, _ length: Int) {
        let to = unsafe output + filled
        let from = unsafe to - distance
        if distance >= length {
            unsafe to.update(from: from, count: length)
        } else {
            for index in 0..<length { unsafe to[index] = from[index] }
        }
    }
}
