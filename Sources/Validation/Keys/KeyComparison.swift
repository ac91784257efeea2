import Domain

/// One thing in which a dataset is compared with another, or with itself.
struct KeyComparison: Sendable {
    enum Purpose: Sendable {
        case foreignKey(ForeignKey)
        /// Equal rows, and, where there is a label, rows of equal features.
        case rows(DataCheck, features: KeyComparison.Sides?)
        case keys(DataCheck)
        case time(DataCheck, column: String)
        case rowCount(DataCheck)
        /// How often each class of the label occurs.
        case labels(DataCheck)
        /// Near texts of one column.
        case texts(DataCheck, column: String)
    }

    /// What is compared with what.
    struct Sides: Sendable {
        var own: KeyProjection
        var theirs: KeyProjection
    }

    var dataset: DatasetName
    var purpose: Purpose
    /// nil: no keys are compared.
    var sides: Sides?

    /// What of the other dataset's rows is needed.
    var needed: [KeyProjection] {
        var needed = [sides?.theirs]
        if case .rows(_, let features?) = purpose { needed.append(features.theirs) }
        return needed.compactMap(\.self)
    }

    /// The same of the dataset's own.
    var own: [KeyProjection] {
        var own = [sides?.own]
        if case .rows(_, let features?) = purpose { own.append(features.own) }
        return own.compactMap(\.self)
    }

    /// The column of texts that are compared.
    var textColumn: String? {
        if case .texts(_, let column) = purpose { return column }
        return nil
    }

    /// The column of times that is compared.
    var timeColumn: String? {
        if case .time(_, let column) = purpose { return column }
        return nil
    }
}

extension DatasetManifest {
    /// Whether the manifest names anything to compare the dataset with.
    var isCompared: Bool {
        !keys.foreign.isEmpty || checks.named.contains { $0.dataset != nil }
    }

    /// Everything in which the dataset is compared with others, in the order of the manifest; of
    /// what is not among `datasets` nothing is compared.
    func comparisons(among datasets: [DatasetName: DatasetManifest]) -> [KeyComparison] {
        var found: [KeyComparison] = []
        for key in keys.foreign {
            let name = key.dataset ?? self.name
            let other = name == self.name ? self : datasets[name]
            var comparison = KeyComparison(dataset: name, purpose: .foreignKey(key))
            comparison.sides = other.map { keySides(key.columns, $0, key.references) }
            found.append(comparison)
        }
        for check in checks.named {
            guard let name = check.dataset else { continue }
            let other = datasets[name]
            switch check.name {
            case .splitOverlap:
                let sides = other.flatMap { rowSides($0, except: []) }
                let features = other.flatMap(featureSides)
                found.append(
                    KeyComparison(
                        dataset: name, purpose: .rows(check, features: features), sides: sides))
            case .keyOverlap:
                let sides = other.map { keySides(check.columns, $0, check.columns) }
                found.append(
                    KeyComparison(dataset: name, purpose: .keys(check), sides: sides))
            case .timeLeakage:
                for column in check.columns {
                    found.append(
                        KeyComparison(dataset: name, purpose: .time(check, column: column)))
                }
            case .splitRatio:
                found.append(KeyComparison(dataset: name, purpose: .rowCount(check)))
            case .splitStratification:
                var comparison = KeyComparison(dataset: name, purpose: .labels(check))
                if let other, let column = label ?? other.label {
                    comparison.sides = keySides([column], other, [column])
                }
                found.append(comparison)
            case .nearDuplicates:
                for column in check.columns {
                    found.append(
                        KeyComparison(dataset: name, purpose: .texts(check, column: column)))
                }
            default: break
            }
        }
        return found
    }

    private func keySides(
        _ columns: [String], _ other: DatasetManifest, _ references: [String]
    ) -> KeyComparison.Sides {
        let pairs = zip(columns, references).map { own, theirs in
            let isNumber = isNumeric(own) && other.isNumeric(theirs)
            return (
                KeyPart(column: own, isNumber: isNumber),
                KeyPart(column: theirs, isNumber: isNumber)
            )
        }
        return KeyComparison.Sides(own: .key(pairs.map(\.0)), theirs: .key(pairs.map(\.1)))
    }

    /// Rows are compared on the columns that both declare; where one declares none, on all.
    private func rowSides(
        _ other: DatasetManifest, except: Set<String>
    ) -> KeyComparison.Sides? {
        var counted = RowColumns(except: except)
        if !columns.isEmpty, !other.columns.isEmpty {
            let shared = Set(columns.map(\.name)).intersection(other.columns.map(\.name))
            guard !shared.subtracting(except).isEmpty else { return nil }
            counted.only = shared
        }
        // Because texts have no value, numbers that are held against them have none either.
        let names = Set((columns + other.columns).map(\.name))
        counted.asText = names.filter { isNumeric($0) != other.isNumeric($0) && counted.has($0) }
        return KeyComparison.Sides(own: .row(counted), theirs: .row(counted))
    }

    /// Without the label, and without what only tells rows apart.
    private func featureSides(_ other: DatasetManifest) -> KeyComparison.Sides? {
        guard let label = label ?? other.label else { return nil }
        return rowSides(other, except: identifying.union(other.identifying).union([label]))
    }
}
