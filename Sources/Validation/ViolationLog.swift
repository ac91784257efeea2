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
    private struct Key: Hashable, Comparable {
        var rule: Rule
        /// Of what is about several columns the first one.
        var column: String?
        var number: Int?

        /// Of those of one rule.
        static func < (left: Key, right: Key) -> Bool {
            (left.column ?? "", left.number ?? -1) < (right.column ?? "", right.number ?? -1)
        }
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

    /// Makes one violation of those of a rule that are about columns which are `among` the meant
    /// ones, where there are more than so many; `message` has the names of the first ones.
    mutating func join(
        _ rule: Rule, over most: Int, among isMeant: (String) -> Bool = { _ in true },
        _ message: ([String]) -> String
    ) {
        var all: [Violation] = []
        var first: [(column: String, hint: String, occurrence: Violation.Occurrence)] = []
        for violation in found.values where violation.rule == rule {
            guard let column = violation.column, isMeant(column) else { continue }
            all.append(violation)
            first += violation.occurrences.map { (column, violation.hint, $0) }
        }
        guard all.count > most else { return }
        first.sort { left, right in
            let (place, other) = (left.occurrence.place, right.occurrence.place)
            return place == other ? left.column < right.column : Self.isBefore(place, other)
        }
        var names: [String] = []
        for (name, _, _) in first where names.count < Violation.columnsMax {
            // Because a column that several files lack is one column.
            if !names.contains(name) { names.append(name) }
        }
        var joined = Violation(
            rule: rule, column: nil, total: all.reduce(0) { $0 + $1.total },
            occurrences: first.prefix(Violation.occurrencesMax).map(\.occurrence),
            hint: first[0].hint)
        joined.occurrences[0].message = message(names)
        joined.columns = names
        for violation in all { found[Key(rule: rule, column: violation.column)] = nil }
        found[Key(rule: rule, column: names[0])] = joined
    }

    /// Whether anything broke a rule.
    func has(_ rule: Rule) -> Bool { found.values.contains { $0.rule == rule } }

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
        found.sorted { left, right in
            (left.value.rule.rank, right.value.total, left.key) < (
                right.value.rule.rank, left.value.total, right.key
            )
        }.map(\.value)
    }
}
