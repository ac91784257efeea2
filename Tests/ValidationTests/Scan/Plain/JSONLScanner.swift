import Domain

@testable import Validation

/// Splits JSON lines by the kernel, and hears each record value by value.
///
/// What the chunks are cut into makes no difference here, because the columns must be known first;
/// that parts of a file are put together rightly is tested with whole files.
struct JSONLScanner: RecordScanner {
    private var bytes: [UInt8] = []

    mutating func scan(_ chunk: ArraySlice<UInt8>, into sink: inout some RecordSink) {
        bytes += chunk
    }

    mutating func finish(into sink: inout some RecordSink) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let keys = split([], NoSink()).lines?.extras ?? []
        for key in keys {
            let place = key.places[0]
            _ = sink.key(
                String(decoding: key.name, as: UTF8.self), line: place.line + 1,
                column: place.column)
        }
        let found = split(keys.map { String(decoding: $0.name, as: UTF8.self) }, ValueSink())
        for row in found.sink.rows.indices {
            let known = keys.count { $0.firstRow <= row }
            found.sink.hear(row, known, &sink)
        }
        let faults = found.faults.values.flatMap(\.first).compactMap { finding -> ScanFault? in
            guard case .fault(var fault) = finding.what else { return nil }
            fault.line += 1
            fault.guess = nil
            return fault
        }
        for fault in faults.sorted(by: { ($0.line, $0.column) < ($1.line, $1.column) }) {
            sink.fault(fault)
        }
    }

    private func split<Sink: TableSink>(_ columns: [String], _ sink: Sink) -> ChunkFindings<Sink> {
        let plan = ScanPlan(
            width: columns.count,
            columns: columns.enumerated().map { ($0, $0, ColumnRules(undeclared: $1)) },
            missing: TextSet([]), keys: ObjectKeys(columns, hasPaths: false))
        return ChunkChecker.run(ChunkBytes(bytes, []), isEnd: true, plan, sink: sink)
    }
}

/// Keeps every value.
private struct ValueSink: TableSink {
    struct Row {
        var line: Int
        var texts: [[UInt8]]
        var kinds: [CellKind]
    }

    var rows: [Row] = []

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { false }
    mutating func begin(file: Int, path: String, plan: ScanPlan) {}
    func part() -> ValueSink { ValueSink() }
    mutating func merge(_ next: ValueSink, linesBefore: Int) { rows += next.rows }

    mutating func take(_ batch: RowBatch) {
        for row in 0..<batch.rows {
            let places = 0..<batch.width
            rows.append(
                Row(
                    line: batch.line(row), texts: places.map { batch.text(row, $0) },
                    kinds: places.map { batch.kind(row, $0) }))
        }
    }

    func hear(_ row: Int, _ known: Int, _ sink: inout some RecordSink) {
        var bytes: [UInt8] = []
        var cells: [Cell] = []
        for (text, kind) in zip(rows[row].texts, rows[row].kinds).prefix(known) {
            cells.append(Cell(start: bytes.count, end: bytes.count + text.count, kind: kind))
            bytes += text
        }
        sink.record(bytes.span, cells: cells.span, line: rows[row].line + 1)
    }
}
