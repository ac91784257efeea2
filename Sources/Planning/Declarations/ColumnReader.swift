import Domain

/// Makes declarations of columns, and reports what makes no sense at its place.
struct ColumnReader {
    let file: String
    /// The bytes of the file.
    let source: [UInt8]
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String, source: [UInt8]) {
        self.file = file
        self.source = source
    }

    mutating func read(_ words: ColumnWords) -> ColumnDeclaration {
        var column = ColumnDeclaration(
            name: words.name, type: words.type, required: words.required, unique: words.unique,
            pattern: words[.pattern]?.text, place: words.node.place(in: file))
        readPattern(words)
        let before = diagnostics.count
        readFormat(words, into: &column)
        readNotation(words, into: &column)
        readLengths(words, into: &column)
        column.missingValues = words[.missingValues]?.items.compactMap(\.label)
        // Because what cells mean is not known where it is not known how they are written.
        guard diagnostics.count == before else { return column }
        readBounds(words, into: &column)
        readValues(words, into: &column)
        return column
    }

    /// Names what is wrong with a pattern where it stands in it.
    private mutating func readPattern(_ words: ColumnWords) {
        guard let node = words[.pattern], let text = node.text else { return }
        do throws(PatternError) {
            _ = try TextPattern(text)
        } catch {
            let start = node.place(in: file)
            let place = RulePlaces(source, file: file).place(
                of: error.offset, in: text, from: start)
            diagnostics.append(Diagnostic(at: place, error.message(of: text), hint: error.hint))
        }
    }

    // MARK: Formats

    private mutating func readFormat(_ words: ColumnWords, into column: inout ColumnDeclaration) {
        guard let node = words[.format], let text = node.text, text != "default" else { return }
        let isTime = column.type == .date || column.type == .datetime
        guard isTime || column.type == .string else {
            let known = ColumnWords.Key.format
            return report(
                node,
                "`\(words.called(known))` needs a \(words.language.column) of type `string`, "
                    + "`date` or `datetime`",
                hint: "numbers have `\(words.called(.decimalChar))`, "
                    + "`\(words.called(.groupChar))` and `\(words.called(.bareNumber))`")
        }
        if text == "any" {
            return report(
                node, "`\(words.called(.format)): any` leaves open which day 01/02/2026 is",
                hint: "say how it is written, such as %d/%m/%Y")
        }
        if isTime || text.utf8.contains(UInt8(ascii: "%")) {
            if let problem = DateForm.problem(text, of: column.type.timeContent) {
                return report(
                    node, "`\(quoted(text))` \(problem)", hint: example(of: column.type))
            }
            column.notation.pattern = text
            if column.type == .string { column.format = .time }
            return
        }
        column.format = ColumnDeclaration.TextFormat(rawValue: text)
        guard column.format == nil else { return }
        let known = ColumnDeclaration.TextFormat.allCases.map(\.rawValue)
        let meant = nearest(to: text, among: known).map { "; did you mean `\($0)`?" } ?? ""
        report(
            node, "there is no format `\(quoted(text))` of texts\(meant)",
            hint: "known here: \(textFormatNames), and times of the day such as %H:%M")
    }

    private func example(of kind: ColumnDeclaration.Kind) -> String {
        switch kind {
        case .date: "%d.%m.%Y"
        case .datetime: "%d.%m.%Y %H:%M:%S"
        case .integer, .number, .string, .boolean, .array, .object, .any: "%H:%M"
        }
    }

    // MARK: Notation

    private mutating func readNotation(
        _ words: ColumnWords, into column: inout ColumnDeclaration
    ) {
        let isNumber = column.type == .integer || column.type == .number
        refuse(.decimalChar, words, unless: column.type == .number, "number")
        refuse(.groupChar, words, unless: isNumber, "integer` or `number")
        refuse(.bareNumber, words, unless: isNumber, "integer` or `number")
        refuse(.trueValues, words, unless: column.type == .boolean, "boolean")
        refuse(.falseValues, words, unless: column.type == .boolean, "boolean")
        if isNumber {
            column.notation.decimalChar = character(.decimalChar, words)
            column.notation.groupChar = character(.groupChar, words)
            column.notation.isBareNumber = words[.bareNumber]?.flag ?? true
            // Integers have no decimal character.
            if let group = column.notation.groupChar, let node = words[.groupChar],
                column.type == .number, group == column.notation.decimalChar ?? "."
            {
                report(
                    node, "`\(words.called(.groupChar))` is also the decimal character",
                    hint: "\(words.called(.decimalChar)): \",\"")
            }
        } else if column.type == .boolean {
            readWords(words, into: &column)
        }
        if let node = words[.pattern], CellForm(column) != nil {
            report(
                node,
                "`\(words.called(.pattern))` is about cells that are written as their type "
                    + "has it",
                hint: "take it out, or what says how they are written")
        }
    }

    private mutating func readWords(_ words: ColumnWords, into column: inout ColumnDeclaration) {
        let yes = words[.trueValues]?.items.compactMap(\.label)
        let no = words[.falseValues]?.items.compactMap(\.label)
        guard yes != nil || no != nil else { return }
        column.notation.trueValues = yes ?? ["true", "True", "TRUE"]
        column.notation.falseValues = no ?? ["false", "False", "FALSE"]
        for word in column.notation.falseValues where column.notation.trueValues.contains(word) {
            let node = words[.falseValues]
            report(
                node?.items.first { $0.label == word } ?? node ?? words.node,
                "`\(quoted(word))` means both true and false")
        }
    }

    private mutating func refuse(
        _ key: ColumnWords.Key, _ words: ColumnWords, unless fits: Bool, _ types: String
    ) {
        guard !fits, let node = words[key] else { return }
        report(
            node, "`\(words.called(key))` needs a \(words.language.column) of type `\(types)`")
    }

    private mutating func character(_ key: ColumnWords.Key, _ words: ColumnWords) -> String? {
        guard let node = words[key], let text = node.text else { return nil }
        let scalars = text.unicodeScalars
        if let only = scalars.first, scalars.count == 1, only.value >= 0x20,
            !"0123456789+-eE\"".unicodeScalars.contains(only)
        {
            return text
        }
        report(
            node,
            "`\(words.called(key))` must be one character that no number has otherwise, "
                + "found `\(quoted(text))`")
        return nil
    }

    // MARK: Lengths

    private mutating func readLengths(_ words: ColumnWords, into column: inout ColumnDeclaration) {
        refuse(.minLength, words, unless: column.type == .string, "string")
        refuse(.maxLength, words, unless: column.type == .string, "string")
        guard column.type == .string else { return }
        column.minLength = words[.minLength]?.integer
        column.maxLength = words[.maxLength]?.integer
        if let least = column.minLength, let most = column.maxLength, least > most {
            let (low, high) = (words.called(.minLength), words.called(.maxLength))
            report(words[.maxLength] ?? words.node, "`\(high)` is below `\(low)`")
        }
    }

    // MARK: Values

    private mutating func readValues(_ words: ColumnWords, into column: inout ColumnDeclaration) {
        guard let node = words[.values] else { return }
        let form = CellForm(column)
        column.values = node.items.compactMap { item in
            guard let label = item.label else { return nil }
            let text = form?.reading(label) ?? label
            if !isValue(text, of: column.type) {
                report(
                    item,
                    "`\(quoted(label))` is \(column.type.lack), so no cell of "
                        + "`\(quoted(column.name))` can be it")
            }
            return text
        }
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(at: node.place(in: file), message, hint: hint))
    }
}

extension ColumnDeclaration.Kind {
    /// What a text is that is not of the type.
    fileprivate var lack: String {
        switch self {
        case .integer: "not an integer"
        case .number: "not a number"
        case .string: "not a text"
        case .boolean: "neither `true` nor `false`"
        case .date: "not a date (YYYY-MM-DD)"
        case .datetime: "not a date and time (RFC 3339)"
        case .array, .object, .any: "no value"
        }
    }
}

/// Whether a text without any form of its own is a cell of the type.
private func isValue(_ text: String, of kind: ColumnDeclaration.Kind) -> Bool {
    let bytes = Array(text.utf8)
    return switch kind {
    case .string, .array, .object, .any: true
    case .integer: isInteger(text) && Int64(text) != nil
    case .number:
        if case .integer = plainScalar(text) { isInteger(text) } else { decimal(text) != nil }
    case .boolean: ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text)
    case .date: dateValue(bytes.span, bytes.indices) != nil
    case .datetime: momentValue(bytes.span, bytes.indices) != nil
    }
}

/// A finite number as YAML and data write it; nil for anything else.
func decimal(_ text: String) -> Double? {
    switch plainScalar(text) {
    case .integer(let value): Double(value)
    case .number(let value): value.isFinite ? value : nil
    case .null, .bool, .text, .list, .table: nil
    }
}
