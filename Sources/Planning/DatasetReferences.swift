package import Domain

/// Another dataset that the keys or checks of a manifest name.
package struct DatasetReference: Hashable, Sendable {
    package var name: DatasetName
    /// What it must have, if it declares its columns.
    package var columns: [String]
    /// Where it is named.
    package var place: Place
    /// Where the columns are.
    var columnsPlace: Place
    /// `foreign_keys`, `split_overlap`
    package var key: String
    /// How it is named.
    var option = Option.with

    enum Option: Sendable {
        /// As what it is compared with, row by row.
        case with
        /// As what it is to be like.
        case against
        /// As the log of requests.
        case served
    }

    /// What is wrong where it is the dataset that names it.
    fileprivate var faultOfItself: Diagnostic {
        switch option {
        case .with:
            Diagnostic(
                at: place, "`\(key)` compares `\(name)` with itself",
                hint: "with: the dataset that it must have nothing in common with")
        case .against:
            Diagnostic(
                at: place,
                "`\(key)` is `against: \(name)`, the dataset itself, in which nothing can have "
                    + "changed",
                hint: "against: another dataset, or a version of the model such as v1.2.0; leave "
                    + "it out to compare with what is live")
        case .served:
            Diagnostic(
                at: place, "`served` names `\(name)` itself",
                hint: "dataset: the one that holds the requests")
        }
    }
}

extension DatasetManifest {
    /// The other datasets that `foreign_keys`, `checks` and `served` name, in the order of the
    /// manifest.
    package var references: [DatasetReference] {
        let keys = keys.foreign.compactMap { key in
            key.dataset.flatMap { name in
                name == self.name
                    ? nil
                    : DatasetReference(
                        name: name, columns: key.references, place: key.place,
                        columnsPlace: key.referencesPlace,
                        key: "foreign_keys")
            }
        }
        let checks = checks.named.compactMap { check in
            (check.dataset ?? check.against?.dataset).map {
                DatasetReference(
                    name: $0, columns: check.columns, place: check.place,
                    columnsPlace: check.place,
                    key: check.name.rawValue, option: check.dataset == nil ? .against : .with)
            }
        }
        let log = served.map {
            DatasetReference(
                name: $0.dataset, columns: $0.fields.values.sorted(), place: $0.place,
                columnsPlace: $0.place,
                key: "served", option: .served)
        }
        return keys + checks + [log].compactMap(\.self)
    }
}

extension Declared<DatasetName, PlannedDataset> {
    /// Takes out the datasets that name one that is not there, has errors or lacks a column, and
    /// says so; a circle of datasets is no error.
    mutating func refuseDangling() -> [Diagnostic] {
        var found: [Diagnostic] = []
        var isSettled = false
        while !isSettled {
            isSettled = true
            for name in whole.keys.sorted() {
                let references = whole[name]?.manifest.references ?? []
                let faults = references.compactMap { fault($0, of: name) }
                guard let first = faults.first else { continue }
                breakers[name] = references.map(\.name).first { broken[$0] != nil }
                whole[name] = nil
                broken[name] = first.place
                found += faults
                isSettled = false
            }
        }
        return found
    }

    private func fault(_ reference: DatasetReference, of name: DatasetName) -> Diagnostic? {
        guard reference.name != name else {
            return reference.faultOfItself
        }
        if let place = broken[reference.name] {
            return Diagnostic(
                at: reference.place, "the dataset `\(reference.name)` has errors",
                hint: "see \(place)")
        }
        guard let other = whole[reference.name]?.manifest else {
            return unknownKey(
                reference.name.text, at: reference.place, among: names.filter { $0 != name.text },
                kind: "dataset")
        }
        if reference.key == "served", let fault = other.rowsFault(asRequestsAt: reference.place) {
            return fault
        }
        let declared = other.knownColumns.map(\.name)
        guard !declared.isEmpty,
            let absent = reference.columns.first(where: { !declared.contains($0) })
        else { return nil }
        let meant = nearest(to: absent, among: declared)
        return Diagnostic(
            at: reference.columnsPlace,
            "`\(reference.name)` has no column `\(quoted(absent))`"
                + (meant.map { "; did you mean `\(quoted($0))`?" } ?? ""),
            hint: "see \(other.path)")
    }
}
