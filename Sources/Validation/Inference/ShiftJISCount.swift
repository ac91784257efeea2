/// Tells Japanese in Shift JIS by the bytes of a text that is not UTF-8.
///
/// A letter of other encodings that stands before one of ASCII looks like a kana, as the `ât` of
/// `château` does in IBM 850. So kana count only where several stand together.
struct ShiftJISCount {
    /// Fewer kana tell nothing.
    private static let kanaMin = 4

    /// The first byte of a pair that has begun.
    private var lead: UInt8?
    /// Characters of two bytes, katakana of half the width, and bytes of none.
    private var (pairs, singles, strays) = (0, 0, 0)
    private var kana = KanaCount()
    /// Kana and marks of a long vowel behind one another, up to here.
    private var (run, runLength) = (KanaCount(), 0)

    private struct KanaCount {
        var all = 0
        /// Those whose second byte is none of ASCII.
        var certain = 0
    }

    mutating func add(_ byte: UInt8) {
        guard let first = lead else { return addFirst(byte) }
        lead = nil
        guard 0x40...0xFC ~= byte, byte != 0x7F else {
            strays += 1
            return endRun()
        }
        pairs += 1
        let isHiragana = first == 0x82 && 0x9F...0xF1 ~= byte
        let isKana = isHiragana || first == 0x83 && 0x40...0x96 ~= byte
        let isLongMark = first == 0x81 && byte == 0x5B
        guard isKana || isLongMark else { return endRun() }
        runLength += 1
        if isKana { run.all += 1 }
        if isKana, byte >= 0x80 { run.certain += 1 }
    }

    mutating func endFile() {
        if lead != nil { strays += 1 }
        lead = nil
        endRun()
    }

    private mutating func addFirst(_ byte: UInt8) {
        switch byte {
        case 0x81...0x9F, 0xE0...0xEA, 0xED, 0xEE, 0xFA...0xFC:
            lead = byte
            return
        case 0xA1...0xDF: singles += 1
        case 0x80...: strays += 1
        default: break
        }
        endRun()
    }

    private mutating func endRun() {
        if runLength > 1 {
            kana.all += run.all
            kana.certain += run.certain
        }
        (run, runLength) = (KanaCount(), 0)
    }

    /// No sentence of Japanese does without kana, and where nothing else is, a fifth is enough.
    /// Of words of katakana, too, one kana of ten has no byte of ASCII.
    var isShiftJIS: Bool {
        guard strays == 0, singles <= pairs, kana.all >= Self.kanaMin else { return false }
        return kana.all * 5 >= pairs && kana.certain * 10 >= kana.all
    }
}
