/// Reads cells that are written in a way of their own, as those are that are not.
package enum CellForm: Sendable {
    case time(DateForm, DateForm.Content)
    case number(NumberForm)
    case boolean(yes: [[UInt8]], no: [[UInt8]])

    /// nil: the cells are written as their type has it.
    package init?(_ column: ColumnDeclaration) {
        let notation = column.notation
        switch column.type {
        case .date, .datetime, .string:
            guard let pattern = notation.pattern else { return nil }
            self = .time(DateForm(pattern), column.type.timeContent)
        case .integer, .number:
            guard
                notation.decimalChar ?? "." != "." || notation.groupChar != nil
                    || !notation.isBareNumber
            else { return nil }
            self = .number(
                NumberForm(
                    point: notation.decimalChar ?? ".", group: notation.groupChar,
                    isBare: notation.isBareNumber))
        case .boolean:
            guard !notation.trueValues.isEmpty || !notation.falseValues.isEmpty else { return nil }
            self = .boolean(
                yes: notation.trueValues.map { Array($0.utf8) },
                no: notation.falseValues.map { Array($0.utf8) })
        case .array, .object, .any: return nil
        }
    }

    /// Writes what a cell is without the form; false: it is not written in it.
    package func read(
        _ bytes: Span<UInt8>, _ range: Range<Int>, into text: inout ShortText
    ) -> Bool {
        switch self {
        case .time(let form, let content): return form.read(bytes, range, as: content, into: &text)
        case .number(let form): return form.read(bytes, range, into: &text)
        case .boolean(let yes, let no):
            text.removeAll()
            if yes.contains(where: { isEqual(bytes, range, $0) }) {
                text.append("true")
            } else if no.contains(where: { isEqual(bytes, range, $0) }) {
                text.append("false")
            }
            return text.count > 0
        }
    }

    /// What a text is without the form; nil: it is not written in it.
    package func reading(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var found = ShortText()
        guard read(bytes.span, bytes.indices, into: &found) else { return nil }
        return String(decoding: found.array, as: UTF8.self)
    }
}

extension ColumnDeclaration.Kind {
    /// What a pattern of dates and times must tell in a column of this type.
    package var timeContent: DateForm.Content {
        switch self {
        case .date: .day
        case .datetime: .moment
        case .integer, .number, .string, .boolean, .array, .object, .any: .timeOfDay
        }
    }
}

extension ShortText {
    fileprivate mutating func append(_ text: StaticString) {
        for byte in text.description.utf8 { append(byte) }
    }
}

private func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ other: [UInt8]) -> Bool {
    guard range.count == other.count else { return false }
    for offset in other.indices where bytes[range.lowerBound + offset] != other[offset] {
        return false
    }
    return true
}
