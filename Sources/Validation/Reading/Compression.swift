/// How a file is compressed, as the end of its name says.
enum Compression: Sendable, Equatable, CaseIterable {
    /// RFC 1952; members after each other are one text.
    case gzip
    /// RFC 8878; frames after each other are one text.
    case zstd

    /// nil: the file is not compressed.
    init?(path: String) {
        guard let found = Self.allCases.first(where: { path.hasSuffix($0.suffix) }) else {
            return nil
        }
        self = found
    }

    var suffix: String {
        switch self {
        case .gzip: ".gz"
        case .zstd: ".zst"
        }
    }

    var name: String {
        switch self {
        case .gzip: "gzip"
        case .zstd: "zstd"
        }
    }

    /// Whether a file may begin with these bytes; of too few, and of a skippable frame, it may.
    func begins(with head: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .gzip: head.count < 2 || head.starts(with: [0x1F, 0x8B])
        case .zstd:
            head.count < 4 || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
                || head.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
        }
    }

    /// The library that undoes it, and Debian's package of that library.
    var library: (name: String, package: String) {
        switch self {
        case .gzip: ("libz.so.1", "zlib1g")
        case .zstd: ("libzstd.so.1", "libzstd1")
        }
    }
}

/// How much text a compressed file may hold: what is more is taken for an attack or a mistake.
package struct UnpackLimits: Sendable, Hashable {
    /// Of one file, whatever its size.
    package var bytesMax: Int
    /// Times the compressed bytes.
    package var ratioMax: Int
    /// Below so many bytes of text any ratio will do.
    package var freeBytes: Int

    package init(bytesMax: Int = 64 << 30, ratioMax: Int = 250, freeBytes: Int = 16 << 20) {
        self.bytesMax = bytesMax
        self.ratioMax = ratioMax
        self.freeBytes = freeBytes
    }

    /// Whether so many bytes of text may come from so many compressed ones.
    func allows(_ text: Int, from packed: Int) -> Bool {
        text <= bytesMax && (text <= freeBytes || text / ratioMax <= packed)
    }
}
