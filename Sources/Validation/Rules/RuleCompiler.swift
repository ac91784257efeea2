import Domain

/// Makes a program of a rule whose types are right.
struct RuleCompiler {
    private var program: RuleProgram
    private let types: [String: ExpressionType]
    private let room: AutomatonRoom

    /// - Parameter room: what the patterns of all rules share.
    static func compile(
        _ rule: RowExpression, _ columns: [ColumnDeclaration], hiding hidden: Set<String>,
        in room: AutomatonRoom
    ) -> RuleProgram {
        var compiler = RuleCompiler(rule, columns, hidden, room)
        compiler.emit(rule, 0)
        return compiler.program
    }

    private init(
        _ rule: RowExpression, _ columns: [ColumnDeclaration], _ hidden: Set<String>,
        _ room: AutomatonRoom
    ) {
        self.room = room
        program = RuleProgram(
            columns: rule.columns.map { RuleColumn($0, in: columns, hiding: hidden) })
        types = Dictionary(
            program.columns.map { ($0.name, $0.type) }, uniquingKeysWith: { $1 })
    }

    private mutating func add(_ operation: RuleOperation) { program.operations.append(operation) }

    /// Adds what computes an expression into a lane, with the help of those behind it.
    private mutating func emit(_ expression: RowExpression, _ lane: Int) {
        program.lanes = Swift.max(program.lanes, lane + 1)
        switch expression.form {
        case .number(let value): add(.number(value, lane))
        case .text(let text): emit(text: text, lane)
        case .flag(let flag): add(.flag(flag, lane))
        case .date(let day): add(.number(Double(day), lane))
        case .moment(let moment, _):
            program.hasMoments = true
            add(.moment(moment, lane))
        case .column(let name): load(name, lane)
        case .negated(let part): emit(part, then: .negate(lane), lane)
        case .arithmetic(let operation, let left, let right):
            emit(left, lane)
            emit(right, then: .arithmetic(operation, lane), lane + 1)
        case .comparison(let comparison, let left, let right):
            emit(comparison, left, right, lane)
        case .oneOf(let value, let items): emit(value, items, lane)
        case .between(let value, let least, let most): emit(value, least, most, lane)
        case .isMissing(let part): emit(part, then: .isMissing(lane), lane)
        case .matches(let part, let pattern):
            program.patterns.append(CellPattern(pattern, in: room))
            emit(part, then: .matches(program.patterns.count - 1, lane), lane)
        case .not(let part): emit(part, then: .not(lane), lane)
        case .all(let parts): emit(parts, lane) { .and($0, $0 + 1, into: $0) }
        case .any(let parts): emit(parts, lane) { .or($0, $0 + 1, into: $0) }
        case .call(let function, let arguments): emit(function, arguments, lane)
        }
    }

    private mutating func emit(_ part: RowExpression, then operation: RuleOperation, _ lane: Int) {
        emit(part, lane)
        add(operation)
    }

    private mutating func emit(
        _ parts: [RowExpression], _ lane: Int, joined: (Int) -> RuleOperation
    ) {
        for (index, part) in parts.enumerated() {
            emit(part, index == 0 ? lane : lane + 1)
            if index > 0 { add(joined(lane)) }
        }
    }

    private mutating func emit(text: String, _ lane: Int) {
        program.hasTexts = true
        let start = program.texts.count
        program.texts += Array(text.utf8)
        add(.text(start..<program.texts.count, lane))
    }

    private mutating func load(_ name: String, _ lane: Int) {
        guard let index = program.columns.firstIndex(where: { $0.name == name }) else { return }
        switch program.columns[index].type {
        case .number: add(.loadNumber(index, lane))
        case .string:
            program.hasTexts = true
            add(.loadText(index, lane))
        case .boolean: add(.loadFlag(index, lane))
        case .date: add(.loadDay(index, lane))
        case .datetime:
            program.hasMoments = true
            add(.loadMoment(index, lane))
        }
    }

    // MARK: Comparisons

    /// With literals on the right there are shorter ways.
    private mutating func emit(
        _ comparison: RowExpression.Comparison, _ left: RowExpression, _ right: RowExpression,
        _ lane: Int
    ) {
        emit(left, lane)
        if let number = right.number {
            add(.compareNumber(comparison, lane, number))
        } else if case .text(let text) = right.form, !comparison.isOrder {
            program.textLists.append([Array(text.utf8)])
            add(.isOneOfTexts(program.textLists.count - 1, lane))
            if comparison == .unequal { add(.not(lane)) }
        } else {
            emit(right, lane + 1)
            add(.compare(left.type(types), comparison, lane, lane + 1, into: lane))
        }
    }

    private mutating func emit(_ value: RowExpression, _ items: [RowExpression], _ lane: Int) {
        emit(value, lane)
        let numbers = items.compactMap(\.number)
        let texts = items.compactMap(\.text)
        if numbers.count == items.count {
            program.numberLists.append(numbers.sorted())
            return add(.isOneOfNumbers(program.numberLists.count - 1, lane))
        }
        if texts.count == items.count {
            let list = texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
            program.textLists.append(list)
            return add(.isOneOfTexts(program.textLists.count - 1, lane))
        }
        let type = value.type(types)
        for (index, item) in items.enumerated() {
            let into = index == 0 ? lane + 1 : lane + 2
            emit(item, into)
            add(.compare(type, .equal, lane, into, into: into))
            if index > 0 { add(.or(lane + 1, lane + 2, into: lane + 1)) }
        }
        add(.copyFlag(from: lane + 1, into: lane))
    }

    private mutating func emit(
        _ value: RowExpression, _ least: RowExpression, _ most: RowExpression, _ lane: Int
    ) {
        let type = value.type(types)
        emit(value, lane)
        emit(least, lane + 1)
        add(.compare(type, .atLeast, lane, lane + 1, into: lane + 1))
        emit(most, lane + 2)
        add(.compare(type, .atMost, lane, lane + 2, into: lane + 2))
        add(.and(lane + 1, lane + 2, into: lane))
    }

    // MARK: Functions

    private mutating func emit(
        _ function: RowExpression.Function, _ arguments: [RowExpression], _ lane: Int
    ) {
        switch function {
        case .length: emit(arguments[0], then: .length(lane), lane)
        case .lower: emit(arguments[0], then: .lower(lane), lane)
        case .upper: emit(arguments[0], then: .upper(lane), lane)
        case .abs: emit(arguments[0], then: .magnitude(lane), lane)
        case .isFinite: emit(arguments[0], then: .isFinite(lane), lane)
        case .startsWith, .endsWith, .contains:
            emit(arguments[0], lane)
            emit(arguments[1], then: .search(function, lane), lane + 1)
        case .year, .month, .day:
            emitDay(arguments[0], lane)
            add(.dayPart(function, lane))
        }
    }

    /// The day of a date, or the day as a date with a time writes it.
    private mutating func emitDay(_ part: RowExpression, _ lane: Int) {
        if case .moment(_, let day) = part.form { return add(.number(Double(day), lane)) }
        guard case .column(let name) = part.form,
            let index = program.columns.firstIndex(where: { $0.name == name })
        else { return emit(part, lane) }
        add(.loadDay(index, lane))
    }
}

extension RowExpression {
    /// The value of a literal that is kept as a number.
    fileprivate var number: Double? {
        switch form {
        case .number(let value): value
        case .date(let day): Double(day)
        default: nil
        }
    }

    fileprivate var text: String? {
        guard case .text(let text) = form else { return nil }
        return text
    }
}
