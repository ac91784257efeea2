import Domain

/// Judges every record by the manifest's `rules:`, and compares it with the one before it where
/// the manifest says `sorted_by:`.
struct RuleSink: TableSink {
    /// A rule that was read.
    private struct Compiled: Sendable {
        let rule: RowRule
        let program: RuleProgram
    }

    private let rules: [Compiled]
    /// As `rules`.
    private var tallies: [RuleTally]
    private var order: SortCheck?
    private var path = ""
    /// Where the current file has the columns of each rule.
    private var places: [[Int?]]
    private var quote = Dialect().quote

    /// nil: the manifest has neither rules nor an order.
    ///
    /// A rule that cannot be read is an error, because planning has said so before.
    static func of(_ manifest: DatasetManifest) throws(ValidationError) -> RuleSink? {
        if manifest.rules.isEmpty, manifest.keys.sortedBy.isEmpty { return nil }
        let hidden = manifest.privateColumns
        let columns = manifest.knownColumns
        var rules: [Compiled] = []
        let room = AutomatonRoom()
        for rule in manifest.rules {
            do throws(ExpressionError) {
                let expression = try RowExpression.read(
                    rule.expression, columns: columns)
                let program = RuleCompiler.compile(
                    expression, columns, hiding: hidden, in: room)
                rules.append(Compiled(rule: rule, program: program))
            } catch {
                throw .badRule(
                    rule.name, error.message, place: rule.place.description, hint: error.hint)
            }
        }
        let sorted = manifest.keys.sortedBy.map {
            RuleColumn($0, in: columns, hiding: hidden)
        }
        return RuleSink(rules, sorted.isEmpty ? nil : SortCheck(sorted))
    }

    private init(_ rules: [Compiled], _ order: SortCheck?) {
        self.rules = rules
        self.order = order
        tallies = rules.map { _ in RuleTally() }
        places = rules.map { _ in [] }
    }

    var wantsHashes: Bool { false }
    var wantsNumbers: Bool { true }

    mutating func begin(file: Int, path: String, plan: ScanPlan) {
        self.path = path
        quote = plan.dialect.quote
        let known = Dictionary(
            plan.columns.map { ($0.rules.name, $0.place) }, uniquingKeysWith: { first, _ in first })
        places = rules.map { rule in rule.program.columns.map { known[$0.name] } }
        order?.begin { known[$0] }
    }

    func part() -> RuleSink {
        var part = self
        part.tallies = rules.map { _ in RuleTally() }
        part.order = order?.part()
        return part
    }

    mutating func take(_ batch: RowBatch) {
        if !rules.isEmpty {
            var machine = RuleMachine(batch, for: rules.map(\.program), quote: quote)
            for index in rules.indices {
                machine.run(rules[index].program, places[index])
                count(machine, index)
            }
        }
        order?.take(batch, quote: quote)
    }

    private mutating func count(_ machine: RuleMachine, _ index: Int) {
        for row in 0..<machine.rows {
            guard let isKept = machine.verdict(row) else { continue }
            tallies[index].judged += 1
            guard !isKept else { continue }
            let (compiled, places, quote) = (rules[index], places[index], quote)
            tallies[index].add {
                let shown = RuleText.shown(
                    compiled.program.columns, places, machine.batch, row, quote: quote)
                let name = oneLine(compiled.rule.name, charactersMax: 60)
                let first = places.compactMap(\.self).first
                let column = first.map { machine.batch.placeColumn(row, $0) }
                return Violation.Occurrence(
                    place: Place(file: "", line: machine.batch.line(row), column: column),
                    value: nil, message: "the rule `\(name)` does not hold: \(shown)")
            }
        }
    }

    mutating func merge(_ next: RuleSink, linesBefore: Int) {
        for index in tallies.indices {
            tallies[index].merge(next.tallies[index].moved(to: path, linesBefore: linesBefore))
        }
        if let part = next.order { order?.merge(part, path: path, linesBefore: linesBefore) }
    }

    var readsFilesApart: Bool { true }

    mutating func beginFile(_ file: Int, _ context: FileContext) -> RuleSink { part() }

    mutating func endFile(_ file: RuleSink) {
        for index in tallies.indices { tallies[index].merge(file.tallies[index]) }
        if let theirs = file.order { order?.append(theirs) }
    }

    /// The rules are the manifest's.
    var question: String? { "rules" }

    func keep(in writer: inout PartWriter) {
        writer.write(json: tallies)
        writer.write(json: [order?.kept].compactMap(\.self))
    }

    mutating func restore(from reader: inout PartReader) throws(PartDamage) {
        tallies = try reader.json([RuleTally].self)
        let kept = try reader.json([SortCheck.Kept].self)
        guard tallies.count == rules.count, kept.count == (order == nil ? 0 : 1) else {
            throw PartDamage()
        }
        if let kept = kept.first { order?.kept = kept }
    }

    /// What is broken: rules in the manifest's order, then its `sorted_by:`.
    var violations: [Violation] {
        let broken = rules.indices.compactMap { number in
            var found = tallies[number].violation(
                .rowRule, hint: "mend the rows, or change the rule at \(rules[number].rule.place)")
            found?.number = number
            return found
        }
        return broken + [order?.violation].compactMap(\.self)
    }
}

/// What was counted for one rule.
struct RuleTally: Codable, Sendable {
    /// Records of which the rule is true or false.
    var judged = 0
    private(set) var broken = 0
    private var first: [Violation.Occurrence] = []

    /// Counts a record; `occurrence` is asked for only while there is room.
    mutating func add(_ occurrence: () -> Violation.Occurrence) {
        broken += 1
        if hasRoom { first.append(occurrence()) }
    }

    /// Counts a record without its place.
    mutating func add() { broken += 1 }

    /// Whether further places are kept.
    var hasRoom: Bool { first.count < Violation.occurrencesMax }

    mutating func merge(_ next: RuleTally) {
        judged += next.judged
        broken += next.broken
        first += next.first.prefix(Violation.occurrencesMax - first.count)
    }

    /// With places in the file, once the lines before the part are known; its own count from 0.
    func moved(to path: String, linesBefore: Int) -> RuleTally {
        var moved = self
        for index in first.indices {
            moved.first[index].place.file = path
            moved.first[index].place.line = (first[index].place.line ?? 0) + linesBefore + 1
        }
        return moved
    }

    /// nil: no record breaks it.
    func violation(_ rule: Rule, hint: String) -> Violation? {
        guard broken > 0 else { return nil }
        var violation = Violation(
            rule: rule, column: nil, total: broken, occurrences: first, hint: hint)
        violation.of = judged
        return violation
    }
}
