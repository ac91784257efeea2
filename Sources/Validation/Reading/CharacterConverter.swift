import Domain
import Host

/// Turns text of an encoding that the C library knows into UTF-8, block by block.
///
/// A character of several bytes may begin in one block and end in the next. A byte that begins no
/// character becomes `invalid`.
struct CharacterConverter {
    private let codec: CharacterCodec
    private let invalid: UInt8
    /// The bytes of a character whose end was not there yet.
    private var rest: [UInt8] = []

    /// nil: the C library of this machine has nothing that reads the encoding.
    init?(_ name: String, invalid: UInt8) {
        guard let codec = CharacterCodec(name) else { return nil }
        self.codec = codec
        self.invalid = invalid
    }

    /// Adds the text of the block.
    mutating func add(_ block: ArraySlice<UInt8>, isEnd: Bool, to text: inout [UInt8]) {
        let bytes = rest + block
        rest = []
        var next = 0
        while next < bytes.count {
            let stop = codec.convert(bytes, &next, to: &text)
            switch stop {
            case .done: break
            case .cut where !isEnd:
                rest = Array(bytes[next...])
                next = bytes.count
            case .cut, .invalid:
                text.append(invalid)
                next += 1
            }
        }
        if isEnd { codec.flush(to: &text) }
    }

    /// What each byte from 0x80 on is, of an encoding that has one byte for every character.
    static func table(_ name: String, invalid: UInt8) -> [[UInt8]]? {
        guard var converter = CharacterConverter(name, invalid: invalid) else { return nil }
        return (UInt8(0x80)...0xFF).map { byte in
            var text: [UInt8] = []
            converter.add([byte], isEnd: true, to: &text)
            return text
        }
    }
}

extension TableDialect.Encoding {
    /// What iconv(3) calls it; nil: it is read without.
    ///
    /// Of encodings that grew, the one that holds the others is meant, as in the Encoding Standard
    /// (encoding.spec.whatwg.org): Shift JIS with Microsoft's letters, EUC-KR with all syllables,
    /// Big5 with Hong Kong's.
    var codecName: String? {
        switch self {
        case .utf8, .utf16, .latin1, .windows1252: nil
        case .windows874: "CP874"
        case .windows1250: "CP1250"
        case .windows1251: "CP1251"
        case .windows1253: "CP1253"
        case .windows1254: "CP1254"
        case .windows1255: "CP1255"
        case .windows1256: "CP1256"
        case .windows1257: "CP1257"
        case .windows1258: "CP1258"
        case .shiftJIS: "CP932"
        case .eucKR: "UHC"
        case .big5: "BIG5-HKSCS"
        default: rawValue.uppercased()
        }
    }

    /// Whether a character may take several bytes.
    var isWide: Bool {
        switch self {
        case .utf8, .utf16, .shiftJIS, .eucJP, .gb18030, .big5, .eucKR: true
        default: false
        }
    }
}
