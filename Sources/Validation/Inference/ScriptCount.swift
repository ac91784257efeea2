import Domain

/// Tells Japanese in Shift JIS and Cyrillic in KOI8 and windows-1251, by the bytes of a text that is
/// not UTF-8.
///
/// Words of other scripts are runs of bytes from 0x80 on, where the letters that windows-1252 has
/// there stand alone among those of ASCII.
struct ScriptCount {
    /// Fewer letters tell nothing.
    private static let cyrillicMin = 12
    private static let kanaMin = 4
    /// The ten letters that are two thirds of any Russian text: о е а и н т с р в л.
    private static let frequentKOI8: Set<UInt8> = [
        0xCF, 0xC5, 0xC1, 0xC9, 0xCE, 0xD4, 0xD3, 0xD2, 0xD7, 0xCC,
    ]
    private static let frequentWindows: Set<UInt8> = [
        0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2, 0xF1, 0xF0, 0xE2, 0xEB,
    ]

    private var counts = [Int](repeating: 0, count: 256)
    private var last: UInt8 = 0
    /// Letters from 0xC0 on behind one another, and beside a letter of ASCII.
    private var (runs, mixed) = (0, 0)
    /// Of Shift JIS: the first byte of a pair, pairs, those that are kana, and bytes of none.
    private var lead: UInt8?
    private var (pairs, kana, strays) = (0, 0, 0)

    mutating func add(_ byte: UInt8) {
        counts[Int(byte)] += 1
        if last >= 0xC0, byte >= 0xC0 { runs += 1 }
        if last >= 0xC0 && isLetter(byte) || byte >= 0xC0 && isLetter(last) { mixed += 1 }
        last = byte
        guard let first = lead else {
            switch byte {
            case 0x81...0x9F, 0xE0...0xEA, 0xED, 0xEE, 0xFA...0xFC: lead = byte
            case 0x80, 0xA0, 0xE0...: strays += 1
            default: break
            }
            return
        }
        lead = nil
        guard 0x40...0xFC ~= byte, byte != 0x7F else { return strays += 1 }
        pairs += 1
        if first == 0x82 && 0x9F...0xF1 ~= byte || first == 0x83 && 0x40...0x96 ~= byte {
            kana += 1
        }
    }

    mutating func endFile() {
        if lead != nil { strays += 1 }
        (lead, last) = (nil, 0)
    }

    /// nil: it is in neither script.
    var encoding: TableDialect.Encoding? { isShiftJIS ? .shiftJIS : cyrillic }

    /// No sentence of Japanese does without kana, and where nothing else is, a fifth is enough.
    private var isShiftJIS: Bool {
        strays == 0 && kana >= Self.kanaMin && kana * 5 >= pairs
            && counts[0xA1...0xDF].reduce(0, +) <= pairs * 2
    }

    /// In KOI8 small letters are below 0xE0 and capital ones from there on; in windows-1251 they
    /// are the other way round.
    private var cyrillic: TableDialect.Encoding? {
        let (first, second) = (counts[0xC0...0xDF].reduce(0, +), counts[0xE0...].reduce(0, +))
        let letters = first + second
        guard letters >= Self.cyrillicMin, counts[0x80...0xBF].reduce(0, +) * 8 <= letters,
            runs * 2 >= letters, mixed * 20 <= letters
        else { return nil }
        func isFrequent(_ bytes: Set<UInt8>, capitals: (UInt8) -> UInt8) -> Bool {
            let found = bytes.reduce(0) { $0 + counts[Int($1)] + counts[Int(capitals($1))] }
            return found * 2 >= letters
        }
        if first * 10 >= letters * 7, isFrequent(Self.frequentKOI8, capitals: { $0 + 0x20 }) {
            // What KOI8-R has for lines in the place of є, і, ї and ґ.
            let isUkrainian = [0xA4, 0xA6, 0xA7, 0xAD].contains { counts[$0] > 0 }
            return isUkrainian ? .koi8u : .koi8r
        }
        let isWindows =
            second * 10 >= letters * 7
            && isFrequent(Self.frequentWindows, capitals: { $0 - 0x20 })
        return isWindows ? .windows1251 : nil
    }
}
