/// Makes every picture of one size.
package struct PictureResizing: Hashable, Codable, Sendable {
    /// What becomes of a picture of another shape.
    package enum Fit: String, Codable, Sendable, CaseIterable {
        /// As large as fits, in its own shape.
        case contain
        /// Exactly that size, what does not fit at the sides cut off.
        case cover
        /// As `contain`, in the middle of a black or transparent picture of exactly that size.
        case pad
        /// Exactly that size, in whatever shape.
        case stretch
    }

    /// How pixels are made of pixels.
    package enum Filter: String, Codable, Sendable, CaseIterable {
        case nearest, box, bilinear, hamming, bicubic, lanczos
    }

    /// No picture is made larger on a side.
    package static let sideMax = 8192

    package var width: Int
    package var height: Int
    package var fit: Fit
    package var filter: Filter

    package init(width: Int, height: Int, fit: Fit = .contain, filter: Filter = .lanczos) {
        self.width = width
        self.height = height
        self.fit = fit
        self.filter = filter
    }
}

/// Writes every picture in one format, and with one kind of pixel.
package struct PictureConversion: Hashable, Codable, Sendable {
    package enum Format: String, Codable, Sendable, CaseIterable {
        case png, jpeg
    }

    /// In Pillow's words; of a picture that was transparent, white shines through without it.
    package enum Mode: String, Codable, Sendable, CaseIterable {
        case grey = "L"
        case rgb = "RGB"
        case rgba = "RGBA"
    }

    /// nil: JPEG stays, everything else becomes PNG.
    package var format: Format?
    /// nil: as it is, as far as the format can hold it.
    package var mode: Mode?
    /// Of JPEG, 1 to 95.
    package var quality: Int

    package init(format: Format? = nil, mode: Mode? = nil, quality: Int = 90) {
        self.format = format
        self.mode = mode
        self.quality = quality
    }
}

/// The library that prepares pictures; another version may make other bytes.
package enum PictureLibrary {
    package static let name = "pillow"
    package static let version = "11.0.0"
    /// What it is installed by.
    package static let requirements = "\(name)==\(version)\n"
}
