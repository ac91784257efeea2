/// Checks before any data is read that a rule compares what can be compared.
struct ExpressionTypes {
    private let columns: [String: ExpressionType]
    private let nearest: (String, [String]) -> String?

    init(_ columns: [ColumnDeclaration], nearest: @escaping (String, [String]) -> String?) {
        self.columns = Dictionary(
            columns.map { ($0.name, ExpressionType($0.type)) }, uniquingKeysWith: { $1 })
        self.nearest = nearest
    }

    /// Checks a whole rule.
    func check(_ rule: RowExpression) throws(ExpressionError) {
        let type = try type(rule)
        guard type == .boolean else {
            throw ExpressionError(rule.offset, .notACondition(type))
        }
        guard !rule.columns.isEmpty else { throw ExpressionError(0, .noColumn) }
    }

    private func type(_ part: RowExpression) throws(ExpressionError) -> ExpressionType {
        switch part.form {
        case .number, .text, .flag, .date, .moment: break
        case .column(let name): try checkName(name, at: part.offset)
        case .negated(let inner): try need([.number], inner, by: "-")
        case .arithmetic(let operation, let left, let right):
            try need([.number], left, by: operation.rawValue)
            try need([.number], right, by: operation.rawValue)
        case .comparison(let comparison, let left, let right):
            try compare(left, [right], at: part.offset, comparison.isOrder)
        case .oneOf(let value, let items):
            try compare(value, items, at: part.offset, false)
        case .between(let value, let least, let most):
            try compare(value, [least, most], at: part.offset, true)
        case .isMissing(let inner): _ = try type(inner)
        case .matches(let inner, _): try need([.string], inner, by: "matches")
        case .not(let inner): try need([.boolean], inner, by: "not")
        case .all(let parts):
            for part in parts { try need([.boolean], part, by: "and") }
        case .any(let parts):
            for part in parts { try need([.boolean], part, by: "or") }
        case .call(let function, let arguments):
            for part in arguments {
                try need(function.accepts, part, by: "\(function.rawValue)()")
            }
        }
        return part.type(columns)
    }

    private func checkName(_ name: String, at offset: Int) throws(ExpressionError) {
        guard !columns.isEmpty, columns[name] == nil else { return }
        let meant = nearest(name, columns.keys.sorted())
        throw ExpressionError(offset, .unknownColumn(name, meant: meant))
    }

    private func need(
        _ types: [ExpressionType], _ part: RowExpression, by word: String
    ) throws(ExpressionError) {
        let found = try type(part)
        guard !types.contains(found) else { return }
        throw ExpressionError(part.offset, .needs(word, types, found: found, isOpen: isOpen(part)))
    }

    /// It is a column, and no column is declared.
    private func isOpen(_ part: RowExpression) -> Bool {
        guard case .column = part.form else { return false }
        return columns.isEmpty
    }

    private func compare(
        _ value: RowExpression, _ others: [RowExpression], at offset: Int, _ isOrder: Bool
    ) throws(ExpressionError) {
        let left = try type(value)
        for other in others {
            let right = try type(other)
            guard left == right else {
                let offset = others.count > 1 ? other.offset : offset
                throw ExpressionError(
                    offset, .notComparable(left, right, advice(value, left, other, right)))
            }
        }
        if isOrder, left == .boolean { throw ExpressionError(offset, .noOrder) }
    }

    /// What was probably meant by two values that cannot be compared.
    private func advice(
        _ left: RowExpression, _ leftType: ExpressionType, _ right: RowExpression,
        _ rightType: ExpressionType
    ) -> ExpressionError.Advice? {
        if isOpen(left) || isOpen(right) { return .declare }
        if case .text(let text) = right.form { return advice(text, as: leftType) }
        if case .text(let text) = left.form { return advice(text, as: rightType) }
        return nil
    }

    private func advice(_ text: String, as type: ExpressionType) -> ExpressionError.Advice? {
        if columns[text] == type { return .unquote(text) }
        switch type {
        case .number: return Double(text) == nil ? nil : .unquote(text)
        case .boolean: return ["true", "false"].contains(text) ? .unquote(text) : nil
        case .date: return .prefix("date \"2024-01-31\"")
        case .datetime: return .prefix("datetime \"2024-01-31T12:00:00Z\"")
        case .string: return nil
        }
    }
}
