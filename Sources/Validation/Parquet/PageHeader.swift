/// What stands before the bytes of a page.
struct PageHeader {
    enum Kind: Int { case data, index, dictionary, data2 }

    /// Encodings of values and levels, with parquet.thrift's numbers.
    enum Encoding: Int {
        case plain = 0
        case plainDictionary = 2
        case rle = 3
        case bitPacked = 4
        case deltaBinaryPacked = 5
        case deltaLengthByteArray = 6
        case deltaByteArray = 7
        case rleDictionary = 8
        case byteStreamSplit = 9
    }

    var kind = Kind.data
    /// False: of a kind that a reader passes over.
    var isKnown = false
    var uncompressedBytes = 0
    var compressedBytes = 0
    /// With nulls.
    var values = 0
    var encoding = Encoding.plain
    var definitionEncoding = Encoding.rle
    var repetitionEncoding = Encoding.rle
    /// Of the second kind of data page: the levels stand before the values, not compressed.
    var definitionBytes = 0
    var repetitionBytes = 0
    var isCompressed = true
}

extension ThriftReader {
    mutating func pageHeader() throws(BinaryFault) -> PageHeader {
        let start = offset
        var header = PageHeader()
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1:
                let kind = PageHeader.Kind(rawValue: try integer(field))
                header.isKnown = kind != nil
                header.kind = kind ?? .index
            case 2: header.uncompressedBytes = try count(field)
            case 3: header.compressedBytes = try count(field)
            case 5, 7, 8:
                try expect(field, .structure)
                try pageContents(field.number, &header)
            default: try skip(field.kind)
            }
        }
        guard header.values < 1 << 31 else {
            throw .damaged("a page of \(header.values) values", at: start)
        }
        return header
    }

    /// The part of a header that is the kind's own; numbers as those of the kinds' fields.
    private mutating func pageContents(
        _ kind: Int, _ header: inout PageHeader
    ) throws(BinaryFault) {
        var last = 0
        while let field = try field(after: &last) {
            switch (kind, field.number) {
            case (_, 1): header.values = try count(field)
            case (5, 2), (7, 2), (8, 4): header.encoding = try encoding(field)
            case (5, 3): header.definitionEncoding = try encoding(field)
            case (5, 4): header.repetitionEncoding = try encoding(field)
            case (8, 5): header.definitionBytes = try count(field)
            case (8, 6): header.repetitionBytes = try count(field)
            case (8, 7): header.isCompressed = try truth(field)
            default: try skip(field.kind)
            }
        }
    }

    private mutating func encoding(_ field: Field) throws(BinaryFault) -> PageHeader.Encoding {
        let start = offset
        let number = try integer(field)
        guard let encoding = PageHeader.Encoding(rawValue: number) else {
            throw BinaryFault(
                kind: .unsupported("values of encoding \(number) are not read"), offset: start)
        }
        return encoding
    }
}
