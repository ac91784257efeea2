package import Domain

/// Checks of two splits of a dataset against each other; from row hashes and keys alone.
package enum SplitChecks {
    /// `split_overlap`: test rows whose hash occurs in train / test rows ≤ limit. With hashes of
    /// the features alone it is the variant without the label.
    /// - Parameters:
    ///   - shared: test rows that occur in train.
    ///   - test: all test rows.
    package static func overlap(
        shared: Int, test: Int, limit: CountLimits = 0, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        share(
            "split_overlap", shared, test, limit, severity, what: "test rows also occur in train")
    }

    /// `key_overlap`: keys (or groups) in both splits / test keys ≤ limit.
    package static func keyOverlap(
        shared: Int, testKeys: Int, limit: CountLimits = 0, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        share(
            "key_overlap", shared, testKeys, limit, severity, what: "test keys also occur in train")
    }

    /// `time_leakage`: test rows not later than the last train row / test rows ≤ limit.
    /// - Parameter notLater: test rows whose time is at most the greatest of train.
    package static func timeLeakage(
        notLater: Int, test: Int, limit: CountLimits = 0, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        share(
            "time_leakage", notLater, test, limit, severity,
            what: "test rows are not later than the last train row")
    }

    /// `time_leakage` from profiles of the time columns: exact where all times of test are later or
    /// all are listed, otherwise within the rank error.
    package static func timeLeakage(
        train: ColumnProfile, test: ColumnProfile, limit: CountLimits = 0,
        severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard let last = train.numbers?.max, let numbers = test.numbers else {
            return .tooLittle("time_leakage", test.name, "a split has no times")
        }
        // The least is exact: where it is later nothing leaks, and where not at least one row does.
        var notLater = 0
        if numbers.min <= last { notLater = Swift.max(1, test.points.count(atMost: last)) }
        var outcome = timeLeakage(
            notLater: notLater, test: numbers.count, limit: limit, severity: severity)
        outcome.column = test.name
        let isExact = numbers.rankError == 0 || numbers.min > last || numbers.max <= last
        outcome.error = isExact ? nil : numbers.rankError
        return outcome
    }

    /// `conflicting_labels`: rows whose features occur with more than one label / rows ≤ limit.
    package static func conflictingLabels(
        conflicting: Int, rows: Int, limit: CountLimits = 0, severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        share(
            "conflicting_labels", conflicting, rows, limit, severity,
            what: "rows have features that occur with more than one label")
    }

    /// `split_ratio`: test / train rows ≥ limit.
    package static func ratio(
        train: Int, test: Int, limit: Double = 0.01, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        guard train > 0 else {
            return .tooLittle("split_ratio", nil, "there are no train rows")
        }
        let value = Double(test) / Double(train)
        return CheckOutcome(
            "split_ratio", nil, value: value, limit: limit,
            value >= limit ? .passed : severity.verdict,
            "\(counted(test, "test row")) for \(counted(train, "train row")): "
                + "\(percentText(value)) (at least \(percentText(limit)))")
    }

    /// `split_min`: test rows ≥ limit.
    package static func minimum(
        test: Int, limit: Double = 100, severity: CheckSeverity = .warn
    ) -> CheckOutcome {
        CheckOutcome(
            "split_min", nil, value: Double(test), limit: limit,
            Double(test) >= limit ? .passed : severity.verdict,
            "\(counted(test, "test row")) (at least \(exactText(limit)))")
    }

    /// `duplicate_rows`: surplus / rows; over `limit` it means the severity, and any at all warns.
    package static func duplicates(
        _ found: DuplicateCounts, limit: CountLimits = 0.05, warns: Bool = true,
        severity: CheckSeverity = .fail
    ) -> CheckOutcome {
        guard found.rows > 0 else { return .tooLittle("duplicate_rows", nil, "there are no rows") }
        var outcome = CheckOutcome(
            "duplicate_rows", nil, count: found.surplus, of: found.rows, limit, severity,
            "\(found.surplus) of \(found.rows) rows are surplus (\(percentText(found.ratio)); at "
                + "most \(limit.text)): \(counted(found.groups, "row")) "
                + "\(found.groups == 1 ? "occurs" : "occur") more than once, "
                + "\(found.involved) times together",
            details: [
                "surplus": Double(found.surplus), "groups": Double(found.groups),
                "involved": Double(found.involved), "distinct": Double(found.distinct),
            ])
        if outcome.verdict == .passed, warns, found.surplus > 0 { outcome.verdict = .warned }
        return outcome
    }

    /// A count / total ≤ limit, in words.
    static func share(
        _ check: String, _ count: Int, _ total: Int, _ limit: CountLimits,
        _ severity: CheckSeverity, what: String
    ) -> CheckOutcome {
        guard total > 0 else { return .tooLittle(check, nil, "there are no rows to compare") }
        let value = Double(count) / Double(total)
        return CheckOutcome(
            check, nil, count: count, of: total, limit, severity,
            "\(count) of \(total) \(what) (\(percentText(value)); at most \(limit.text))")
    }
}

/// Counting over row hashes: what the checks of splits and labels are given.
enum RowHashes {
    /// How many test rows occur in train, each as often as it stands in test.
    static func shared(test: [UInt128], train: Set<UInt128>) -> Int {
        test.count { train.contains($0) }
    }

    /// Rows whose features occur with more than one label.
    /// - Parameter rows: for each row the hash of its features and that of its label.
    static func conflicting(_ rows: [(features: UInt128, label: UInt64)]) -> Int {
        var first: [UInt128: UInt64] = [:]
        var conflicts: Set<UInt128> = []
        for row in rows {
            if let label = first[row.features] {
                if label != row.label { conflicts.insert(row.features) }
            } else {
                first[row.features] = row.label
            }
        }
        return rows.count { conflicts.contains($0.features) }
    }

    /// The numbers of duplicate rows.
    static func duplicates(_ rows: [UInt128]) -> DuplicateCounts {
        var counts: [UInt128: Int] = [:]
        for row in rows { counts[row, default: 0] += 1 }
        return DuplicateCounts(occurrences: counts.values)
    }
}
