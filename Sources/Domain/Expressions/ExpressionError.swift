/// What is wrong with a rule, and where in it.
package struct ExpressionError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        // Characters.
        case tooLong
        case strangeCharacter(String)
        case openText
        case openName
        case badNumber(String)
        case badDate(String)
        case badMoment(String)
        // Grammar.
        case empty
        case tooDeep
        case expected(String, found: String)
        case chained
        case comparedNull
        case unknownFunction(String, meant: String?)
        case argumentCount(RowExpression.Function, found: Int)
        case needsPattern
        // Types.
        case unknownColumn(String, meant: String?)
        case notComparable(ExpressionType, ExpressionType, Advice?)
        /// `isOpen`: it is a column, and no column is declared.
        case needs(String, [ExpressionType], found: ExpressionType, isOpen: Bool)
        case noOrder
        case badPattern(String, PatternError)
        case notACondition(ExpressionType)
        case noColumn
    }

    /// How values can be made comparable.
    package enum Advice: Hashable, Sendable {
        case unquote(String)
        case prefix(String)
        case declare
    }

    /// How many Unicode scalars of the rule stand before the mistake.
    package let offset: Int
    package let kind: Kind

    init(_ offset: Int, _ kind: Kind) {
        self.offset = offset
        self.kind = kind
    }
}
