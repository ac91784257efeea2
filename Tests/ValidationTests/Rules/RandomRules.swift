import Domain
import TestKit

/// A table of random cells, some of them missing or of the wrong type, and random rules about it.
struct RandomTable {
    static let columns = [
        column("n", .number, max: 50), column("k", .integer), column("s"), column("t"),
        column("b", .boolean), column("d", .date), column("m", .datetime),
    ]

    private static let texts = [
        "", "NA", "a", "A", "ab", "DE", "de", "Größe", "ÉCOLE", "say \"hi\"", "\"", "a,b", "x\ny",
        "𝒳", "\u{FFFD}", "abababab", "straße",
    ]
    private static let numbers = [
        "", "NA", "x", "0", "1", "-1", "2.5", "-0.5", "7", "50", "51", "501", "1e300", "3e0",
    ]
    private static let days = [
        "", "NA", "2023-02-29", "2024-02-29", "2023-12-31", "0001-01-01", "9999-12-31",
    ]

    var rows: [[String]]

    init(rows count: Int, _ random: inout Seeded) {
        func one(_ cells: [String]) -> String {
            cells[Int.random(in: 0..<cells.count, using: &random)]
        }
        rows = (0..<count).map { _ in
            [
                one(Self.numbers), one(["", "NA", "1.5", "x", "0", "-3", "7", "12"]),
                one(Self.texts), one(Self.texts),
                one(["", "true", "False", "TRUE", "false", "yes"]), one(Self.days),
                one(Moments.all.joined() + ["", "NA", "2024-01-31"]),
            ]
        }
    }

    /// Lines of a CSV file whose header is line 1.
    var lines: [Int] {
        var line = 2
        return rows.map { row in
            defer { line += 1 + row.joined().utf8.count { $0 == UInt8(ascii: "\n") } }
            return line
        }
    }

    var csv: String {
        let body = rows.map { row in
            row.map { cell in
                cell.contains { "\",\n".contains($0) }
                    ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: ",")
        }
        return (["n,k,s,t,b,d,m"] + body).joined(separator: "\n") + "\n"
    }

    /// Of JSON, every cell that is no number or boolean is a string.
    var jsonl: String {
        rows.map { row in
            let cells = zip(Self.columns, row).compactMap { column, cell -> String? in
                if cell.isEmpty { return nil }
                let text = cell.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                    .replacing("\n", with: "\\n")
                let isBare = isBare(cell, column.type)
                return "\"\(column.name)\":" + (isBare ? cell : "\"\(text)\"")
            }
            return "{\(cells.joined(separator: ","))}\n"
        }.joined()
    }

    private func isBare(_ cell: String, _ type: ColumnDeclaration.Kind) -> Bool {
        switch type {
        case .number: cell != "NA" && cell != "x"
        // A number in quotes is a string.
        case .integer: cell != "NA" && cell != "x" && cell != "12"
        case .boolean: cell == "true" || cell == "false"
        case .string, .date, .datetime, .array, .object, .any: false
        }
    }

    /// What a cell is to the interpreter; `isJSON`: booleans are lower case.
    func cell(_ row: Int, _ index: Int, isJSON: Bool = false) -> RuleInterpreter.Cell {
        let text = rows[row][index]
        if text.isEmpty || text == "NA" { return .missing }
        switch Self.columns[index].type {
        case .number: return Double(text).map { .value(.number($0)) } ?? .invalid
        case .integer:
            if isJSON, text == "12" { return .invalid }
            return Int(text).map { .value(.number(Double($0))) } ?? .invalid
        case .string, .array, .object, .any: return .value(.text(text))
        case .boolean:
            let words = isJSON ? ["true", "false"] : ["true", "TRUE", "false", "False"]
            return words.contains(text) ? .value(.flag(text.lowercased() == "true")) : .invalid
        case .date: return text == "2023-02-29" ? .invalid : .value(.date(text))
        case .datetime:
            return Moments.rank(text).map { .value(.moment($0, String(text.prefix(10)))) }
                ?? .invalid
        }
    }

    func interpreter(_ row: Int, isJSON: Bool = false) -> RuleInterpreter {
        RuleInterpreter(
            row: Dictionary(
                uniqueKeysWithValues: Self.columns.indices.map {
                    (Self.columns[$0].name, cell(row, $0, isJSON: isJSON))
                }))
    }
}

/// Writes rules that are right.
struct RandomRule {
    var random: Seeded

    private mutating func below(_ end: Int) -> Int { Int.random(in: 0..<end, using: &random) }

    private mutating func one(_ texts: [String]) -> String { texts[below(texts.count)] }

    private mutating func comparison() -> String {
        one(["=", "==", "!=", "<>", "<", "<=", ">", ">="])
    }

    /// A condition that looks at a column.
    mutating func rule(_ depth: Int) -> String {
        while true {
            let text = condition(depth)
            if (try? RowExpression.parse(text).columns.isEmpty) != true { return text }
        }
    }

    mutating func condition(_ depth: Int) -> String {
        guard depth > 0 else {
            return one(["b", "n > 1", "s = 'a'", "k is null", "b = true", "t is not null"])
        }
        switch below(14) {
        case 0: return "(\(condition(depth - 1)) and \(condition(depth - 1)))"
        case 1: return "(\(condition(depth - 1)) or \(condition(depth - 1)))"
        case 2: return "not (\(condition(depth - 1)))"
        case 3: return "(\(condition(depth - 1))) \(one(["=", "!="])) (\(condition(depth - 1)))"
        case 4: return "\(number(depth - 1)) \(comparison()) \(number(depth - 1))"
        case 5: return "\(text(depth - 1)) \(comparison()) \(text(depth - 1))"
        case 6: return "\(day()) \(comparison()) \(day())"
        case 7: return "\(moment()) \(comparison()) \(moment())"
        case 8:
            let value = one([number(depth - 1), text(depth - 1), day()])
            return "\(value) is \(one(["", "not "]))null"
        case 9: return list(depth - 1)
        case 10: return range(depth - 1)
        case 11:
            return "\(text(depth - 1)) \(one(["", "not "]))matches "
                + one(["'[a-zA-Z]+'", "'.*a.*'", "'\\w{2}'", "'(ab)+|DE'", "'(a|aa)*[^b]+'", "''"])
        case 12:
            return "\(one(["starts_with", "ends_with", "contains"]))(\(text(depth - 1)), "
                + "\(text(depth - 1)))"
        default: return "is_finite(\(number(depth - 1)))"
        }
    }

    private mutating func list(_ depth: Int) -> String {
        let items: String
        let value: String
        switch below(3) {
        case 0: (value, items) = (number(depth), "\(number(depth)), 7, \(number(0))")
        case 1: (value, items) = (text(depth), one(["'a', 'DE', ''", "s, 'x'", "'Größe'"]))
        default: (value, items) = (one(["k", "n"]), "1, -1, 2.5, 7, 0")
        }
        return "\(value) \(one(["", "not "]))in (\(items))"
    }

    private mutating func range(_ depth: Int) -> String {
        let word = one(["", "not "])
        switch below(3) {
        case 0: return "\(number(depth)) \(word)between \(number(depth)) and \(number(depth))"
        case 1: return "\(text(depth)) \(word)between \(text(0)) and \(text(0))"
        default: return "\(moment()) \(word)between \(moment()) and \(moment())"
        }
    }

    private mutating func number(_ depth: Int) -> String {
        guard depth > 0 else { return one(["n", "k", "0", "1", "2.5", "1e300", "n", "k"]) }
        switch below(8) {
        case 0, 1, 2:
            return "(\(number(depth - 1)) \(one(["+", "-", "*", "/", "%"])) \(number(depth - 1)))"
        case 3: return "-\(number(depth - 1))"
        case 4: return "abs(\(number(depth - 1)))"
        case 5: return "length(\(text(depth - 1)))"
        case 6: return "\(one(["year", "month", "day"]))(\(one([day(), moment()])))"
        default: return number(0)
        }
    }

    private mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return one(["s", "t", "'a'", "\"Größe\"", "'DE'", "s", "t", "''"]) }
        return below(2) == 0 ? text(0) : "\(one(["lower", "upper"]))(\(text(depth - 1)))"
    }

    private mutating func day() -> String { one(["d", "d", "date '2023-12-31'"]) }

    private mutating func moment() -> String {
        let all = Moments.all.joined().map { "datetime '\($0)'" }
        return one(["m", "m", one(all)])
    }
}
