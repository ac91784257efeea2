/// Undoes Snappy's compression; nil when the input is damaged or does not give `count` bytes.
/// Behind them are `pageRoomBytes` zeros.
///
/// Source: snappy/format_description.txt. A varint of the length, then elements: the lowest two
/// bits of the first byte are 0 for bytes to take as they are, otherwise for a copy of bytes that
/// came before, with one, two or four bytes of distance.
func snappyInflate(_ input: Span<UInt8>, count: Int) -> [UInt8]? {
    var head = 0
    guard let length = snappyLength(input, &head), length == count,
        // No element gives more than 64 bytes for each of its bytes.
        count <= input.count * 64
    else { return nil }
    var isWhole = false
    let size = count + pageRoomBytes
    let output = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
        unsafe input.withUnsafeBufferPointer { bytes in
            guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return }
            // In bounds: the buffer has as many bytes as the elements may write, and room behind.
            let elements = unsafe SnappyElements(
                input: from, inputCount: bytes.count, output: to, outputCount: count)
            isWhole = unsafe elements.copy(from: head)
            unsafe (to + count).initialize(repeating: 0, count: pageRoomBytes)
            filled = size
        }
    }
    return isWhole ? output : nil
}

private func snappyLength(_ input: Span<UInt8>, _ head: inout Int) -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
        guard head < input.count else { return nil }
        let byte = input[head]
        head += 1
        value |= Int(byte & 0x7F) << shift
        if byte < 0x80 { return value }
    }
    return nil
}

/// The elements behind the length. Eight bytes can be written behind the output's count.
@unsafe
private struct SnappyElements {
    let input: UnsafePointer<UInt8>
    let inputCount: Int
    let output: UnsafeMutablePointer<UInt8>
    let outputCount: Int

    /// Whether the elements give just as many bytes as the output has.
    func copy(from start: Int) -> Bool {
        var (at, filled) = (start, 0)
        while unsafe at < inputCount {
            let tag = unsafe Int(input[at])
            at += 1
            if tag & 3 == 0 {
                guard let length = unsafe literalLength(tag >> 2, &at),
                    unsafe length <= inputCount - at, unsafe length <= outputCount - filled
                else { return false }
                unsafe (output + filled).update(from: input + at, count: length)
                at += length
                filled += length
                continue
            }
            guard let (length, distance) = unsafe reference(tag, &at), distance > 0,
                distance <= filled, unsafe length <= outputCount - filled
            else { return false }
            unsafe repeatBytes(at: filled, distance, length)
            filled += length
        }
        return unsafe filled == outputCount
    }

    @inline(__always)
    private func byte(_ at: Int) -> Int { unsafe Int(input[at]) }

    @inline(__always)
    private func literalLength(_ short: Int, _ at: inout Int) -> Int? {
        guard short >= 60 else { return short + 1 }
        let extra = short - 59
        guard unsafe extra <= inputCount - at else { return nil }
        var length = 0
        for index in 0..<extra {
            let part = unsafe byte(at + index)
            length |= part << (8 * index)
        }
        at += extra
        return length + 1
    }

    @inline(__always)
    private func reference(_ tag: Int, _ at: inout Int) -> (length: Int, distance: Int)? {
        let extra = tag & 3 == 3 ? 4 : tag & 3
        guard unsafe extra <= inputCount - at else { return nil }
        var distance = 0
        for index in 0..<extra {
            let part = unsafe byte(at + index)
            distance |= part << (8 * index)
        }
        at += extra
        if extra == 1 { return (((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | distance) }
        return ((tag >> 2) + 1, distance)
    }

    /// Copies bytes that may overlap what they give.
    @inline(__always)
    private func repeatBytes(at filled: Int, _ distance: Int, _ length: Int) {
        let to = unsafe output + filled
        let from = unsafe to - distance
        if distance >= 8 {
            var index = 0
            while index < length {
                // At most seven bytes behind the length, for which there is room.
                let word = unsafe UnsafeRawPointer(from + index).loadUnaligned(as: UInt64.self)
                unsafe UnsafeMutableRawPointer(to + index).storeBytes(of: word, as: UInt64.self)
                index += 8
            }
        } else {
            for index in 0..<length { unsafe to[index] = from[index] }
        }
    }
}
