import Domain

extension ColumnReader {
    /// Reads the least and the greatest value of cells: numbers of numbers, days and times of dates
    /// and times, in either form that a cell has.
    mutating func readBounds(_ words: ColumnWords, into column: inout ColumnDeclaration) {
        for (exclusive, other) in [
            (ColumnWords.Key.exclusiveMin, ColumnWords.Key.min), (.exclusiveMax, .max),
        ] {
            guard let node = words[exclusive], words[other] != nil else { continue }
            report(
                node,
                "`\(words.called(exclusive))` and `\(words.called(other))` say the same "
                    + "thing twice", hint: "keep one")
        }
        column.excludesMin = words[.exclusiveMin] != nil
        column.excludesMax = words[.exclusiveMax] != nil
        let least = words[.exclusiveMin] == nil ? ColumnWords.Key.min : .exclusiveMin
        let most = words[.exclusiveMax] == nil ? ColumnWords.Key.max : .exclusiveMax
        switch column.type {
        case .integer, .number:
            column.min = number(least, words, column)
            column.max = number(most, words, column)
            if let low = column.min, let high = column.max, low > high {
                cross(least, most, words)
            }
        case .date, .datetime:
            column.earliest = time(least, words, column)
            column.latest = time(most, words, column)
            if let low = column.earliest.flatMap(boundMoment),
                let high = column.latest.flatMap(boundMoment),
                low > high
            {
                cross(least, most, words)
            }
        case .string, .boolean, .array, .object, .any:
            for key in [ColumnWords.Key.min, .max, .exclusiveMin, .exclusiveMax] {
                guard let node = words[key] else { continue }
                report(
                    node,
                    "`\(words.called(key))` needs a \(words.language.column) of type `integer`, "
                        + "`number`, `date` or `datetime`")
            }
        }
    }

    private mutating func cross(
        _ least: ColumnWords.Key, _ most: ColumnWords.Key, _ words: ColumnWords
    ) {
        report(
            words[most] ?? words.node,
            "`\(words.called(most))` is below `\(words.called(least))`")
    }

    private mutating func number(
        _ key: ColumnWords.Key, _ words: ColumnWords, _ column: ColumnDeclaration
    ) -> Double? {
        guard let node = words[key] else { return nil }
        let text = node.text.map { CellForm(column)?.reading($0) ?? $0 }
        if case .integer(let value) = text.map(plainScalar) ?? node.value,
            let problem = inexactness(of: value, called: words.called(key))
        {
            report(node, problem.message, hint: problem.hint)
            return nil
        }
        if let number = node.number ?? text.flatMap(decimal) { return number }
        report(
            node,
            "`\(words.called(key))` of a \(words.language.column) of type "
                + "`\(column.type.rawValue)` must be a number, found \(node.found)")
        return nil
    }

    private mutating func time(
        _ key: ColumnWords.Key, _ words: ColumnWords, _ column: ColumnDeclaration
    ) -> String? {
        guard let node = words[key] else { return nil }
        if let text = node.label {
            for text in [text, CellForm(column)?.reading(text)].compactMap(\.self) {
                if isDay(text) || column.type == .datetime && isDayOrTime(text) { return text }
            }
        }
        let example = column.type == .date ? "2026-01-31" : "2026-01-31T12:00:00Z"
        report(
            node,
            "`\(words.called(key))` of a \(words.language.column) of type "
                + "`\(column.type.rawValue)` must be "
                + (column.type == .date ? "a day" : "a day or a time")
                + ", found \(node.found)", hint: example)
        return nil
    }
}

private func isDay(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return dateValue(bytes.span, bytes.indices) != nil
}

/// Whether a text is a day or a time of RFC 3339.
func isDayOrTime(_ text: String) -> Bool { boundMoment(text) != nil }
