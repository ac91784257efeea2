import Domain

/// `convert`: cells as a type asks for them.
struct ConversionWork: PreparationWork {
    private let conversion: CellConversion
    private let context: StepContext
    private let places: [Int]
    private let numbers: NumberText
    private let form: DateForm?
    private let yes: Set<String>
    private let no: Set<String>
    private(set) var cellsChanged = 0
    private var invalid = 0

    init(_ conversion: CellConversion, _ context: StepContext) throws(PreparationError) {
        self.conversion = conversion
        self.context = context
        places = try context.places(conversion.columns)
        numbers = NumberText(
            point: UInt8(ascii: conversion.decimalComma ? "," : "."),
            thousands: conversion.thousands?.utf8.first)
        form = conversion.form.map { DateForm($0) }
        yes = Set(conversion.trueWords.map { $0.lowercased() })
        no = Set(conversion.falseWords.map { $0.lowercased() })
    }

    var notes: [String] {
        guard invalid > 0 else { return [] }
        let verb = invalid == 1 ? "is" : "are"
        return ["\(counted(invalid, "cell")) could not be and \(verb) missing"]
    }

    mutating func take(
        _ row: inout PreparedRow, _ number: Int
    ) throws(PreparationError) -> Bool {
        for place in places where !row.isMissing(place) {
            let kind = row.cells[place].kind
            if let text = converted(row.text(place), kind) {
                let target = context.kind(targetKind)
                guard kind != target || !text.elementsEqual(row.text(place)) else { continue }
                row.set(place, text, target)
            } else if conversion.invalid == .missing {
                row.setMissing(place)
                invalid += 1
            } else {
                throw context.refused(row, place, problem, hint: hint)
            }
            cellsChanged += 1
        }
        return true
    }

    private var targetKind: PreparedRow.Kind {
        switch conversion.kind {
        case .integer, .number: .number
        case .boolean: .boolean
        case .string, .date, .datetime, .array, .object, .any: .string
        }
    }

    private var problem: String {
        switch conversion.kind {
        case .integer: "is no integer"
        case .number: "is no number"
        case .boolean: "is neither true nor false"
        case .date: "is no date" + (conversion.form.map { " as \($0)" } ?? "")
        case .datetime: "is no time" + (conversion.form.map { " as \($0)" } ?? "")
        case .string, .array, .object, .any: "is no text"
        }
    }

    private var hint: String {
        let hasForm = conversion.kind == .date || conversion.kind == .datetime
        let first =
            switch conversion.kind {
            case .number, .integer: "`decimal_comma`, `thousands`, or "
            case .boolean: "`true_values`, `false_values`, or "
            case .date, .datetime, .string, .array, .object, .any: hasForm ? "`format`, or " : ""
            }
        return first + "`invalid: missing` to leave such cells empty"
    }

    private func converted(_ text: ArraySlice<UInt8>, _ kind: PreparedRow.Kind) -> [UInt8]? {
        if kind == .container { return nil }
        switch conversion.kind {
        case .integer, .number:
            if kind == .boolean { return nil }
            // Because a number of JSON is written one way alone.
            let reading = kind == .number ? NumberText() : numbers
            return reading.canonical(text, isWhole: conversion.kind == .integer)
        case .boolean:
            let word = String(decoding: text, as: UTF8.self).lowercased()
            if yes.contains(word) { return Array("true".utf8) }
            return no.contains(word) ? Array("false".utf8) : nil
        case .string, .array, .object, .any: return Array(text)
        case .date: return date(Array(text))
        case .datetime: return time(Array(text))
        }
    }

    private func date(_ text: [UInt8]) -> [UInt8]? {
        if let form { return form.reading(text, asDate: true) }
        if dateValue(text.span, text.indices) != nil { return text }
        // Because midnight is all of a day that a time can be without loss.
        guard let moment = momentValue(text.span, text.indices) else { return nil }
        let epoch = firstMoment(ofDate: 1970_01_01)
        let (day, rest) = (moment - epoch).quotientAndRemainder(
            dividingBy: firstMoment(ofDate: 1970_01_02) - epoch)
        var writer = CellWriter(capacity: 16)
        guard rest == 0, writer.write(day: Int64(day)) else { return nil }
        return Array(writer.storage[..<writer.count])
    }

    private func time(_ text: [UInt8]) -> [UInt8]? {
        if let form { return form.reading(text, asDate: false) }
        if dateValue(text.span, text.indices) != nil { return text + Array("T00:00:00Z".utf8) }
        guard momentValue(text.span, text.indices) != nil else { return nil }
        var found = text
        found[10] = UInt8(ascii: "T")
        if found[found.count - 1] == UInt8(ascii: "z") { found[found.count - 1] -= 32 }
        let hasOffset = found[19...].contains { [43, 45, 90].contains($0) }
        return hasOffset ? found : found + [UInt8(ascii: "Z")]
    }
}
