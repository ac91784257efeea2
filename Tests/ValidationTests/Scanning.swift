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
