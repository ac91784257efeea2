import Domain
import Synchronization

/// What the bytes from 0x80 on are in encodings that have one byte for every character.
enum SingleByteTables {
    /// Because a dataset may have many files, and iconv takes longer to begin than to read one.
    private static let known = Mutex<[TableDialect.Encoding: [[UInt8]]]>([:])

    /// As UTF-8, 128 of them; nil: this machine has nothing that reads the encoding.
    ///
    /// - Parameter invalid: what stands for a byte that is no character; always the same.
    static func table(_ encoding: TableDialect.Encoding, invalid: UInt8) -> [[UInt8]]? {
        known.withLock { known in
            if let table = known[encoding] { return table }
            let made = make(encoding, invalid)
            known[encoding] = made
            return made
        }
    }

    private static func make(
        _ encoding: TableDialect.Encoding, _ invalid: UInt8
    ) -> [[UInt8]]? {
        if let name = encoding.codecName {
            return CharacterConverter.table(name, invalid: invalid)
        }
        return (UInt8(0x80)...0xFF).map { byte in
            let scalar = encoding == .latin1 ? Unicode.Scalar(byte) : windows1252(byte)
            return scalar.flatMap { UTF8.encode($0).map(Array.init) } ?? [invalid]
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
