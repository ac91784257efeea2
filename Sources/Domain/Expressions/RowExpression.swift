/// A condition on the cells of one row, or a part of one, in the language of docs/rules.md.
package struct RowExpression: Hashable, Sendable {
    /// How many Unicode scalars a rule may have.
    package static let lengthMax = 10_000
    /// How deep its parts may stand in each other.
    package static let depthMax = 64

    package indirect enum Form: Hashable, Sendable {
        case number(Double)
        case text(String)
        case flag(Bool)
        /// As `dateValue` has it.
        case date(Int)
        /// As `momentValue` has it, with the day as it is written.
        case moment(Int128, day: Int)
        case column(String)
        case negated(RowExpression)
        case arithmetic(Arithmetic, RowExpression, RowExpression)
        case comparison(Comparison, RowExpression, RowExpression)
        case oneOf(RowExpression, [RowExpression])
        /// Both ends belong to it.
        case between(RowExpression, RowExpression, RowExpression)
        case isMissing(RowExpression)
        /// The whole text matches the regular expression.
        case matches(RowExpression, TextPattern)
        case not(RowExpression)
        case all([RowExpression])
        case any([RowExpression])
        case call(Function, [RowExpression])
    }

    package enum Arithmetic: String, Hashable, Sendable, CaseIterable {
        case sum = "+"
        case difference = "-"
        case product = "*"
        case quotient = "/"
        /// With the sign of the first number, as C's `fmod`.
        case remainder = "%"
    }

    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="

        /// Whether it needs values that have an order.
        package var isOrder: Bool { self != .equal && self != .unequal }
    }

    /// The raw values are the names in rules.
    package enum Function: String, Hashable, Sendable, CaseIterable {
        case length, lower, upper, abs
        case startsWith = "starts_with"
        case endsWith = "ends_with"
        case contains
        case year, month, day
        case isFinite = "is_finite"
    }

    package let form: Form
    /// How many Unicode scalars of the rule stand before it; before the sign of an operation.
    package let offset: Int
    /// 1 where there are no parts.
    package let depth: Int

    package init(_ form: Form, at offset: Int) {
        self.form = form
        self.offset = offset
        depth = 1 + (form.parts.map(\.depth).max() ?? 0)
    }

    /// The columns that it looks at, in the order in which they are first named.
    package var columns: [String] {
        var names: [String] = []
        collect(into: &names)
        return names
    }

    /// How many places its regular expressions have.
    package var patternPlaces: Int {
        var count = form.parts.reduce(0) { $0 + $1.patternPlaces }
        if case .matches(_, let pattern) = form { count += pattern.net.places.count }
        return count
    }

    private func collect(into names: inout [String]) {
        if case .column(let name) = form, !names.contains(name) { names.append(name) }
        for part in form.parts { part.collect(into: &names) }
    }
}

extension RowExpression.Form {
    /// What it is made of, in the order of the rule.
    var parts: [RowExpression] {
        switch self {
        case .number, .text, .flag, .date, .moment, .column: []
        case .negated(let part), .isMissing(let part), .matches(let part, _), .not(let part):
            [part]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right):
            [left, right]
        case .oneOf(let value, let items): [value] + items
        case .between(let value, let least, let most): [value, least, most]
        case .all(let parts), .any(let parts), .call(_, let parts): parts
        }
    }
}

extension RowExpression {
    /// Reads a rule and checks its types.
    ///
    /// - Parameters:
    ///   - columns: what the manifest declares; of none, every column is a string.
    ///   - nearest: which of some names was probably meant by an unknown one.
    package static func read(
        _ text: String, columns: [ColumnDeclaration],
        nearest: @escaping (String, [String]) -> String? = { _, _ in nil }
    ) throws(ExpressionError) -> RowExpression {
        var parser = try ExpressionParser(text, nearest: nearest)
        let expression = try parser.parse()
        try ExpressionTypes(columns, nearest: nearest).check(expression)
        return expression
    }

    /// Reads a rule without knowing the columns.
    package static func parse(_ text: String) throws(ExpressionError) -> RowExpression {
        var parser = try ExpressionParser(text) { _, _ in nil }
        return try parser.parse()
    }
}
