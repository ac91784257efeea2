import Domain

/// Runs rules over the records of a batch, all records one operation after the other.
///
/// Its memory is made once for a batch, and nothing is allocated for a record, except where
/// texts beyond ASCII change their case or meet a pattern that no automaton decides.
struct RuleMachine {
    /// The values of a flag.
    enum Truth {
        static let no: UInt8 = 0
        static let yes: UInt8 = 1
        static let unknown: UInt8 = 2
    }

    /// A text in a lane: a range of the batch's bytes, or of the room.
    struct Text {
        var start: UInt32 = 0
        var length: UInt32 = 0
        var isInRoom = false
    }

    let batch: RowBatch
    let rows: Int
    let quote: UInt8
    private(set) var numbers: [Double]
    var flags: [UInt8]
    var texts: [Text]
    private(set) var moments: [Int128]
    /// Records with a cell that is not of its column's type; the rule does not judge them.
    var invalid: [Bool]
    /// The texts of the rule, and texts that had to be changed.
    var room: [UInt8] = []
    /// By pattern of the current program, for texts that its automaton cannot decide.
    var walks: [PatternWalk?] = []

    /// - Parameter quote: which one stands twice in escaped cells.
    init(_ batch: RowBatch, for programs: [RuleProgram], quote: UInt8) {
        self.batch = batch
        self.quote = quote
        rows = batch.rows
        func room(_ isWanted: (RuleProgram) -> Bool) -> Int {
            (programs.filter(isWanted).map(\.lanes).max() ?? 0) * batch.rows
        }
        flags = [UInt8](repeating: Truth.unknown, count: room { _ in true })
        numbers = [Double](repeating: 0, count: flags.count)
        texts = [Text](repeating: Text(), count: room(\.hasTexts))
        moments = [Int128](repeating: 0, count: room(\.hasMoments))
        invalid = [Bool](repeating: false, count: batch.rows)
    }

    /// Judges every record; see `verdict`.
    ///
    /// - Parameter places: where the records have the columns of the program.
    mutating func run(_ program: RuleProgram, _ places: [Int?]) {
        for row in invalid.indices { invalid[row] = false }
        room.removeAll(keepingCapacity: true)
        room += program.texts
        walks = program.patterns.map { _ in nil }
        for operation in program.operations { perform(operation, program, places) }
    }

    /// Whether the rule is true of a record; nil: it cannot be said.
    func verdict(_ row: Int) -> Bool? {
        if invalid[row] || flags[row] == Truth.unknown { return nil }
        return flags[row] == Truth.yes
    }

    private mutating func perform(
        _ operation: RuleOperation, _ program: RuleProgram, _ places: [Int?]
    ) {
        switch operation {
        case .number(let value, let lane): fill(value, lane)
        case .flag(let flag, let lane): fill(truth: flag ? Truth.yes : Truth.no, lane)
        case .text(let range, let lane): fill(range, lane)
        case .moment(let moment, let lane): fill(moment, lane)
        case .loadNumber(let index, let lane):
            loadNumbers(places[index], lane)
        case .loadText(let index, let lane): loadTexts(places[index], lane)
        case .loadFlag(let index, let lane): loadFlags(places[index], lane)
        case .loadDay(let index, let lane): loadDays(places[index], lane)
        case .loadMoment(let index, let lane): loadMoments(places[index], lane)
        case .negate(let lane): change(lane) { -$0 }
        case .magnitude(let lane): change(lane) { $0.magnitude }
        case .isFinite(let lane): test(lane) { $0.isFinite }
        case .dayPart(let part, let lane): takePart(part, lane)
        case .arithmetic(let operation, let lane): compute(operation, lane)
        case .length(let lane): measure(lane)
        case .lower(let lane): changeCase(lane, isUpper: false)
        case .upper(let lane): changeCase(lane, isUpper: true)
        case .search(let function, let lane): search(function, lane)
        case .matches(let index, let lane): match(index, program.patterns[index], lane)
        case .compareNumber(let comparison, let lane, let value):
            compare(comparison, lane, value)
        case .compare(let type, let comparison, let left, let right, let into):
            compare(type, comparison, left, right, into)
        case .isOneOfNumbers(let index, let lane): find(program.numberLists[index], lane)
        case .isOneOfTexts(let index, let lane): find(program.textLists[index], lane)
        case .isMissing(let lane): join(lane, lane, lane) { a, _ in a >> 1 }
        case .not(let lane): join(lane, lane, lane) { a, _ in a == Truth.unknown ? a : 1 - a }
        case .and(let left, let right, let into): join(left, right, into, by: conjunction)
        case .or(let left, let right, let into): join(left, right, into, by: disjunction)
        case .copyFlag(let from, let into): join(from, from, into) { a, _ in a }
        }
    }

    // MARK: Literals

    private mutating func fill(truth: UInt8, _ lane: Int) {
        for row in 0..<rows { flags[lane * rows + row] = truth }
    }

    private mutating func fill(_ number: Double, _ lane: Int) {
        for row in 0..<rows { numbers[lane * rows + row] = number }
        fill(truth: Truth.no, lane)
    }

    private mutating func fill(_ range: Range<Int>, _ lane: Int) {
        let text = Text(
            start: UInt32(range.lowerBound), length: UInt32(range.count), isInRoom: true)
        for row in 0..<rows { texts[lane * rows + row] = text }
        fill(truth: Truth.no, lane)
    }

    private mutating func fill(_ moment: Int128, _ lane: Int) {
        for row in 0..<rows { moments[lane * rows + row] = moment }
        fill(truth: Truth.no, lane)
    }

    /// Writes what a cell says; see `RuleMachine+Cells`.
    @inline(__always)
    mutating func set(_ number: Double, _ index: Int) { numbers[index] = number }

    @inline(__always)
    mutating func set(_ moment: Int128, _ index: Int) { moments[index] = moment }

    // MARK: Numbers

    @inline(__always)
    private mutating func change(_ lane: Int, by body: (Double) -> Double) {
        let rows = rows
        var numbers = numbers.mutableSpan
        for index in lane * rows..<(lane + 1) * rows { numbers[index] = body(numbers[index]) }
    }

    @inline(__always)
    private mutating func test(_ lane: Int, by body: (Double) -> Bool) {
        let (rows, numbers) = (rows, numbers)
        var flags = flags.mutableSpan
        for index in lane * rows..<(lane + 1) * rows where flags[index] != Truth.unknown {
            flags[index] = body(numbers[index]) ? Truth.yes : Truth.no
        }
    }

    private mutating func takePart(_ part: RowExpression.Function, _ lane: Int) {
        for index in lane * rows..<(lane + 1) * rows where flags[index] != Truth.unknown {
            let day = Int(numbers[index])
            numbers[index] =
                switch part {
                case .year: Double(day / 10_000)
                case .month: Double(day / 100 % 100)
                default: Double(day % 100)
                }
        }
    }

    private mutating func compute(_ operation: RowExpression.Arithmetic, _ lane: Int) {
        switch operation {
        case .sum: combine(lane) { $0 + $1 }
        case .difference: combine(lane) { $0 - $1 }
        case .product: combine(lane) { $0 * $1 }
        case .quotient: combine(lane, refusesZero: true) { $0 / $1 }
        case .remainder:
            combine(lane, refusesZero: true) { $0.truncatingRemainder(dividingBy: $1) }
        }
    }

    @inline(__always)
    private mutating func combine(
        _ lane: Int, refusesZero: Bool = false, by body: (Double, Double) -> Double
    ) {
        knowPairs(lane, refusesZero: refusesZero)
        let rows = rows
        var numbers = numbers.mutableSpan
        for left in lane * rows..<(lane + 1) * rows {
            numbers[left] = body(numbers[left], numbers[left + rows])
        }
    }

    /// What comes of two numbers is known when both are.
    private mutating func knowPairs(_ lane: Int, refusesZero: Bool) {
        let (rows, numbers) = (rows, numbers)
        var flags = flags.mutableSpan
        for left in lane * rows..<(lane + 1) * rows {
            let right = left + rows
            let isRefused = refusesZero && numbers[right] == 0
            flags[left] =
                isRefused ? Truth.unknown : (flags[left] | flags[right]) & Truth.unknown
        }
    }

    // MARK: Comparisons

    private mutating func compare(
        _ comparison: RowExpression.Comparison, _ lane: Int, _ value: Double
    ) {
        switch comparison {
        case .equal: test(lane) { $0 == value }
        case .unequal: test(lane) { $0 != value }
        case .less: test(lane) { $0 < value }
        case .atMost: test(lane) { $0 <= value }
        case .greater: test(lane) { $0 > value }
        case .atLeast: test(lane) { $0 >= value }
        }
    }

    private mutating func compare(
        _ type: ExpressionType, _ comparison: RowExpression.Comparison, _ left: Int,
        _ right: Int, _ into: Int
    ) {
        switch type {
        case .number, .date:
            switch comparison {
            case .equal: compare(left, right, into) { $0 == $1 }
            case .unequal: compare(left, right, into) { $0 != $1 }
            case .less: compare(left, right, into) { $0 < $1 }
            case .atMost: compare(left, right, into) { $0 <= $1 }
            case .greater: compare(left, right, into) { $0 > $1 }
            case .atLeast: compare(left, right, into) { $0 >= $1 }
            }
        case .datetime: compareMoments(comparison, left, right, into)
        case .string: compareTexts(comparison, left, right, into)
        case .boolean:
            let isEqual: UInt8 = comparison == .equal ? 1 : 0
            join(left, right, into) { a, b in
                (a | b) & Truth.unknown != 0 ? Truth.unknown : (a ^ b) ^ isEqual
            }
        }
    }

    @inline(__always)
    private mutating func compare(
        _ left: Int, _ right: Int, _ into: Int, by body: (Double, Double) -> Bool
    ) {
        let (rows, numbers) = (rows, numbers)
        var flags = flags.mutableSpan
        for row in 0..<rows {
            let (left, right) = (left * rows + row, right * rows + row)
            let isUnknown = (flags[left] | flags[right]) & Truth.unknown != 0
            let truth = body(numbers[left], numbers[right]) ? Truth.yes : Truth.no
            flags[into * rows + row] = isUnknown ? Truth.unknown : truth
        }
    }

    private mutating func compareMoments(
        _ comparison: RowExpression.Comparison, _ left: Int, _ right: Int, _ into: Int
    ) {
        for row in 0..<rows {
            let (left, right) = (left * rows + row, right * rows + row)
            let isUnknown = (flags[left] | flags[right]) & Truth.unknown != 0
            let (a, b) = (moments[left], moments[right])
            let truth = comparison.holds(a < b ? -1 : a > b ? 1 : 0) ? Truth.yes : Truth.no
            flags[into * rows + row] = isUnknown ? Truth.unknown : truth
        }
    }

    private mutating func find(_ list: [Double], _ lane: Int) {
        test(lane) { value in
            var (low, high) = (0, list.count)
            while low < high {
                let middle = (low + high) / 2
                if list[middle] < value { low = middle + 1 } else { high = middle }
            }
            return low < list.count && list[low] == value
        }
    }

    // MARK: Conditions

    @inline(__always)
    private mutating func join(
        _ left: Int, _ right: Int, _ into: Int, by body: (UInt8, UInt8) -> UInt8
    ) {
        let rows = rows
        var flags = flags.mutableSpan
        for row in 0..<rows {
            flags[into * rows + row] = body(flags[left * rows + row], flags[right * rows + row])
        }
    }
}

/// SQL's three-valued `and`: false if either is, else unknown if either is.
private func conjunction(_ left: UInt8, _ right: UInt8) -> UInt8 {
    if left == 0 || right == 0 { return 0 }
    return left | right == 1 ? 1 : 2
}

/// SQL's three-valued `or`: true if either is, else unknown if either is.
private func disjunction(_ left: UInt8, _ right: UInt8) -> UInt8 {
    if left == 1 || right == 1 { return 1 }
    return left | right
}

extension RowExpression.Comparison {
    /// Whether two values so ordered (below 0: the first is less) compare in this way.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .less: order < 0
        case .atMost: order <= 0
        case .greater: order > 0
        case .atLeast: order >= 0
        }
    }
}
