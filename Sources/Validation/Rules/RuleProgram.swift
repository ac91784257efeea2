import Domain

/// A row rule as operations on lanes: a lane has one value for each record of a batch.
///
/// Lanes are a stack whose heights are known before, so every operation names its own. Each has
/// room for a value of every type, beside a flag.
struct RuleProgram: Sendable {
    typealias Lane = Int

    var operations: [RuleOperation] = []
    /// The columns that the rule looks at.
    let columns: [RuleColumn]
    /// The texts that stand in the rule, one behind the other.
    var texts: [UInt8] = []
    /// Texts to look for, each list in the order of their bytes.
    var textLists: [[[UInt8]]] = []
    /// Numbers to look for, each list in their order.
    var numberLists: [[Double]] = []
    var patterns: [CellPattern] = []
    /// How many lanes it needs.
    var lanes = 0
    var hasTexts = false
    var hasMoments = false
}

/// A column of a rule.
struct RuleColumn: Hashable, Sendable {
    let name: String
    let type: ExpressionType
    /// Its cells are shown in no report.
    let isHidden: Bool

    /// Undeclared columns are strings.
    ///
    /// - Parameter hidden: columns whose cells are shown in no report, declared here or where the
    ///   rows come from.
    init(_ name: String, in columns: [ColumnDeclaration], hiding hidden: Set<String>) {
        let declaration = columns.first { $0.name == name }
        self.name = name
        type = declaration.map { ExpressionType($0.type) } ?? .string
        isHidden = hidden.contains(name)
    }
}

/// One step of a rule, on all records of a batch. A flag says false, true or unknown; that of a
/// value which is no boolean says only whether the value is unknown.
enum RuleOperation: Sendable {
    typealias Lane = RuleProgram.Lane

    // Literals.
    case number(Double, Lane)
    case text(Range<Int>, Lane)
    case flag(Bool, Lane)
    case moment(Int128, Lane)
    // Cells, by the index in the program's columns; days are numbers.
    case loadNumber(Int, Lane)
    case loadText(Int, Lane)
    case loadFlag(Int, Lane)
    case loadDay(Int, Lane)
    case loadMoment(Int, Lane)
    // Numbers.
    case negate(Lane)
    case magnitude(Lane)
    case isFinite(Lane)
    case dayPart(RowExpression.Function, Lane)
    /// With the next lane.
    case arithmetic(RowExpression.Arithmetic, Lane)
    // Texts.
    case length(Lane)
    case lower(Lane)
    case upper(Lane)
    /// In a lane the text of the next one.
    case search(RowExpression.Function, Lane)
    case matches(Int, Lane)
    // Comparisons.
    case compareNumber(RowExpression.Comparison, Lane, Double)
    case compare(ExpressionType, RowExpression.Comparison, Lane, Lane, into: Lane)
    case isOneOfNumbers(Int, Lane)
    case isOneOfTexts(Int, Lane)
    // Conditions.
    case isMissing(Lane)
    case not(Lane)
    case and(Lane, Lane, into: Lane)
    case or(Lane, Lane, into: Lane)
    case copyFlag(from: Lane, into: Lane)
}
