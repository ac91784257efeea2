import Domain

/// Whether checks can say something about what a manifest declares.
struct CheckFit {
    private let types: [String: ColumnDeclaration.Kind]
    private let hasLabel: Bool
    private let label: String?
    private let declaresColumns: Bool
    /// The files have no other columns than those that are declared, and all of them are right.
    private let isWhole: Bool

    init(_ manifest: DatasetManifest, hasLabel: Bool, isWhole: Bool) {
        types = Dictionary(manifest.knownColumns.map { ($0.name, $0.type) }) { first, _ in first }
        self.hasLabel = hasLabel
        label = manifest.label
        declaresColumns = !manifest.columns.isEmpty
        self.isWhole = isWhole && !types.isEmpty && !manifest.columnMatch.allowsOthers
    }

    /// What keeps a check from saying anything.
    ///
    /// - Parameters:
    ///   - item: what is said about it.
    ///   - entry: the line that names it.
    func problems(
        _ check: DataCheck, _ item: YAMLNode, _ entry: YAMLNode.Entry, file: String
    ) -> [Diagnostic] {
        let name = check.name.rawValue
        var found: [Diagnostic] = []
        if check.name.isOfLabel, !hasLabel {
            found.append(
                Diagnostic(
                    at: entry.place(in: file), "`\(name)` needs `label`",
                    hint: "label: the column that is to be predicted"))
        }
        if check.name == .labelNoise {
            found += noiseProblems(check, item, entry.place(in: file), file)
        }
        guard let (kinds, about) = check.name.subject else { return found }
        for node in item["columns"]?.items ?? [] {
            guard let column = node.label, let type = types[column], !kinds.contains(type) else {
                continue
            }
            found.append(
                Diagnostic(
                    at: node.place(in: file),
                    "`\(name)` is about \(about), and `\(quoted(column))` is of type "
                        + "`\(type.rawValue)`"))
        }
        if check.columns.isEmpty, !check.name.needsColumns, isWhole,
            !types.values.contains(where: kinds.contains)
        {
            found.append(
                Diagnostic(
                    at: entry.place(in: file),
                    "`\(name)` is about \(about), and no column is declared that it fits"))
        }
        return found
    }

    /// What keeps the labels from being judged by other columns.
    private func noiseProblems(
        _ check: DataCheck, _ item: YAMLNode, _ place: Place, _ file: String
    ) -> [Diagnostic] {
        if check.columns.isEmpty, !declaresColumns {
            return [
                Diagnostic(
                    at: place, "`label_noise` needs `columns`, because the manifest declares none",
                    hint: "columns: those that tell the label")
            ]
        }
        return (item["columns"]?.items ?? []).filter { $0.label != nil && $0.label == label }.map {
            Diagnostic(
                at: $0.place(in: file),
                "`\(quoted(label ?? ""))` is the label itself, which cannot tell whether it is "
                    + "right",
                hint: "columns: the others")
        }
    }
}

extension DataCheck.Name {
    /// Whether it says something about the label.
    fileprivate var isOfLabel: Bool {
        switch self {
        case .classBalance, .classMinCount, .labelLeakage, .conflictingLabels, .labelNoise,
            .labelMissing, .missingPattern, .splitStratification, .labelDrift:
            true
        default: false
        }
    }

    /// The columns that it fits, and what they are called; nil: all.
    fileprivate var subject: (kinds: [ColumnDeclaration.Kind], about: String)? {
        switch self {
        case .nonFinite, .outliersTukey, .outliersRobustZ, .outliersZ, .mean, .stdev, .sum, .min,
            .max, .quantile:
            ([.integer, .number], "numbers")
        case .ks, .wasserstein: ([.integer, .number, .date, .datetime], "numbers and times")
        case .outliersRare, .lInfinity, .chiSquare, .cramersV, .newCategory:
            ([.string, .boolean, .array, .object, .any], "categories")
        case .nearDuplicates: ([.string, .any], "texts")
        case .privateData:
            ([.string, .array, .object, .any, .integer, .number], "texts and numbers")
        case .mixedTypes, .encodingDamage: ([.string, .array, .object, .any], "texts")
        case .freshness: ([.date, .datetime], "dates and times")
        default: nil
        }
    }
}
