import Crypto
import Domain
import FoundationEssentials

/// The MD5 by which DVC knows a file, taken as the file is read.
///
/// Source: dvc-data 3.18, `hashfile/hash.py` and `hashfile/istextfile.py`.
package struct DVCHash {
    /// DVC reads 1 MiB at a time, and decides for each whether it is text.
    private static let blockBytes = 1 << 20
    /// As many bytes of a block tell whether it is text.
    private static let sampleBytes = 512

    private var hash = Insecure.MD5()
    /// What waits until its block is whole; nil: bytes count as they are.
    private var block: [UInt8]?

    /// - Parameter isOfLines: as DVC 2 counts, with line ends of text as LF alone.
    package init(isOfLines: Bool) {
        block = isOfLines ? [] : nil
    }

    /// Takes the next bytes of the file.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        guard block != nil else { return hash.update(data: bytes) }
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(Self.blockBytes - (block?.count ?? 0))
            block?.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if block?.count == Self.blockBytes { flush() }
        }
    }

    /// The 32 hexadecimal digits; the file is at its end.
    package mutating func finish() -> String {
        flush()
        return hexadecimal(hash.finalize())
    }

    /// The digest of a file that is in memory.
    package static func of(_ bytes: [UInt8], isOfLines: Bool) -> String {
        var hash = DVCHash(isOfLines: isOfLines)
        hash.update(bytes[...])
        return hash.finish()
    }

    /// The digest of a folder: that of the list of its files, as `json.dumps` of Python writes it.
    ///
    /// Source: dvc-data 3.18, `hashfile/tree.py`, `Tree.as_bytes`.
    /// - Parameter files: paths from the folder, each with its digest.
    package static func ofFolder(_ files: [(path: String, md5: String)]) -> String {
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let items = sorted.map { "{\"md5\": \"\($0.md5)\", \"relpath\": \(pythonText($0.path))}" }
        return of(Array("[\(items.joined(separator: ", "))]".utf8), isOfLines: false)
    }

    private mutating func flush() {
        guard let bytes = block, !bytes.isEmpty else { return }
        hash.update(data: Self.isText(bytes.prefix(Self.sampleBytes)) ? plainLines(bytes) : bytes)
        block = []
    }

    /// No NUL, and at most three bytes of ten that are neither printable ASCII nor white space.
    private static func isText(_ sample: ArraySlice<UInt8>) -> Bool {
        var others = 0
        for byte in sample {
            if byte == 0 { return false }
            switch byte {
            case 32...126, 0x08, 0x09, 0x0A, 0x0C, 0x0D: break
            default: others += 1
            }
        }
        return others * 10 <= sample.count * 3
    }
}

/// The bytes with CR LF as LF.
private func plainLines(_ bytes: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
        let isBeforeLineFeed = index + 1 < bytes.count && bytes[index + 1] == 0x0A
        if byte == 0x0D, isBeforeLineFeed { continue }
        plain.append(byte)
    }
    return plain
}

/// A JSON text in ASCII alone, as Python's `json` escapes it.
private func pythonText(_ text: String) -> String {
    var result = "\""
    for unit in text.utf16 {
        switch unit {
        case 0x22: result += "\\\""
        case 0x5C: result += "\\\\"
        case 0x08: result += "\\b"
        case 0x09: result += "\\t"
        case 0x0A: result += "\\n"
        case 0x0C: result += "\\f"
        case 0x0D: result += "\\r"
        case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
        default:
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return result + "\""
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
        text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
}
