import Domain

/// What the cells of one column must be.
struct ColumnRules: Sendable {
    let name: String
    /// nil: the manifest does not declare the column.
    let declaration: ColumnDeclaration?
    let kind: ColumnDeclaration.Kind
    let isRequired: Bool
    let isUnique: Bool
    let min: Double?
    let max: Double?
    let excludesMin: Bool
    let excludesMax: Bool
    let allowed: TextSet?
    /// Of a column of numbers, what `allowed` has: `1.0` is 1.
    private let allowedNumbers: Set<Double>
    /// Of a column of integers, what `allowed` has: `+1` is 1.
    private let allowedIntegers: Set<Int64>
    /// Of dates and times.
    let moments: TimeBounds?
    /// The least and the greatest day, by `dayKey`.
    let days: (least: UInt64, most: UInt64)
    /// In Unicode scalar values; nil: any.
    let lengths: ClosedRange<Int>?
    let format: ColumnDeclaration.TextFormat?
    let pattern: CellPattern?
    /// How the cells are written; nil: as their type has it.
    let form: CellForm?
    /// Texts that mean "missing" in place of those of the dataset; nil: those.
    let missing: TextSet?

    /// Whether the manifest declares numbers.
    var isDeclaredNumber: Bool { declaration != nil && (kind == .integer || kind == .number) }

    init(undeclared name: String, kind: ColumnDeclaration.Kind = .string) {
        self.name = name
        declaration = nil
        self.kind = kind
        isRequired = false
        isUnique = false
        min = nil
        max = nil
        excludesMin = false
        excludesMax = false
        allowed = nil
        allowedNumbers = []
        allowedIntegers = []
        moments = nil
        days = (0, .max)
        lengths = nil
        format = nil
        pattern = nil
        form = nil
        missing = nil
    }

    /// - Parameter room: what the patterns of its dataset share.
    init(
        _ declaration: ColumnDeclaration, in room: AutomatonRoom = AutomatonRoom()
    ) throws(PatternError) {
        self.declaration = declaration
        name = declaration.name
        kind = declaration.type
        isRequired = declaration.required
        isUnique = declaration.unique
        let isNumeric = kind == .integer || kind == .number
        min = isNumeric ? declaration.min : nil
        max = isNumeric ? declaration.max : nil
        excludesMin = declaration.excludesMin
        excludesMax = declaration.excludesMax
        allowed = declaration.values.map(TextSet.init)
        let values = declaration.values ?? []
        allowedNumbers = kind == .number ? Set(values.compactMap { Double($0) }) : []
        allowedIntegers = kind == .integer ? Set(values.compactMap { Int64($0) }) : []
        moments = TimeBounds(declaration)
        days = moments?.days ?? (0, .max)
        let least = declaration.minLength ?? 0
        let isBounded = declaration.minLength != nil || declaration.maxLength != nil
        // Bounds that cross let nothing pass: every length is below the least.
        lengths = isBounded ? least...Swift.max(least, declaration.maxLength ?? .max) : nil
        form = CellForm(declaration)
        // Because a form of times lets nothing else through.
        format = form == nil ? declaration.format : nil
        missing = declaration.missingValues.map(TextSet.init)
        if let text = declaration.pattern {
            pattern = CellPattern(try TextPattern(text), in: room)
        } else {
            pattern = nil
        }
    }

    /// Cells must be compared or matched once their type is right.
    var hasValueRules: Bool {
        allowed != nil || lengths != nil || pattern != nil || format != nil
    }

    /// What a cell breaks, apart from being missing and from uniqueness.
    enum Fault {
        case type
        case below(Double)
        case above(Double)
        /// Before the earliest, or after the latest, as the manifest has them.
        case early(String)
        case late(String)
        /// Too short or too long, with the number of characters.
        case length(Int)
        case notAllowed
        case pattern
        case format(ColumnDeclaration.TextFormat)

        /// The cell is of its column's type, below the minimum or above the maximum.
        var isOfRange: Bool {
            switch self {
            case .below, .above, .early, .late: true
            case .type, .length, .notAllowed, .pattern, .format: false
            }
        }
    }

    /// Checks the type and the range of a cell that is not missing.
    ///
    /// - Parameter number: what the batch has of the cell where it is of its type: a number, or of
    ///   a day or a moment the seconds since 1970.
    func typeFault(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ cell: CellKind, _ number: inout Double
    ) -> Fault? {
        switch (kind, cell) {
        case (.integer, .text), (.integer, .number):
            guard let value = integerValue(bytes, range) else { return .type }
            number = Double(value)
            return rangeFault(value)
        case (.number, .text), (.number, .number):
            guard let value = numberValue(bytes, range) else { return .type }
            number = value
            if let min, value < min || excludesMin && value == min { return .below(min) }
            if let max, value > max || excludesMax && value == max { return .above(max) }
            return nil
        case (.string, .text), (.string, .string): return nil
        case (.boolean, .text): return isBoolean(bytes, range) ? nil : .type
        case (.boolean, .boolean): return nil
        case (.date, .text), (.date, .string):
            guard let day = dateValue(bytes, range) else { return .type }
            let moment = firstMoment(ofDate: day)
            number = secondsSince1970(moment)
            return moments?.fault(moment)
        case (.datetime, .text), (.datetime, .string):
            guard let moment = momentValue(bytes, range) else { return .type }
            number = secondsSince1970(moment)
            return moments?.fault(moment)
        case (.array, .text), (.object, .text):
            return isJSON(bytes, range, opening: kind.opening) ? nil : .type
        case (.array, .container), (.object, .container):
            return bytes[range.lowerBound] == kind.opening ? nil : .type
        case (.any, _): return nil
        case (_, .string), (_, .number), (_, .boolean), (_, .container), (_, .null), (_, .absent):
            return declaration == nil ? nil : .type
        }
    }

    /// The same of a cell of which nobody wants the number.
    func typeFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ cell: CellKind) -> Fault? {
        var number = 0.0
        return typeFault(bytes, range, cell, &number)
    }

    /// Checks the length, the allowed values, the pattern and the form.
    ///
    /// - Parameter walk: memory for the pattern; see `CellPattern`.
    func valueFault(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ walk: inout PatternWalk?
    ) -> Fault? {
        if let lengths {
            let length = scalarCount(bytes, range)
            if !lengths.contains(length) { return .length(length) }
        }
        if let allowed, !allowed.contains(bytes, range), !isAllowedNumber(bytes, range) {
            return .notAllowed
        }
        if let pattern, !pattern.matches(bytes, range, &walk) { return .pattern }
        if let format, !hasForm(format, bytes, range) { return .format(format) }
        return nil
    }

    private func isAllowedNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if kind == .integer {
            guard let value = integerValue(bytes, range) else { return false }
            return allowedIntegers.contains(value)
        }
        guard !allowedNumbers.isEmpty, let value = numberValue(bytes, range) else { return false }
        // Because from 2^53 on two integers may be one Double.
        return value.magnitude < 0x1p53 && allowedNumbers.contains(value)
    }

    /// Whether a cell breaks no rule of `valueFault`; false also where only that can tell.
    ///
    /// - Parameter bytes: with room for eight bytes behind every one.
    @inline(__always)
    func accepts(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        if let allowed, unsafe !allowed.contains(bytes, length) { return false }
        if pattern != nil, unsafe pattern?.automaton?.matches(bytes, length) != .matches {
            return false
        }
        guard lengths != nil || format != nil else { return true }
        // In bounds: inside the cell.
        let text = unsafe Span(_unsafeStart: bytes, count: length)
        if let lengths, !lengths.contains(scalarCount(text, 0..<length)) { return false }
        return format.map { hasForm($0, text, 0..<length) } ?? true
    }

    /// The integers of the range; none when the least is above the most.
    var integers: (least: Int64, most: Int64) {
        let low = min.map { $0.rounded(.up) } ?? -0x1p63
        let high = max.map { $0.rounded(.down) } ?? 0x1p63
        guard low < 0x1p63, high >= -0x1p63 else { return (.max, .min) }
        var least: Int64 = low <= -0x1p63 ? .min : Int64(low)
        var most: Int64 = high >= 0x1p63 ? .max : Int64(high)
        // Because a bound beyond 64 bits is not one of the integers.
        if let min, excludesMin, low == min, low >= -0x1p63 {
            guard least < .max else { return (.max, .min) }
            least += 1
        }
        if let max, excludesMax, high == max, high < 0x1p63 {
            guard most > .min else { return (.max, .min) }
            most -= 1
        }
        return (least, most)
    }

    /// The numbers of the range.
    var numbers: (least: Double, most: Double) {
        let least = min ?? -.infinity
        let most = max ?? .infinity
        return (excludesMin ? least.nextUp : least, excludesMax ? most.nextDown : most)
    }

    /// Compares exactly also where a Double has fewer digits than the integer.
    private func rangeFault(_ value: Int64) -> Fault? {
        if let min, LargeInteger.isLess(value, min) || excludesMin && Int64(exactly: min) == value {
            return .below(min)
        }
        if let max,
            LargeInteger.isGreater(value, max) || excludesMax && Int64(exactly: max) == value
        {
            return .above(max)
        }
        return nil
    }
}

extension ColumnDeclaration.Kind {
    /// The bracket that its values begin with.
    var opening: UInt8 { self == .array ? UInt8(ascii: "[") : UInt8(ascii: "{") }
}
