/// What the footer says that values mean, in its newer words.
enum LogicalType: Equatable {
    case text, map, list
    case decimal(scale: Int)
    case date
    case time(ValueForm.Unit)
    case timestamp(ValueForm.Unit, isUTC: Bool)
    case integer(bits: Int, isSigned: Bool)
    case nothing
    case uuid, half
    /// One that changes nothing for the checks.
    case other
}

extension ThriftReader {
    /// The union `LogicalType` of parquet.thrift.
    mutating func logicalType() throws(BinaryFault) -> LogicalType {
        var found = LogicalType.other
        var last = 0
        while let field = try field(after: &last) {
            guard field.kind == .structure else {
                try skip(field.kind)
                continue
            }
            switch field.number {
            case 1, 4, 12: found = .text
            case 2: found = .map
            case 3: found = .list
            case 5:
                found = try decimal()
                continue
            case 6: found = .date
            case 7, 8:
                let (unit, isUTC) = try time()
                guard let unit else { continue }
                found = field.number == 7 ? .time(unit) : .timestamp(unit, isUTC: isUTC)
                continue
            case 10:
                found = try integerType()
                continue
            case 11: found = .nothing
            case 14: found = .uuid
            case 15: found = .half
            default: break
            }
            try skip(.structure)
        }
        return found
    }

    private mutating func decimal() throws(BinaryFault) -> LogicalType {
        var scale = 0
        var last = 0
        while let field = try field(after: &last) {
            if field.number == 1 { scale = try count(field) } else { try skip(field.kind) }
        }
        return .decimal(scale: scale)
    }

    private mutating func time() throws(BinaryFault) -> (unit: ValueForm.Unit?, isUTC: Bool) {
        var unit: ValueForm.Unit?
        var isUTC = false
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1: isUTC = try truth(field)
            case 2:
                try expect(field, .structure)
                var inner = 0
                while let choice = try self.field(after: &inner) {
                    unit = [1: .millis, 2: .micros, 3: .nanos][choice.number]
                    try skip(choice.kind)
                }
            default: try skip(field.kind)
            }
        }
        return (unit, isUTC)
    }

    private mutating func integerType() throws(BinaryFault) -> LogicalType {
        var (bits, isSigned) = (64, true)
        var last = 0
        while let field = try field(after: &last) {
            switch field.number {
            case 1: bits = try integer(field)
            case 2: isSigned = try truth(field)
            default: try skip(field.kind)
            }
        }
        return .integer(bits: bits, isSigned: isSigned)
    }
}

extension SchemaElement {
    /// What the values mean, where the annotation fits how they are stored; otherwise as they are
    /// stored.
    func form(_ physical: ParquetPhysical) throws(BinaryFault) -> ValueForm {
        let logical = self.logical ?? convertedType
        if case .decimal(let scale) = logical, scale > decimalDigits(physical) {
            throw .damaged("a decimal of scale \(scale) in its values", at: offset)
        }
        if logical == .nothing { return .nothing }
        switch physical {
        case .boolean: return .boolean
        case .float: return .float
        case .double: return .double
        case .int96: return .julian
        case .int32: return small(logical)
        case .int64: return large(logical)
        case .byteArray:
            if case .decimal(let scale) = logical { return .decimal(scale: scale) }
            return logical == .text ? .text : .bytes
        case .fixedBytes:
            if case .decimal(let scale) = logical { return .decimal(scale: scale) }
            if logical == .uuid, width == 16 { return .uuid }
            if logical == .half, width == 2 { return .half }
            return .hexadecimal
        }
    }

    /// Digits that every value can have, as parquet-format's LogicalTypes.md counts them; a scale
    /// cannot be greater.
    private func decimalDigits(_ physical: ParquetPhysical) -> Int {
        let most = CellLimits.decimalDigitsMax
        switch physical {
        case .int32: return 9
        case .int64: return 18
        case .fixedBytes:
            // log10(2) of the bits beside the sign.
            return width > 32 ? most : min(most, (8 * width - 1) * 30_103 / 100_000)
        case .boolean, .int96, .float, .double, .byteArray: return most
        }
    }

    private func small(_ logical: LogicalType?) -> ValueForm {
        switch logical {
        case .decimal(let scale): .decimal(scale: scale)
        case .date: .date
        case .time(.millis): .time(.millis)
        case .integer(_, isSigned: false): .unsigned(bits: 32)
        default: .integer
        }
    }

    private func large(_ logical: LogicalType?) -> ValueForm {
        switch logical {
        case .decimal(let scale): .decimal(scale: scale)
        case .time(let unit) where unit != .millis: .time(unit)
        case .timestamp(let unit, let isUTC): .timestamp(unit, isUTC: isUTC)
        case .integer(_, isSigned: false): .unsigned(bits: 64)
        default: .integer
        }
    }

    /// The older words, `ConvertedType` of parquet.thrift; their times are in UTC.
    private var convertedType: LogicalType? {
        switch converted {
        case 0, 4, 19: .text
        case 5: .decimal(scale: scale)
        case 6: .date
        case 7: .time(.millis)
        case 8: .time(.micros)
        case 9: .timestamp(.millis, isUTC: true)
        case 10: .timestamp(.micros, isUTC: true)
        case 11, 12, 13, 14: .integer(bits: 64, isSigned: false)
        default: nil
        }
    }
}
