/// Reads the headers of a BMP file, and whether all pixels are there that are not packed.
///
/// Source: Microsoft, "Bitmap Storage" and BITMAPINFOHEADER.
func bitmap(_ bytes: ImageBytes) throws(ImageFault) -> ImageFacts {
    let start = try bytes.little(10, 4)
    let header = try bytes.little(14, 4)
    var (width, height, bits, packing) = (0, 0, 0, 0)
    if header == 12 {
        (width, height) = (try bytes.little(18, 2), try bytes.little(20, 2))
        bits = try bytes.little(24, 2)
    } else {
        guard (16...256).contains(header) else {
            throw ImageFault(reason: "the header is damaged", offset: 14)
        }
        width = Int(Int32(truncatingIfNeeded: try bytes.little(18, 4)))
        // The first line is the lowest one, unless the height is below zero.
        height = abs(Int(Int32(truncatingIfNeeded: try bytes.little(22, 4))))
        bits = try bytes.little(28, 2)
        packing = header >= 40 ? try bytes.little(30, 4) : 0
    }
    guard [1, 4, 8, 16, 24, 32].contains(bits) else {
        throw ImageFault(reason: "pixels of \(bits) bits", offset: 28)
    }
    var mode = bits <= 8 ? try paletteMode(bytes, header, bits) : "RGB"
    if bits == 32, packing == 3, header >= 56, try bytes.little(66, 4) != 0 { mode = "RGBA" }
    let facts = try ImageFacts(.bmp, width, height, mode: mode, at: 18)
    if packing == 0 || packing == 3 {
        let lineBytes = (facts.width * bits + 31) / 32 * 4
        guard start <= bytes.count, lineBytes * facts.height <= bytes.count - start else {
            throw .cut(bytes.count)
        }
    }
    return facts
}

/// What pixels are that are numbers of colours: as Pillow has it, `P` only where the colours are
/// not all greys in their order.
private func paletteMode(
    _ bytes: ImageBytes, _ header: Int, _ bits: Int
) throws(ImageFault) -> String {
    let used = header >= 40 ? try bytes.little(46, 4) : 0
    let count = used > 0 ? min(used, 1 << 16) : 1 << bits
    let colorBytes = header == 12 ? 3 : 4
    for index in 0..<count {
        // Of two colours the second is white.
        let gray = count == 2 ? index * 255 : index & 255
        let start = 14 + header + index * colorBytes
        guard start + 3 <= bytes.count,
            bytes.all[start..<start + 3].allSatisfy({ Int($0) == gray })
        else { return "P" }
    }
    return count <= 2 ? "1" : "L"
}

/// Reads the chunks of a WebP file and the headers of the picture; its pixels are not decoded.
///
/// Source: RFC 9649. `RIFF`, a length, `WEBP`, and chunks of a name and a length.
func webPicture(_ bytes: ImageBytes) throws(ImageFault) -> ImageFacts {
    let size = try bytes.little(4, 4)
    guard size <= bytes.count - 8 else { throw .cut(bytes.count) }
    var (at, end) = (12, 8 + size)
    var canvas: ImageFacts?
    var picture: ImageFacts?
    while at + 8 <= end {
        let length = try bytes.little(at + 4, 4)
        let body = at + 8
        guard length <= end - body else { throw .cut(end) }
        let name = String(decoding: bytes.all[at..<at + 4], as: UTF8.self)
        switch name {
        case "VP8X":
            let flags = try bytes.byte(body)
            canvas = try ImageFacts(
                .webp, try bytes.little(body + 4, 3) + 1, try bytes.little(body + 7, 3) + 1,
                mode: flags & 0x10 == 0 ? "RGB" : "RGBA", at: body)
        case "VP8 " where picture == nil: picture = try lossy(bytes, body)
        case "VP8L" where picture == nil: picture = try lossless(bytes, body)
        case "ANMF" where picture == nil: picture = try frame(bytes, body, canvas)
        default: break
        }
        at = body + length + length % 2
    }
    end = at
    guard let facts = canvas ?? picture, picture != nil else {
        throw ImageFault(reason: "there is no picture in it", offset: min(end, bytes.count))
    }
    return facts
}

/// A frame: 16 bytes of its own, then chunks as in a file.
private func frame(
    _ bytes: ImageBytes, _ body: Int, _ canvas: ImageFacts?
) throws(ImageFault) -> ImageFacts? {
    if bytes.has("VP8L", at: body + 16) { return try lossless(bytes, body + 24) }
    return bytes.has("VP8 ", at: body + 16) ? try lossy(bytes, body + 24) : canvas
}

private func lossy(_ bytes: ImageBytes, _ body: Int) throws(ImageFault) -> ImageFacts {
    guard try bytes.big(body + 3, 3) == 0x9D_012A, try bytes.byte(body) & 1 == 0 else {
        throw ImageFault(reason: "the frame is no key frame of VP8", offset: body)
    }
    return try ImageFacts(
        .webp, try bytes.little(body + 6, 2) & 0x3FFF, try bytes.little(body + 8, 2) & 0x3FFF,
        mode: "RGB", at: body)
}

private func lossless(_ bytes: ImageBytes, _ body: Int) throws(ImageFault) -> ImageFacts {
    guard try bytes.byte(body) == 0x2F else {
        throw ImageFault(reason: "the picture has no signature of VP8L", offset: body)
    }
    let word = try bytes.little(body + 1, 4)
    return try ImageFacts(
        .webp, word & 0x3FFF + 1, word >> 14 & 0x3FFF + 1,
        mode: word >> 28 & 1 == 1 ? "RGBA" : "RGB", at: body)
}
