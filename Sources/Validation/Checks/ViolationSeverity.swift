import Domain

extension Violation {
    /// Decides what it means, by what was declared of the cells or rows that it is about.
    ///
    /// - Parameters:
    ///   - severity: what more than is tolerated means.
    ///   - mostly: the share of them that must be as declared, 0 to 1.
    ///   - count: how many there are.
    mutating func judge(_ severity: CheckSeverity, mostly: Double, of count: Int) {
        of = count
        // Because a share like 0.7 is no binary fraction: exactly seven of ten are enough.
        let needed = mostly * Double(count) - 1e-9 * Double(count)
        if mostly < 1, Double(count - total) >= needed {
            self.severity = .tolerated
        } else {
            self.severity = severity == .fail ? .fail : .warn
        }
    }

    /// The share of the cells or rows; nil: it is not about one.
    package var share: Double? {
        of.flatMap { $0 > 0 ? Double(total) / Double($0) : nil }
    }
}

extension Rule {
    /// Whether single cells of a declared column break it, so that the column's `severity` and
    /// `mostly` speak about it.
    var isOfCells: Bool {
        let names: Set = [
            "required", "type", "range", "length", "values", "pattern", "format", "unique",
        ]
        return names.contains(rawValue)
    }
}

extension [Violation] {
    /// As the manifest's columns have it; of a violation whose cells were not counted nothing
    /// changes.
    func judged(by manifest: DatasetManifest) -> [Violation] {
        var declared: [String: ColumnDeclaration] = [:]
        for column in manifest.columns { declared[column.name] = column }
        return map { found in
            var violation = found
            if let count = found.of, found.rule.isOfCells, let name = found.column,
                let column = declared[name]
            {
                violation.judge(column.severity, mostly: column.mostly, of: count)
            }
            if found.rule == .columnCount, let limits = manifest.checks.columnCount {
                violation.severity = limits.severity == .fail ? .fail : .warn
            }
            return violation
        }.worstFirst
    }

    /// By severity; as they were where it is the same.
    var worstFirst: [Violation] {
        Violation.Severity.allCases.flatMap { severity in filter { $0.severity == severity } }
    }
}

extension DatasetCheck {
    /// What was found, with what it means, the worst first.
    var violations: [Violation] {
        var counts: [String: Int] = [:]
        for column in columns { counts[column.name] = column.cells }
        let counted = log.sorted.map { found in
            var violation = found
            if found.rule.isOfCells, violation.of == nil {
                violation.of = found.column.flatMap { counts[$0] }
            }
            return violation
        }
        return counted.judged(by: manifest)
    }
}
