import Domain

/// Turns text of other encodings into UTF-8, block by block.
///
/// What is not valid becomes the byte 0xFF, which is not valid in UTF-8 either and so is reported
/// where it stands.
struct Transcoder {
    private static let invalid: UInt8 = 0xFF

    private let encoding: TableDialect.Encoding
    /// Of an encoding of one byte a character: what each byte from 0x80 on is.
    private var table: [[UInt8]] = []
    /// Of one of several.
    private var converter: CharacterConverter?
    private var text: [UInt8] = []
    private var taken = 0
    // UTF-16 only.
    private var isBigEndian = false
    private var isStarted = false
    /// The first byte of a unit, and the first unit of a pair.
    private var half: UInt8?
    private var lead: UInt16?

    /// nil: the text is UTF-8 already.
    init?(_ encoding: TableDialect.Encoding) {
        guard encoding != .utf8 else { return nil }
        self.encoding = encoding
        guard let name = encoding.codecName else { return }
        if encoding.isWide {
            converter = CharacterConverter(name, invalid: Self.invalid)
        } else {
            table = CharacterConverter.table(name, invalid: Self.invalid)
        }
    }

    /// All text was taken.
    var isEmpty: Bool { taken == text.count }

    /// Turns the next bytes of the file into text; all that was there must be taken.
    mutating func add(_ block: ArraySlice<UInt8>, isEnd: Bool) {
        text.removeAll(keepingCapacity: true)
        taken = 0
        switch encoding {
        case .utf8: text += block
        case .utf16: addUnits(block, isEnd: isEnd)
        default:
            guard table.isEmpty else { return addSingles(block) }
            converter?.add(block, isEnd: isEnd, to: &text)
        }
    }

    /// Gives the next bytes of the text; returns how many.
    mutating func take(into storage: inout [UInt8], at offset: Int, atMost limit: Int) -> Int {
        let count = Swift.min(limit, text.count - taken)
        storage.replaceSubrange(offset..<offset + count, with: text[taken..<taken + count])
        taken += count
        return count
    }

    private mutating func addSingles(_ block: ArraySlice<UInt8>) {
        var rest = block
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 >= 0x80 } ?? rest.endIndex
            text += rest[rest.startIndex..<end]
            guard end < rest.endIndex else { return }
            text += table[Int(rest[end] - 0x80)]
            rest = rest[(end + 1)...]
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar?) {
        guard let scalar, let units = UTF8.encode(scalar) else { return text.append(Self.invalid) }
        text.append(contentsOf: units)
    }

    // MARK: UTF-16

    private mutating func addUnits(_ block: ArraySlice<UInt8>, isEnd: Bool) {
        for byte in block {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = UInt16(first) << 8 | UInt16(byte)
            if !isStarted {
                isStarted = true
                isBigEndian = unit == 0xFEFF
                if unit == 0xFEFF || unit == 0xFFFE { continue }
            }
            add(isBigEndian ? unit : unit.byteSwapped)
        }
        guard isEnd else { return }
        if lead != nil { append(nil) }
        if half != nil { append(nil) }
        lead = nil
        half = nil
    }

    private mutating func add(_ unit: UInt16) {
        if let first = lead {
            lead = nil
            if 0xDC00...0xDFFF ~= unit {
                let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
                return append(Unicode.Scalar(code))
            }
            append(nil)
        }
        if 0xD800...0xDBFF ~= unit {
            lead = unit
        } else if unit < 0x80 {
            text.append(UInt8(truncatingIfNeeded: unit))
        } else {
            append(Unicode.Scalar(unit))
        }
    }
}

/// A byte of windows-1252; nil for the five that it leaves open.
///
/// Source: Microsoft's table cp1252 at unicode.org.
private func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
    guard 0x80...0x9F ~= byte else { return Unicode.Scalar(byte) }
    let code = windowsCodes[Int(byte - 0x80)]
    return code == 0 ? nil : Unicode.Scalar(code)
}

private let windowsCodes: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
]

/// The byte that a character is in windows-1252, where a control character is the byte of its
/// number, as in Latin-1; nil: it is in neither.
func windows1252Byte(_ scalar: Unicode.Scalar) -> UInt8? {
    scalar.value < 0x100 ? UInt8(scalar.value) : windowsBytes[scalar]
}

private let windowsBytes: [Unicode.Scalar: UInt8] = {
    var bytes: [Unicode.Scalar: UInt8] = [:]
    for byte in UInt8(0x80)...0x9F { windows1252(byte).map { bytes[$0] = byte } }
    return bytes
}()
