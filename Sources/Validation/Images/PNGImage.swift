/// Reads a PNG file whole: every chunk with its checksum, and every line of pixels.
///
/// Source: W3C, "Portable Network Graphics (PNG) Specification", third edition. A signature, then
/// chunks of a length, a type, data and a CRC; the pixels of all `IDAT` chunks together are one
/// stream of zlib, a byte of filter before each line.
struct PNGImage {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let bytes: ImageBytes
    private(set) var facts: ImageFacts?
    private(set) var missing: UnpackLibrary.Missing?
    private var lines: PNGLines?
    private var stream: UnpackStream?
    private var output = [UInt8](repeating: 0, count: 64 << 10)
    private var hasPalette = false
    private var needsPalette = false
    /// `IDAT` chunks must follow each other.
    private var data = Data.before

    private enum Data { case before, inside, behind }

    init(_ bytes: ImageBytes) { self.bytes = bytes }

    mutating func read() throws(ImageFault) {
        guard bytes.all.starts(with: Self.signature) else {
            throw ImageFault(reason: "the signature of PNG is damaged", offset: 0)
        }
        var at = Self.signature.count
        while true {
            let length = try bytes.big(at, 4)
            guard length <= bytes.count - at - 12 else { throw .cut(bytes.count) }
            let type = String(decoding: bytes.all[at + 4..<at + 8], as: UTF8.self)
            let body = at + 8..<at + 8 + length
            let sum = try bytes.big(body.upperBound, 4)
            guard Int(crc32(bytes.all.span, at + 4..<body.upperBound)) == sum else {
                throw ImageFault(
                    reason: "the checksum of the chunk `\(shown(type))` is wrong", offset: at)
            }
            try take(type, body, at: at)
            if type == "IEND" { return try finish(at) }
            at = body.upperBound + 4
        }
    }

    private func shown(_ type: String) -> String {
        String(
            String.UnicodeScalarView(
                type.unicodeScalars.map { $0.isASCII && $0.value > 32 ? $0 : "?" }))
    }

    private mutating func take(
        _ type: String, _ body: Range<Int>, at offset: Int
    ) throws(ImageFault) {
        guard facts != nil || type == "IHDR" else {
            throw ImageFault(reason: "the header is not the first chunk", offset: offset)
        }
        if type != "IDAT", data == .inside { data = .behind }
        switch type {
        case "IHDR": try readHeader(body, at: offset)
        case "PLTE":
            guard body.count % 3 == 0, (1...256).contains(body.count / 3), data == .before else {
                throw ImageFault(reason: "the palette is damaged", offset: offset)
            }
            hasPalette = true
        case "IDAT":
            guard data != .behind else {
                throw ImageFault(reason: "pixels behind other chunks", offset: offset)
            }
            guard hasPalette || !needsPalette else {
                throw ImageFault(reason: "the palette is missing", offset: offset)
            }
            data = .inside
            try inflate(body, at: offset)
        case "IEND": break
        default:
            // The fifth bit of the first letter tells what can be passed over.
            guard let first = type.utf8.first, first & 0x20 != 0 else {
                throw ImageFault(
                    reason: "the chunk `\(shown(type))` is not known", offset: offset)
            }
        }
    }

    private mutating func readHeader(_ body: Range<Int>, at offset: Int) throws(ImageFault) {
        guard facts == nil, body.count == 13 else {
            throw ImageFault(reason: "the header is damaged", offset: offset)
        }
        let start = body.lowerBound
        let (depth, color) = (try bytes.byte(start + 8), try bytes.byte(start + 9))
        guard let (mode, samples) = Self.kind(color, depth: depth),
            try bytes.byte(start + 10) == 0, try bytes.byte(start + 11) == 0,
            try bytes.byte(start + 12) <= 1
        else { throw ImageFault(reason: "the header is damaged", offset: offset) }
        let found = try ImageFacts(
            .png, try bytes.big(start, 4), try bytes.big(start + 4, 4), mode: mode, at: offset)
        needsPalette = color == 3
        lines = PNGLines(
            found.width, found.height, bits: depth * samples,
            isInterlaced: try bytes.byte(start + 12) == 1)
        facts = found
        do throws(UnpackLibrary.Missing) {
            stream = try UnpackLibrary.shared(.gzip).zlibStream()
        } catch {
            missing = error
            throw ImageFault(reason: "zlib is not there: \(error.reason)", offset: offset)
        }
    }

    /// What a pixel is, and how many samples it has; nil: there is no such kind.
    private static func kind(_ color: Int, depth: Int) -> (mode: String, samples: Int)? {
        switch (color, depth) {
        case (0, 1): ("1", 1)
        case (0, 2), (0, 4), (0, 8): ("L", 1)
        case (0, 16): ("I;16", 1)
        case (2, 8), (2, 16): ("RGB", 3)
        case (3, 1), (3, 2), (3, 4), (3, 8): ("P", 1)
        case (4, 8): ("LA", 2)
        case (4, 16): ("RGBA", 2)
        case (6, 8), (6, 16): ("RGBA", 4)
        default: nil
        }
    }

    private mutating func inflate(_ body: Range<Int>, at offset: Int) throws(ImageFault) {
        guard let stream else { return }
        var rest = body
        while !rest.isEmpty, lines?.isWhole == false {
            let step = stream.step(bytes.all, rest, &output, 0..<output.count)
            rest = rest.lowerBound + step.read..<rest.upperBound
            if case .damaged(let reason) = step.state {
                throw ImageFault(
                    reason: "the pixels are damaged: zlib says \(reason)",
                    offset: rest.lowerBound)
            }
            guard lines?.take(output, count: step.written) ?? true else {
                throw ImageFault(reason: "a line of pixels has no filter", offset: offset)
            }
            if step.state == .between { break }
            if step.read == 0, step.written == 0 { break }
        }
    }

    private func finish(_ offset: Int) throws(ImageFault) {
        guard lines?.isWhole == true else {
            throw ImageFault(reason: "lines of pixels are missing", offset: offset)
        }
    }
}

/// Counts the lines of pixels, of all passes.
private struct PNGLines {
    /// Bytes of a line, with its filter, and how many such lines there are.
    private var passes: [(bytes: Int, lines: Int)]
    private var pass = 0
    private var line = 0
    private var byte = 0

    init(_ width: Int, _ height: Int, bits: Int, isInterlaced: Bool) {
        // Adam7: where each pass begins, and how far its pixels are apart.
        let all =
            isInterlaced
            ? [
                (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                (0, 1, 1, 2),
            ] : [(0, 0, 1, 1)]
        passes = all.compactMap { x, y, dx, dy in
            let (columns, lines) = ((width - x + dx - 1) / dx, (height - y + dy - 1) / dy)
            guard columns > 0, lines > 0 else { return nil }
            return ((columns * bits + 7) / 8 + 1, lines)
        }
    }

    var isWhole: Bool { pass == passes.count }

    /// False: a line has no filter that there is.
    mutating func take(_ output: [UInt8], count: Int) -> Bool {
        var at = 0
        while at < count, pass < passes.count {
            if byte == 0, output[at] > 4 { return false }
            let part = min(count - at, passes[pass].bytes - byte)
            at += part
            byte += part
            guard byte == passes[pass].bytes else { break }
            byte = 0
            line += 1
            if line == passes[pass].lines {
                line = 0
                pass += 1
            }
        }
        return true
    }
}

/// The checksum of PNG and gzip.
///
/// Source: the PNG specification, annex D; a table for each of eight bytes.
func crc32(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    var at = range.lowerBound
    let table = crcTables.span
    while range.upperBound - at >= 8 {
        let word = bytes.littleWord(at: at) ^ UInt64(sum)
        var next: UInt32 = 0
        for place in 0..<8 {
            next ^= table[(7 - place) << 8 | Int(word >> UInt64(8 * place) & 255)]
        }
        sum = next
        at += 8
    }
    while at < range.upperBound {
        sum = table[Int((sum ^ UInt32(bytes[at])) & 255)] ^ sum >> 8
        at += 1
    }
    return ~sum
}

private let crcTables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 << 8)
    for index in 0..<256 {
        var sum = UInt32(index)
        for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
        tables[index] = sum
    }
    for place in 1..<8 {
        for index in 0..<256 {
            let sum = tables[(place - 1) << 8 | index]
            tables[place << 8 | index] = tables[Int(sum & 255)] ^ sum >> 8
        }
    }
    return tables
}()
