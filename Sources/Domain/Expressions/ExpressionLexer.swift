/// One word, literal or sign of a rule.
struct ExpressionToken: Hashable {
    enum Kind: Hashable {
        case number(Double)
        case text(String)
        /// A keyword, a function or a column.
        case word(String)
        /// A column in backquotes.
        case name(String)
        case sign(String)
        case end
    }

    var kind: Kind
    /// How many Unicode scalars stand before it.
    var offset: Int
    /// As it was written; empty at the end.
    var source: String
}

/// Splits a rule into tokens.
struct ExpressionLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) throws(ExpressionError) {
        scalars = Array(text.unicodeScalars.prefix(RowExpression.lengthMax + 1))
        guard scalars.count <= RowExpression.lengthMax else {
            throw ExpressionError(RowExpression.lengthMax, .tooLong)
        }
    }

    /// All tokens, the last of which is the end.
    mutating func tokens() throws(ExpressionError) -> [ExpressionToken] {
        var tokens: [ExpressionToken] = []
        while true {
            while let scalar = peek, scalar.properties.isWhitespace { position += 1 }
            let start = position
            let kind = try token()
            let source = string(start..<position)
            tokens.append(ExpressionToken(kind: kind, offset: start, source: source))
            if kind == .end { return tokens }
        }
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private mutating func token() throws(ExpressionError) -> ExpressionToken.Kind {
        guard let scalar = peek else { return .end }
        switch scalar {
        case "\"", "'": return .text(try quoted(scalar, .openText))
        case "`": return .name(try quoted(scalar, .openName))
        case _ where isDigit(scalar) || scalar == ".": return .number(try number())
        case _ where isNameStart(scalar): return .word(word())
        default: return .sign(try sign())
        }
    }

    /// Up to the closing quote; of two quotes one belongs to the text.
    private mutating func quoted(
        _ quote: Unicode.Scalar, _ mistake: ExpressionError.Kind
    ) throws(ExpressionError) -> String {
        let start = position
        var text = String.UnicodeScalarView()
        position += 1
        while let scalar = peek {
            position += 1
            if scalar == quote {
                guard peek == quote else { return String(text) }
                position += 1
            }
            text.append(scalar)
        }
        throw ExpressionError(start, mistake)
    }

    /// `digits [. digits] [e [+-] digits]`, with digits before or behind the point.
    private mutating func number() throws(ExpressionError) -> Double {
        let start = position
        while let scalar = peek {
            let isExponentSign =
                (scalar == "+" || scalar == "-")
                && (scalars[position - 1] == "e" || scalars[position - 1] == "E")
            // A name that follows at once is part of the mistake.
            guard isDigit(scalar) || scalar == "." || isNamePart(scalar) || isExponentSign else {
                break
            }
            position += 1
        }
        let text = string(start..<position)
        // Because `Double` also reads hexadecimal numbers and `1e5` of any size.
        let isPlain = text.unicodeScalars.allSatisfy {
            isDigit($0) || ".eE+-".unicodeScalars.contains($0)
        }
        let isPointLast = text.hasSuffix(".")
        guard isPlain, !isPointLast, let value = Double(text), value.isFinite else {
            throw ExpressionError(start, .badNumber(text))
        }
        return value
    }

    private mutating func word() -> String {
        let start = position
        while let scalar = peek, isNamePart(scalar) { position += 1 }
        return string(start..<position)
    }

    private mutating func sign() throws(ExpressionError) -> String {
        let pair = string(position..<Swift.min(position + 2, scalars.count))
        switch pair {
        case "==", "!=", "<>", "<=", ">=":
            position += 2
            return pair
        case "&&", "||", "=>", "=<":
            throw ExpressionError(position, .strangeCharacter(pair))
        default: break
        }
        let sign = string(position..<position + 1)
        guard "=<>+-*/%(),".contains(sign) else {
            throw ExpressionError(position, .strangeCharacter(sign))
        }
        position += 1
        return sign
    }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

private func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
}

private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    if isNameStart(scalar) || isDigit(scalar) { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: return true
    default: return false
    }
}
