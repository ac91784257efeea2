import Domain

/// What the keys of a dataset come to: violations, and the counts for checks.
struct KeyFindings {
    let hood: Neighbourhood
    let tally: KeyTally
    /// The dataset's own files, in the order in which they were read.
    let paths: [String]
    let rows: Int
    /// What was read of the dataset itself, for keys that refer to it.
    let own: SharedKeys
    let bytesMax: Int

    var manifest: DatasetManifest { hood.manifest }

    // MARK: Violations

    /// Adds what breaks `unique`, `primary_key` and `foreign_keys`.
    func report(to log: inout ViolationLog) throws(SpillFault) {
        for index in tally.plan.counted.indices { reportUnique(index, to: &log) }
        var number = 0
        for comparison in hood.comparisons {
            guard case .foreignKey(let key) = comparison.purpose else { continue }
            if var found = try violation(key, comparison) {
                found.number = number
                log.add(found)
            }
            number += 1
        }
    }

    private func reportUnique(_ index: Int, to log: inout ViolationLog) {
        let unique = tally.plan.counted[index]
        guard let rule = unique.rule else { return }
        let name = shownNames(unique.columns)
        let found = tally.duplicates[index]
        let gaps = rule == .primaryKey ? tally.gaps[unique.projection] : FileKeys.Gaps()
        let total = found.surplus + gaps.total
        guard total > 0 else { return }
        var places = found.first.map { place in
            (place.row, "equals row \(text(place.original)) on `\(name)`")
        }
        places += gaps.first.map { ($0, "a part of the key `\(name)` is missing") }
        places.sort { $0.0.packed < $1.0.packed }
        let first = places.prefix(Violation.occurrencesMax).map { row, message in
            Violation.Occurrence(
                place: place(row, of: unique.projection), value: nil,
                message: message)
        }
        var violation = Violation(
            rule: rule, column: unique.columns.joined(separator: ", "), total: total,
            occurrences: first, hint: rule.hint)
        violation.of = rule == .primaryKey ? rows : found.rows
        violation.number = unique.number
        log.add(violation)
    }

    /// nil: every key is in the other dataset.
    private func violation(
        _ key: ForeignKey, _ comparison: KeyComparison
    ) throws(SpillFault) -> Violation? {
        func found(_ total: Int, _ first: [Violation.Occurrence]) -> Violation {
            Violation(
                rule: .foreignKey, column: key.columns.joined(separator: ", "), total: total,
                occurrences: first, hint: Rule.foreignKey.hint)
        }
        let name = shownNames(key.columns)
        let target = "`\(comparison.dataset)` (\(shownNames(key.references)))"
        let other: SharedKeys
        switch side(comparison) {
        case .failure(let problem):
            return found(
                1, [.init(place: key.place, value: nil, message: problem.text)])
        case .success(let found): other = found
        }
        guard let sides = comparison.sides, let own = tally.list(of: sides.own),
            let theirs = other.tally.list(of: sides.theirs),
            let projection = tally.plan.number(of: sides.own)
        else { return nil }
        let join = try KeyJoin(of: own, in: theirs, bytesMax: bytesMax)
        let lacking = join.rows - join.sharedRows
        guard lacking > 0 else { return nil }
        let first = join.firstLacking.rows.map { row in
            Violation.Occurrence(
                place: place(row, of: projection), value: nil,
                message: "`\(name)` is not in \(target)")
        }
        var violation = found(lacking, first)
        violation.of = join.rows
        return violation
    }

    func text(_ row: RowNumber) -> String { "\(paths[row.file]):\(row.line)" }

    private func place(_ row: RowNumber, of projection: Int) -> Place {
        let cell = tally.cell(of: projection, in: row.file)
        return Place(file: paths[row.file], line: row.line, column: cell)
    }

    // MARK: What is compared

    /// Why two datasets cannot be compared.
    struct Problem: Error {
        var text: String
    }

    /// What was read of the other dataset, or why it cannot be compared.
    func side(_ comparison: KeyComparison) -> Result<SharedKeys, Problem> {
        let name = comparison.dataset
        let isItself = name == manifest.name
        guard let found = isItself ? own : hood.keys(of: name) else {
            return .failure(Problem(text: "there is no dataset `\(name)`"))
        }
        if !isItself, let problem = found.problem { return .failure(Problem(text: problem)) }
        for projection in comparison.needed {
            if let absent = found.absent(projection) {
                return .failure(
                    Problem(text: "`\(shownName(absent))` is not in the files of `\(name)`"))
            }
        }
        return .success(found)
    }

    // MARK: Counts

    /// What the checks that compare datasets are decided from.
    func measurements() throws(SpillFault) -> Measurements {
        var measured = Measurements()
        for comparison in hood.comparisons {
            switch comparison.purpose {
            case .foreignKey: break
            case .rowCount:
                measured.rows[comparison.dataset] = hood.keys(of: comparison.dataset)?.rows
            case .rows(let check, let features):
                measured.found.append(try overlap(check, features, comparison))
            case .keys(let check): measured.found.append(try keyOverlap(check, comparison))
            case .time(let check, let column):
                measured.found.append(timeLeakage(check, column, comparison))
            case .labels(let check):
                measured.found.append(try classes(check, comparison))
            case .texts(let check, let column):
                measured.found.append(try nearTexts(check, column, comparison))
            }
        }
        for check in manifest.checks.named where check.name == .conflictingLabels {
            measured.found.append(try conflicts(check))
        }
        measured.found += duplicates()
        measured.found += try nearTexts()
        measured.found += try labelNoise()
        measured.found += try labelAssociations()
        measured.found += freshness()
        measured.found += differentValues()
        measured.found += try rowSetDigests()
        return measured
    }

    private func overlap(
        _ check: DataCheck, _ features: KeyComparison.Sides?, _ comparison: KeyComparison
    ) throws(SpillFault) -> Measurement {
        let other: SharedKeys
        switch side(comparison) {
        case .failure(let problem): return Measurement(check, problem: problem.text)
        case .success(let found): other = found
        }
        guard let sides = comparison.sides else {
            return Measurement(
                check, problem: "no column is declared here and in `\(comparison.dataset)`")
        }
        if let problem = difference(sides, other) { return Measurement(check, problem: problem) }
        guard let join = try join(sides, other) else {
            return Measurement(check, problem: "the rows were not read")
        }
        var notes: [String] = []
        if let features, let found = try self.join(features, other) {
            notes.append(
                "\(found.sharedRows) without the label and columns that only tell rows apart")
        }
        if let first = join.firstShared.rows.first { notes.append("the first is \(text(first))") }
        var measurement = Measurement(
            check, count: join.sharedRows, of: rows,
            note: notes.isEmpty ? nil : notes.joined(separator: "; "))
        measurement.places = join.firstShared.rows.map {
            occurrence($0, "the row is in `\(comparison.dataset)` too")
        }
        return measurement
    }

    func occurrence(_ row: RowNumber, _ message: String) -> Violation.Occurrence {
        Violation.Occurrence(
            place: Place(file: paths[row.file], line: row.line), value: nil, message: message)
    }

    /// Where rows are equal to an earlier one, for checks that ask.
    private func duplicates() -> [Measurement] {
        guard let records = tally.records else { return [] }
        return manifest.checks.named.filter { $0.name == .duplicateRows }.map { check in
            var measurement = Measurement(check, count: records.surplus, of: records.rows)
            measurement.places = records.first.map {
                occurrence($0.row, "equals row \(text($0.original))")
            }
            return measurement
        }
    }

    /// Which columns only one of the datasets has, when rows are compared on all columns.
    private func difference(_ sides: KeyComparison.Sides, _ other: SharedKeys) -> String? {
        guard case .row(let counted) = sides.own, counted.only == nil, rows > 0, other.rows > 0
        else { return nil }
        if let late = tally.lateColumn ?? other.tally.lateColumn { return lateness(late) }
        let odd = tally.columns.symmetricDifference(other.tally.columns).sorted()
        guard let first = odd.first else { return nil }
        let name = tally.columns.contains(first) ? manifest.name : other.manifest.name
        return "only `\(name)` has a column `\(shownName(first))`; "
            + "declare the columns of both datasets"
    }

    func lateness(_ column: String) -> String {
        "`\(shownName(column))` is first met far behind the other columns; declare the columns"
    }

    private func keyOverlap(
        _ check: DataCheck, _ comparison: KeyComparison
    ) throws(SpillFault) -> Measurement {
        let other: SharedKeys
        switch side(comparison) {
        case .failure(let problem): return Measurement(check, problem: problem.text)
        case .success(let found): other = found
        }
        if let absent = comparison.own.lazy.compactMap({ own.absent($0) }).first {
            return Measurement(check, problem: "`\(shownName(absent))` is not in the files")
        }
        guard let sides = comparison.sides, let join = try join(sides, other) else {
            return Measurement(check, problem: "the keys were not read")
        }
        let first = join.firstShared.rows.first.map { "the first is in \(text($0))" }
        var measurement = Measurement(check, count: join.sharedKeys, of: join.keys, note: first)
        let name = shownNames(check.columns)
        measurement.places = join.firstShared.rows.map {
            occurrence($0, "`\(name)` is in `\(comparison.dataset)` too")
        }
        return measurement
    }

    private func timeLeakage(
        _ check: DataCheck, _ column: String, _ comparison: KeyComparison
    ) -> Measurement {
        func problem(_ text: String) -> Measurement {
            Measurement(check, column: column, problem: text)
        }
        let other: SharedKeys
        switch side(comparison) {
        case .failure(let found): return problem(found.text)
        case .success(let found): other = found
        }
        let limit = hood.latest(comparison, column)
        let wanted = KeyPlan.Time(column: column, limit: limit)
        guard comparison.dataset != manifest.name,
            let index = tally.plan.times.firstIndex(of: wanted),
            let theirs = other.tally.time(of: column)
        else { return problem("the times were not read") }
        let own = tally.times[index]
        guard own.unreadable + theirs.unreadable == 0, !tally.absentTimes[index],
            !other.tally.lacksTime(column)
        else {
            return problem(
                "not every cell of `\(shownName(column))` is a time that can be compared")
        }
        var measurement = Measurement(check, column: column, count: own.notLater, of: own.rows)
        measurement.places = own.first.places.map {
            Violation.Occurrence(
                place: $0, value: nil,
                message: "`\(shownName(column))` is not later than the last of "
                    + "`\(comparison.dataset)`")
        }
        return measurement
    }

    private func conflicts(_ check: DataCheck) throws(SpillFault) -> Measurement {
        guard let projection = manifest.labelledRows else {
            return Measurement(check, problem: "the manifest names no `label:`")
        }
        if let absent = own.absent(projection) {
            return Measurement(check, problem: "`\(shownName(absent))` is not in the files")
        }
        if let late = tally.lateColumn { return Measurement(check, problem: lateness(late)) }
        guard let list = tally.list(of: projection) else {
            return Measurement(check, problem: "the rows were not read")
        }
        let found = try LabelConflicts(of: list, bytesMax: bytesMax)
        var measurement = Measurement(check, count: found.conflicting, of: rows)
        measurement.places = found.first.rows.map {
            occurrence($0, "the features of the row occur with another label too")
        }
        return measurement
    }

    private func join(
        _ sides: KeyComparison.Sides, _ other: SharedKeys
    ) throws(SpillFault) -> KeyJoin? {
        guard let own = tally.list(of: sides.own), let theirs = other.tally.list(of: sides.theirs)
        else { return nil }
        return try KeyJoin(of: own, in: theirs, bytesMax: bytesMax)
    }
}

extension SharedKeys {
    /// A column of a projection that some file of the dataset does not have.
    func absent(_ projection: KeyProjection) -> String? {
        tally.plan.number(of: projection).flatMap { tally.absent[$0] }
    }
}

extension KeyTally {
    func lacksTime(_ column: String) -> Bool {
        plan.times.firstIndex { $0.column == column }.map { absentTimes[$0] } ?? true
    }
}
