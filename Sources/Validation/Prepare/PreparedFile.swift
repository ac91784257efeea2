import Crypto
import Domain
import Host

/// Writes prepared rows: CSV by RFC 4180 with line feeds and no quotes that are not needed, or JSON
/// lines with all keys in the order of the columns.
struct PreparedFile {
    private static let bufferBytes = 1 << 20

    private let path: String
    private let columns: [[UInt8]]
    private let isOfLines: Bool
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    private(set) var rows = 0
    private(set) var bytes = 0

    /// - Parameter path: where nothing is yet.
    init(_ path: String, columns: [String], isOfLines: Bool) {
        self.path = path
        self.isOfLines = isOfLines
        self.columns = columns.map { name in
            isOfLines ? jsonText(Array(name.utf8)[...]) + [UInt8(ascii: ":")] : Array(name.utf8)
        }
        guard !isOfLines else { return }
        for (index, name) in self.columns.enumerated() { cell(name[...], index) }
        buffer.append(UInt8(ascii: "\n"))
    }

    mutating func append(_ row: PreparedRow) throws(PreparationError) {
        if isOfLines { line(row) } else { record(row) }
        buffer.append(UInt8(ascii: "\n"))
        rows += 1
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private mutating func record(_ row: PreparedRow) {
        for index in row.cells.indices { cell(row.text(index), index) }
    }

    private mutating func cell(_ text: ArraySlice<UInt8>, _ index: Int) {
        if index > 0 { buffer.append(UInt8(ascii: ",")) }
        let quote = UInt8(ascii: "\"")
        // Because a line without anything is no row.
        let isBlank = text.isEmpty && columns.count == 1
        guard isBlank || text.contains(where: { [10, 13, 44, quote].contains($0) }) else {
            return buffer.append(contentsOf: text)
        }
        buffer.append(quote)
        for byte in text {
            if byte == quote { buffer.append(quote) }
            buffer.append(byte)
        }
        buffer.append(quote)
    }

    private mutating func line(_ row: PreparedRow) {
        buffer.append(UInt8(ascii: "{"))
        for (index, cell) in row.cells.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(contentsOf: columns[index])
            switch cell.kind {
            case .missing: buffer.append(contentsOf: "null".utf8)
            case .text, .string: buffer.append(contentsOf: jsonText(row.text(index)))
            case .number, .boolean, .container: buffer.append(contentsOf: row.text(index))
            }
        }
        buffer.append(UInt8(ascii: "}"))
    }

    private mutating func flush() throws(PreparationError) {
        hash.update(data: buffer)
        bytes += buffer.count
        do throws(HostError) {
            try appendToFile(path, buffer)
        } catch {
            throw .unwritable(path, reason: error.failure.what)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what waits, and returns the digest of all bytes.
    mutating func finish() throws(PreparationError) -> Domain.Digest {
        try flush()
        return Domain.Digest(bytes: hash.finalize())
    }
}

/// A string of JSON with no escape that is not needed (RFC 8785, 3.2.2.2).
private func jsonText(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var found: [UInt8] = [UInt8(ascii: "\"")]
    let digits = Array("0123456789abcdef".utf8)
    for byte in text {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): found += [UInt8(ascii: "\\"), byte]
        case 8: found += Array("\\b".utf8)
        case 9: found += Array("\\t".utf8)
        case 10: found += Array("\\n".utf8)
        case 12: found += Array("\\f".utf8)
        case 13: found += Array("\\r".utf8)
        case 0..<0x20:
            found += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: found.append(byte)
        }
    }
    found.append(UInt8(ascii: "\""))
    return found
}
