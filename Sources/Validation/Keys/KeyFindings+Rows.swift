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
            return problem("`\(column)` is not in the files")
        }
        guard times.unreadable == 0, times.latest?.isNumber != true else {
            return problem("not every cell of `\(column)` is a time")
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
            return Measurement(check, problem: "`\(absent)` is not in the files")
        }
        guard let here = tally.list(of: sides.own), let there = other.tally.list(of: sides.theirs)
        else { return Measurement(check, problem: "the labels were not read") }
        var counts: [RowHash: [Int]] = [:]
        for (side, list) in [here, there].enumerated() {
            for partition in list.indices where list.count(partition) > 0 {
                try list.read(partition) { entries in
                    for entry in entries { counts[entry.hash, default: [0, 0]][side] += 1 }
                }
                guard counts.count <= LabelClasses.countMax else {
                    return Measurement(
                        check, problem: "the label has more than \(LabelClasses.countMax) classes")
                }
            }
        }
        let ranked = counts.sorted { left, right in
            let (first, second) = (left.value[0] + left.value[1], right.value[0] + right.value[1])
            return (second, left.key.high, left.key.low) < (first, right.key.high, right.key.low)
        }
        var measurement = Measurement(check, count: 0, of: ranked.reduce(0) { $0 + $1.value[0] })
        measurement.classes = (0...1).map { side in ranked.map { $0.value[side] } }
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
            return [
                Measurement(
                    first,
                    problem: "`\(late)` is first met far behind the other columns; declare "
                        + "the columns")
            ]
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
        measurement.digest = "v2-\(hexadecimal(high))\(hexadecimal(low))-\(count)"
        return [measurement]
    }
}
