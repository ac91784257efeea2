@testable import Validation

/// What a scanner says about some bytes, as plain values.
struct Heard: Equatable {
    struct Row: Equatable {
        var line: Int
        /// nil: absent or null.
        var cells: [String?]
    }

    var rows: [Row] = []
    var faults: [ScanFault] = []
    var keys: [String] = []
}

extension Heard: RecordSink {
    mutating func record(_ bytes: Span<UInt8>, cells: Span<Cell>, line: Int) {
        var row = Row(line: line, cells: [])
        for index in cells.indices {
            let cell = cells[index]
            let isText = cell.kind != .absent && cell.kind != .null
            let range = cell.start..<cell.end
            row.cells.append(
                isText ? String(decoding: range.map { bytes[$0] }, as: UTF8.self) : nil)
        }
        rows.append(row)
    }

    mutating func key(_ name: String, line: Int, column: Int) -> Int? {
        keys.append(name)
        return keys.count - 1
    }

    mutating func fault(_ fault: ScanFault) { faults.append(fault) }
}

/// Splits CSV by the kernel, and hears each record cell by cell.
///
/// What a chunk does not end is given again with the next one, as `TablePass` does it.
struct CSVScanner: RecordScanner {
    /// nil: one record after the other; otherwise in batches, of records of so many cells.
    var width: Int?
    private var rest: [UInt8] = []
    private var lines = 0
    private var isStarted = false
    private var isSkipping = false

    private let dialect: Dialect

    init(width: Int? = nil, dialect: Dialect = Dialect()) {
        self.width = width
        self.dialect = dialect
    }

    mutating func scan(_ chunk: ArraySlice<UInt8>, into sink: inout some RecordSink) {
        split(chunk, isEnd: false, into: &sink)
    }

    mutating func finish(into sink: inout some RecordSink) { split([], isEnd: true, into: &sink) }

    private mutating func split(
        _ chunk: ArraySlice<UInt8>, isEnd: Bool, into sink: inout some RecordSink
    ) {
        rest += chunk
        if isSkipping {
            guard let end = rest.firstIndex(of: 10) else { return rest = [] }
            rest.removeFirst(end + 1)
            lines += 1
            isSkipping = false
        }
        if !isStarted {
            if !isEnd, rest.count < 3, [0xEF, 0xBB, 0xBF].starts(with: rest) { return }
            isStarted = true
            if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest.removeFirst(3) }
        }
        let chunk = ChunkBytes(rest, [])
        var ear = Ear(sink: sink, lines: lines)
        let end = unsafe chunk.storage.withUnsafeBufferPointer { storage -> SplitEnd in
            guard let start = storage.baseAddress else { fatalError("a chunk without room") }
            let batch = unsafe RowBatch(
                width: width ?? 0, bytes: start, byteCount: chunk.count)
            var splitter = RecordSplitter(batch, from: 0, isEnd: isEnd, dialect: dialect)
            if width == nil {
                while let record = splitter.record(into: &ear) {
                    ear.hear(
                        record.cells.map { cell in
                            batch.withBytes { unescaped($0, cell, quote: dialect.quote) }
                        }, line: record.line)
                }
            } else {
                splitter.split(into: &ear)
            }
            return splitter.end
        }
        sink = ear.sink
        rest.removeFirst(end.consumed)
        lines += end.lines
        isSkipping = end.isSkipping
    }

    private struct Ear<Sink: RecordSink>: RecordTaker {
        var sink: Sink
        let lines: Int

        mutating func fault(_ fault: ScanFault) {
            var fault = fault
            fault.line += lines + 1
            fault.offset = nil
            fault.guess = nil
            sink.fault(fault)
        }

        mutating func fault(_ fault: ScanFault, times: Int) {
            for _ in 0..<times { self.fault(fault) }
        }

        mutating func irregular(cells: Int, line: Int) {
            hear((0..<cells).map { _ in [] }, line: line)
        }

        mutating func take(_ batch: RowBatch) {
            for row in 0..<batch.rows {
                hear((0..<batch.width).map { batch.text(row, $0) }, line: batch.line(row))
            }
        }

        mutating func hear(_ texts: [[UInt8]], line: Int) {
            var bytes: [UInt8] = []
            var cells: [Cell] = []
            for text in texts {
                cells.append(
                    Cell(start: bytes.count, end: bytes.count + text.count, kind: .text))
                bytes += text
            }
            sink.record(bytes.span, cells: cells.span, line: line + lines + 1)
        }
    }
}

/// Scans bytes in chunks of these sizes, over and over.
func heard(
    _ bytes: [UInt8], by scanner: some RecordScanner, chunks: [Int] = [1 << 20]
) -> Heard {
    var scanner = scanner
    var sink = Heard()
    var index = 0
    var turn = 0
    while index < bytes.count {
        let end = Swift.min(bytes.count, index + chunks[turn % chunks.count])
        scanner.scan(bytes[index..<end], into: &sink)
        index = end
        turn += 1
    }
    scanner.finish(into: &sink)
    return sink
}

/// SplitMix64, so that a failure can be seen again from its seed.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
