import Domain

/// The types of which every cell of a column seen so far is a lexical form.
struct CellForms: OptionSet, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    static let integer = CellForms(rawValue: 1)
    static let number = CellForms(rawValue: 2)
    static let boolean = CellForms(rawValue: 4)
    static let date = CellForms(rawValue: 8)
    static let dateTime = CellForms(rawValue: 16)
    static let all: CellForms = [.integer, .number, .boolean, .date, .dateTime]

    /// The form of a type that has one; nil: its values may be any text.
    init?(_ type: ColumnDeclaration.Kind) {
        switch type {
        case .integer: self = .integer
        case .number: self = .number
        case .boolean: self = .boolean
        case .date: self = .date
        case .datetime: self = .dateTime
        case .string, .array, .object, .any: return nil
        }
    }

    /// Keeps those types of which the cell is a form too.
    mutating func narrow(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        if contains(.integer), integerValue(bytes, range) == nil { remove(.integer) }
        // A whole number is a number too, also one that no 64-bit integer holds.
        if contains(.number), !contains(.integer), numberValue(bytes, range) == nil {
            remove(.number)
        }
        if contains(.boolean), !isBoolean(bytes, range) { remove(.boolean) }
        if contains(.date), !isDate(bytes, range) { remove(.date) }
        if contains(.dateTime), !isDateTime(bytes, range) { remove(.dateTime) }
    }

    /// The narrowest type; text where none other fits.
    var type: ColumnDeclaration.Kind {
        if contains(.integer) { return .integer }
        if contains(.number) { return .number }
        if contains(.boolean) { return .boolean }
        if contains(.date) { return .date }
        return contains(.dateTime) ? .datetime : .string
    }
}
