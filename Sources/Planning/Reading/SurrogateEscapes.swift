import Domain

/// A text of JSON, as a reader of YAML can take it.
///
/// JSON writes a character beyond U+FFFF as two escapes of four digits, its surrogates of UTF-16
/// (RFC 8259, section 7); YAML, which has all other escapes of JSON, has one of eight digits for
/// it. Here the one is written for the other, which is two characters shorter.
struct SurrogateEscapes {
    /// The text without surrogates.
    private(set) var text: String
    /// Surrogates that stand alone, and so for no character.
    private(set) var faults: [Diagnostic] = []
    /// By line, the columns of `text` behind each of which the file has two characters more.
    private var cuts: [Int: [Int]] = [:]

    /// - Parameter file: that the text is of; of one that is no JSON nothing is changed.
    init(_ text: String, file: String) {
        self.text = text
        guard file.hasSuffix(".json"), text.utf8.contains(UInt8(ascii: "\\")) else { return }
        var scan = Scan(bytes: Array(text.utf8))
        while scan.index < scan.bytes.count { step(&scan, file) }
        self.text = String(decoding: scan.output, as: UTF8.self)
    }

    /// The column of the file that is this one of `text`; both count from 1.
    func column(_ column: Int, line: Int) -> Int {
        column + 2 * (cuts[line]?.count { $0 < column } ?? 0)
    }

    /// How far the text is read.
    private struct Scan {
        let bytes: [UInt8]
        var output: [UInt8] = []
        var index = 0
        var line = 1
        /// Of the file, and of what is put out.
        var column = 1
        var ownColumn = 1
        var isInString = false

        /// The four digits of an escape such as `\ud83d` at a place; nil: there is none.
        func unit(_ place: Int) -> UInt32? {
            guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"),
                bytes[place + 1] == UInt8(ascii: "u")
            else { return nil }
            var value: UInt32 = 0
            for byte in bytes[(place + 2)..<(place + 6)] {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                value = value << 4 | UInt32(digit)
            }
            return value
        }

        /// Takes some bytes as they are.
        mutating func copy(_ count: Int) {
            let end = Swift.min(index + count, bytes.count)
            for byte in bytes[index..<end] {
                output.append(byte)
                // Because a character's other bytes begin with the bits 10.
                let isFirst = byte & 0xC0 != 0x80
                column += isFirst ? 1 : 0
                ownColumn += isFirst ? 1 : 0
            }
            index = end
        }

        mutating func endLine() {
            copy(1)
            (line, column, ownColumn, isInString) = (line + 1, 1, 1, false)
        }
    }

    private mutating func step(_ scan: inout Scan, _ file: String) {
        switch scan.bytes[scan.index] {
        case UInt8(ascii: "\n"): scan.endLine()
        case UInt8(ascii: "\r"):
            let next = scan.index + 1
            let isPair = next < scan.bytes.count && scan.bytes[next] == UInt8(ascii: "\n")
            if isPair { scan.copy(1) } else { scan.endLine() }
        case UInt8(ascii: "\""):
            scan.isInString.toggle()
            scan.copy(1)
        case UInt8(ascii: "\\") where scan.isInString: escape(&scan, file)
        default: scan.copy(1)
        }
    }

    private mutating func escape(_ scan: inout Scan, _ file: String) {
        guard let unit = scan.unit(scan.index) else { return scan.copy(2) }
        guard 0xD800...0xDFFF ~= unit else { return scan.copy(6) }
        guard unit < 0xDC00, let low = scan.unit(scan.index + 6), 0xDC00...0xDFFF ~= low else {
            let written = String(decoding: scan.bytes[scan.index..<(scan.index + 6)], as: UTF8.self)
            faults.append(
                Diagnostic(
                    at: Place(file: file, line: scan.line, column: scan.column),
                    "`\(written)` is half of a character",
                    hint: "beyond U+FFFF a character is two such escapes, as in `\\ud83d\\ude00`"))
            return scan.copy(6)
        }
        cuts[scan.line, default: []].append(scan.ownColumn)
        let digits = String((unit - 0xD800) << 10 + (low - 0xDC00) + 0x10000, radix: 16)
        let escape = "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        scan.output += Array(escape.utf8)
        scan.index += 12
        scan.column += 12
        scan.ownColumn += escape.utf8.count
    }
}
