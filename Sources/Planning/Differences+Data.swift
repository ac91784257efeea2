import Domain

extension Comparison {
    /// What the model's data is expected to be, role by role: a dataset of another name is held
    /// against the one that stood in its place.
    mutating func compareData(
        _ old: [RoleName: DatasetManifest], _ new: [RoleName: DatasetManifest]
    ) {
        var told: Set<DatasetName> = []
        for (role, manifest) in new.sorted(by: { $0.key < $1.key }) {
            guard let earlier = old[role], told.insert(manifest.name).inserted else { continue }
            var found = Comparison()
            found.shapesModel = shapesModel
            found.compare(earlier, manifest)
            // Because of a table with very many columns nobody reads more, and what was lowered
            // stands first.
            let sorted = found.found.filter(\.lowers) + found.found.filter { !$0.lowers }
            self.found += sorted.prefix(Self.linesMax)
            let left = sorted.dropFirst(Self.linesMax)
            if !left.isEmpty {
                let lowers = left.contains(where: \.lowers)
                add(
                    "dataset \(manifest.name)",
                    "\(left.count) more changes\(lowers ? " (some lowered)" : "")", lowers: lowers)
            }
        }
    }

    private static let linesMax = 50

    private mutating func compare(_ old: DatasetManifest, _ new: DatasetManifest) {
        let subject = "dataset \(new.name)"
        compare("\(subject), format", old.format.rawValue, new.format.rawValue)
        compare("\(subject), dialect", words(old.dialect), words(new.dialect))
        compare(
            "\(subject), missing_values", list(old.checks.missingValues),
            list(new.checks.missingValues))
        compare("\(subject), ", old.asks, new.asks)
        compare("\(subject), columns", columns(old), columns(new))
        compare("\(subject), rules", rules(old), rules(new))
        compare("\(subject), checks", old.checkAsks, new.checkAsks)
    }

    private mutating func compare(
        _ subject: String, _ old: [String: [String: ManifestAsk]],
        _ new: [String: [String: ManifestAsk]]
    ) {
        for name in Set(old.keys).union(new.keys).sorted(by: isBefore) {
            let place = "\(subject).\(quoted(name))"
            switch (old[name], new[name]) {
            case (let before?, let after?): compare("\(place).", before, after)
            case (nil, _?): add(place, "added")
            case (_?, nil): add(place, "removed (lowered)", lowers: true)
            case (nil, nil): break
            }
        }
    }

    private mutating func compare(
        _ place: String, _ old: [String: ManifestAsk], _ new: [String: ManifestAsk]
    ) {
        for key in Set(old.keys).union(new.keys).sorted(by: isBefore) {
            let (before, after) = (old[key], new[key])
            guard !ManifestAsk.isSame(before, after) else { continue }
            let absent = (before ?? after)?.hasDefault == true ? "default" : "none"
            let mark =
                switch ManifestAsk.change(before, after) {
                case .notLower: ""
                case .lower: " (lowered)"
                case .unknown: " (perhaps lowered)"
                }
            let words = "\(quoted(before?.text ?? absent)) → \(quoted(after?.text ?? absent))"
            add(place + key, words + mark, lowers: !mark.isEmpty)
        }
    }

    private func columns(_ manifest: DatasetManifest) -> [String: [String: ManifestAsk]] {
        Dictionary(
            manifest.columns.map { ($0.name, $0.asks) }, uniquingKeysWith: { first, _ in first })
    }

    private func rules(_ manifest: DatasetManifest) -> [String: [String: ManifestAsk]] {
        Dictionary(
            manifest.rules.map { ($0.name, $0.asks) }, uniquingKeysWith: { first, _ in first })
    }

    private func words(_ dialect: TableDialect) -> String {
        "\(dialect.delimiter) \(dialect.quote) \(dialect.encoding.rawValue)"
    }
}
