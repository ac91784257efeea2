import Domain

extension Violation {
    /// Decides what it means, by what was declared of the cells or rows that it is about.
    mutating func judge(_ strictness: Strictness) {
        let isFewEnough = of.map { strictness.limits.isKept(total, of: $0) == true } ?? false
        severity = isFewEnough ? .tolerated : strictness.severity == .fail ? .fail : .warn
    }

    /// The share of the cells or rows; nil: it is not about one.
    package var share: Double? {
        of.flatMap { $0 > 0 ? Double(total) / Double($0) : nil }
    }
}

/// How strict a manifest is about everything that can be violated.
struct ManifestStrictness {
    private let manifest: DatasetManifest
    private var columns: [String: ColumnDeclaration] = [:]
    /// Columns without which a file cannot be, whatever others it may lack.
    private let needed: Set<String>

    init(_ manifest: DatasetManifest) {
        self.manifest = manifest
        for column in manifest.columns { columns[column.name] = column }
        needed = manifest.neededColumns
    }

    /// Decides what it means, the worst of all that is said of it.
    func judge(_ violation: inout Violation) {
        let all = violation.rule == .unique ? aboutKey(violation) : [about(violation)]
        var found: Set<Violation.Severity> = []
        for strictness in all.compactMap(\.self) {
            violation.judge(strictness)
            found.insert(violation.severity)
        }
        if let worst = Violation.Severity.allCases.first(where: found.contains) {
            violation.severity = worst
        }
    }

    /// What a column and keys say of the same cells.
    private func aboutKey(_ violation: Violation) -> [Strictness?] {
        let key = numbered(violation, manifest.keys.unique)?.columns
        let names = key ?? [violation.column ?? ""]
        var all = manifest.keys.unique.filter { $0.columns == names }.map(\.strictness)
        // Because a column that is not `unique` is strict about its cells alone.
        if names.count == 1, let column = columns[names[0]], column.unique {
            all.append(column.strictness)
        }
        return all
    }

    /// nil: the manifest says nothing about it.
    private func about(_ violation: Violation) -> Strictness? {
        let column = violation.column ?? ""
        switch violation.rule {
        case .required, .type, .range, .length, .values, .pattern, .format:
            return columns[column]?.strictness
        case .primaryKey: return manifest.keys.primaryStrictness
        case .sorted: return manifest.keys.sortedStrictness
        case .foreignKey: return numbered(violation, manifest.keys.foreign)?.strictness
        case .rowRule: return numbered(violation, manifest.rules)?.strictness
        case .rowCount: return Strictness(manifest.checks.rowCountSeverity)
        case .columnCount: return manifest.checks.columnCount.map { Strictness($0.severity) }
        case .missingShare: return Strictness(manifest.checks.missingShareSeverity)
        case .missingColumn:
            // Those that are one violation are all needed, or none of them is.
            return needed.contains(violation.columns?.first ?? column)
                ? nil : Strictness(manifest.checks.columnsSeverity)
        case .extraColumn, .columnOrder: return Strictness(manifest.checks.columnsSeverity)
        case .preparation, .unpinned, .missingFile, .outsideRoot, .notAFile, .emptyFile,
            .repeatedFile, .digest, .byteCount, .rows, .changedFile, .compression, .notText,
            .encoding, .nulByte, .unbalancedQuote, .strayQuote, .strayCarriageReturn, .recordSize,
            .json, .parquet, .arrow, .image, .raggedRow, .blankRow, .blankHeader,
            .duplicateColumn, .tooManyColumns, .unique:
            return nil
        }
    }

    private func numbered<Item>(_ violation: Violation, _ items: [Item]) -> Item? {
        violation.number.flatMap { items.indices.contains($0) ? items[$0] : nil }
    }
}

extension DatasetManifest {
    /// Columns without which a file cannot be: those that are required, and those that its keys,
    /// its order or its label name.
    var neededColumns: Set<String> {
        Set(columns.filter(\.required).map(\.name)).union(keys.columns).union(keys.sortedBy)
            .union([label].compactMap(\.self))
    }
}

extension RowKeys {
    /// The columns of all keys.
    var columns: [String] {
        primary + unique.flatMap(\.columns) + foreign.flatMap(\.columns)
    }
}

extension [Violation] {
    /// As the manifest has it; of what it says nothing about nothing changes.
    func judged(by manifest: DatasetManifest) -> [Violation] {
        let strictness = ManifestStrictness(manifest)
        return map { found in
            var violation = found
            strictness.judge(&violation)
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
            if found.rule.isOfCells, let cells = found.column.flatMap({ counts[$0] }) {
                violation.of = cells
            }
            return violation
        }
        return counted.judged(by: manifest)
    }
}

extension Rule {
    /// Whether single cells of a column break it.
    private static let ofCells: Set<Rule> = [
        .required, .type, .range, .length, .values, .pattern, .format,
    ]

    fileprivate var isOfCells: Bool { Self.ofCells.contains(self) }
}
