import Domain

/// One column: what its cells must be, and what was counted.
struct ColumnCheck {
    let name: String
    /// nil: the manifest does not declare the column.
    let declaration: ColumnDeclaration?
    let kind: ColumnDeclaration.Kind
    let isRequired: Bool
    /// Whether its cells must be compared, matched or remembered once their type is right.
    let hasValueRules: Bool
    private let min: Double?
    private let max: Double?
    private let allowed: AllowedValues?
    private let pattern: CellPattern?
    var cells = 0
    var missing = 0
    var unique: UniqueTable?
    /// The current file has it.
    var isInFile = false

    init(undeclared name: String) {
        self.name = name
        declaration = nil
        kind = .string
        isRequired = false
        hasValueRules = false
        min = nil
        max = nil
        allowed = nil
        pattern = nil
    }

    init(_ declaration: ColumnDeclaration) throws(ValidationError) {
        self.declaration = declaration
        name = declaration.name
        kind = declaration.type
        isRequired = declaration.required
        let isNumeric = kind == .integer || kind == .number
        min = isNumeric ? declaration.min : nil
        max = isNumeric ? declaration.max : nil
        allowed = declaration.values.map(AllowedValues.init)
        if let text = declaration.pattern {
            guard let compiled = CellPattern(text) else {
                throw .badPattern(
                    column: declaration.name, pattern: text, place: declaration.place.description)
            }
            pattern = compiled
        } else {
            pattern = nil
        }
        unique = declaration.unique ? UniqueTable() : nil
        hasValueRules = allowed != nil || pattern != nil || unique != nil
    }

    /// What a cell breaks, apart from being missing and from uniqueness.
    enum Fault {
        case type
        case below(Double)
        case above(Double)
        case notAllowed
        case pattern
    }

    /// Checks the type and the range of a cell that is not missing.
    func typeFault(_ bytes: Span<UInt8>, _ cell: Cell) -> Fault? {
        let range = cell.start..<cell.end
        switch (kind, cell.kind) {
        case (.integer, .text), (.integer, .number):
            guard let value = integerValue(bytes, range) else { return .type }
            return rangeFault(value)
        case (.number, .text), (.number, .number):
            guard let value = numberValue(bytes, range) else { return .type }
            if let min, value < min { return .below(min) }
            if let max, value > max { return .above(max) }
            return nil
        case (.string, .text), (.string, .string): return nil
        case (.boolean, .text): return isBoolean(bytes, range) ? nil : .type
        case (.boolean, .boolean): return nil
        case (.date, .text), (.date, .string): return isDate(bytes, range) ? nil : .type
        case (.datetime, .text), (.datetime, .string):
            return isDateTime(bytes, range) ? nil : .type
        case (_, .string), (_, .number), (_, .boolean), (_, .container), (_, .null), (_, .absent):
            return declaration == nil ? nil : .type
        }
    }

    /// Checks the allowed values and the pattern.
    func valueFault(_ bytes: Span<UInt8>, _ cell: Cell) -> Fault? {
        let range = cell.start..<cell.end
        if let allowed, !allowed.contains(bytes, range) { return .notAllowed }
        if let pattern, !pattern.matches(bytes, range) { return .pattern }
        return nil
    }

    /// Compares exactly also where a Double has fewer digits than the integer.
    private func rangeFault(_ value: Int64) -> Fault? {
        if let min, isLess(value, min) { return .below(min) }
        if let max, isGreater(value, max) { return .above(max) }
        return nil
    }

    private func isLess(_ value: Int64, _ bound: Double) -> Bool {
        let up = bound.rounded(.up)
        if up >= 0x1p63 { return true }
        return up < -0x1p63 ? false : value < Int64(up)
    }

    private func isGreater(_ value: Int64, _ bound: Double) -> Bool {
        let down = bound.rounded(.down)
        if down >= 0x1p63 { return false }
        return down < -0x1p63 ? true : value > Int64(down)
    }
}

/// The texts that a column may hold.
struct AllowedValues {
    let texts: [String]
    private let byHash: [UInt64: [[UInt8]]]

    init(_ texts: [String]) {
        self.texts = texts
        byHash = Dictionary(grouping: texts.map { Array($0.utf8) }) { text in
            Self.hash(text.span, text.indices)
        }
    }

    func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        byHash[Self.hash(bytes, range)]?.contains { isEqual(bytes, range, $0) } ?? false
    }

    /// FNV-1a; only a first sieve.
    private static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}

/// A regular expression that whole cells must match, compiled once; compares code points.
struct CellPattern {
    /// Longer cells do not match, because backtracking takes too long on them.
    static let cellBytesMax = 4096

    private let regex: Regex<AnyRegexOutput>

    init?(_ pattern: String) {
        // Because the one thing to know is whether it compiles; the caller names the column.
        guard let regex = try? Regex(pattern) else { return nil }
        self.regex = regex.matchingSemantics(.unicodeScalar)
    }

    func matches(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count <= Self.cellBytesMax else { return false }
        let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
        // Because an error while matching (a failed transform) is no match.
        return (try? regex.wholeMatch(in: text)) != nil
    }
}
