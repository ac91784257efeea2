import Domain
import TestKit
import Testing

@testable import Planning

private let columns: [ColumnDeclaration] = [
    ("amount", .number), ("vat_rate", .integer), ("country", .string), ("vat", .string),
    ("active", .boolean), ("date", .date), ("paid_on", .date), ("seen", .datetime),
    ("net amount", .number), ("größe", .number), ("in", .number), ("a`b", .string),
].map { name, type in
    ColumnDeclaration(name: name, type: type, place: Place(file: "datasets/d.yaml", line: 3))
}

private func read(_ text: String) throws(ExpressionError) -> RowExpression {
    try RowExpression.read(text, columns: columns, nearest: nearest(to:among:))
}

/// A rule that is wrong, with the character (from 0) and what is said about it.
private struct WrongRule: CustomTestStringConvertible, Sendable {
    var text: String
    var offset: Int
    var message: String
    var hint: String?

    var testDescription: String { text }

    init(_ text: String, _ offset: Int, _ message: String, hint: String? = nil) {
        self.text = text
        self.offset = offset
        self.message = message
        self.hint = hint
    }
}

private let wrongCharacters: [WrongRule] = [
    WrongRule("amount > 1_000", 9, "`1_000` is not a number"),
    WrongRule("amount > 0x10", 9, "`0x10` is not a number"),
    WrongRule("amount > 1.", 9, "`1.` is not a number"),
    WrongRule("amount > 1e999", 9, "`1e999` is not a number"),
    WrongRule("country = \"DE", 10, "the text that begins here has no closing quote"),
    WrongRule("country = 'it''s", 10, "the text that begins here has no closing quote"),
    WrongRule("`net amount > 0", 0, "the name that begins here has no closing backquote"),
    WrongRule("active && active", 7, "`&&` has no meaning in a rule", hint: "write `and`"),
    WrongRule("active | active", 7, "`|` has no meaning in a rule", hint: "write `or`"),
    WrongRule("!active", 0, "`!` has no meaning in a rule", hint: "write `not`"),
    WrongRule("amount => 1", 7, "`=>` has no meaning in a rule", hint: "write `>=`"),
    WrongRule("country = “DE”", 10, "`“` has no meaning in a rule"),
    WrongRule("amount > 0; drop", 10, "`;` has no meaning in a rule"),
    WrongRule(
        "date > date \"2023-02-29\"", 12, "`2023-02-29` is not a date",
        hint: "date \"2024-01-31\""),
    WrongRule(
        "seen > datetime '2024-01-31'", 16, "`2024-01-31` is not a date with a time"),
]

private let wrongGrammar: [WrongRule] = [
    WrongRule("", 0, "the rule is empty", hint: "amount >= 0"),
    WrongRule(" \n ", 0, "the rule is empty"),
    WrongRule("amount >", 8, "expected a value, found the end of the rule"),
    WrongRule("amount > and active", 9, "expected a value, found `and`"),
    WrongRule("(amount > 1", 11, "expected `)`, found the end of the rule"),
    WrongRule("amount > 1)", 10, "expected `and`, `or` or the end of the rule, found `)`"),
    WrongRule(
        "amount > 1 active", 11, "expected `and`, `or` or the end of the rule, found `active`"),
    WrongRule("0 <= amount <= 1", 12, "comparisons cannot be chained"),
    WrongRule(
        "vat = null", 6, "`null` is equal to nothing", hint: "write `is null` or `is not null`"),
    WrongRule("vat is missing", 7, "expected `null`, found `missing`"),
    WrongRule("vat not = 'a'", 8, "expected `in`, `between` or `matches`, found `=`"),
    WrongRule("country in 'DE'", 11, "expected `(`, found `'DE'`"),
    WrongRule("country in ()", 12, "expected a value, found `)`"),
    WrongRule("country in ('DE' 'FR')", 17, "expected `,` or `)`, found `'FR'`"),
    WrongRule("amount between 1 or 2", 17, "expected `and`, found `or`"),
    WrongRule("country matches vat", 16, "`matches` needs a regular expression in quotes"),
    WrongRule("country matches '['", 17, "`[` is not a regular expression: the bracket"),
    WrongRule("country matches 'a''(?=b)'", 20, "`a'(?=b)` has a look ahead"),
    WrongRule("len(country) > 1", 0, "there is no function `len()`; did you mean `length()`?"),
    WrongRule("length() > 1", 0, "`length()` takes 1 argument, found 0"),
    WrongRule("contains(vat)", 0, "`contains()` takes 2 arguments, found 1"),
    WrongRule("in > 1", 0, "expected a value, found `in`"),
    WrongRule("amount + > 1", 9, "expected a value, found `>`"),
]

private let wrongTypes: [WrongRule] = [
    WrongRule(
        "amonut > 1", 0, "there is no column `amonut`; did you mean `amount`?"),
    WrongRule(
        "active and Country = 'x'", 11, "there is no column `Country`; did you mean `country`?"),
    WrongRule(
        "country > 1", 8, "a string cannot be compared with a number"),
    WrongRule(
        "amount = \"1\"", 7, "a number cannot be compared with a string",
        hint: "write `1` without quotes"),
    WrongRule(
        "\"amount\" > 1", 9, "a string cannot be compared with a number",
        hint: "write `amount` without quotes"),
    WrongRule(
        "active = 'true'", 7, "a boolean cannot be compared with a string",
        hint: "write `true` without quotes"),
    WrongRule(
        "date >= '2024-01-31'", 5, "a date cannot be compared with a string",
        hint: "write date \"2024-01-31\""),
    WrongRule(
        "'2024' < seen", 7, "a string cannot be compared with a date with a time",
        hint: "write datetime \"2024-01-31T12:00:00Z\""),
    WrongRule("seen > date \"2024-01-31\"", 5, "a date with a time cannot be compared with a date"),
    WrongRule("country in ('DE', 1)", 18, "a string cannot be compared with a number"),
    WrongRule("amount between 1 and 'x'", 21, "a number cannot be compared with a string"),
    WrongRule("active > false", 7, "booleans have no order"),
    WrongRule("active between false and true", 7, "booleans have no order"),
    WrongRule("amount + country > 1", 9, "`+` needs a number, found a string"),
    WrongRule("-country = 'x'", 1, "`-` needs a number, found a string"),
    WrongRule(
        "amount and active", 0, "`and` needs a boolean, found a number",
        hint: "compare it with something: amount >= 0"),
    WrongRule("active or vat", 10, "`or` needs a boolean, found a string"),
    WrongRule("not amount", 4, "`not` needs a boolean, found a number"),
    WrongRule("length(amount) > 1", 7, "`length()` needs a string, found a number"),
    WrongRule(
        "year(country) > 1", 5, "`year()` needs a date or a date with a time, found a string"),
    WrongRule("amount matches '1'", 0, "`matches` needs a string, found a number"),
    WrongRule("amount", 0, "the rule comes to a number, not to true or false"),
    WrongRule("'a' = 'a'", 0, "the rule looks at no column"),
]

struct RuleExpressionTests {
    @Test(arguments: [
        "amount >= 0 and (country != \"DE\" or vat is not null)",
        "amount IS NULL or amount >= 0",
        "NOT active OR country IN ('DE', 'FR')",
        "active", "not not active", "active = true", "active <> (amount > 0)",
        "`net amount` <= amount * (1 + vat_rate / 100)", "größe > .5e-3", "`in` % 2 = 0",
        "`a``b` = 'it''s'", "country = \"say \"\"hi\"\"\"",
        "date >= date '2024-01-31'", "date = paid_on", "DATE \"2024-01-31\" < paid_on",
        "seen < datetime \"2024-03-01T00:59:60.5+01:00\"", "year(seen) = year(date)",
        "month(paid_on) in (1, 2, 3) and day(date) not between 10 and 20",
        "country matches \"[A-Z]{2}\" and vat not matches '\\d+'",
        "starts_with(lower(country), 'd') or ends_with(upper(vat), country)",
        "contains(vat, 'x') = false", "length(vat) - -1 > abs(- amount)", "is_finite(1 / amount)",
        "(amount > 1) is not null", "amount not between - 1 and 1",
        "amount\n  > 0\n  and\tactive", "country < vat", "country==vat",
        "lower(country)=upper(vat)",
    ])
    func `what docs say can be written is read`(text: String) throws {
        let rule = try read(text)
        #expect(!rule.columns.isEmpty)
        let types = columns.map { ($0.name, ExpressionType($0.type)) }
        #expect(rule.type(Dictionary(uniqueKeysWithValues: types)) == .boolean)
    }

    @Test func `operations bind from or to minus`() throws {
        func form(_ text: String) throws -> RowExpression.Form { try read(text).form }
        guard case .any(let sides) = try form("active or active and not active = true") else {
            return #expect(Bool(false), "`or` is the loosest")
        }
        guard case .all(let parts) = sides[1].form, case .not(let inner) = parts[1].form else {
            return #expect(Bool(false), "`and` is looser than `not`")
        }
        guard case .comparison(.equal, _, _) = inner.form else {
            return #expect(Bool(false), "`not` is looser than `=`")
        }
        guard case .comparison(.less, let sum, _) = try form("amount - 1 - 2 * -amount < 0"),
            case .arithmetic(.difference, let left, let right) = sum.form,
            case .arithmetic(.difference, _, _) = left.form,
            case .arithmetic(.product, _, let minus) = right.form,
            case .negated = minus.form
        else { return #expect(Bool(false), "arithmetic is as in mathematics") }
    }

    @Test func `columns are listed once, in the order of the rule`() throws {
        let rule = try read("vat is null or amount > 1 and (country = vat or `in` < amount)")
        #expect(rule.columns == ["vat", "amount", "country", "in"])
    }

    @Test(arguments: wrongCharacters + wrongGrammar + wrongTypes)
    private func `each mistake is named at its character`(_ wrong: WrongRule) {
        let error = #expect(throws: ExpressionError.self) { try read(wrong.text) }
        #expect(error?.offset == wrong.offset)
        #expect(error?.message.hasPrefix(wrong.message) == true, "\(error?.message ?? "")")
        if let hint = wrong.hint { #expect(error?.hint == hint) }
    }

    @Test func `without declared columns every column is a string`() throws {
        _ = try RowExpression.read("a = 'x' or b is null", columns: [])
        let error = #expect(throws: ExpressionError.self) {
            try RowExpression.read("a > 1", columns: [])
        }
        #expect(error?.hint == "declare the column with its type under `columns:`")
        let sum = #expect(throws: ExpressionError.self) {
            try RowExpression.read("a + 1 > 1", columns: [])
        }
        #expect(sum?.hint == "declare the column with its type under `columns:`")
    }

    @Test func `length and depth are bounded`() throws {
        let long = "active" + String(repeating: " ", count: RowExpression.lengthMax)
        #expect(throws: ExpressionError.self) { try read(long) }
        for (open, close) in [("(", ")"), ("not ", ""), ("-", "")] {
            let isMinus = open == "-"
            func nested(_ count: Int) -> String {
                String(repeating: open, count: count) + (isMinus ? "amount" : "active")
                    + String(repeating: close, count: count) + (isMinus ? " > 0" : "")
            }
            _ = try read(nested(50))
            let error = #expect(throws: ExpressionError.self) { try read(nested(2000)) }
            #expect(error?.kind == .tooDeep)
        }
        let sum = String(repeating: "amount + ", count: 900) + "1 > 0"
        #expect(throws: ExpressionError.self) { try read(sum) }
        let flat = (0..<500).map { "amount != \($0)" }.joined(separator: " and ")
        #expect(try read(flat).columns == ["amount"])
        let list = (0..<2000).map { "\($0)" }.joined(separator: ",")
        #expect(try read("amount in (\(list))").depth == 2)
    }

    @Test func `messages show what strangers wrote in one short line`() {
        let name = "x\u{202E}\u{1B}[2J" + String(repeating: "y", count: 300)
        let error = #expect(throws: ExpressionError.self) { try read("`\(name)` > 1") }
        let message = error?.message ?? ""
        #expect(message.unicodeScalars.allSatisfy { !$0.isUnprintable } && message.count < 120)
    }

    @Test func `mutated rules are read or refused at a place inside`() throws {
        let seeds = [
            "amount >= 0 and (country != \"DE\" or vat is not null)",
            "seen < datetime \"2024-03-01T00:59:60.5+01:00\" or `net amount` in (1, 2.5e3)",
            "length(lower(vat)) not between 1 and 2 and vat matches '[A-Z]+'",
        ]
        let pieces = [
            "(", ")", " and ", " or ", "not ", "-", "1", "\"", "'", "`", ",", " in ", "e", ".",
            " is null", "date ", "\u{0}", "ü", "𝒳", "\u{301}", "=", "<", "amount", " between ",
        ]
        try fuzz(rounds: 3000) { seed, random in
            func below(_ end: Int) -> Int { Int.random(in: 0..<end, using: &random) }
            var scalars = Array(seeds[below(seeds.count)].unicodeScalars)
            for _ in 0...below(6) {
                let at = below(scalars.count + 1)
                switch below(3) {
                case 0:
                    let piece = pieces[below(pieces.count)].unicodeScalars
                    scalars.insert(contentsOf: piece, at: at)
                case 1: scalars.removeSubrange(at..<Swift.min(scalars.count, at + below(7)))
                default: scalars += scalars.prefix(at)
                }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            do throws(ExpressionError) {
                let rule = try read(String(view))
                #expect(rule.depth <= RowExpression.depthMax, "seed \(seed)")
            } catch {
                #expect((0...scalars.count).contains(error.offset), "seed \(seed)")
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
    }
}
