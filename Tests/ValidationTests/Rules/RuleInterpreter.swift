import Domain

/// Says what a rule means by walking over it for each row, with the plainest code there is.
struct RuleInterpreter {
    enum Value: Equatable {
        case unknown
        case number(Double)
        case text(String)
        case flag(Bool)
        case date(String)
        /// Its rank in `Moments.all`, and the day that it writes.
        case moment(Int, String)
    }

    /// A cell as the manifest's types have it.
    enum Cell {
        case missing
        /// Not of its column's type.
        case invalid
        case value(Value)
    }

    var row: [String: Cell]

    /// nil: the rule does not judge the row.
    func verdict(_ rule: RowExpression) -> Bool? {
        for name in rule.columns {
            if case .invalid? = row[name] { return nil }
        }
        return truth(value(rule))
    }

    private func truth(_ value: Value) -> Bool? {
        if case .flag(let flag) = value { return flag }
        return nil
    }

    private func flag(_ truth: Bool?) -> Value { truth.map(Value.flag) ?? .unknown }

    func value(_ part: RowExpression) -> Value {
        switch part.form {
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .flag(let flag): return .flag(flag)
        case .date(let day): return .date(dayText(day))
        case .moment(let moment, let day): return .moment(Moments.rank(moment), dayText(day))
        case .column(let name):
            guard case .value(let value)? = row[name] else { return .unknown }
            return value
        case .negated(let inner): return numbers([inner]) { -$0[0] }
        case .arithmetic(let operation, let left, let right):
            return numbers([left, right]) { pair -> Double? in
                switch operation {
                case .sum: return pair[0] + pair[1]
                case .difference: return pair[0] - pair[1]
                case .product: return pair[0] * pair[1]
                case .quotient: return pair[1] == 0 ? nil : pair[0] / pair[1]
                case .remainder:
                    return pair[1] == 0 ? nil : pair[0].truncatingRemainder(dividingBy: pair[1])
                }
            }
        case .comparison(let comparison, let left, let right):
            return flag(compare(comparison, value(left), value(right)))
        case .oneOf(let inner, let items):
            let wanted = value(inner)
            return flag(any(items.map { compare(.equal, wanted, value($0)) }))
        case .between(let inner, let least, let most):
            let found = value(inner)
            let sides = [
                compare(.atLeast, found, value(least)), compare(.atMost, found, value(most)),
            ]
            return flag(any(sides.map { $0.map { !$0 } }).map { !$0 })
        case .isMissing(let inner): return .flag(value(inner) == .unknown)
        case .matches(let inner, let pattern):
            return texts([inner]) { texts in
                guard let regex = try? Regex(pattern.text) else { return .unknown }
                let strict = regex.matchingSemantics(.unicodeScalar)
                return .flag((try? strict.wholeMatch(in: texts[0])) != nil)
            }
        case .not(let inner): return flag(truth(value(inner)).map { !$0 })
        case .any(let parts): return flag(any(parts.map { truth(value($0)) }))
        case .all(let parts):
            return flag(any(parts.map { truth(value($0)).map { !$0 } }).map { !$0 })
        case .call(let function, let arguments): return call(function, arguments)
        }
    }

    /// SQL's `or`.
    private func any(_ truths: [Bool?]) -> Bool? {
        if truths.contains(true) { return true }
        return truths.contains(nil) ? nil : false
    }

    private func numbers(_ parts: [RowExpression], _ body: ([Double]) -> Double?) -> Value {
        var found: [Double] = []
        for part in parts {
            guard case .number(let number) = value(part) else { return .unknown }
            found.append(number)
        }
        return body(found).map(Value.number) ?? .unknown
    }

    private func texts(_ parts: [RowExpression], _ body: ([String]) -> Value) -> Value {
        var found: [String] = []
        for part in parts {
            guard case .text(let text) = value(part) else { return .unknown }
            found.append(text)
        }
        return body(found)
    }

    private func call(
        _ function: RowExpression.Function, _ arguments: [RowExpression]
    ) -> Value {
        switch function {
        case .length: texts(arguments) { .number(Double($0[0].unicodeScalars.count)) }
        case .lower: texts(arguments) { .text($0[0].lowercased()) }
        case .upper: texts(arguments) { .text($0[0].uppercased()) }
        case .startsWith: texts(arguments) { .flag(Array($0[0].utf8).starts(with: $0[1].utf8)) }
        case .endsWith:
            texts(arguments) { .flag($0[0].utf8.reversed().starts(with: $0[1].utf8.reversed())) }
        case .contains: texts(arguments) { .flag(holds(Array($0[0].utf8), Array($0[1].utf8))) }
        case .abs: numbers(arguments) { $0[0] < 0 ? -$0[0] : $0[0] }
        case .isFinite:
            if case .number(let number) = value(arguments[0]) {
                .flag(number.isFinite)
            } else {
                .unknown
            }
        case .year: dayPart(arguments[0], 0)
        case .month: dayPart(arguments[0], 1)
        case .day: dayPart(arguments[0], 2)
        }
    }

    private func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        text.indices.contains { text[$0...].starts(with: part) } || part.isEmpty
    }

    private func dayPart(_ argument: RowExpression, _ index: Int) -> Value {
        switch value(argument) {
        case .date(let day), .moment(_, let day):
            .number(Double(day.split(separator: "-")[index]) ?? .nan)
        default: .unknown
        }
    }

    private func compare(
        _ comparison: RowExpression.Comparison, _ left: Value, _ right: Value
    ) -> Bool? {
        switch (left, right) {
        case (.number(let a), .number(let b)): holds(comparison, a, b)
        case (.text(let a), .text(let b)):
            holds(comparison, Scalars(text: a), Scalars(text: b))
        case (.date(let a), .date(let b)): holds(comparison, Scalars(text: a), Scalars(text: b))
        case (.moment(let a, _), .moment(let b, _)): holds(comparison, a, b)
        case (.flag(let a), .flag(let b)): comparison == .equal ? a == b : a != b
        default: nil
        }
    }

    private func holds<Thing: Comparable>(
        _ comparison: RowExpression.Comparison, _ a: Thing, _ b: Thing
    ) -> Bool {
        switch comparison {
        case .equal: a == b
        case .unequal: a != b
        case .less: a < b
        case .atMost: a <= b
        case .greater: a > b
        case .atLeast: a >= b
        }
    }

    private func dayText(_ day: Int) -> String {
        let digits = String(day + 100_000_000).dropFirst()
        return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
    }
}

/// A text in the order of its Unicode scalar values.
private struct Scalars: Comparable {
    var values: [UInt32]

    init(text: String) { values = text.unicodeScalars.map(\.value) }

    static func < (left: Scalars, right: Scalars) -> Bool {
        left.values.lexicographicallyPrecedes(right.values)
    }
}

/// Times in their order; those of one list are the same moment.
enum Moments {
    static let all: [[String]] = [
        ["0000-01-01T00:00:00Z"], ["0001-01-01T00:00:00+00:00"],
        ["1999-12-31T23:59:60Z", "2000-01-01 00:00:00", "2000-01-01T01:30:00+01:30"],
        ["2000-02-29T23:59:59.999999999Z"], ["2000-03-01T00:00:00z"],
        ["2024-01-31T12:00:00Z", "2024-01-31 13:00:00+01:00", "2024-01-31t12:00:00.000"],
        ["2024-01-31T12:00:00.000000000000000001"], ["2024-01-31T12:00:00.5"],
        ["2024-02-28T23:59:00Z", "2024-02-29T00:00:00+00:01"], ["2024-02-29T00:00:00"],
        ["9999-12-31T23:59:59Z"], ["9999-12-31T23:59:59-23:59"],
    ]

    static func rank(_ text: String) -> Int? { all.firstIndex { $0.contains(text) } }

    static func rank(_ moment: Int128) -> Int {
        all.firstIndex { texts in
            texts.contains { momentValue(Array($0.utf8).span, $0.utf8.indices.count) == moment }
        } ?? -1
    }

    static func momentValue(_ bytes: Span<UInt8>, _ count: Int) -> Int128? {
        Domain.momentValue(bytes, 0..<count)
    }
}
