/// Reads a rule by recursive descent.
///
/// The grammar, in which `[ ]` may be left out and `{ }` may be repeated, is in docs/rules.md.
/// From the loosest to the tightest: `or`, `and`, `not`, comparisons, `+ -`, `* / %`, minus.
struct ExpressionParser {
    private let tokens: [ExpressionToken]
    private let nearest: (String, [String]) -> String?
    private var position = 0
    private var depth = 0

    private static let reserved: Set = [
        "and", "or", "not", "in", "between", "is", "null", "matches", "true", "false",
    ]

    /// Whether it is a word of the language, in any case.
    static func isReserved(_ word: String) -> Bool { reserved.contains(word.lowercased()) }

    init(
        _ text: String, nearest: @escaping (String, [String]) -> String?
    ) throws(ExpressionError) {
        var lexer = try ExpressionLexer(text)
        tokens = try lexer.tokens()
        self.nearest = nearest
    }

    mutating func parse() throws(ExpressionError) -> RowExpression {
        guard next.kind != .end else { throw ExpressionError(0, .empty) }
        let expression = try alternatives()
        guard next.kind == .end else {
            throw expected("`and`, `or` or the end of the rule")
        }
        return expression
    }

    // MARK: Tokens

    private var next: ExpressionToken { tokens[position] }

    private func expected(_ what: String) -> ExpressionError {
        if isWord("null") { return ExpressionError(next.offset, .comparedNull) }
        return ExpressionError(next.offset, .expected(what, found: next.source))
    }

    private func isWord(_ keyword: String) -> Bool {
        guard case .word(let word) = next.kind else { return false }
        return word.lowercased() == keyword
    }

    private func isSign(_ sign: String) -> Bool { next.kind == .sign(sign) }

    private mutating func take(word: String) -> Bool {
        guard isWord(word) else { return false }
        position += 1
        return true
    }

    private mutating func take(sign: String) -> Bool {
        guard isSign(sign) else { return false }
        position += 1
        return true
    }

    private mutating func need(sign: String) throws(ExpressionError) {
        guard take(sign: sign) else { throw expected("`\(sign)`") }
    }

    /// Refuses what would be nested too deep for those who walk over it later.
    private func made(
        _ form: RowExpression.Form, at offset: Int
    ) throws(ExpressionError) -> RowExpression {
        let expression = RowExpression(form, at: offset)
        guard expression.depth <= RowExpression.depthMax else {
            throw ExpressionError(offset, .tooDeep)
        }
        return expression
    }

    private mutating func deeper() throws(ExpressionError) {
        depth += 1
        guard depth <= RowExpression.depthMax else {
            throw ExpressionError(next.offset, .tooDeep)
        }
    }

    // MARK: Conditions

    private mutating func alternatives() throws(ExpressionError) -> RowExpression {
        try deeper()
        defer { depth -= 1 }
        let first = try conjunction()
        guard isWord("or") else { return first }
        let offset = next.offset
        var sides = [first]
        while take(word: "or") { sides.append(try conjunction()) }
        return try made(.any(sides), at: offset)
    }

    private mutating func conjunction() throws(ExpressionError) -> RowExpression {
        let first = try negation()
        guard isWord("and") else { return first }
        let offset = next.offset
        var sides = [first]
        while take(word: "and") { sides.append(try negation()) }
        return try made(.all(sides), at: offset)
    }

    private mutating func negation() throws(ExpressionError) -> RowExpression {
        let offset = next.offset
        guard take(word: "not") else { return try comparison() }
        try deeper()
        defer { depth -= 1 }
        return try made(.not(try negation()), at: offset)
    }

    private mutating func comparison() throws(ExpressionError) -> RowExpression {
        let left = try sum()
        let offset = next.offset
        if let comparison = takeComparison() {
            let found = try made(.comparison(comparison, left, try sum()), at: offset)
            guard takeComparison() == nil else {
                throw ExpressionError(tokens[position - 1].offset, .chained)
            }
            return found
        }
        if take(word: "is") {
            let isNegated = take(word: "not")
            guard take(word: "null") else { throw expected("`null`") }
            let found = try made(.isMissing(left), at: offset)
            return isNegated ? try made(.not(found), at: offset) : found
        }
        let isNegated = take(word: "not")
        guard let found = try test(of: left, at: offset) else {
            if isNegated { throw expected("`in`, `between` or `matches`") }
            return left
        }
        return isNegated ? try made(.not(found), at: offset) : found
    }

    private mutating func takeComparison() -> RowExpression.Comparison? {
        guard case .sign(let sign) = next.kind else { return nil }
        let plain = sign == "==" ? "=" : sign == "<>" ? "!=" : sign
        guard let comparison = RowExpression.Comparison(rawValue: plain) else { return nil }
        position += 1
        return comparison
    }

    /// What stands behind a value and may have `not` in front.
    private mutating func test(
        of value: RowExpression, at offset: Int
    ) throws(ExpressionError) -> RowExpression? {
        if take(word: "in") {
            try need(sign: "(")
            return try made(.oneOf(value, try list()), at: offset)
        }
        if take(word: "between") {
            let least = try sum()
            guard take(word: "and") else { throw expected("`and`") }
            return try made(.between(value, least, try sum()), at: offset)
        }
        guard take(word: "matches") else { return nil }
        let token = next
        guard case .text(let text) = token.kind else {
            throw ExpressionError(token.offset, .needsPattern)
        }
        position += 1
        return try made(.matches(value, try pattern(text, of: token)), at: token.offset)
    }

    private func pattern(
        _ text: String, of token: ExpressionToken
    ) throws(ExpressionError) -> TextPattern {
        do throws(PatternError) {
            return try TextPattern(text)
        } catch {
            // A quote of the text is written twice in the rule.
            let quote = token.source.unicodeScalars.first
            let before = text.unicodeScalars.prefix(error.offset)
            let offset = token.offset + 1 + error.offset + before.count { $0 == quote }
            throw ExpressionError(offset, .badPattern(text, error))
        }
    }

    /// Values with commas between them, behind the parenthesis and up to the closing one.
    private mutating func list() throws(ExpressionError) -> [RowExpression] {
        var items = [try sum()]
        while take(sign: ",") { items.append(try sum()) }
        guard take(sign: ")") else { throw expected("`,` or `)`") }
        return items
    }

    // MARK: Values

    private mutating func sum() throws(ExpressionError) -> RowExpression {
        var left = try product()
        while isSign("+") || isSign("-") {
            let offset = next.offset
            let operation: RowExpression.Arithmetic = isSign("+") ? .sum : .difference
            position += 1
            left = try made(.arithmetic(operation, left, try product()), at: offset)
        }
        return left
    }

    private mutating func product() throws(ExpressionError) -> RowExpression {
        var left = try signed()
        while isSign("*") || isSign("/") || isSign("%") {
            let offset = next.offset
            let operation: RowExpression.Arithmetic =
                isSign("*") ? .product : isSign("/") ? .quotient : .remainder
            position += 1
            left = try made(.arithmetic(operation, left, try signed()), at: offset)
        }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> RowExpression {
        let offset = next.offset
        guard take(sign: "-") else { return try primary() }
        try deeper()
        defer { depth -= 1 }
        let value = try signed()
        if case .number(let number) = value.form { return try made(.number(-number), at: offset) }
        return try made(.negated(value), at: offset)
    }

    private mutating func primary() throws(ExpressionError) -> RowExpression {
        let token = next
        switch token.kind {
        case .number(let value):
            position += 1
            return try made(.number(value), at: token.offset)
        case .text(let text):
            position += 1
            return try made(.text(text), at: token.offset)
        case .name(let name):
            position += 1
            return try made(.column(name), at: token.offset)
        case .word(let word): return try named(word, at: token.offset)
        case .sign, .end:
            guard take(sign: "(") else { throw expected("a value") }
            let inner = try alternatives()
            guard take(sign: ")") else { throw expected("`)`") }
            return inner
        }
    }

    /// What begins with a word: a literal, a function or a column.
    private mutating func named(
        _ word: String, at offset: Int
    ) throws(ExpressionError) -> RowExpression {
        if take(word: "true") { return try made(.flag(true), at: offset) }
        if take(word: "false") { return try made(.flag(false), at: offset) }
        guard !Self.isReserved(word) else { throw expected("a value") }
        position += 1
        if case .text(let text) = next.kind, let form = try time(word, text) {
            position += 1
            return try made(form, at: offset)
        }
        guard take(sign: "(") else { return try made(.column(word), at: offset) }
        let name = word.lowercased()
        guard let function = RowExpression.Function(rawValue: name) else {
            let names = RowExpression.Function.allCases.map(\.rawValue)
            throw ExpressionError(offset, .unknownFunction(word, meant: nearest(name, names)))
        }
        let arguments = take(sign: ")") ? [] : try list()
        guard arguments.count == function.argumentCount else {
            throw ExpressionError(offset, .argumentCount(function, found: arguments.count))
        }
        return try made(.call(function, arguments), at: offset)
    }

    /// `date "…"` and `datetime "…"`; nil for another word.
    private func time(_ word: String, _ text: String) throws(ExpressionError) -> RowExpression.Form?
    {
        let bytes = Array(text.utf8)
        switch word.lowercased() {
        case "date":
            guard let date = dateValue(bytes.span, bytes.indices) else {
                throw ExpressionError(next.offset, .badDate(text))
            }
            return .date(date)
        case "datetime":
            guard let moment = momentValue(bytes.span, bytes.indices),
                let day = dateValue(bytes.span, 0..<10)
            else { throw ExpressionError(next.offset, .badMoment(text)) }
            return .moment(moment, day: day)
        default: return nil
        }
    }
}
