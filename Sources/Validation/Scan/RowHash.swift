/// A keyed hash of 128 bits, of a cell or of a record.
struct RowHash: Hashable, Sendable {
    var high: UInt64
    var low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(_ sum: UInt128) {
        self.init(
            high: UInt64(truncatingIfNeeded: sum >> 64), low: UInt64(truncatingIfNeeded: sum))
    }
}

extension RowHash {
    private static let labelBits: UInt64 = 32

    /// Of a row by its features, with a hash of its label in place of the last bits: rows of equal
    /// features differ in those alone. Of n rows two of other features are taken for equal with
    /// probability n²/2^97, and two labels with 2^-32.
    func labelled(_ label: RowHash) -> RowHash {
        RowHash(high: high, low: features.low << Self.labelBits | label.label)
    }

    /// What of a labelled hash tells the features, and what the label.
    var features: RowHash { RowHash(high: high, low: low >> Self.labelBits) }
    var label: UInt64 { low & (1 << Self.labelBits - 1) }
}

/// Absorbs words of eight bytes, or pairs of them, in two lanes, each a multiplication folded upon
/// itself.
///
/// Two different texts have equal hashes by chance only: n of them with probability n²/2^129. Not
/// a cryptographic hash; who knows the key can make two texts collide.
struct RowHasher {
    private var first: UInt64
    private var second: UInt64

    @inline(__always)
    init(key: UInt64 = 0) {
        first = 0xA076_1D64_78BD_642F ^ key
        second = 0xE703_7ED1_A0B4_28DB &+ key
    }

    @inline(__always)
    mutating func absorb(_ word: UInt64) {
        first = fold(first ^ word, 0x8EBC_6AF0_9C88_C6E3)
        second = fold(second &+ word, 0x5899_65CC_7537_4CC3)
    }

    /// Two words at once, as wyhash takes them: one multiplication a lane for sixteen bytes.
    @inline(__always)
    private mutating func absorb(_ one: UInt64, _ other: UInt64) {
        first = fold(first ^ one, 0x8EBC_6AF0_9C88_C6E3 ^ other)
        second = fold(second &+ one, 0x5899_65CC_7537_4CC3 &+ other)
    }

    /// A cell, so that different rows of cells are absorbed differently: up to seven bytes are one
    /// word with their number in its highest byte; eight are a pair with their number; of a longer
    /// text the length moves both lanes, and pairs follow, the last one where the text ends.
    @inline(__always)
    mutating func absorb(cell bytes: UnsafePointer<UInt8>, length: Int) {
        // In bounds here and below: eight bytes can be read from every byte of a chunk.
        let text = unsafe word(bytes)
        if length <= 7 {
            return absorb(text & (1 &<< UInt64(8 &* length) &- 1) | UInt64(length) &<< 56)
        }
        let size = UInt64(truncatingIfNeeded: length)
        if length == 8 { return absorb(text, size) }
        first = first &+ size &* 0x9E37_79B9_7F4A_7C15
        second ^= size &* 0xD6E8_FEB8_6659_FD93
        var offset = 0
        while offset &+ 16 < length {
            unsafe absorb(word(bytes + offset), word(bytes + (offset &+ 8)))
            offset &+= 16
        }
        // What overlaps is known already, and costs less than to tell how much there is.
        let end = unsafe bytes + (length &- 8)
        let start = unsafe length < 16 ? bytes : end - 8
        unsafe absorb(word(start), word(end))
    }

    /// No two numbers of so many digits have the same nearest Double.
    static let exactDigitsMax = 15

    /// A number of at most 15 digits, by the nearest Double; false, and nothing is absorbed: there
    /// is none, or it is so near to zero, or so large, that other numbers share it.
    @inline(__always)
    mutating func absorb(exact value: Double) -> Bool {
        let bits = (value + 0).bitPattern
        let exponent = bits >> 52 & 0x7FF
        guard exponent &- 64 < 1919 || bits == 0 else { return false }
        // What no text has in the place of its length.
        absorb(bits, 0x6E75_6D62_6572)
        return true
    }

    @inline(__always)
    consuming func finish() -> RowHash {
        RowHash(
            high: fold(first, 0x1D8E_4E27_C47D_124F), low: fold(second, 0xEB44_ACCA_B455_D165))
    }

    /// Both lanes as they are: enough where hashes are added up and not absorbed further.
    @inline(__always)
    consuming func lanes() -> UInt128 { UInt128(first) << 64 | UInt128(second) }

    @inline(__always)
    private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low ^ left.byteSwapped
    }
}
