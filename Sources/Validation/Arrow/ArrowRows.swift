/// Reads the rows of an Arrow file or stream, record batch after record batch.
///
/// Source: apache/arrow, docs/source/format/Columnar.rst. What is held is a window of each buffer,
/// so that a batch may be of any size.
struct ArrowRows: TypedRows {
    private let schema: ArrowSchema
    private var messages: ArrowMessages
    private var dictionaries: ArrowDictionaries
    private var cursors: [ArrowColumn] = []
    /// Of the current batch.
    private var rowsLeft = 0

    var columns: [TypedColumn] { schema.columns }
    var schemaOffset: Int { schema.offset }

    init(_ source: borrowing some ByteSource & ~Copyable) throws(BinaryFault) {
        messages = try ArrowMessages(source)
        schema = messages.schema
        dictionaries = ArrowDictionaries(isBigEndian: schema.isBigEndian)
    }

    mutating func next(
        _ wanted: Int, bytesMax: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (rows: Int, columns: [[CellSlice]])? {
        while rowsLeft == 0 {
            guard try openBatch(source) else { return nil }
        }
        var rows = min(wanted, CellLimits.rowsMax, rowsLeft)
        let share = max(1 << 14, bytesMax / cursors.count)
        var ready = 0
        for index in cursors.indices {
            try cursors[index].fill(rows, bytesMax: share, from: source)
            rows = min(rows, cursors[index].readyCount)
            ready += cursors[index].readyBytes
            guard ready <= CellLimits.rowsBytesMax else {
                throw BinaryFault(
                    kind: .tooLarge("rows of more than \(ready >> 20) MiB"),
                    offset: schema.offset)
            }
        }
        var columns: [[CellSlice]] = []
        columns.reserveCapacity(cursors.count)
        for index in cursors.indices { columns.append(cursors[index].take(rows)) }
        rowsLeft -= rows
        return (rows, columns)
    }

    /// False: there is none.
    private mutating func openBatch(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> Bool {
        cursors = []
        source.budget.free(.views)
        guard let message = try messages.next(from: source) else { return false }
        switch message.kind {
        case .schema: throw .damaged("a second schema", at: message.offset)
        case .dictionary: try dictionaries.read(message, schema, from: source)
        case .batch:
            var batch = try ArrowBatch(message.header, body: message.body)
            guard batch.rows >= 0 else {
                throw .damaged("a batch of \(batch.rows) rows", at: message.offset)
            }
            try source.budget.spend(
                rows: batch.rows, of: schema.columns.count, at: message.offset)
            var places = 0
            for field in schema.fields {
                try open(field, [], in: &batch, &places, source)
            }
            try batch.finish()
            rowsLeft = batch.rows
        }
        return true
    }

    private mutating func open(
        _ field: ArrowField, _ path: [ArrowLevel], in batch: inout ArrowBatch,
        _ place: inout Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        guard field.form == nil else {
            let leaf = try ArrowLeaf(field, in: &batch, dictionaries, from: source)
            cursors.append(ArrowColumn(schema.columns[place], path, leaf, rows: batch.rows))
            place += 1
            return
        }
        let level = try ArrowLevel(
            field, in: &batch, isBigEndian: schema.isBigEndian, from: source)
        for child in field.children {
            try open(child, path + [level], in: &batch, &place, source)
        }
    }
}
