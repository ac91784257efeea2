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
    /// What was added before the order of bytes was known.
    private var head: [UInt8] = []
    /// The first byte of a unit, and the first unit of a pair.
    private var half: UInt8?
    private var lead: UInt16?

    /// nil: the text is UTF-8 already.
    ///
    /// - Parameter path: of the file, for errors.
    /// - Throws: `ValidationError.encodingMissing` where this machine has nothing that reads it.
    init?(_ encoding: TableDialect.Encoding, path: String) throws(ValidationError) {
        guard encoding != .utf8 else { return nil }
        self.encoding = encoding
        if !encoding.isWide {
            guard let table = SingleByteTables.table(encoding, invalid: Self.invalid) else {
                throw .encodingMissing(encoding.rawValue, path: path)
            }
            self.table = table
        } else if let name = encoding.codecName {
            converter = CharacterConverter(name, invalid: Self.invalid)
            guard converter != nil else {
                throw .encodingMissing(encoding.rawValue, path: path)
            }
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

    /// So much of a text without a mark tells in which order its bytes are.
    private static let headBytes = ForeignFile.headBytes
    private static let bigMark: [UInt8] = [0xFE, 0xFF]
    private static let littleMark: [UInt8] = [0xFF, 0xFE]

    /// What separates cells, words and rows. Digits and letters are not among it, because with its
    /// bytes exchanged a 0 is U+3000, the space of Chinese, and an N is U+4E00, its one.
    private static let marks = Set("\t\n\r \",;".utf8)

    /// As a mark of the order says; without one, in the order that has more of `marks`; where none
    /// has, as the first character is one of ASCII, and else the lesser byte first.
    static func isBigEndian(_ head: ArraySlice<UInt8>) -> Bool {
        if head.starts(with: bigMark) { return true }
        if head.starts(with: littleMark) { return false }
        var (big, little) = (0, 0)
        let head = head.prefix(headBytes)
        for index in stride(from: head.startIndex, to: head.endIndex - 1, by: 2) {
            let (first, second) = (head[index], head[index + 1])
            if first == 0, marks.contains(second) { big += 1 }
            if second == 0, marks.contains(first) { little += 1 }
        }
        guard big == little else { return big > little }
        let unit = Array(head.prefix(2))
        return unit.count == 2 && unit[0] == 0 && 1...0x7F ~= unit[1]
    }

    private mutating func addUnits(_ block: ArraySlice<UInt8>, isEnd: Bool) {
        guard !isStarted else { return addStarted(block, isEnd: isEnd) }
        head += block
        let isMarked = head.starts(with: Self.bigMark) || head.starts(with: Self.littleMark)
        guard isMarked || isEnd || head.count >= Self.headBytes else { return }
        isStarted = true
        isBigEndian = Self.isBigEndian(head[...])
        let start = head[(isMarked ? 2 : 0)...]
        head = []
        addStarted(start, isEnd: isEnd)
    }

    private mutating func addStarted(_ block: ArraySlice<UInt8>, isEnd: Bool) {
        for byte in block {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = UInt16(first) << 8 | UInt16(byte)
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
