import Domain

/// What single checks ask of times, classes and rows beside what is compared.
extension KeyFindings {
    /// The latest moment of each column that a check of freshness names.
    func freshness() -> [Measurement] {
        var found: [Measurement] = []
        for check in manifest.checks.named where check.name == .freshness {
            found += check.columns.map { latest(check, $0) }
        }
        return found
    }

    /// How many different values each column has that a check of their number names; exact.
    func differentValues() -> [Measurement] {
        var found: [Measurement] = []
        for check in manifest.checks.named where check.name == .distinctCount {
            for column in check.columns {
                let index = tally.plan.counted.firstIndex { $0.columns == [column] }
                guard let keys = index.map({ tally.duplicates[$0] }) else { continue }
                found.append(
                    Measurement(check, column: column, count: keys.rows - keys.surplus, of: rows))
            }
        }
        return found
    }

    private func latest(_ check: DataCheck, _ column: String) -> Measurement {
        func problem(_ text: String) -> Measurement {
            Measurement(check, column: column, problem: text)
        }
        guard !tally.lacksTime(column), let times = tally.time(of: column) else {
            return problem("`\(shownName(column))` is not in the files")
        }
        guard times.unreadable == 0, times.latest?.isNumber != true else {
            return problem("not every cell of `\(shownName(column))` is a time")
        }
        var measurement = Measurement(check, column: column, count: 0, of: times.rows)
        measurement.moment = times.latest?.instant
        return measurement
    }

    /// The classes of the label here and in another dataset.
    func classes(
        _ check: DataCheck, _ comparison: KeyComparison
    ) throws(SpillFault) -> Measurement {
        let other: SharedKeys
        switch side(comparison) {
        case .failure(let problem): return Measurement(check, problem: problem.text)
        case .success(let found): other = found
        }
        guard let sides = comparison.sides else {
            return Measurement(check, problem: "neither dataset names a `label:`")
        }
        if let absent = own.absent(sides.own) {
            return Measurement(check, problem: "`\(shownName(absent))` is not in the files")
        }
        guard let here = tally.list(of: sides.own), let there = other.tally.list(of: sides.theirs)
        else { return Measurement(check, problem: "the labels were not read") }
        var counts = ClassCounts()
        try counts.add(here, ClassCounts.Pair(own: 1, theirs: 0))
        try counts.add(there, ClassCounts.Pair(own: 0, theirs: 1))
        guard !counts.areTooMany else {
            return Measurement(
                check, problem: "the label has more than \(LabelClasses.countMax) classes")
        }
        let ranked = counts.ranked
        var measurement = Measurement(check, count: 0, of: ranked.reduce(0) { $0 + $1.own })
        measurement.classes = [ranked.map(\.own), ranked.map(\.theirs)]
        return measurement
    }

    /// The sum of the rows' hashes modulo 2^128 with how many there are, for checks that ask.
    ///
    /// A sum and not an exclusive or, in which every pair of equal rows would vanish. Each row's
    /// hash is mixed first, because it is itself a sum over its cells, and cells may not change
    /// rows unseen.
    func rowSetDigests() throws(SpillFault) -> [Measurement] {
        let checks = manifest.checks.named.filter { $0.name == .rowSetDigest }
        guard let first = checks.first else { return [] }
        if let late = tally.lateColumn {
            return [Measurement(first, problem: lateness(late))]
        }
        guard let list = tally.list(of: .row(RowColumns())) else {
            return [Measurement(first, problem: "the rows were not read")]
        }
        var (sum, count): (UInt128, Int) = (0, 0)
        for partition in list.indices where list.count(partition) > 0 {
            try list.read(partition) { entries in
                for entry in entries {
                    var hasher = RowHasher()
                    hasher.absorb(entry.hash.high)
                    hasher.absorb(entry.hash.low)
                    let mixed = hasher.finish()
                    sum &+= UInt128(mixed.high) << 64 | UInt128(mixed.low)
                    count += 1
                }
            }
        }
        var measurement = Measurement(first, count: 0, of: count)
        let (high, low) = (UInt64(sum >> 64), UInt64(truncatingIfNeeded: sum))
        measurement.digest = "v3-\(hexadecimal(high))\(hexadecimal(low))-\(count)"
        return [measurement]
    }
}

/// How often each class of a label occurs in two datasets, while there are not too many.
private struct ClassCounts {
    struct Pair {
        var own: Int
        var theirs: Int

        mutating func add(_ more: Pair) {
            own += more.own
            theirs += more.theirs
        }
    }

    private var counts: [RowHash: Pair] = [:]

    var areTooMany: Bool { counts.count > LabelClasses.countMax }

    /// Because a label may be different in every row, nothing more is counted once there are too
    /// many.
    ///
    /// - Parameter row: what each row of the list counts.
    mutating func add(_ list: RowPartitions, _ row: Pair) throws(SpillFault) {
        for partition in list.indices where list.count(partition) > 0 && !areTooMany {
            try list.read(partition) { entries in
                for entry in entries {
                    guard !areTooMany else { return }
                    counts[entry.hash, default: Pair(own: 0, theirs: 0)].add(row)
                }
            }
        }
    }

    /// The most frequent first.
    var ranked: [Pair] {
        counts.sorted { left, right in
            let first = left.value.own + left.value.theirs
            let second = right.value.own + right.value.theirs
            return (second, left.key.high, left.key.low) < (first, right.key.high, right.key.low)
        }.map(\.value)
    }
}
