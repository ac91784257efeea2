@testable import Validation

/// Splits JSON Lines: one JSON object (RFC 8259) on each line, `\n` or `\r\n`, UTF-8.
///
/// A line that is no object is reported and left out. Its memory is one chunk and one line.
struct PlainJSONLScanner: RecordScanner {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private var buffer = ScanBuffer()
    private var line = 1
    /// A line was too long, and its end is not found yet.
    private var isSkipping = false
    private var keys = PlainJSONKeys()
    private var cells: [Cell] = []

    mutating func scan(_ chunk: ArraySlice<UInt8>, into sink: inout some RecordSink) {
        var rest = chunk
        if isSkipping {
            guard let end = chunk.firstIndex(of: Self.lineFeed) else { return }
            isSkipping = false
            line += 1
            rest = chunk[(end + 1)...]
        }
        guard buffer.append(rest) else { return }
        scanLines(into: &sink)
        _ = buffer.compact()
        guard buffer.bytes.count > ScanBuffer.recordBytesMax else { return }
        isTooLong(&sink)
        buffer.drop()
        isSkipping = true
    }

    mutating func finish(into sink: inout some RecordSink) {
        guard !isSkipping, buffer.append([], isEnd: true) else { return }
        scanLines(into: &sink)
        if buffer.bytes.count > buffer.recordStart {
            endLine(at: buffer.bytes.count, into: &sink)
        }
    }

    private mutating func scanLines(into sink: inout some RecordSink) {
        while let end = nextLineFeed() {
            buffer.position = end + 1
            if end + 1 - buffer.recordStart <= ScanBuffer.recordBytesMax {
                endLine(at: end, into: &sink)
            } else {
                isTooLong(&sink)
            }
            buffer.recordStart = end + 1
            line += 1
        }
        buffer.position = buffer.bytes.count
    }

    private func nextLineFeed() -> Int? {
        let bytes = buffer.bytes.span
        var index = buffer.position
        while index < bytes.count {
            if bytes[index] == Self.lineFeed { return index }
            index += 1
        }
        return nil
    }

    /// Parses the line that ends before `end`.
    private mutating func endLine(at end: Int, into sink: inout some RecordSink) {
        var end = end
        if end > buffer.recordStart, buffer.bytes[end - 1] == Self.carriageReturn { end -= 1 }
        let range = buffer.recordStart..<end
        let isBlank = range.allSatisfy {
            buffer.bytes[$0] == UInt8(ascii: " ") || buffer.bytes[$0] == UInt8(ascii: "\t")
        }
        if isBlank {
            sink.fault(ScanFault(kind: .blankRow, line: line, column: 1))
            return
        }
        if buffer.isSuspect, let fault = textFault(buffer.bytes.span, range) {
            sink.fault(ScanFault(kind: fault.kind, line: line, column: 1))
        }
        for index in cells.indices { cells[index] = .absent }
        var parser = JSONLineParser(
            bytes: buffer.bytes, position: range.lowerBound, range: range, line: line)
        // Because the parser edits the bytes in place: without this there would be two owners.
        buffer.bytes = []
        let fault = parser.parse(keys: &keys, cells: &cells, sink: &sink)
        buffer.bytes = parser.bytes
        if let fault {
            sink.fault(fault)
            if fault.kind != .duplicateKey { return }
        }
        sink.record(buffer.bytes.span, cells: cells.span, line: line)
    }

    private func isTooLong(_ sink: inout some RecordSink) {
        sink.fault(
            ScanFault(
                kind: .recordTooLong(maxBytes: ScanBuffer.recordBytesMax), line: line, column: 1))
    }
}

/// The keys seen so far and the numbers that the sink gave them.
struct PlainJSONKeys {
    private var names: [[UInt8]] = []
    private var numbers: [Int?] = []
    private var byName: [[UInt8]: Int] = [:]

    /// The number of a key. `expected` is where it is looked for first, as most lines have the
    /// same keys in the same order.
    mutating func number(
        _ bytes: Span<UInt8>, _ range: Range<Int>, expected: Int,
        unknown: (String) -> Int?
    ) -> Int? {
        if expected < names.count, isEqual(bytes, range, names[expected]) {
            return numbers[expected]
        }
        let name = range.prefix(columnNameBytesMax + 1).map { bytes[$0] }
        if let known = byName[name] { return numbers[known] }
        let number = unknown(String(decoding: name, as: UTF8.self))
        // Because a file with a new key on every line must not fill the memory.
        guard number != nil || names.count < columnsMax, name.count <= columnNameBytesMax else {
            return number
        }
        byName[name] = names.count
        names.append(name)
        numbers.append(number)
        return number
    }
}
