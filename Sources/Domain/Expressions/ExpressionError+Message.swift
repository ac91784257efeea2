extension ExpressionError {
    /// One line of fact.
    package var message: String {
        switch kind {
        case .tooLong: "the rule has more than \(RowExpression.lengthMax) characters"
        case .strangeCharacter(let text): "`\(shown(text))` has no meaning in a rule"
        case .openText: "the text that begins here has no closing quote"
        case .openName: "the name that begins here has no closing backquote"
        case .badNumber(let text): "`\(shown(text))` is not a number"
        case .badDate(let text): "`\(shown(text))` is not a date"
        case .badMoment(let text): "`\(shown(text))` is not a date with a time"
        case .empty: "the rule is empty"
        case .tooDeep: "the rule is nested deeper than \(RowExpression.depthMax)"
        case .expected(let what, let found): "expected \(what), found \(shownToken(found))"
        case .chained: "comparisons cannot be chained"
        case .comparedNull: "`null` is equal to nothing, not even to `null`"
        case .unknownFunction(let name, let meant):
            "there is no function `\(shown(name))()`\(meantText(meant.map { "\($0)()" }))"
        case .argumentCount(let function, let found):
            "`\(function.rawValue)()` takes \(count(function.argumentCount)), found \(found)"
        case .needsPattern: "`matches` needs a regular expression in quotes"
        case .unknownColumn(let name, let meant):
            "there is no column `\(shown(name))`\(meantText(meant))"
        case .notComparable(let left, let right, _):
            "\(left.noun) cannot be compared with \(right.noun)"
        case .needs(let word, let types, let found, _):
            "`\(word)` needs \(types.map(\.noun).joined(separator: " or ")), found \(found.noun)"
        case .noOrder: "booleans have no order"
        case .badPattern(let text, let problem): problem.message(of: text)
        case .notACondition(let type): "the rule comes to \(type.noun), not to true or false"
        case .noColumn: "the rule looks at no column"
        }
    }

    /// How to mend it.
    package var hint: String? {
        switch kind {
        case .tooLong: "make several rules of it"
        case .strangeCharacter(let text): characterHint(text)
        case .openText: "a quote inside a text is written twice"
        case .openName: "`net amount` >= 0"
        case .badNumber: "1437, 0.5 or 1e6"
        case .badDate: "date \"2024-01-31\""
        case .badMoment: "datetime \"2024-01-31T12:00:00Z\""
        case .empty, .notACondition: "amount >= 0"
        case .tooDeep: "take parentheses away, or make several rules of it"
        case .expected(_, let found):
            ExpressionParser.isReserved(found)
                ? "write the name of a column in backquotes if it is a word of the language" : nil
        case .chained: "write `0 <= a and a <= 1`, or `a between 0 and 1`"
        case .comparedNull: "write `is null` or `is not null`"
        case .unknownFunction:
            "functions: "
                + RowExpression.Function.allCases.map(\.rawValue).sorted().joined(separator: ", ")
        case .argumentCount(let function, _): function.argumentCount == 1 ? nil : "divide by commas"
        case .needsPattern: "code matches \"[A-Z]{2}[0-9]+\""
        case .unknownColumn: "a text stands in quotes, a column is declared under `columns:`"
        case .notComparable(_, _, let advice): advice?.hint
        case .needs(_, let types, _, let isOpen):
            isOpen
                ? Advice.declare.hint
                : types == [.boolean] ? "compare it with something: amount >= 0" : nil
        case .noOrder: "write `a = b`, or `a` and `not a`"
        case .badPattern(_, let problem): problem.hint
        case .noColumn: "names stand without quotes, or in backquotes: amount >= 0"
        }
    }

    private func characterHint(_ text: String) -> String? {
        switch text {
        case "&", "&&": "write `and`"
        case "|", "||": "write `or`"
        case "!": "write `not`"
        case "=>": "write `>=`"
        case "=<": "write `<=`"
        case "“", "”", "„", "‘", "’": "texts stand in straight quotes"
        default: nil
        }
    }
}

extension ExpressionError.Advice {
    var hint: String {
        switch self {
        case .unquote(let text): "write `\(shown(text))` without quotes"
        case .prefix(let text): "write \(text)"
        case .declare: "declare the column with its type under `columns:`"
        }
    }
}

private func shown(_ text: String) -> String { oneLine(text, charactersMax: 60) }

private func shownToken(_ text: String) -> String {
    text.isEmpty ? "the end of the rule" : "`\(shown(text))`"
}

private func meantText(_ name: String?) -> String {
    name.map { "; did you mean `\(shown($0))`?" } ?? ""
}

private func count(_ arguments: Int) -> String {
    arguments == 1 ? "1 argument" : "\(arguments) arguments"
}
