/// One message of a stream: what it is, and where its body is.
///
/// Source: apache/arrow, docs/source/format/Columnar.rst, "Encapsulated message format", and
/// format/Message.fbs. `FF FF FF FF` (which files from before Arrow 0.15 lack), the length of the
/// metadata in four bytes, the metadata, and a body of as many bytes as that says.
struct ArrowMessage {
    enum Kind: Int {
        case schema = 1
        case dictionary, batch
    }

    let kind: Kind
    let header: FlatTable
    let body: Range<Int>
    /// Where the message begins.
    let offset: Int

    /// Reads the message at a place of the file; nil: the stream ends there.
    static func read(
        at offset: Int, from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArrowMessage? {
        let room = source.sizeBytes - offset
        if room == 0 { return nil }
        guard room >= 4 else { throw BinaryFault(kind: .cut, offset: offset) }
        let head = try source.bytes(offset..<offset + min(8, room), room: 8)
        var (length, start) = (Int(head.span.littleHalf(at: 0)), offset + 4)
        if length == 0xFFFF_FFFF {
            guard room >= 8 else { throw BinaryFault(kind: .cut, offset: offset) }
            length = Int(head.span.littleHalf(at: 4))
            start += 4
        }
        if length == 0 { return nil }
        guard length <= source.sizeBytes - start else {
            throw BinaryFault(kind: .cut, offset: offset)
        }
        guard length <= ArrowLimits.metadataBytesMax else {
            throw BinaryFault(kind: .tooLarge("metadata of \(length) bytes"), offset: offset)
        }
        let message = try FlatTable(
            root: source.bytes(start..<start + length, room: 0), base: start)
        let version = try message.short(0)
        guard version == 3 || version == 4 else {
            throw BinaryFault(
                kind: .unsupported("metadata of version V\(version + 1) is not read"),
                offset: offset)
        }
        let bodyBytes = try message.long(3)
        guard bodyBytes >= 0 else {
            throw .damaged("a body of \(bodyBytes) bytes", at: offset)
        }
        guard bodyBytes <= source.sizeBytes - start - length else {
            throw BinaryFault(kind: .cut, offset: offset)
        }
        // Because the footer may say of any bytes that they are a message.
        try source.budget.spend(
            start - offset + length + bodyBytes, of: .stored, at: offset)
        let number = try message.byte(1)
        guard let kind = Kind(rawValue: number) else {
            throw BinaryFault(
                kind: .unsupported(
                    number == 4 || number == 5 ? "a tensor is not read" : "an unknown message"),
                offset: offset)
        }
        guard let header = try message.table(2) else {
            throw .damaged("a message without a header", at: offset)
        }
        return ArrowMessage(
            kind: kind, header: header,
            body: start + length..<start + length + bodyBytes, offset: offset)
    }
}

/// What is read at most.
enum ArrowLimits {
    static let metadataBytesMax = 64 << 20
    /// Of all buffers of a batch, while they are read.
    static let buffersBytesMax = 1 << 30
    /// Of all dictionaries, which are in memory.
    static let dictionariesBytesMax = 128 << 20
}

/// The messages of a file, in the order in which they must be read.
struct ArrowMessages {
    let schema: ArrowSchema
    private var order: Order

    private enum Order {
        /// One behind the other, up to the end.
        case stream(next: Int)
        /// Where the footer says: dictionaries first.
        case file(places: [Int], next: Int)
    }

    /// Finds out whether it is a file with a footer or a stream.
    init(_ source: borrowing some ByteSource & ~Copyable) throws(BinaryFault) {
        let size = source.sizeBytes
        let head = try source.bytes(0..<min(8, size), room: 0)
        if head.starts(with: "ARROW1".utf8) {
            (schema, order) = try Self.footer(source)
            return
        }
        if head.starts(with: "FEA1".utf8) {
            throw BinaryFault(
                kind: .foreign(
                    "a Feather file of version 1, which is not read: write it as version 2"),
                offset: 0)
        }
        let isNew = head.starts(with: [0xFF, 0xFF, 0xFF, 0xFF])
        do throws(BinaryFault) {
            guard let message = try ArrowMessage.read(at: 0, from: source),
                message.kind == .schema
            else { throw Self.foreign }
            schema = try ArrowSchema(message.header, source.budget)
            order = .stream(next: message.body.upperBound)
        } catch {
            if case .unsupported = error.kind { throw error }
            if case .cancelled = error.kind { throw error }
            throw isNew ? error : Self.foreign
        }
    }

    private static let foreign = BinaryFault(
        kind: .foreign(
            "not an Arrow file: it neither begins with `ARROW1` nor with the message of a schema"),
        offset: 0)

    /// The next message; nil at the end.
    mutating func next(
        from source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> ArrowMessage? {
        switch order {
        case .stream(let place):
            guard let message = try ArrowMessage.read(at: place, from: source) else {
                try checkEnd(place, source)
                return nil
            }
            order = .stream(next: message.body.upperBound)
            return message
        case .file(let places, let next):
            guard next < places.count else { return nil }
            order = .file(places: places, next: next + 1)
            guard let message = try ArrowMessage.read(at: places[next], from: source) else {
                throw .damaged("the footer names a message that is none", at: places[next])
            }
            return message
        }
    }

    /// Because a second stream behind the first would be passed over without a word.
    private func checkEnd(
        _ place: Int, _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) {
        let rest = source.sizeBytes - place
        guard rest > 0 else { return }
        let bytes = try source.bytes(place..<place + min(rest, 128), room: 0)
        let mark: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        let end = bytes.starts(with: mark) ? 4 : 0
        guard rest > 128 || bytes[end...].contains(where: { $0 != 0 }) else { return }
        throw .damaged("there is more behind the end of the stream", at: place)
    }

    /// Source: format/File.fbs. The footer, its length in four bytes, and `ARROW1`.
    private static func footer(
        _ source: borrowing some ByteSource & ~Copyable
    ) throws(BinaryFault) -> (ArrowSchema, Order) {
        let size = source.sizeBytes
        let notWhole = BinaryFault(
            kind: .foreign("not a whole Arrow file: it does not end with `ARROW1`"),
            offset: size)
        guard size >= 20 else { throw notWhole }
        let tail = try source.bytes(size - 10..<size, room: 0)
        guard tail[4...].elementsEqual("ARROW1".utf8) else { throw notWhole }
        let length = Int(tail.span.littleHalf(at: 0))
        guard length > 0, length <= size - 18 else {
            throw .damaged("a footer of \(length) bytes in a file of \(size)", at: size - 10)
        }
        guard length <= ArrowLimits.metadataBytesMax else {
            throw BinaryFault(kind: .tooLarge("a footer of \(length) bytes"), offset: size - 10)
        }
        let start = size - 10 - length
        let footer = try FlatTable(
            root: source.bytes(start..<start + length, room: 0), base: start)
        guard let table = try footer.table(1) else {
            throw .damaged("a footer without a schema", at: start)
        }
        // Blocks of a place, the length of the metadata, and that of the body.
        var places: [Int] = []
        for field in [2, 3] {
            let words = try footer.longs(field, words: 3)
            places += stride(from: 0, to: words.count, by: 3).map { words[$0] }
        }
        guard places.allSatisfy({ (8..<start).contains($0) }), Set(places).count == places.count
        else {
            throw .damaged("the footer names a message outside the file, or one twice", at: start)
        }
        return (try ArrowSchema(table, source.budget), .file(places: places, next: 0))
    }
}
