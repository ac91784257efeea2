/// Reads a GIF file whole: every block, and the pixels of every frame.
///
/// Source: CompuServe, "Graphics Interchange Format, Version 89a". A header, perhaps a table of
/// colours, then frames of LZW codes among extensions, in blocks of up to 255 bytes.
struct GIFImage {
    private let bytes: ImageBytes
    private(set) var facts: ImageFacts?
    private var at = 0
    /// The table of colours for all frames is there, and not just all greys in their order.
    private var hasColors = false
    private var pixels = 0

    init(_ bytes: ImageBytes) { self.bytes = bytes }

    mutating func read() throws(ImageFault) {
        let (width, height) = (try bytes.little(6, 2), try bytes.little(8, 2))
        at = 13
        hasColors = try readColors(try bytes.byte(10)) ?? false
        facts = try ImageFacts(.gif, width, height, mode: mode(hasColors), at: 6)
        var frames = 0
        while true {
            let kind = try bytes.byte(at)
            at += 1
            switch kind {
            case 0x21:
                at += 1
                try skipBlocks()
            case 0x2C:
                frames += 1
                try readFrame(isFirst: frames == 1)
            case 0x3B:
                guard frames > 0 else {
                    throw ImageFault(reason: "there is no frame", offset: at)
                }
                return
            default: throw ImageFault(reason: "a block of no kind", offset: at - 1)
            }
        }
    }

    /// Passes over a table of colours; returns whether one is not the grey of its number, and nil
    /// where there is no table.
    private mutating func readColors(_ flags: Int) throws(ImageFault) -> Bool? {
        guard flags & 0x80 != 0 else { return nil }
        let start = at
        at += 3 << ((flags & 7) + 1)
        guard at <= bytes.count else { throw .cut(bytes.count) }
        return (start..<at).contains { Int(bytes.all[$0]) != ($0 - start) / 3 }
    }

    /// Pillow leaves out a table that says of each number that it is that grey.
    private func mode(_ hasColors: Bool) -> String { hasColors ? "P" : "L" }

    private mutating func skipBlocks() throws(ImageFault) {
        while true {
            let length = try bytes.byte(at)
            at += 1 + length
            if length == 0 { return }
        }
    }

    private mutating func readFrame(isFirst: Bool) throws(ImageFault) {
        let start = at
        let (width, height) = (try bytes.little(at + 4, 2), try bytes.little(at + 6, 2))
        let flags = try bytes.byte(at + 8)
        at += 9
        let ownColors = try readColors(flags)
        if isFirst {
            let mode = mode(ownColors ?? hasColors)
            facts?.mode = mode
        }
        let bits = try bytes.byte(at)
        at += 1
        guard width > 0, height > 0, (1...11).contains(bits) else {
            throw ImageFault(reason: "a frame is damaged", offset: start)
        }
        pixels += width * height
        guard pixels <= ImageLimits.pixelsMax else {
            throw ImageFault(reason: "frames of \(pixels) pixels are too large", offset: start)
        }
        var codes = GIFCodes(bits: bits, wanted: width * height)
        while true {
            let length = try bytes.byte(at)
            at += 1
            if length == 0 { break }
            guard length <= bytes.count - at else { throw .cut(bytes.count) }
            if !codes.isDone {
                for index in at..<at + length where !codes.take(bytes.all[index]) {
                    throw ImageFault(reason: "the pixels are damaged", offset: index)
                }
            }
            at += length
        }
        guard codes.isWhole else {
            throw ImageFault(reason: "pixels of a frame are missing", offset: at)
        }
    }
}

/// Counts the pixels that codes of LZW give.
private struct GIFCodes {
    private let clear: Int
    private let bits: Int
    private var wanted: Int
    private var size: Int
    private var next: Int
    private var last: Int?
    private var lengths = [Int](repeating: 1, count: 4096)
    private var word = 0
    private var wordBits = 0
    private var hasEnded = false

    init(bits: Int, wanted: Int) {
        self.bits = bits
        self.wanted = wanted
        clear = 1 << bits
        size = bits + 1
        next = clear + 2
    }

    var isWhole: Bool { wanted <= 0 }
    var isDone: Bool { isWhole || hasEnded }

    /// False: the byte completes a code that cannot be.
    mutating func take(_ byte: UInt8) -> Bool {
        word |= Int(byte) << wordBits
        wordBits += 8
        while wordBits >= size, !isDone {
            let code = word & ((1 << size) - 1)
            word >>= size
            wordBits -= size
            guard take(code: code) else { return false }
        }
        return true
    }

    private mutating func take(code: Int) -> Bool {
        if code == clear {
            size = bits + 1
            next = clear + 2
            last = nil
            return true
        }
        if code == clear + 1 {
            hasEnded = true
            return true
        }
        guard let last else {
            guard code < clear else { return false }
            wanted -= 1
            self.last = code
            return true
        }
        guard code < next || code == next && next < 4096 else { return false }
        let length = code == next ? lengths[last] + 1 : lengths[code]
        wanted -= length
        if next < 4096 {
            lengths[next] = lengths[last] + 1
            next += 1
            if next == 1 << size, size < 12 { size += 1 }
        }
        self.last = code
        return true
    }
}
