import Domain

extension Declared<DatasetName, PlannedDataset> {
    /// Splits of one dataset that were not made together, of which one is held against the other:
    /// rows may be in both.
    func splitConflicts() -> [Diagnostic] {
        whole.keys.sorted().flatMap { name -> [Diagnostic] in
            guard let manifest = whole[name]?.manifest, let split = manifest.namedSplit else {
                return []
            }
            return manifest.references.compactMap { reference in
                guard let other = whole[reference.name]?.manifest,
                    let otherSplit = other.namedSplit,
                    let difference = split.difference(to: otherSplit)
                else { return nil }
                return Diagnostic(
                    .warning, at: reference.place,
                    "`\(name)` and `\(other.name)` split `\(split.source)` in two ways, by another "
                        + "\(difference), so rows may be in both",
                    hint: "say the same in both, `part` excepted: see \(otherSplit.place)")
            }
        }
    }
}

/// A split of a dataset that others may split too.
private struct NamedSplit {
    var source: DatasetName
    var split: RowSplit
    /// What is done to the rows before.
    var before: [PreparationStep.Action]
    var place: Place

    /// In what two splits of one dataset differ, so that their parts are not of one whole; nil: in
    /// nothing, or they are of two datasets.
    func difference(to other: NamedSplit) -> String? {
        guard source == other.source else { return nil }
        if split.method != other.split.method { return "`by`" }
        if split.columns != other.split.columns { return "`columns`" }
        if split.parts != other.split.parts { return "`parts`" }
        // Because times alone say where a row is.
        if split.method != .time, split.seed != other.split.seed { return "`seed`" }
        switch split.method {
        // Because a row's part depends on which other rows there are.
        case .random, .stratified, .group: return before == other.before ? nil : "step before it"
        case .hash, .time: return nil
        }
    }
}

extension DatasetManifest {
    /// The first split of another dataset; nil: it is no part of one.
    fileprivate var namedSplit: NamedSplit? {
        guard let preparation, let source = preparation.sourceManifest, source.name != name else {
            return nil
        }
        for (index, step) in preparation.steps.enumerated() {
            guard case .split(let split) = step.action else { continue }
            return NamedSplit(
                source: source.name, split: split,
                before: preparation.steps[..<index].map(\.action), place: step.place)
        }
        return nil
    }
}
