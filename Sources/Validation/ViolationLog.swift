import Domain

extension Violation {
    /// The same of which nothing is counted yet.
    fileprivate var uncounted: Violation {
        var violation = self
        (violation.total, violation.occurrences) = (0, [])
        return violation
    }
}

/// Collects violations by rule, column and number: the first places, and how many there are.
struct ViolationLog {
    private struct Key: Hashable {
        var rule: Rule
        var column: String?
        var number: Int?
    }

    private var found: [Key: Violation] = [:]

    /// Counts a violation and keeps its place while there is room.
    ///
    /// `hint` is for where the rule's own would mislead; that of the first place counts.
    /// `value` and `message` are only asked for when they are kept.
    mutating func add(
        _ rule: Rule, column: String? = nil, at place: @autoclosure () -> Place,
        value: @autoclosure () -> String? = nil, hint: String? = nil,
        _ message: @autoclosure () -> String
    ) {
        let key = Key(rule: rule, column: column)
        var violation =
            found.removeValue(forKey: key)
            ?? Violation(
                rule: rule, column: column, total: 0, occurrences: [], hint: hint ?? rule.hint)
        violation.total += 1
        if violation.occurrences.count < Violation.occurrencesMax {
            violation.occurrences.append(
                Violation.Occurrence(place: place(), value: value(), message: message()))
        }
        found[key] = violation
    }

    /// Adds a violation to those of its rule, column and number that are there, which it follows.
    mutating func add(_ next: Violation) {
        let key = Key(rule: next.rule, column: next.column, number: next.number)
        var violation = found.removeValue(forKey: key) ?? next.uncounted
        violation.total += next.total
        let room = Violation.occurrencesMax - violation.occurrences.count
        violation.occurrences += next.occurrences.prefix(room)
        found[key] = violation
    }

    /// Makes one violation of those of a rule, whatever their columns, where there are more than so
    /// many; `message` has the names of the first ones.
    mutating func join(_ rule: Rule, over most: Int, _ message: ([String]) -> String) {
        let all = found.values.filter { $0.rule == rule }
        guard all.count > most else { return }
        let first = all.flatMap { violation in
            violation.occurrences.map { (violation.column, $0) }
        }.sorted { left, right in
            Self.isBefore(left.1.place, right.1.place)
                || left.1.place == right.1.place && (left.0 ?? "") < (right.0 ?? "")
        }
        var occurrences = first.prefix(Violation.occurrencesMax).map(\.1)
        occurrences[0].message = message(first.prefix(8).compactMap(\.0))
        for violation in all { found[Key(rule: rule, column: violation.column)] = nil }
        found[Key(rule: rule, column: nil)] = Violation(
            rule: rule, column: nil, total: all.reduce(0) { $0 + $1.total },
            occurrences: occurrences, hint: all.first { $0.column != nil }?.hint ?? rule.hint)
    }

    private static func isBefore(_ left: Place, _ right: Place) -> Bool {
        (left.file, left.line ?? 0, left.column ?? 0)
            < (right.file, right.line ?? 0, right.column ?? 0)
    }

    /// Adds the violations of the file that follows.
    mutating func add(_ next: ViolationLog) {
        for violation in next.found.values { add(violation) }
    }

    /// The worst first; within a rule the most frequent, then by column.
    var sorted: [Violation] {
        found.values.sorted { left, right in
            (left.rule.rank, right.total, left.column ?? "", left.number ?? 0)
                < (right.rule.rank, left.total, right.column ?? "", right.number ?? 0)
        }
    }
}
