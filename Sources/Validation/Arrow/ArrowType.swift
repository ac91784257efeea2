/// How the values of an Arrow column are stored, as far as they are read.
enum ArrowType: Equatable, Sendable {
    case nothing
    case boolean
    /// Numbers, days and times of 1, 2, 4 or 8 bytes. What is stored is divided first.
    case word(bytes: Int, isSigned: Bool, ValueForm, divisor: Int64 = 1)
    /// Bytes of one length; `isNumber`: their order is that of the file's numbers.
    case fixed(bytes: Int, ValueForm, isNumber: Bool)
    /// Behind offsets of 4 or 8 bytes.
    case texts(offsetBytes: Int, ValueForm)
    /// Short ones in place, others anywhere in some buffers.
    case views(ValueForm)
    case structure
    case list(offsetBytes: Int)
    case fixedList(Int)
    case runEnds

    /// What the values mean; nil: there are only those of the children.
    var form: ValueForm? {
        switch self {
        case .nothing: .nothing
        case .boolean: .boolean
        case .word(_, _, let form, _), .fixed(_, let form, _), .texts(_, let form),
            .views(let form):
            form
        case .structure, .list, .fixedList, .runEnds: nil
        }
    }
}

extension ArrowType {
    /// Reads the union `Type` of a field.
    ///
    /// Source: apache/arrow, format/Schema.fbs; the numbers are the places in the union, and those
    /// of fields in the tables.
    static func read(_ field: FlatTable, name: String) throws(BinaryFault) -> ArrowType {
        let number = try field.byte(2)
        guard let table = try field.table(3) else {
            throw .damaged("a field without a type", at: field.offset)
        }
        switch number {
        case 1: return .nothing
        case 2: return try integer(table)
        case 3: return try floating(table)
        case 4: return .texts(offsetBytes: 4, .bytes)
        case 5: return .texts(offsetBytes: 4, .text)
        case 6: return .boolean
        case 7: return try decimal(table)
        case 8:
            let isDay = try table.short(0, default: 1) == 0
            return .word(
                bytes: isDay ? 4 : 8, isSigned: true, .date, divisor: isDay ? 1 : 86_400_000)
        case 9:
            let bits = try table.integer(1, default: 32)
            guard bits == 32 || bits == 64 else { throw wrongWidth(bits, table) }
            return .word(
                bytes: bits / 8, isSigned: true, .time(try unit(table, default: 1)))
        case 10:
            return .word(
                bytes: 8, isSigned: true,
                .timestamp(try unit(table, default: 0), isUTC: try table.hasText(1)))
        case 12, 17: return .list(offsetBytes: 4)
        case 13: return .structure
        case 15: return .fixed(bytes: try size(table), .hexadecimal, isNumber: false)
        case 16: return .fixedList(try size(table))
        case 18: return .word(bytes: 8, isSigned: true, .integer)
        case 19: return .texts(offsetBytes: 8, .bytes)
        case 20: return .texts(offsetBytes: 8, .text)
        case 21: return .list(offsetBytes: 8)
        case 22: return .runEnds
        case 23: return .views(.bytes)
        case 24: return .views(.text)
        default:
            let kind = [11: "an interval", 14: "a union", 25: "a list view", 26: "a list view"]
            throw BinaryFault(
                kind: .unsupported(
                    "`\(shownName(name))` is \(kind[number] ?? "of a type"), which is not read"),
                offset: field.offset)
        }
    }

    /// An integer of the table `Int`.
    static func integer(_ table: FlatTable) throws(BinaryFault) -> ArrowType {
        let bits = try table.integer(0)
        guard [8, 16, 32, 64].contains(bits) else { throw wrongWidth(bits, table) }
        let isSigned = try table.flag(1)
        return .word(
            bytes: bits / 8, isSigned: isSigned,
            isSigned ? .integer : .unsigned(bits: max(32, bits)))
    }

    private static func floating(_ table: FlatTable) throws(BinaryFault) -> ArrowType {
        switch try table.short(0) {
        case 0: return .fixed(bytes: 2, .half, isNumber: true)
        case 1: return .word(bytes: 4, isSigned: false, .float)
        case 2: return .word(bytes: 8, isSigned: false, .double)
        default: throw .damaged("numbers of no precision", at: table.offset)
        }
    }

    private static func decimal(_ table: FlatTable) throws(BinaryFault) -> ArrowType {
        let scale = try table.integer(1)
        let bits = try table.integer(2, default: 128)
        guard [32, 64, 128, 256].contains(bits) else { throw wrongWidth(bits, table) }
        let digits = [32: 9, 64: 18, 128: 38][bits] ?? CellLimits.decimalDigitsMax
        guard scale <= digits else {
            throw .damaged("a decimal of scale \(scale) in its values", at: table.offset)
        }
        guard scale >= 0 else {
            throw BinaryFault(
                kind: .unsupported("a decimal of scale \(scale) is not read"),
                offset: table.offset)
        }
        return bits > 64
            ? .fixed(bytes: bits / 8, .decimal(scale: scale), isNumber: true)
            : .word(bytes: bits / 8, isSigned: true, .decimal(scale: scale))
    }

    private static func unit(
        _ table: FlatTable, default missing: Int
    ) throws(BinaryFault) -> ValueForm.Unit {
        let units: [ValueForm.Unit] = [.seconds, .millis, .micros, .nanos]
        let number = try table.short(0, default: missing)
        guard units.indices.contains(number) else {
            throw .damaged("a time of no unit", at: table.offset)
        }
        return units[number]
    }

    private static func size(_ table: FlatTable) throws(BinaryFault) -> Int {
        let size = try table.integer(0)
        guard (0...CellLimits.cellBytesMax).contains(size) else {
            throw .damaged("values of \(size) parts", at: table.offset)
        }
        return size
    }

    private static func wrongWidth(_ bits: Int, _ table: FlatTable) -> BinaryFault {
        .damaged("numbers of \(bits) bits", at: table.offset)
    }
}
