import Domain

extension DataCheck {
    /// Whether it is held against figures of all numbers of its columns, of which a profile keeps a
    /// few thousand.
    var needsNumbers: Bool {
        switch name {
        case .quantile, .outliersTukey, .outliersRobustZ, .outliersZ: true
        default: false
        }
    }

    /// Whether it asks about a column of numbers.
    fileprivate func asks(about column: ColumnStatistics) -> Bool {
        needsNumbers && column.kind == .number
            && (columns.isEmpty || columns.contains(column.name))
    }
}

extension DatasetManifest {
    /// Columns that are named by checks of all of their numbers, whatever they hold.
    var exactColumns: Set<String> {
        Set(checks.named.filter(\.needsNumbers).flatMap(\.columns))
    }
}

extension DatasetStatistics {
    /// What checks of quantiles and outliers come to in the columns of which all numbers are still
    /// known, exactly.
    ///
    /// One column after the other, because each takes as much memory again as its numbers.
    ///
    /// - Parameter profile: of the same numbers.
    func measurements(for checks: [DataCheck], _ profile: DatasetProfile) -> [Measurement] {
        columns.flatMap { column -> [Measurement] in
            let asked = checks.filter { $0.asks(about: column) }
            guard !asked.isEmpty,
                let numbers = NumberDistribution(
                    column.numbers, profile.column(column.name)?.numbers)
            else { return [] }
            return asked.compactMap { Measurement($0, column.name, numbers) }
        }
    }
}

extension Measurement {
    private static let quantile = "quantile"

    /// nil: the numbers have nothing of that kind.
    fileprivate init?(_ check: DataCheck, _ column: String, _ numbers: NumberDistribution) {
        if let rule = OutlierRule(check) {
            guard let found = rule.figures(of: numbers),
                !found.bounds.values.contains(where: \.isNaN)
            else { return nil }
            self.init(check, column: column, count: found.outside, of: found.count)
            // Because JSON has no word for what is beyond the range of numbers, and no number is.
            let most = Double.greatestFiniteMagnitude
            figures = found.bounds.mapValues { Swift.min(most, Swift.max(-most, $0)) }
        } else {
            guard let share = check.parameter, (0...1).contains(share),
                let value = numbers.points.quantile(share)
            else { return nil }
            self.init(check, column: column, count: 0, of: numbers.points.count)
            figures = [Self.quantile: value]
        }
    }

    /// The outliers that were counted; nil: it is about something else.
    var outliers: OutlierFigures? {
        figures.map { OutlierFigures(outside: count, count: total, bounds: $0) }
    }

    /// What a statistic was found to be.
    var statistic: Double { figures?[Self.quantile] ?? Double(count) }
}
