/// What is said of a picture.
struct ImageFacts: Equatable {
    enum Format: String { case png = "PNG", jpeg = "JPEG", gif = "GIF", bmp = "BMP", webp = "WEBP" }

    var format: Format
    var width: Int
    var height: Int
    /// What a pixel is, in Pillow's words: `1`, `L`, `I;16`, `P`, `LA`, `RGB`, `RGBA`, `CMYK`.
    var mode: String
}

/// Why a picture cannot be decoded, and at which byte of the file.
struct ImageFault: Error, Equatable {
    var reason: String
    var offset: Int

    static func stopped(_ offset: Int) -> ImageFault {
        ImageFault(reason: "it is not read to its end, because nobody waits for it", offset: offset)
    }

    static func cut(_ offset: Int) -> ImageFault {
        ImageFault(reason: "the file ends inside the picture", offset: offset)
    }
}

/// What is read at most.
enum ImageLimits {
    /// Beyond as many Pillow refuses a picture as an attack too.
    static let pixelsMax = 178_956_970
    static let fileBytesMax = 64 << 20
    /// Of a JPEG file; writers make about ten.
    static let scansMax = 500
    /// That the scans of a JPEG file go over together.
    static let scanBlocksMax = 1 << 28
}

/// The bytes of a picture, each of them there or an error.
struct ImageBytes {
    let all: [UInt8]

    var count: Int { all.count }

    func byte(_ at: Int) throws(ImageFault) -> Int {
        guard at >= 0, at < all.count else { throw .cut(all.count) }
        return Int(all[at])
    }

    /// Two or four bytes, the first the lowest.
    func little(_ at: Int, _ count: Int) throws(ImageFault) -> Int {
        var value = 0
        for index in 0..<count { value |= try byte(at + index) << (8 * index) }
        return value
    }

    /// Two or four bytes, the first the highest.
    func big(_ at: Int, _ count: Int) throws(ImageFault) -> Int {
        var value = 0
        for index in 0..<count { value = value << 8 | (try byte(at + index)) }
        return value
    }

    func has(_ text: String, at start: Int) -> Bool {
        start >= 0 && all.dropFirst(start).starts(with: text.utf8)
    }
}

/// What was found of a picture; with a fault as far as it goes.
struct ImageReading {
    var facts: ImageFacts?
    var fault: ImageFault?
    /// A library that is needed is not there.
    var missing: UnpackLibrary.Missing?

    /// Decodes a file as far as it must be to know that it can be.
    init(_ bytes: [UInt8]) {
        let bytes = ImageBytes(all: bytes)
        do throws(ImageFault) {
            if bytes.has("PNG", at: 1) {
                var image = PNGImage(bytes)
                defer { (facts, missing) = (image.facts, image.missing) }
                try image.read()
            } else if bytes.all.starts(with: [0xFF, 0xD8, 0xFF]) {
                var image = JPEGImage(bytes)
                defer { facts = image.facts }
                try image.read()
            } else if bytes.has("GIF87a", at: 0) || bytes.has("GIF89a", at: 0) {
                var image = GIFImage(bytes)
                defer { facts = image.facts }
                try image.read()
            } else if bytes.has("BM", at: 0) {
                facts = try bitmap(bytes)
            } else if bytes.has("RIFF", at: 0), bytes.has("WEBP", at: 8) {
                facts = try webPicture(bytes)
            } else {
                throw ImageFault(
                    reason: "not a PNG, JPEG, GIF, BMP or WebP file", offset: 0)
            }
        } catch {
            fault = error
        }
    }
}

extension ImageFacts {
    /// Facts whose size can be.
    init(
        _ format: Format, _ width: Int, _ height: Int, mode: String, at offset: Int
    ) throws(ImageFault) {
        guard width > 0, height > 0 else {
            throw ImageFault(reason: "a picture of \(width) × \(height) pixels", offset: offset)
        }
        guard width <= ImageLimits.pixelsMax / height else {
            throw ImageFault(
                reason: "a picture of \(width) × \(height) pixels is too large: at most "
                    + "\(ImageLimits.pixelsMax) are read", offset: offset)
        }
        self.init(format: format, width: width, height: height, mode: mode)
    }
}
