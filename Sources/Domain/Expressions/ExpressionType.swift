/// What a part of a rule comes to, when no cell is missing.
package enum ExpressionType: String, Hashable, Sendable, CaseIterable {
    case number, string, boolean, date, datetime

    package init(_ kind: ColumnDeclaration.Kind) {
        self =
            switch kind {
            case .integer, .number: .number
            case .string, .array, .object, .any: .string
            case .boolean: .boolean
            case .date: .date
            case .datetime: .datetime
            }
    }

    var noun: String {
        switch self {
        case .number: "a number"
        case .string: "a string"
        case .boolean: "a boolean"
        case .date: "a date"
        case .datetime: "a date with a time"
        }
    }
}

extension RowExpression {
    /// The type of a checked expression; `columns` are the types of the declared ones, and others
    /// are strings.
    package func type(_ columns: [String: ExpressionType]) -> ExpressionType {
        switch form {
        case .number, .negated, .arithmetic: .number
        case .text: .string
        case .date: .date
        case .moment: .datetime
        case .column(let name): columns[name] ?? .string
        case .flag, .comparison, .oneOf, .between, .isMissing, .matches, .not, .all, .any: .boolean
        case .call(let function, _): function.result
        }
    }
}

extension RowExpression.Function {
    var result: ExpressionType {
        switch self {
        case .length, .abs, .year, .month, .day: .number
        case .lower, .upper: .string
        case .startsWith, .endsWith, .contains, .isFinite: .boolean
        }
    }

    var argumentCount: Int {
        switch self {
        case .startsWith, .endsWith, .contains: 2
        case .length, .lower, .upper, .abs, .year, .month, .day, .isFinite: 1
        }
    }

    /// What each of its arguments may be.
    var accepts: [ExpressionType] {
        switch self {
        case .length, .lower, .upper, .startsWith, .endsWith, .contains: [.string]
        case .abs, .isFinite: [.number]
        case .year, .month, .day: [.date, .datetime]
        }
    }
}
