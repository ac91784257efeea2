import Domain

extension PlannedDataset {
    /// Of a manifest that prepares its own files: what they become.
    var preparingOwnFiles: PlannedDataset {
        guard manifest.preparation != nil else { return self }
        var raw = DatasetManifest(
            name: manifest.name, path: manifest.path, files: manifest.files,
            format: manifest.format, followed: manifest.followed)
        raw.dialect = manifest.dialect
        raw.checks.missingValues = manifest.checks.missingValues
        // Because the steps keep the columns, and those of lines may be paths.
        raw.columns = manifest.columns
        return prepared(from: raw)
    }

    /// The rows of a dataset after the steps: one file, of which the making is known and the
    /// content is not.
    ///
    /// - Parameter part: which file it is of several of one dataset; nil: the dataset's own.
    func prepared(from source: DatasetManifest, part: String? = nil) -> PlannedDataset {
        guard var preparation = manifest.preparation else { return self }
        preparation.source = .manifest(source)
        var planned = self
        let format: DatasetManifest.Format =
            switch source.format {
            case .jsonl, .images: source.format
            case .csv, .parquet, .arrow, .text: .csv
            }
        planned.manifest.format = format
        planned.manifest.dialect = TableDialect()
        planned.manifest.followed = nil
        planned.manifest.preparation = preparation
        if manifest.columns.isEmpty { planned.manifest.columnMatch = source.columnMatch }
        planned.manifest.columns = manifest.columns(
            inheriting: source, through: preparation.steps)
        // Because a cell is nobody's business after a step either.
        for column in source.classifiedColumns {
            for index in planned.manifest.columns.indices
            where planned.manifest.columns[index].name == column.name {
                let own = planned.manifest.columns[index].classification
                planned.manifest.columns[index].classification = own ?? column.classification
            }
        }
        planned.manifest.files = [
            DatasetFile(
                path: DatasetManifest.preparedPath(of: manifest.name, format, part: part),
                sha256: preparationFingerprint(of: preparation.steps, from: source),
                digestPlace: preparation.place)
        ]
        planned.digest = Planning.digest(of: planned.manifest)
        return planned
    }
}

/// How many datasets may be prepared one from another.
private let chainMax = 32

extension DatasetManifest {
    /// Why its rows cannot be written anew by some steps: they are texts, or pictures, of which
    /// there are steps of their own.
    func preparationFault(_ steps: [PreparationStep], at place: Place) -> Diagnostic? {
        guard format == .images else {
            guard let step = steps.first(where: \.isOfPictures) else {
                return rowsFault(at: place)
            }
            return Diagnostic(
                at: step.place,
                "`\(step.name)` is about pictures, and `\(name)` has `format: \(format.rawValue)`",
                hint: "format: images")
        }
        return steps.first { !$0.isOfPictures }.map { step in
            Diagnostic(
                at: step.place, "`\(step.name)` is about rows, and `\(name)` has `format: images`",
                hint: "resize_images, convert_images")
        }
    }

    /// Why its rows cannot be written anew: they are pictures, or texts, or not to be understood.
    func rowsFault(at place: Place) -> Diagnostic? {
        if let column = columns.first(where: { $0.missingValues != nil }) {
            return Diagnostic(
                at: place,
                "preparing data with `missing_values` of a column, as `\(quoted(column.name))` of "
                    + "`\(name)` has, is not yet supported",
                hint: "name them in `missing_values` of its `checks`")
        }
        switch format {
        case .csv, .jsonl, .parquet, .arrow: return nil
        case .images, .text:
            return Diagnostic(
                at: place,
                "preparing `format: \(format.rawValue)`, which `\(name)` has, is not yet supported",
                hint: "tables and JSON lines can be prepared")
        }
    }
}

extension Declared<DatasetName, PlannedDataset> {
    /// Puts datasets that are prepared from others together with them, and takes out those whose
    /// source is not there, has errors, lacks a column, is prepared from themselves or stands at
    /// the end of too long a chain.
    mutating func prepare() -> [Diagnostic] {
        var found: [Diagnostic] = []
        var waiting: [DatasetName: DatasetName] = [:]
        var users: [DatasetName: [DatasetName]] = [:]
        for (name, planned) in whole {
            guard case .named(let source) = planned.manifest.preparation?.source else { continue }
            waiting[name] = source
            users[source, default: []].append(name)
        }
        var ready = waiting.keys.filter { name in
            waiting[name].map { waiting[$0] == nil } ?? false
        }
        // How many of the datasets behind each are prepared from another.
        var depths: [DatasetName: Int] = [:]
        while let name = ready.popLast() {
            guard let source = waiting.removeValue(forKey: name) else { continue }
            ready += users[name, default: []]
            guard let planned = whole[name] else { continue }
            let depth = depths[source, default: 0] + 1
            depths[name] = depth
            if let fault = fault(planned, source) ?? fault(planned, depth: depth) {
                found.append(fault)
                if broken[source] != nil { breakers[name] = source }
                take(name, out: fault.place)
            } else if let other = whole[source] {
                var prepared = planned.prepared(from: other.manifest)
                prepared.sources += other.sources
                let faults = planned.manifest.columns.isEmpty ? prepared.manifest.ruleFaults : []
                found += faults
                whole[name] = prepared
                if let fault = faults.first { take(name, out: fault.place) }
            }
        }
        return found + refuseCircles(waiting)
    }

    private func fault(_ planned: PlannedDataset, depth: Int) -> Diagnostic? {
        guard depth > chainMax, let place = planned.manifest.preparation?.place else { return nil }
        return Diagnostic(
            at: place, "more than \(chainMax) datasets are prepared one from another",
            hint: "put the steps of some of them into one `prepare:`")
    }

    private mutating func take(_ name: DatasetName, out place: Place) {
        whole[name] = nil
        broken[name] = place
    }

    private mutating func refuseCircles(
        _ waiting: [DatasetName: DatasetName]
    ) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for name in waiting.keys.sorted() {
            guard let place = whole[name]?.manifest.preparation?.place else { continue }
            var way = [name]
            while way.count < chainMax, let next = waiting[way[way.count - 1]],
                !way.contains(next)
            {
                way.append(next)
            }
            let last = waiting[way[way.count - 1]]
            let names = (way + [last].compactMap(\.self)).map { "`\($0)`" }
            found.append(
                Diagnostic(
                    at: place,
                    "datasets are prepared in a circle: "
                        + names.joined(separator: " from "),
                    hint: "one of them needs `files`"))
            take(name, out: place)
        }
        return found
    }

    private func fault(_ planned: PlannedDataset, _ source: DatasetName) -> Diagnostic? {
        guard let preparation = planned.manifest.preparation else { return nil }
        if let place = broken[source] {
            return Diagnostic(
                at: preparation.place, "the dataset `\(source)` has errors", hint: "see \(place)")
        }
        guard let other = whole[source]?.manifest else {
            return unknownKey(
                source.text, at: preparation.place,
                among: names.filter { $0 != planned.manifest.name.text }, kind: "dataset")
        }
        if let fault = other.preparationFault(preparation.steps, at: preparation.place) {
            return fault
        }
        let declared = other.knownColumns.map(\.name)
        guard !declared.isEmpty else { return nil }
        for step in preparation.steps {
            guard let absent = step.columns.first(where: { !declared.contains($0) }) else {
                continue
            }
            let meant = nearest(to: absent, among: declared)
            return Diagnostic(
                at: step.place,
                "`\(source)` has no column `\(quoted(absent))`"
                    + (meant.map { "; did you mean `\(quoted($0))`?" } ?? ""),
                hint: "see \(other.path)")
        }
        return nil
    }
}
