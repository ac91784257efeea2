package import Domain

/// A dataset that is read for its profile alone, because others are compared with it.
///
/// What its own checks and rules say of it is its own affair; only what keeps its rows from being
/// what its manifest declares, a digest or a broken file, keeps others from being compared.
extension DatasetManifest {
    /// This dataset as one that others name with `against:`.
    package var profiled: DatasetManifest {
        var manifest = self
        manifest.columns = columns.map(\.bare)
        manifest.checks = DatasetChecks(missingValues: checks.missingValues)
        manifest.keys = RowKeys()
        manifest.rules = []
        manifest.served = nil
        return manifest
    }

    /// A log of requests, read as columns of this dataset: a field of another type is no value,
    /// and one that no request has is missing everywhere.
    package func served(by log: DatasetManifest) -> DatasetManifest {
        var manifest = log.profiled
        let classified = Dictionary(
            log.columns.map { ($0.name, $0.classification) },
            uniquingKeysWith: { first, _ in first }
        )
        var fields: Set<String> = []
        manifest.columns = requestColumns.compactMap { column in
            var field = column.bare
            field.name = served?.field(of: column.name) ?? column.name
            field.classification = column.classification ?? classified[field.name] ?? nil
            return fields.insert(field.name).inserted ? field : nil
        }
        manifest.checks.missingValues += checks.missingValues.filter {
            !log.checks.missingValues.contains($0)
        }
        manifest.columnMatch = .subset
        manifest.label = nil
        return manifest
    }

    /// What a request can have: every column but the label and those that only tell rows apart,
    /// and whatever `skew` and `served` name.
    package var requestColumns: [ColumnDeclaration] {
        let named = Set(
            checks.named.filter { $0.name == .skew }.flatMap(\.columns)
                + (served.map { Array($0.fields.keys) } ?? []))
        return columns.filter { column in
            named.contains(column.name)
                || !(column.name == label || column.unique || keys.primary.contains(column.name))
        }
    }
}

extension ColumnDeclaration {
    /// What a profile follows from.
    fileprivate var bare: ColumnDeclaration {
        var column = ColumnDeclaration(name: name, type: type, place: place)
        column.classification = classification
        column.strictness.severity = .warn
        return column
    }
}

extension Rule {
    /// Whether a column breaks it by not being there, or by being of another type.
    fileprivate var isOfSchema: Bool { self == .missingColumn || self == .type }
}

extension Examination {
    /// What was read, as what others are compared with.
    ///
    /// - Parameters:
    ///   - manifest: by which it was read, `profiled` or `served(by:)`.
    ///   - mayLackColumns: that a request has not what is declared is a finding about the requests.
    package func baseline(
        _ data: ComparedData, by manifest: DatasetManifest, mayLackColumns: Bool = false
    ) -> CheckBaseline {
        let broken = report.judged(by: manifest, outcomes: []).violations.filter {
            $0.severity == .fail && !(mayLackColumns && $0.rule.isOfSchema)
        }
        if let first = broken.first?.diagnostics.first {
            return .unknown(
                "`\(data.name)` is not as its manifest says: \(first.place): \(first.message)")
        }
        guard let profile else {
            return .unknown(
                "`\(data.name)` has more than \(StatisticsLimits.columnsMax) columns and is not "
                    + "profiled")
        }
        return .profile(profile, of: data)
    }
}
