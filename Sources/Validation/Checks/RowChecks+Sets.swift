import Domain

/// Checks of how old the rows are, of their classes in a split, and of all of them together.
extension CheckRun {
    /// `freshness`: the commit's time − max(column) ≤ limit. The commit's time and not the clock's,
    /// so that the same commit has the same verdict whenever it is judged. Data from after the
    /// commit says nothing, but for a day that has begun elsewhere.
    func freshness(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        guard let latest = found.moment else {
            return .tooLittle(name, found.column, "the column has no time")
        }
        guard let moment else {
            return CheckOutcome(
                name, found.column, value: nil, limit: check.max, .notCompared,
                "there is no commit here whose time says how old the data is")
        }
        let age = moment.seconds(since: latest)
        guard age >= -86_400 else {
            return .impossible(
                name, found.column,
                "the latest time lies more than a day after the commit, so one of them is wrong")
        }
        let limit = check.max ?? 0
        let words = age < 0 ? "\(ageText(-age)) after" : "\(ageText(age)) before"
        return CheckOutcome(
            name, found.column, value: age, limit: limit,
            age <= limit ? .passed : (check.severity ?? .warn).verdict,
            "the latest is \(latest), \(words) the commit (at most \(ageText(limit)))")
    }

    /// `row_set_digest`: the digest of the rows is the one that is declared.
    func rowSetDigest(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let digest = found.digest ?? ""
        let isBroken = check.expected.map { $0 != digest } ?? false
        return CheckOutcome(
            name, nil, value: nil, limit: nil,
            isBroken ? (check.severity ?? .fail).verdict : .passed,
            "the rows have the digest \(digest)"
                + (isBroken ? ", expected \(check.expected ?? "")" : ""))
    }

    /// `split_stratification`: bias-corrected Cramér's V of label × {this, other} ≤ limit, or not
    /// significant at 0.01 (chi-square). Classes that expect fewer than 5 rows on a side are one.
    func stratification(_ found: Measurement, _ check: DataCheck) -> CheckOutcome {
        let name = check.name.rawValue
        let other = check.dataset.map { "`\($0)`" } ?? "the other dataset"
        let table = ContingencyTable(counts: found.classes ?? []).withSmallPooled
        guard table.degreesOfFreedom > 0, table.isLargeEnough, let value = table.cramersV else {
            return .tooLittle(
                name, manifest.label,
                "fewer than two classes of the label have rows enough to compare with \(other)")
        }
        let limit = check.max ?? 0.1
        let chance = ChiSquareLaw.survival(table.chiSquare, degrees: table.degreesOfFreedom)
        let isBroken = value > limit && chance <= MissingPattern.significance
        let shares = table.shareDifference
        return CheckOutcome(
            name, manifest.label, value: value, limit: limit,
            isBroken ? (check.severity ?? .warn).verdict : .passed,
            "Cramér's V of the label with being here or in \(other) is \(shortText(value)) "
                + "(at most \(exactText(limit))), p = \(shortText(chance)); "
                + "shares of a class differ by "
                + "\(percentText(shares)) at most",
            details: [
                "p": chance, "chi_square": table.chiSquare,
                "classes": Double(table.counts.first?.count ?? 0), "share_difference": shares,
            ])
    }
}

extension ContingencyTable {
    /// Of two rows, itself with all columns as one that expect fewer than 5 on a side.
    fileprivate var withSmallPooled: ContingencyTable {
        guard counts.count == 2 else { return self }
        let sums = counts.map { Double($0.reduce(0, +)) }
        let least = Swift.min(sums[0], sums[1]) / (sums[0] + sums[1])
        let small = counts[0].indices.filter {
            Double(counts[0][$0] + counts[1][$0]) * least < 5
        }
        guard small.count > 1 else { return self }
        let pooled = counts.map { row in
            row.indices.filter { !small.contains($0) }.map { row[$0] }
                + [small.reduce(0) { $0 + row[$1] }]
        }
        return ContingencyTable(counts: pooled)
    }

    /// Of two rows, how far the shares of a column differ at most.
    fileprivate var shareDifference: Double {
        let sums = counts.map { Double(Swift.max(1, $0.reduce(0, +))) }
        return zip(counts[0], counts[1]).map {
            (Double($0) / sums[0] - Double($1) / sums[1]).magnitude
        }.max() ?? 0
    }
}

/// A time that passed, in its two greatest units: `3d 4h`, `12s`.
func ageText(_ seconds: Double) -> String {
    let whole = Int64(Swift.min(seconds, 1e15).rounded(.down))
    let parts =
        [(whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "m")]
        + [(whole % 60, "s")]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0s" }
    return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }
        .joined(separator: " ")
}
