/// Writes Parquet files that no writer would write, by Thrift's compact protocol.
enum ParquetWriter {
    enum Value {
        case integer(Int)
        case text([UInt8])
        case structure([(Int, Value)])
        case integers([Int])
        case texts([[UInt8]])
        case structures([[UInt8]])
    }

    static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A structure; its fields have ascending numbers.
    static func structure(_ fields: [(Int, Value)]) -> [UInt8] {
        var (bytes, last): ([UInt8], Int) = ([], 0)
        func add(_ number: Int, _ kind: Int, _ body: [UInt8]) {
            bytes.append(UInt8((number - last) << 4 | kind))
            bytes += body
            last = number
        }
        for (number, value) in fields {
            switch value {
            case .integer(let value): add(number, 5, varint(value << 1))
            case .text(let text): add(number, 8, varint(text.count) + text)
            case .structure(let inner): add(number, 12, structure(inner))
            case .integers(let all): add(number, 9, list(5, all.map { varint($0 << 1) }))
            case .texts(let all): add(number, 9, list(8, all.map { varint($0.count) + $0 }))
            case .structures(let all): add(number, 9, list(12, all))
            }
        }
        return bytes + [0]
    }

    private static func list(_ kind: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
        [0xF0 | kind] + varint(parts.count) + parts.flatMap(\.self)
    }

    /// A group of the schema.
    static func group(_ name: String, children: Int) -> [UInt8] {
        structure([(3, .integer(0)), (4, .text(Array(name.utf8))), (5, .integer(children))])
    }

    /// A column of the schema; physical types by parquet.thrift's numbers.
    static func column(
        _ name: String, physical: Int, isOptional: Bool = false, decimalScale: Int? = nil
    ) -> [UInt8] {
        var fields: [(Int, Value)] = [
            (1, .integer(physical)), (3, .integer(isOptional ? 1 : 0)),
            (4, .text(Array(name.utf8))),
        ]
        if let decimalScale {
            fields += [(6, .integer(5)), (7, .integer(decimalScale)), (8, .integer(9))]
        }
        return structure(fields)
    }

    /// The head of a page.
    static func head(
        isDictionary: Bool = false, bytes: Int, stored: Int, values: Int, encoding: Int
    )
        -> [UInt8]
    {
        let own: [(Int, Value)] = [(1, .integer(values)), (2, .integer(encoding))]
        let contents =
            isDictionary
            ? (7, Value.structure(own))
            : (5, Value.structure(own + [(3, .integer(3)), (4, .integer(3))]))
        return structure([
            (1, .integer(isDictionary ? 2 : 0)), (2, .integer(bytes)), (3, .integer(stored)),
            contents,
        ])
    }

    /// A page; `bytes` as it is without compression.
    static func page(
        _ body: [UInt8], bytes: Int? = nil, values: Int, encoding: Int = 0,
        isDictionary: Bool = false
    ) -> [UInt8] {
        head(
            isDictionary: isDictionary, bytes: bytes ?? body.count, stored: body.count,
            values: values, encoding: encoding) + body
    }

    /// What is said of a column's pages, which begin at a byte of the file.
    struct Chunk {
        var physical: Int
        var values: Int
        var start: Int
        var dictionary: Int?
        var codec = 0
    }

    /// A file of one row group.
    static func file(
        _ schema: [[UInt8]], rows: Int, pages: [UInt8] = [], _ chunks: [Chunk]
    ) -> [UInt8] {
        let described = chunks.map { chunk in
            var fields: [(Int, Value)] = [
                (1, .integer(chunk.physical)), (2, .integers([0])), (3, .texts([[120]])),
                (4, .integer(chunk.codec)), (5, .integer(chunk.values)),
                (6, .integer(pages.count)), (7, .integer(pages.count)),
                (9, .integer(chunk.start)),
            ]
            if let place = chunk.dictionary { fields.append((11, .integer(place))) }
            return structure([(2, .integer(chunk.start)), (3, .structure(fields))])
        }
        let groups =
            chunks.isEmpty
            ? []
            : [
                structure([
                    (1, .structures(described)), (2, .integer(1)), (3, .integer(rows)),
                ])
            ]
        let footer = structure([
            (1, .integer(1)), (2, .structures(schema)), (3, .integer(rows)),
            (4, .structures(groups)),
        ])
        let mark = Array("PAR1".utf8)
        return mark + pages + footer + littleEndian(footer.count, bytes: 4) + mark
    }
}

/// Compresses what is one byte many times, as LZ4.
enum LZ4Writer {
    /// A block of some bytes and as many zeros behind them.
    static func block(_ first: [UInt8] = [], zeros: Int) -> [UInt8] {
        let literals = first + [0]
        // A copy from one byte before, which leaves five bytes to stand as they are.
        let copy = zeros - 1 - 5
        precondition(literals.count < 15 && copy > 19)
        let rest = copy - 19
        var bytes = [UInt8(literals.count << 4 | 15)]
        bytes += literals
        bytes += [1, 0]
        bytes += [UInt8](repeating: 255, count: rest / 255)
        bytes += [UInt8(rest % 255), 0x50, 0, 0, 0, 0, 0]
        return bytes
    }

    /// The head of a frame whose blocks have up to 4 MiB and stand for themselves.
    static let frameHead: [UInt8] = [0x04, 0x22, 0x4D, 0x18, 0x60, 0x70, 0]

    /// Zeros as a frame of blocks, with the end.
    static func frame(zeros: Int) -> [UInt8] {
        var (bytes, left) = (frameHead, zeros)
        while left > 0 {
            let part = block(zeros: min(left, 4 << 20))
            bytes += littleEndian(part.count, bytes: 4) + part
            left -= min(left, 4 << 20)
        }
        return bytes + [0, 0, 0, 0]
    }
}
