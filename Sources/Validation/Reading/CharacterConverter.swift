import Domain
import Glibc

/// Turns text of an encoding that the C library knows into UTF-8, block by block.
///
/// A character of several bytes may begin in one block and end in the next. A byte that begins no
/// character becomes `invalid`.
struct CharacterConverter {
    private let codec: Codec
    private let invalid: UInt8
    /// The bytes of a character whose end was not there yet.
    private var rest: [UInt8] = []

    init(_ name: String, invalid: UInt8) {
        codec = Codec(name)
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
    static func table(_ name: String, invalid: UInt8) -> [[UInt8]] {
        (UInt8(0x80)...0xFF).map { byte in
            var converter = CharacterConverter(name, invalid: invalid)
            var text: [UInt8] = []
            converter.add([byte], isEnd: true, to: &text)
            return text
        }
    }
}

/// One open converter of iconv(3).
@safe private final class Codec {
    enum Stop { case done, cut, invalid }

    private let handle: iconv_t?
    private var room = [CChar](repeating: 0, count: 16 << 10)

    init(_ name: String) {
        let opened = unsafe iconv_open("UTF-8", name)
        // (iconv_t)-1: the C library of this machine has no such encoding, so nothing is valid.
        unsafe handle = Int(bitPattern: opened) == -1 ? nil : opened
    }

    deinit {
        if let handle = unsafe handle { _ = unsafe iconv_close(handle) }
    }

    /// Adds the text of the bytes from `next` on, as far as they can be read.
    func convert(_ bytes: [UInt8], _ next: inout Int, to text: inout [UInt8]) -> Stop {
        guard let handle = unsafe handle else { return .invalid }
        var input = bytes[next...].map { CChar(bitPattern: $0) }
        var taken = 0
        defer { next += taken }
        while taken < input.count {
            let number = unsafe step(handle, &input, &taken, &text)
            switch number {
            case 0: return .done
            case E2BIG: continue
            case EINVAL: return .cut
            default:
                flush(to: &text)
                return .invalid
            }
        }
        return .done
    }

    /// Adds a letter that is held back, because an accent might have followed.
    func flush(to text: inout [UInt8]) {
        guard let handle = unsafe handle else { return }
        let written = unsafe room.withUnsafeMutableBufferPointer { room in
            var (to, left) = (room.baseAddress, room.count)
            _ = unsafe iconv(handle, nil, nil, &to, &left)
            return room.count - left
        }
        text += room[..<written].map { UInt8(bitPattern: $0) }
        _ = unsafe iconv(handle, nil, nil, nil, nil)
    }

    /// One call; returns the error's number, 0 when all was read.
    private func step(
        _ handle: iconv_t, _ input: inout [CChar], _ taken: inout Int, _ text: inout [UInt8]
    ) -> Int32 {
        var (inputLeft, number) = (input.count - taken, Int32(0))
        let (offset, size) = (taken, room.count)
        let left = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe room.withUnsafeMutableBufferPointer { room in
                var from = unsafe input.baseAddress.map { unsafe $0 + offset }
                var (to, roomLeft) = (room.baseAddress, size)
                let result = unsafe iconv(handle, &from, &inputLeft, &to, &roomLeft)
                if result == -1 { number = errno }
                return roomLeft
            }
        }
        taken = input.count - inputLeft
        text += room[..<(size - left)].map { UInt8(bitPattern: $0) }
        return number
    }
}

extension TableDialect.Encoding {
    /// What iconv(3) calls it; nil: it is read without.
    ///
    /// Where the Encoding Standard reads an encoding as a later one that holds it, as browsers do,
    /// that is meant.
    var codecName: String? {
        switch self {
        case .utf8, .utf16: nil
        case .windows1252: "CP1252"
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
}

extension TableDialect.Encoding {
    /// Whether a character may take several bytes.
    var isWide: Bool {
        switch self {
        case .utf8, .utf16, .shiftJIS, .eucJP, .gb18030, .big5, .eucKR: true
        default: false
        }
    }
}
